"""Every fault kind as a timed story: what is cut, what the elements say, what the OSS believes, when it is over."""

import json

import polars as pl
import pytest

from tests.town import play

AT = "2 h"
STORIES = [
    # kind, target, services down for good, what is blamed, an alarm that must be there
    ("cut_link", "east-port", {"svc-port"}, "east-port", ("east-port", "lossOfSignal", "r-east")),
    ("cut_duct", "duct-river", {"svc-north", "svc-east", "svc-south", "svc-port", "svc-farm"}, "duct-river",
     ("hub-north", "lossOfSignal", "r-hub")),
    ("cut_link", "hub-north", set(), "hub-north", ("hub-north", "lossOfSignal", "r-north")),
    ("fail_node", "r-port", {"svc-port"}, "r-port",
     ("r-port", "communicationsSubsystemFailure", "oss.surveillance")),
    ("fail_card", "r-north/1", {"svc-north", "svc-farm"}, "r-north/1",
     ("r-north/1", "equipmentMalfunction", "r-north")),
    ("cut_power", "port", {"svc-port"}, "port", ("r-port", "powerProblem", "r-port")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "target", "down", "blamed", "alarm"), STORIES, ids=[f"{s[0]} {s[1]}" for s in STORIES]
)
def test_a_fault_is_seen_named_mended_and_closed(tmp_path, kind, target, down, blamed, alarm):
    run = play(tmp_path, [{"at": AT, "do": kind, "target": target}])
    alarms = run.table("alarms").select("alarmed_object", "probable_cause", "source").rows()
    assert alarm in alarms
    incident = run.table("incidents").row(0, named=True)
    assert run.table("incidents").height == 1
    assert blamed in [incident["root_cause_resource"], *json.loads(incident["equivalents"])]
    assert incident["state"] == "closed"
    assert set(run.table("service_problems")["service_id"]) == down
    assert run.table("service_problems")["state"].unique().to_list() in ([], ["resolved"])
    fault = run.table("truth").filter(pl.col("kind") == "fault").row(0, named=True)
    assert fault["until_ms"] is not None
    assert incident["closed_ms"] >= fault["until_ms"]
    assert run.kpis["dispatches_per_fault"] == run.kpis["first_time_fix"] == 1


def test_scripted_repair_waits_for_nobody(tmp_path):
    fault = {"at": AT, "do": "cut_link", "target": "east-port", "repair": "90 min"}
    run = play(tmp_path, [fault], operations={"crews": []})
    truth = run.table("truth").filter(pl.col("kind") == "fault").row(0, named=True)
    assert truth["until_ms"] - truth["at_ms"] == 90 * 60_000
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["credit_error"] == 0
    assert run.kpis["credits_total"] > 0


def test_two_faults_on_one_resource_hold_it_down_until_both_are_mended(tmp_path):
    faults = [{"at": "2 h", "do": "cut_link", "target": "east-port"},
              {"at": "150 min", "do": "cut_link", "target": "east-port", "repair": "2 h"}]  # fmt: skip
    run = play(tmp_path, faults)
    mended = run.table("truth").filter(pl.col("kind") == "fault")["until_ms"].to_list()
    outage = run.table("truth").filter(pl.col("kind") == "service_outage").row(0, named=True)
    convergence_ms = 3_000
    assert outage["until_ms"] == max(mended) + convergence_ms > min(mended) + convergence_ms


def test_a_reroute_costs_three_seconds_and_no_service_problem(tmp_path):
    run = play(tmp_path, [{"at": AT, "do": "cut_link", "target": "hub-north"}])
    outages = run.table("truth").filter(pl.col("kind") == "service_outage")
    assert {"svc-north", "svc-farm"} <= set(outages["subject"])
    assert set(outages["until_ms"] - outages["at_ms"]) == {3_000}
    assert run.table("service_problems").is_empty()
    assert run.kpis["credits_total"] == 0


def test_without_a_management_path_nothing_is_heard(tmp_path):
    """In band, what the cut-off part says is lost; the OSS knows its own loss of contact instead."""
    cut = [{"at": AT, "do": "cut_duct", "target": "duct-river"}]
    out_of_band, in_band = (
        play(tmp_path, cut, management=mode).table("journal") for mode in ("out_of_band", "in_band")
    )
    beyond = ("|r-north|", "|r-east|", "|r-south|", "|r-port|", "|r-farm|")

    def heard(journal):
        fresh = journal.filter((pl.col("kind") == "alarm.raised") & pl.col("subject").str.contains("lossOfSignal"))
        return {node for node in beyond for subject in fresh["subject"] if node in subject}

    assert heard(out_of_band) == {"|r-north|", "|r-south|"}
    assert heard(in_band) == set()
    assert in_band.filter(pl.col("subject").str.contains("communicationsSubsystemFailure")).height > 0


def test_customers_tell_what_no_alarm_did(tmp_path):
    """All telemetry is lost: care's evidence makes the OSS probe, and the probe opens the problem."""
    fault = [{"at": AT, "do": "cut_link", "target": "east-port", "repair": "4 h"}]
    deaf = {"telemetry": {"lost_milli": 1000}, "callers_milli": 1000}
    run = play(tmp_path, fault, world=deaf, operations={"crews": []})
    problem = run.table("service_problems").row(0, named=True)
    assert (problem["service_id"], problem["source"], problem["state"]) == ("svc-port", "probe", "resolved")
    assert run.table("tickets").height > 0
    silent = play(tmp_path, fault, world=deaf, operations={"crews": []}, integration={"customer_reports": False})
    assert silent.table("service_problems").is_empty()
    assert silent.kpis["credits_total"] == 0 < silent.kpis["credit_error"]


def test_when_problems_do_not_cross_the_border_nobody_is_credited(tmp_path):
    run = play(
        tmp_path, [{"at": AT, "do": "cut_link", "target": "east-port"}], integration={"service_problems": False}
    )
    assert run.table("service_problems").height == 1
    assert run.kpis["credits_total"] == 0 < run.kpis["credit_error"]


@pytest.mark.parametrize(("guided", "order"), [(True, ["r-east", "r-south"]), (False, ["r-south", "r-east"])])
def test_one_crew_goes_first_where_the_bss_says_it_matters(tmp_path, guided, order):
    """Two incidents wait while the only crew is away: the later one has twice the lines behind it."""
    faults = [
        {"at": "1 h", "do": "cut_link", "target": "farm-north"},
        {"at": "2 h", "do": "fail_node", "target": "r-south"},
        {"at": "125 min", "do": "fail_node", "target": "r-east"},
    ]
    run = play(tmp_path, faults, integration={"service_priorities": guided}, lasts="1 day")
    sent = run.table("actions").filter(pl.col("kind") == "dispatch").sort("occurred_ms")["target"].to_list()
    assert sent == ["farm-north", *order]
