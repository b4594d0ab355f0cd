"""What is tested and mended from afar, as timed stories on the town: before anybody drives, and without harm."""

import polars as pl
import pytest

from tests.loop.fault_stories import STAYS_NEAR, H, M, spans
from tests.town import play

WORLD = STAYS_NEAR | {"remote": {"crashed_card_milli": 1000, "sleeping_cell_milli": 1000}}


def done(run, *kinds):
    """[(kind, target, state)] of these kinds of act, in order."""
    acts = run.table("actions").filter(pl.col("kind").is_in(kinds))
    return list(acts.select("kind", "target", "state").iter_rows())


def looks(run):
    return list(run.table("tests").select("method", "target", "from_node", "outcome").iter_rows())


def test_a_port_closed_by_a_bad_change_is_found_by_looking_and_the_change_is_rolled_back(tmp_path):
    """The far end tells of lost light; the near end's port says that somebody closed it. Nobody is sent."""
    change = {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}
    run = play(tmp_path, [change], world=WORLD)
    assert ("show_port", "east-port", "r-east", "administratively down") in looks(run)
    assert done(run, "roll_back", "dispatch") == [("roll_back", "east-port", "succeeded")]
    (began, ended), = spans(run, "fault")
    assert began == 2 * H
    assert ended - began < 3 * M  # correlation's two minutes, a few looks of a second, the change
    incident, = run.table("incidents").iter_rows(named=True)
    assert (incident["root_cause_resource"], incident["mode"], incident["state"]) == ("east-port", "shut", "closed")
    assert run.kpis["harm_by_remediation"] == run.kpis["disturbance_by_tests"] == 0


@pytest.mark.parametrize(("milli", "acts"), [
    (1000, [("restart_card", "r-port/1", "succeeded")]),
    (0, [("restart_card", "r-port/1", "failed"), ("dispatch", "r-port/1", "succeeded")]),
])  # fmt: skip
def test_a_card_whose_software_crashed_is_restarted_and_one_that_is_broken_gets_a_crew(tmp_path, milli, acts):
    failed = {"at": "2 h", "do": "fail_card", "target": "r-port/1"}
    run = play(tmp_path, [failed], world=STAYS_NEAR | {"remote": {"crashed_card_milli": milli}})
    assert done(run, "restart_card", "dispatch") == acts
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["harm_by_remediation"] == 0


def test_a_cut_fibre_is_not_restarted_but_dug_up(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "cut_duct", "target": "duct-river"}], world=WORLD)
    assert done(run, "dispatch", "roll_back", "restart_card", "open_port") == [("dispatch", "duct-river", "succeeded")]
    assert ("show_port", "hub-north", "r-hub", "down, dark") in looks(run)


def test_tests_settle_what_alarms_leave_open_so_that_the_crew_goes_to_the_right_place(tmp_path):
    """The card fails behind a cut link's alarms: without looks the crew is sent to the fibre first, and finds nothing."""
    failed = [{"at": "2 h", "do": "fail_card", "target": "r-port/1"}]
    lossy = {"telemetry": {"late_milli": 0, "doubled_milli": 0, "lost_milli": 300}, "remote": {"crashed_card_milli": 0}}
    visits = {}
    for active in (True, False):
        sent = 0
        for seed in range(1, 7):
            folder = tmp_path / f"{active}-{seed}"
            folder.mkdir()
            operations = {"crews": [{"id": "crew-1", "site": "hub"}], "active_tests": active, "remote_repair": False}
            run = play(folder, failed, seed=seed, world=lossy, operations=operations)
            sent += len(done(run, "dispatch"))
        visits[active] = sent
    assert visits[True] < visits[False]


def test_nothing_is_asked_or_typed_where_the_operator_does_not_want_it(tmp_path):
    change = {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}
    operations = {"crews": [{"id": "crew-1", "site": "hub"}], "active_tests": False, "remote_repair": False}
    run = play(tmp_path, [change], world=WORLD, operations=operations)
    assert run.table("tests").is_empty()
    assert run.view.truth("command").is_empty()
    assert done(run, "dispatch") == [("dispatch", "east-port", "succeeded")]  # somebody drives there to open a port
    (began, ended), = spans(run, "fault")
    assert ended - began > H
