"""Replay of a recorded outage file: rows become faults, every mistake is told with its line, the file goes into the run."""

import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from ossbss.documents import DocumentError
from sim import Scenario
from sim.testbed.folder import OUTAGE_FILE
from sim.testbed.run import run
from sim.testbed.shipped import shipped_folder
from tests.town import play, scenario_file

HEAD = "component,from,to,kind\n"
RECORDED = HEAD + """\
east-port,2 h,2 h 30 min,cut_link
r-farm,2024-05-06T10:00:00+03:00,2024-05-06T11:00:00+03:00,fail_node
east-port,day 1 12:00,day 1 12:20,cut_link
cell-south,5 h,6 h,sleep_cell
"""


def replay(folder, text, timeline=(), **changes):
    (folder / "recorded.csv").write_text(text)
    changes = {"operations": {"crews": []}, "world": {"outage_file": "recorded.csv"}} | changes
    return play(folder, list(timeline), **changes)


def test_every_row_is_a_fault_at_its_time(tmp_path):
    run = replay(tmp_path, RECORDED)
    zero = run.view.starts_ms
    facts = run.view.truth("fault").select("subject", "at_ms", "until_ms").sort("at_ms").iter_rows()
    assert [(subject, at - zero, until - zero) for subject, at, until in facts] == [
        ("east-port", 2 * HOUR_MS, 2 * HOUR_MS + 30 * MINUTE_MS),
        ("r-farm", 4 * HOUR_MS, 5 * HOUR_MS),
        ("cell-south", 5 * HOUR_MS, 6 * HOUR_MS),
        ("east-port", 6 * HOUR_MS, 6 * HOUR_MS + 20 * MINUTE_MS),
    ]
    outages = run.view.truth("service_outage")
    assert {"svc-port", "svc-farm", "svc-south"} == set(outages["subject"])


def test_the_run_folder_holds_the_file_and_plays_again_to_the_same(tmp_path):
    first = replay(tmp_path, RECORDED, [{"at": "9 h", "do": "cut_link", "target": "hub-north", "repair": "1 h"}])
    kept = tmp_path / "run" / OUTAGE_FILE
    assert kept.read_text() == RECORDED
    again = Scenario.load(tmp_path / "run" / "scenario.yaml")
    assert again.outages == first.scenario.outages
    assert len(again.outages) == 4


def test_every_mistake_is_told_at_once_with_its_line(tmp_path):
    wrong = HEAD + """\
east-prot,2 h,3 h,cut_link
east-port,3 h,2 h,cut_link
east-port,2 o'clock,3 h,cut_link
hub-north,2 h,3 h,cut_lnik

hub-north,2 h,4 h,cut_link
hub-north,3 h,5 h,cut_link
r-hub,2 h,3 h,fail_node
hub-south,40 h,41 h,cut_link
hub-south,40 h
"""
    (tmp_path / "recorded.csv").write_text(wrong)
    path = scenario_file(tmp_path, [], world={"outage_file": "recorded.csv"})
    with pytest.raises(DocumentError) as told:
        Scenario.load(path)
    found = {mistake.line: mistake for mistake in told.value.mistakes}
    said = {
        2: ("component", "east-prot", "did you mean 'east-port'?"), 3: ("to", "ends before it begins", ""),
        4: ("from", "is no time", ""), 5: ("kind", "cut_lnik", "did you mean 'cut_link'?"),
        8: ("from", "out of service already (line 7)", ""), 9: ("component", "never fails", ""),
        10: ("from", "outside of the run", ""), 11: ("(row)", "2 cells", ""),
    }  # fmt: skip
    assert found.keys() == said.keys()
    for line, (place, problem, mend) in said.items():
        assert found[line].place == place
        assert problem in found[line].problem
        assert found[line].mend == mend
        assert found[line].source == "recorded.csv"


@pytest.mark.parametrize("text", ["", "from,to\n", "component;from;to;kind\n"])
def test_a_file_without_its_head_is_told(tmp_path, text):
    (tmp_path / "recorded.csv").write_text(text)
    with pytest.raises(DocumentError, match="component,from,to,kind"):
        Scenario.load(scenario_file(tmp_path, [], world={"outage_file": "recorded.csv"}))


def test_the_example_plays_as_it_says(tmp_path):
    played = run(Scenario.load(shipped_folder() / "incidents" / "recorded-outages.yaml"), tmp_path / "run")
    assert played.view.truth("fault").height == 5
    assert [verdict for verdict in played.verdicts if not verdict.holds] == []
