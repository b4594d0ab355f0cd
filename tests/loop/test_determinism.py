"""Same scenario, same seed: same content. Another policy: same luck. Another polling period: known later, true alike."""

import json
import os
import subprocess
import sys

import polars as pl
import pytest

from ossbss.bss.revenue.rating import run as rating
from sim import Scenario
from sim.testbed.folder import read_manifest
from tests.runs import played
from tests.town import play, scenario_file

CUTS = [
    {"at": "2 h", "do": "cut_link", "target": "east-port"},
    {"at": "3 h", "do": "fail_node", "target": "r-south", "repair": "2 h"},
]
PREPAID = {
    "subscribers": 60, "offerings": {"payg": 4, "postpay-s": 1},
    "prepaid": {"offerings": ["payg"], "habits": {"bundles": {"combo-day": 1}, "bundles_per_day": 2.0}},
}  # fmt: skip
WISHES = ("intent_id", "subscriber_id", "class", "place_id", "zone", "started_ms", "requested")


def hashes(folder):
    return {name: table["sha256"] for name, table in read_manifest(folder)["tables"].items()}


def in_a_process(path, folder, seed=1, **environment):
    command = [sys.executable, "-m", "sim.cli", "run", str(path), "--seed", str(seed), "--out", str(folder), "--quiet"]
    subprocess.run(command, check=True, env={**os.environ, **environment})
    return hashes(folder)


def test_two_processes_tell_the_same_and_another_seed_another_story(tmp_path):
    """However hashes of text are salted, however many threads there are, numba or not."""
    path = scenario_file(tmp_path, CUTS, population=PREPAID, lasts="12 h")
    first = in_a_process(path, tmp_path / "a", PYTHONHASHSEED="1", POLARS_MAX_THREADS="1", NUMBA_DISABLE_JIT="1")
    second = in_a_process(path, tmp_path / "b", PYTHONHASHSEED="2", POLARS_MAX_THREADS="2", NUMBA_DISABLE_JIT="0")
    assert first == second
    other = hashes(played(Scenario.load(path, seed=2), tmp_path / "c").folder)
    assert {name for name in first if first[name] == other[name]} <= {"accounts", "counters"}  # nothing is counted


@pytest.mark.parametrize("population", [{"subscribers": 60, "offerings": {"payg": 1, "postpay-s": 1}}, PREPAID])
def test_a_day_is_the_same_whichever_executor_rates_it(tmp_path, monkeypatch, population):
    folders = {}
    for name, batch_from in (("clear", 10**9), ("batch", 1)):
        monkeypatch.setattr(rating, "BATCH_FROM", batch_from)
        (tmp_path / name).mkdir()
        folders[name] = play(tmp_path / name, CUTS, population=population, lasts="12 h").folder
    assert hashes(folders["clear"]) == hashes(folders["batch"])


def test_the_resolved_scenario_runs_again_to_the_same_content(tmp_path):
    scenario = Scenario.load("power-cut", seed=3, variant="nobody-comes",  # held against the base
                             overrides={"world.performance.files": False})  # fmt: skip
    first = played(scenario, tmp_path / "first")
    again = played(Scenario.load(tmp_path / "first" / "scenario.yaml"), tmp_path / "again")
    assert hashes(again.folder) == hashes(first.folder)
    rival = tmp_path / "variants" / "base"
    assert hashes(tmp_path / "again" / rival.relative_to(tmp_path)) == hashes(
        tmp_path / "first" / rival.relative_to(tmp_path)
    )
    assert [v.holds for v in again.verdicts] == [v.holds for v in first.verdicts]


@pytest.fixture(scope="module")
def two_policies(tmp_path_factory):
    """The same day under a quick and a slow OSS: repairs end at other times."""
    quick, slow = (tmp_path_factory.mktemp(name) for name in ("quick", "slow"))
    sluggish = {"crews": [{"id": "crew-1", "site": "farm"}], "correlation_window": "20 min", "poll_period": "10 min"}
    return play(quick, CUTS, seed=4), play(slow, CUTS, seed=4, operations=sluggish)


def test_another_policy_changes_nobodys_wishes(two_policies):
    quick, slow = (run.table("attempts").select(WISHES) for run in two_policies)
    assert quick.equals(slow)
    assert two_policies[0].table("truth")["until_ms"].to_list() != two_policies[1].table("truth")["until_ms"].to_list()


def states(run, times):
    """(place, time) → out of service, from the truth."""
    outages = run.view.truth("service_outage").select("at_ms", "until_ms", pl.col("body"))
    spans = [(json.loads(body)["cell"], at, until or run.view.ends_ms) for at, until, body in outages.iter_rows()]
    return {(cell, t): any(c == cell and at <= t < until for c, at, until in spans) for cell, t in times}


def test_outcomes_differ_only_where_the_access_state_did(two_policies):
    """A session whose place was in the same state at every minute that it lasted ends the same way."""
    quick, slow = (run.table("attempts") for run in two_policies)
    both = quick.join(slow, on="intent_id", suffix="_slow")
    changed = both.filter(
        (pl.col("outcome") != pl.col("outcome_slow"))
        | (pl.col("served") != pl.col("served_slow"))
        | (pl.col("dropped") != pl.col("dropped_slow"))
    )
    assert 0 < changed.height < both.height
    ended = pl.max_horizontal("ended_ms", "ended_ms_slow", pl.col("started_ms") + 1)
    for place, started, until in changed.select("place_id", "started_ms", ended.alias("until")).iter_rows():
        moments = [(place, t) for t in range(started, until + 1, 1000)] + [(place, until)]
        assert states(two_policies[0], moments) != states(two_policies[1], moments)


KNOWN = pl.selectors.matches("known_ms$|^known_ms$")
TRUE_OF_THE_WORLD = ("truth", "attempts", "rated", "unrated", "postings", "invoices", "invoice_lines")


@pytest.mark.parametrize("management", ["out_of_band", "in_band"])
def test_another_polling_period_changes_known_times_only(tmp_path, management):
    """Scripted repair, true clocks, lossless boundary alarms: who polls rarely knows later, and bills the same.

    When the OSS asks what, and so what it did, is its own affair; what it asks disturbs nobody.
    """
    cut = [{"at": "2 h", "do": "cut_link", "target": "east-port", "repair": "2 h"}]
    runs = []
    for period in ("7 s", "1 min", "14 min"):
        folder = tmp_path / period.replace(" ", "")
        folder.mkdir()
        operations = {"crews": [], "poll_period": period}
        world = {"callers_milli": 0}
        runs.append(play(folder, cut, management=management, operations=operations, world=world, lasts="8 h"))
    often, *rarer = runs
    assert often.table("invoice_lines").filter(pl.col("kind") == "credit").height > 0
    for other in rarer:
        for name in TRUE_OF_THE_WORLD:
            of_the_oss = pl.col("kind").is_in(["test", "command"]) if name == "truth" else pl.lit(False)
            assert often.table(name).filter(~of_the_oss).equals(other.table(name).filter(~of_the_oss)), name
        assert often.kpis["disturbance_by_tests"] == other.kpis["disturbance_by_tests"] == 0
        problems = [r.table("service_problems").drop(KNOWN) for r in (often, other)]
        assert problems[0].equals(problems[1])
