"""The public cases of the diagnosis benchmark, by its own scorer, against the figures of its reference methods."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[5] / "shared" / "diagnosis"
OURS = f"{sys.executable} -m sim.cli diagnose --inventory {{inventory}} --windows {{windows}} --json-lines"

pytestmark = pytest.mark.skipif(not SHARED.exists(), reason="shared/diagnosis is not beside this checkout")


@pytest.fixture(scope="module")
def scored():
    command = [sys.executable, str(SHARED / "score.py"), "--batch-command", OURS, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[4])
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def reference():
    return json.loads((SHARED / "reference.json").read_text())


def test_pooled_it_names_the_exact_set_more_often_than_the_best_reference(scored, reference):
    assert scored["all"]["exact"] > reference["all"]["mle-joint-time"]["exact"]


def test_no_set_falls_far_below_the_plain_likelihood(scored, reference):
    for name, figures in scored["sets"].items():
        assert figures["exact"] >= reference["sets"][name]["mle"]["exact"] - 0.10, name


def test_no_incident_is_invented_in_a_window_without_fault(scored):
    assert (scored["all"]["false_incident_windows"], scored["all"]["fault_free_windows"]) == (0, 27)


def test_crews_are_sent_no_more_often_than_by_the_reference(scored, reference):
    mine, theirs = (s["dispatches_per_fault_found"] for s in (scored["all"], reference["all"]["mle-joint"]))
    assert mine <= theirs
    assert scored["all"]["malformed"] == 0


def test_one_window_a_call_gives_the_same_answer(tmp_path):
    subprocess.run([sys.executable, str(SHARED / "score.py"), "--extract", str(tmp_path)], check=True, capture_output=True)
    folder = next(tmp_path.glob("p3-double-near"))
    windows = [json.loads(line) for line in (folder / "windows.jsonl").read_text().splitlines()]
    begin = [sys.executable, "-m", "sim.cli", "diagnose", "--inventory", str(folder / "inventory.json"), "--json"]
    one = ["--alarms", str(folder / "w002.alarms.jsonl"), "--customer-reports", str(folder / "w002.reports.jsonl")]
    span = ["--from", windows[1]["from"], "--to", windows[1]["to"]]
    alone = json.loads(subprocess.run([*begin, *one, *span], capture_output=True, text=True, check=True).stdout)
    untold = json.loads(subprocess.run([*begin, *one], capture_output=True, text=True, check=True).stdout)
    assert {named["resource"] for named in alone["failed"]} == {"LK-0152", "RG-0013"}
    assert [named["resource"] for named in untold["failed"]] == [named["resource"] for named in alone["failed"]]
