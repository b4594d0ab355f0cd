"""Management as the OSS meets it: a lost manager, its cycle, its storm, and the ways to the elements."""

import json

import polars as pl
import pytest

from ossbss.oss.fault.symptoms import STATION
from tests.loop import laws
from tests.town import play, town
from tests.world.test_management_paths import way

S, MIN, H = 1_000, 60_000, 3_600_000
CUT = "communicationsSubsystemFailure"
IOS = [node["id"] for node in town()["nodes"] if node["element_manager"] == "em-ios"]
BLIND = [  # the ring is cut off at the hub; meanwhile the farm's fibre breaks where in band nobody can say so
    {"at": "1 h", "do": "cut_duct", "target": "duct-river", "repair": "3 h"},
    {"at": "2 h", "do": "cut_link", "target": "farm-north"},
]
DAYS = {
    "a cut isolates a site": [{"at": "2 h", "do": "cut_link", "target": "east-port"}],
    "a card between the ring and a spur": [{"at": "2 h", "do": "fail_card", "target": "r-north/1"}],
    "a site without power": [{"at": "2 h", "do": "cut_power", "target": "port"}],
    "a cut that nobody in band can tell of": BLIND,
}


CREWS = {"crews": [{"id": "crew-1", "site": "hub"}, {"id": "crew-2", "site": "farm"}],
         "active_tests": False, "remote_repair": False}


def raised(run):
    return run.table("alarms").filter(pl.col("perceived_severity") != "cleared").sort("known_ms")


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3))])
@pytest.mark.parametrize("day", DAYS)
def test_out_of_band_is_never_slower_and_faster_where_in_band_is_blind(tmp_path, day, seed):
    runs = {}
    for mode in ("in_band", "out_of_band"):
        (tmp_path / mode).mkdir()
        runs[mode] = play(tmp_path / mode, DAYS[day], seed=seed, management=mode, operations=CREWS,
                          world={"callers_milli": 0}, lasts="16 h")  # fmt: skip
        laws.check_all(runs[mode])
    beside, within = runs["out_of_band"].kpis, runs["in_band"].kpis
    for kpi in ("mttd_s", "mttr_s"):
        assert beside[kpi] <= within[kpi], kpi
    if DAYS[day] is BLIND:
        assert within["mttd_s"] - beside["mttd_s"] > 30 * 60
        assert within["mttr_s"] - beside["mttr_s"] > 30 * 60


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
@pytest.mark.parametrize("management", ["in_band", "out_of_band", "partly_shared"])
def test_the_oss_never_knows_what_no_management_path_carried(tmp_path, management, seed):
    partly = {"partly_shared": {"in_band_nodes": ["r-port", "r-farm"], "shares": {"duct-river": ["r-north"]}}}
    network = {"file": "town.json", "management": management} | (partly if management == "partly_shared" else {})
    run = play(tmp_path, [*BLIND, *DAYS["a site without power"]], seed=seed, network=network,
               world={"callers_milli": 0}, lasts="14 h")  # fmt: skip
    faults = run.view.truth("fault").select("subject", "at_ms", "until_ms").rows()
    alarms = raised(run).filter(pl.col("source") != STATION)
    assert alarms.height > 0
    for source, cause, occurred_ms, known_ms in alarms.select("source", "probable_cause", "occurred_ms", "known_ms").iter_rows():
        # what the element was asked for after it was back (a line takes half a minute at most) needed a way then
        at_ms = occurred_ms if known_ms - occurred_ms <= 31 * S else known_ms
        dying = cause == "powerProblem"
        failed = {t for t, begins, ends in faults
                  if begins + dying <= at_ms and (ends is None or at_ms < ends)}  # fmt: skip
        assert way(run.view.network, failed)[source], (source, cause, at_ms)
    silent = set(raised(run).filter(pl.col("probable_cause") == CUT)["alarmed_object"])
    lost = {"in_band": {"r-north", "r-east", "r-south", "r-port", "r-farm"}, "out_of_band": {"r-port"},
            "partly_shared": {"r-north", "r-port", "r-farm"}}  # fmt: skip
    assert silent == lost[management]


def test_a_lost_manager_is_one_alarm_then_silence_then_all_that_was_missed(tmp_path):
    """em-ios is away for three hours; a cut between two of its elements is mended before it is back, another is not."""
    faults = [
        {"at": "1 h", "do": "fail_manager", "target": "em-ios", "repair": "3 h"},
        {"at": "2 h", "do": "fail_node", "target": "r-port", "repair": "30 min"},
        {"at": "160 min", "do": "cut_link", "target": "east-port", "repair": "4 h"},
    ]
    run = play(tmp_path, faults, operations={"crews": []}, world={"callers_milli": 0}, lasts="10 h")
    laws.check_all(run)
    starts_ms, alarms = run.view.starts_ms, raised(run)
    (own,) = alarms.filter(pl.col("alarmed_object") == "em-ios").rows(named=True)
    assert (own["probable_cause"], own["source"]) == (CUT, STATION)
    lost_ms = starts_ms + H
    assert own["occurred_ms"] - own["occurred_uncertainty_ms"] <= lost_ms <= own["occurred_ms"]
    assert own["known_ms"] - lost_ms <= 3 * MIN  # two polls of a minute, and the one at which the second is given up
    back_ms = starts_ms + 4 * H
    assert back_ms <= own["cleared_ms"] <= back_ms + MIN
    away = alarms.filter(pl.col("known_ms").is_between(lost_ms, back_ms - 1))
    assert set(away["source"]) <= {STATION, "r-north", "r-south", "r-farm"}
    assert not set(away["alarmed_object"]) & set(IOS)
    missed = alarms.filter((pl.col("known_ms") >= back_ms) & (pl.col("alarmed_object") == "east-port"))
    assert set(missed["source"]) == {"r-east", "r-port"}
    assert set(missed["occurred_ms"]) == {starts_ms + 160 * MIN}  # by the clock of the element
    assert missed["cleared_ms"].to_list() == [starts_ms + 400 * MIN] * 2
    named = run.table("incidents").filter(pl.col("root_cause_resource") == "em-ios")
    assert named["state"].to_list() == ["closed"]


def test_a_crew_mends_a_manager_at_its_site(tmp_path):
    network = {"file": "town.json", "management": "out_of_band", "manager_nodes": {"em-junos": "r-east"}}
    run = play(tmp_path, [{"at": "2 h", "do": "fail_manager", "target": "em-junos"}], network=network)
    laws.check_all(run)
    (incident,) = run.table("incidents").rows(named=True)
    assert (incident["root_cause_resource"], incident["state"]) == ("em-junos", "closed")
    (arrival,) = run.table("journal").filter(pl.col("kind") == "crew.arrived").rows(named=True)
    assert json.loads(arrival["body"])["site_id"] == "east"
    assert run.kpis["dispatches_per_fault"] == run.kpis["root_cause_exact"] == 1
    assert run.kpis["user_hours_lost"] == 0


@pytest.mark.parametrize("cycle", ["1 min", "5 min", "15 min"])
def test_loss_of_contact_is_known_within_two_cycles_and_a_poll(tmp_path, cycle):
    """Two questions of the manager without an answer; and the next poll of the OSS, a minute later at most."""
    run = play(tmp_path, [{"at": "2 h", "do": "fail_node", "target": "r-farm", "repair": "3 h"}],
               operations={"crews": []}, world={"management": {"cycle": cycle}}, lasts="8 h")  # fmt: skip
    laws.check_all(run)
    cycle_ms, fault_ms = int(cycle.split()[0]) * MIN, run.view.starts_ms + 2 * H
    (alarm,) = raised(run).filter(pl.col("probable_cause") == CUT).rows(named=True)
    assert alarm["alarmed_object"] == "r-farm"
    assert cycle_ms <= alarm["known_ms"] - fault_ms <= 2 * cycle_ms + MIN
    assert alarm["occurred_ms"] - alarm["occurred_uncertainty_ms"] <= fault_ms <= alarm["occurred_ms"]
    assert alarm["occurred_uncertainty_ms"] == 2 * cycle_ms
    assert alarm["cleared_ms"] - (fault_ms + 3 * H) <= cycle_ms


def test_a_slow_manager_delays_what_is_known_and_not_what_occurred(tmp_path):
    cut = [{"at": "2 h", "do": "cut_duct", "target": "duct-river", "repair": "2 h"}]
    runs = []
    for name, management in (("quick", {}), ("slow", {"messages_per_s": 0.1})):
        (tmp_path / name).mkdir()
        runs.append(play(tmp_path / name, cut, operations={"crews": []}, world={"management": management}, lasts="8 h"))
        laws.check_all(runs[-1])
    quick, slow = (run.kpis["mttd_s"] for run in runs)
    assert quick < 1 + slow
    assert slow >= 10
    assert runs[0].table("invoice_lines").equals(runs[1].table("invoice_lines"))


def test_what_was_lost_while_cut_off_is_read_again_by_a_manager_with_a_cycle(tmp_path):
    """In band the farm's cut is heard of only when the ring is joined to the hub again, with the time it had."""
    alone = [BLIND[0], {**BLIND[1], "repair": "6 h"}]
    run = play(tmp_path, alone, management="in_band", operations={"crews": []},
               world={"management": {"cycle": "1 min"}, "callers_milli": 0}, lasts="12 h")  # fmt: skip
    laws.check_all(run)
    (alarm,) = raised(run).filter((pl.col("alarmed_object") == "farm-north") & (pl.col("source") == "r-north")).rows(
        named=True
    )
    assert alarm["occurred_ms"] == run.view.starts_ms + 2 * H
    back_ms = run.view.starts_ms + 4 * H
    assert back_ms <= alarm["known_ms"] <= back_ms + 2 * MIN
    problems = run.table("service_problems").filter(pl.col("service_id") == "svc-farm")
    assert run.kpis["credit_error"] == 0, problems
