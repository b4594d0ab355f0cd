"""Nothing is forgotten: what is mended is closed, what is not is worked on, whatever was lost, late or believed wrongly."""

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.units import MINUTE_MS
from tests.loop import laws
from tests.loop.days import managements, timelines, worlds
from tests.town import play

CREWS = {"crews": [{"id": "crew-1", "site": "hub"}, {"id": "crew-2", "site": "east"}]}


def cut(at, link, repair="crew"):
    return {"at": at, "do": "cut_link", "target": link, "repair": repair}


def all_is_over(run):
    laws.check_all(run)
    faults = run.view.truth("fault")
    assert faults["until_ms"].null_count() == 0
    assert set(run.table("incidents")["state"]) <= {"closed"}
    assert run.table("service_problems")["state"].unique().to_list() in ([], ["resolved"])


@pytest.mark.parametrize("links", [("east-port", "east-north", "east-south"), ("hub-north", "hub-south")])
def test_a_repair_that_mends_only_a_part_is_followed_by_another_look(tmp_path, links):
    """Set cover names one card or duct for several cuts; the crew mends what it finds there."""
    run = play(tmp_path, [cut("2 h", link) for link in links], operations=CREWS, lasts="3 days")
    all_is_over(run)


@pytest.mark.parametrize("seed", SOME := [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in range(2, 6))])
def test_probes_of_one_incident_need_not_answer_at_one_instant(tmp_path, seed):
    """Polls of 20 s and probes of 30 s: service and link are asked on alternate polls."""
    operations = {"crews": [], "poll_period": "20 s"}
    world = {"telemetry": {"late_milli": 500}}
    all_is_over(play(tmp_path, [cut("1 h", "east-port", "1 h")], seed=seed, operations=operations, world=world, lasts="4 h"))


@pytest.mark.parametrize("seed", [3, 33, 34])
def test_a_late_clear_of_a_short_outage_does_not_end_the_long_one_after_it(tmp_path, seed):
    faults = [cut("1 h", "east-port", "5 s"), {**cut("1 h", "east-port", "2 h"), "at": "3606 s"}]
    run = play(tmp_path, faults, seed=seed, world={"telemetry": {"late_milli": 300}}, operations={"crews": []}, lasts="6 h")
    all_is_over(run)
    long = run.table("service_problems").filter(pl.col("resolved_ms") - pl.col("occurred_ms") > 60 * MINUTE_MS)
    assert long.height == 1
    assert run.kpis["credits_total"] > 0


def test_a_problem_is_not_blamed_on_an_incident_that_was_over(tmp_path):
    node = {"at": "9 h", "do": "fail_node", "target": "r-port", "repair": "2 h"}
    run = play(tmp_path, [cut("1 h", "east-port", "2 h"), node])
    first, second = run.table("service_problems").sort("occurred_ms").select("incident_id", "root_cause_resource").rows()
    assert first[1] in ("east-port", "duct-east-port")
    opened = run.table("journal").filter(pl.col("kind") == "service_problem.opened").sort("position")["body"].to_list()
    assert "incident-1" not in opened[1]
    assert second[0] != first[0]


def test_a_clear_that_was_said_while_cut_off_is_made_good_by_probes(tmp_path):
    """In band, nothing lost in transport: the end of the first cut falls into the second, which silences the element."""
    duct = {"at": "2 h", "do": "cut_duct", "target": "duct-river", "repair": "2 h"}
    quiet = {"telemetry": {"doubled_milli": 0, "late_milli": 0}}
    run = play(tmp_path, [cut("1 h", "east-port", "2 h"), duct], management="in_band", world=quiet)
    all_is_over(run)


@pytest.mark.parametrize("seed", SOME[:4])
def test_alarms_that_have_just_begun_to_arrive_are_waited_for(tmp_path, seed):
    """The second fault falls upon the end of the first one's window: two faults, two incidents."""
    duct = {"at": "7320 s", "do": "cut_duct", "target": "duct-river", "repair": "3 h"}
    run = play(tmp_path, [cut("2 h", "farm-north", "3 h"), duct], seed=seed)
    all_is_over(run)
    assert run.table("incidents").height == 2
    assert run.kpis["root_cause_precision"] == 1


def test_what_only_customers_noticed_is_found_and_mended(tmp_path):
    """All telemetry is lost: complaint, probe, diagnosis, crew, and a probe that says it is over."""
    world = {"telemetry": {"lost_milli": 1000}, "callers_milli": 1000}
    run = play(tmp_path, [cut("2 h", "east-port")], world=world, lasts="2 days")
    all_is_over(run)
    assert run.table("incidents").height >= 1
    assert run.table("service_problems")["incident_id"].null_count() == 0


def test_a_boundary_that_was_not_seen_is_as_unsure_as_it_is(tmp_path):
    """All telemetry is lost: the outage began somewhere between the last time it worked and the probe that failed."""
    world = {"telemetry": {"lost_milli": 1000}, "callers_milli": 1000}
    run = play(tmp_path, [cut("2 h", "east-port", "4 h")], world=world, operations={"crews": []})
    truth = run.view.truth("service_outage").filter(pl.col("subject") == "svc-port").row(0, named=True)
    problem = run.table("service_problems").filter(pl.col("service_id") == "svc-port").row(0, named=True)
    began_ms, ended_ms = problem["occurred_ms"], problem["resolved_ms"]
    assert began_ms - problem["occurred_uncertainty_ms"] <= truth["at_ms"] < began_ms
    assert ended_ms - problem["resolved_uncertainty_ms"] <= truth["until_ms"] <= ended_ms


@settings(max_examples=4, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.too_slow])  # fmt: skip
@given(st.integers(0, 10**6), timelines(4, ["20 min", "2 h"]), worlds, managements)
def test_after_random_days_everything_is_over(seed, timeline, world, management):
    all_is_over_after(seed, timeline, world, management)


def test_ghosts_do_not_keep_every_crew_from_what_nobody_depends_on():
    """Three in ten lines lost and both managers down: stale alarms weigh more than a manager, which no service needs."""
    hard = {"em-junos": (54, "crew"), "r-east": (133, "3 h"), "r-hub/1": (155, "3 h"), "duct-river": (201, "3 h"),
            "hub-south": (217, "20 min"), "em-ios": (256, "crew")}  # fmt: skip
    kinds = {"em": "fail_manager", "r-east": "fail_node", "r-hub/1": "fail_card", "duct": "cut_duct", "hub": "cut_link"}
    timeline = [
        {"at": f"{at} min", "do": next(do for name, do in kinds.items() if target.startswith(name)), "target": target,
         "repair": repair} for target, (at, repair) in hard.items()
    ]  # fmt: skip
    all_is_over_after(94826, timeline, {"callers_milli": 0, "telemetry": {"lost_milli": 300}}, "out_of_band")


def test_one_alarm_that_stays_is_believed_at_last_and_looked_after():
    """Of the cut of the port's fibre only one line was not lost, and that one is of an earlier fault of the same service."""
    faults = [("47 min", "cut_power", "south", "crew"), ("203 min", "cut_link", "hub-south", "20 min"),
              ("265 min", "fail_node", "r-south", "3 h"), ("287 min", "cut_link", "east-port", "crew"),
              ("218 min", "fail_node", "r-east", "3 h"), ("253 min", "fail_node", "r-north", "crew")]  # fmt: skip
    timeline = [dict(zip(("at", "do", "target", "repair"), fault, strict=True)) for fault in faults]
    all_is_over_after(21977, timeline, {"callers_milli": 0, "telemetry": {"lost_milli": 300}}, "out_of_band")


@pytest.mark.slow
@settings(max_examples=25, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines(6), worlds, managements)
def test_after_many_random_days_everything_is_over(seed, timeline, world, management):
    all_is_over_after(seed, timeline, world, management)


def all_is_over_after(seed, timeline, world, management):
    """Faults of the first five hours, two crews, and four days in which to find out what still fails."""
    with tempfile.TemporaryDirectory() as folder:
        run = play(Path(folder), timeline, seed=seed, world=world, management=management, operations=CREWS,
                   lasts="4 days", population={"subscribers": 12, "offerings": {"postpay-s": 1}})  # fmt: skip
        all_is_over(run)
