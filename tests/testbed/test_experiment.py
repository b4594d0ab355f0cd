"""Experiments: what is drawn, and that what is measured is what happened, by hand on the town."""

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from sim.cli import main
from sim.testbed.experiment import fault_weeks
from sim.testbed.experiment.fault_weeks import FAULTS_A_WEEK, KINDS, NETWORKS, weeks
from sim.testbed.experiment.measure import FaultOutcome, WeekOutcome, outcome_of, summary
from sim.testbed.experiment.page import ROWS, calibration_page, diagnosis_page
from sim.testbed.windows.trial import CALIBRATED_ON, Outcome
from tests.loop.fault_stories import STAYS_NEAR
from tests.town import play

POLSKA = ("sndlib/polska",)


def timeline(week):
    """(minutes after the start, kind, target) of each event."""
    return [(int(event["at"].split()[0]), event["do"], event["target"]) for event in week.scenario.data["timeline"]]


def test_both_policies_meet_the_same_faults_and_no_two_weeks_are_alike():
    tested, plain = (list(weeks(POLSKA, 2, active_tests, seed=1)) for active_tests in (True, False))
    assert [timeline(w) for w in tested] == [timeline(w) for w in plain]
    assert timeline(tested[0]) != timeline(tested[1])
    assert [w.scenario.network for w in tested] == [w.scenario.network for w in plain]
    assert {w.scenario.spec.operations.active_tests for w in tested} == {True}
    assert {w.scenario.spec.operations.active_tests for w in plain} == {False}


def test_every_kind_is_drawn_and_every_few_hours_something_fails():
    found = [event for week in weeks(POLSKA, 6, True, seed=3) for event in timeline(week)]
    assert len(found) == 6 * FAULTS_A_WEEK
    kinds = Counter(kind for _, kind, _ in found)
    assert set(kinds) == set(KINDS)
    assert max(kinds.values()) < 3 * len(found) / len(KINDS)


def test_no_network_of_the_experiment_was_used_to_calibrate():
    assert not set(NETWORKS) & set(CALIBRATED_ON)


def test_what_is_measured_is_what_happened(tmp_path):
    """A port closed by mistake and put right from afar; a fibre cut and mended by a crew: both found, none harmed."""
    timeline = [
        {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"},
        {"at": "8 h", "do": "cut_link", "target": "hub-south"},
    ]
    run = play(tmp_path, timeline, world=STAYS_NEAR)
    found = outcome_of(run.view)
    assert [fault.target for fault in found.faults] == ["east-port", "hub-south"]
    assert all(2 * MINUTE_MS <= fault.named_ms < 3 * MINUTE_MS for fault in found.faults)  # correlation's two minutes
    assert all(fault.known_ms < MINUTE_MS for fault in found.faults)
    assert found.faults[0].lasted_ms < 3 * MINUTE_MS < HOUR_MS < found.faults[1].lasted_ms
    assert (found.named, found.right, found.dispatches, found.remote_acts) == (2, 2, 1, 1)
    assert found.tests == run.table("tests").height > 0
    assert (found.disturbed_s, found.harmed_s) == (0, 0)


def test_shares_and_times_are_those_of_all_weeks_together():
    named, lost = FaultOutcome("a", 6_000, 1_000, 2_000), FaultOutcome("b", None, None, None)
    one = WeekOutcome((named, named), 2, 1, 8, 400, 1, 1, 0.0, 0.0)
    other = WeekOutcome((lost, lost), 2, 2, 0, 0, 3, 0, 5.0, 7.0)
    told = summary([one, other])
    assert (told.weeks, told.faults, told.precision_milli, told.recall_milli) == (2, 4, 750, 500)
    assert (told.detected_median_ms, told.named_median_ms, told.lasted_mean_ms) == (1_000, 2_000, 6_000)
    assert (told.tests_per_fault, told.test_minutes_per_fault) == (2.0, 0.1)
    assert (told.dispatches_per_fault, told.remote_acts_per_fault) == (1.0, 0.25)
    assert (told.disturbed_s, told.harmed_s) == (5.0, 7.0)
    with pytest.raises(ValueError, match="no faults"):
        summary([])


def test_the_pages_say_how_they_were_made():
    found = dict.fromkeys((True, False), summary([WeekOutcome((FaultOutcome("a", 1, 1, 1),), 1, 1, 1, 1, 1, 1, 0.0, 0.0)]))
    page = diagnosis_page("ossbss experiment diagnosis --each 1 --seed 1", POLSKA, found)
    assert "`ossbss experiment diagnosis --each 1 --seed 1`".strip("`") in page
    assert sum(line.startswith("| ") for line in page.splitlines()) == len(ROWS) + 1
    sure = [Outcome("one fault", ((0.9, True),), 0)] * 9 + [Outcome("one fault", ((0.9, False),), 1)]
    page = calibration_page("ossbss experiment calibration --each 1 --seed 1", POLSKA, sure)
    assert "| 90.0% | 10 | 90.0% |" in page
    assert "error: 0.000" in page
    assert "| one fault | 10 | 90.0% |" in page


def test_the_command_tries_the_probabilities_and_writes_them_down(tmp_path, capsys):
    page = tmp_path / "calibration.md"
    assert main(["experiment", "calibration", "--each", "1", "--seed", "2", "--quiet", "--json", "--write", str(page)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["windows"] == 96
    assert sum(b["answers"] for b in told["bins"]) > 50
    assert page.read_text().startswith("# Do the probabilities")


@pytest.mark.slow
def test_the_command_plays_weeks_of_faults_and_writes_them_down(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(fault_weeks, "NETWORKS", {"sndlib/polska": "warsaw"})
    page = tmp_path / "diagnosis.md"
    assert main(["experiment", "diagnosis", "--each", "1", "--quiet", "--json", "--write", str(page)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["with_tests"]["faults"] == told["without_tests"]["faults"] == FAULTS_A_WEEK
    assert told["with_tests"]["tests_per_fault"] > 0 == told["without_tests"]["tests_per_fault"]
    assert told["with_tests"]["disturbed_s"] == 0
    assert page.read_text().startswith("# Diagnosis under random faults")


@pytest.mark.parametrize("each", ["0", "-1", "many"])
def test_a_number_of_weeks_that_is_none_is_refused(each, capsys):
    with pytest.raises(SystemExit) as exits:
        main(["experiment", "diagnosis", "--each", each])
    assert exits.value.code == 2
    assert "1 or more" in capsys.readouterr().err


def test_the_spacing_is_what_the_page_says():
    at = [at for at, _, _ in timeline(next(weeks(POLSKA, 1, True, seed=1)))]
    gaps = [b - a for a, b in pairwise(at)]
    assert 8 * 60 < sum(gaps) / len(gaps) < 10 * 60


@pytest.mark.parametrize(("page", "counted", "least"), [("diagnosis", "faults", 200), ("calibration", "windows", 2_000)])
def test_what_the_documents_say_was_written_by_the_command(page, counted, least):
    text = (Path(__file__).parents[2] / "docs" / f"{page}.md").read_text()
    assert re.search(rf"<!-- made by `ossbss experiment {page} --each \d+ --seed \d+` -->", text)
    assert int(re.search(rf"([\d,]+) {counted}", text)[1].replace(",", "")) >= least
    assert len(re.findall(r"sndlib/\w+", text.split("\n\n")[2])) >= 3
