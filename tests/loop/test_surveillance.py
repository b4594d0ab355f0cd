"""Surveillance as the whole loop meets it: a link that comes and goes, elements that come back, work that overruns."""

import json

import polars as pl

from ossbss.contract.assurance import AlarmAction
from ossbss.oss.operations import Operations
from ossbss.oss.policy import Crew, OperationsPolicy
from tests.loop import laws
from tests.loop.fault_stories import STAYS_NEAR, H, M, S, alarms, kinds, spans
from tests.oss.fault.watching import END, LINK, raised
from tests.town import play, town

FLAP = {"at": "2 h", "do": "flap_link", "target": "east-port", "period": "1 min", "repair": "20 min"}
NEVER = {"flap_changes": 1_000}


def to_correlation(run):
    """Alarms of the link that came before the operator, and so to correlation: raised, or flapping from now on."""
    told = kinds(run, "alarm.raised").vstack(kinds(run, "alarm.flapping")).vstack(kinds(run, "alarm.presented"))
    return told.filter(pl.col("subject").str.starts_with("east-port|")).height


def test_s08_damping_cuts_what_goes_to_correlation_five_times_and_delays_the_repair_signal(tmp_path):
    """Down and up every 30 s for 20 minutes."""
    runs = {}
    for name, operations in (("damped", {"crews": []}), ("not", {"crews": [], **NEVER})):
        (tmp_path / name).mkdir()
        runs[name] = play(tmp_path / name, [FLAP], operations=operations, world=STAYS_NEAR)
        laws.check_all(runs[name])
    assert to_correlation(runs["not"]) == 2 * 20
    assert 5 * to_correlation(runs["damped"]) <= to_correlation(runs["not"])
    starts_ms, up_ms = runs["damped"].view.starts_ms, 2 * H + 19 * M + 30 * S
    last = {name: kinds(run, "alarm.cleared").filter(pl.col("subject").str.starts_with("east-port|"))["at_ms"].max() - starts_ms
            for name, run in runs.items()}  # fmt: skip
    assert up_ms <= last["not"] <= up_ms + S
    assert last["damped"] - last["not"] == 2 * M  # the quiet time of the policy, no more
    assert runs["damped"].table("incidents")["state"].to_list() == ["closed"]  # one for all the flaps
    assert runs["damped"].kpis["user_hours_lost"] == runs["not"].kpis["user_hours_lost"]


def test_s08_a_link_that_stays_down_after_flapping_is_found_and_mended(tmp_path):
    """It flaps until twenty past and is cut for good within the hold-off: one incident, which a crew mends."""
    hard = {"at": "140 min 30 s", "do": "cut_link", "target": "east-port"}
    run = play(tmp_path, [FLAP, hard], world=STAYS_NEAR, operations={"crews": [{"id": "crew-1", "site": "farm"}]})
    laws.check_all(run)
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    settled = kinds(run, "alarm.settled").filter(pl.col("subject").str.starts_with("east-port|"))
    waited_ms = settled["at_ms"] - run.view.starts_ms - (2 * H + 20 * M + 30 * S)
    assert waited_ms.is_between(2 * M, 2 * M + S).all()  # the quiet time, from the arrival of the line
    assert settled.height == 2
    incidents = run.table("incidents")
    assert incidents["state"].unique().to_list() == ["closed"]
    link = [i for i in incidents.rows(named=True) if "east-port" in {i["root_cause_resource"], *json.loads(i["equivalents"])}]
    assert len(link) == 1


def test_what_cleared_while_nobody_could_hear_it_is_unknown_then_cleared_by_comparison(tmp_path):
    """In band the ring is cut off from three to four; the port's link, down since two, is mended at half past three."""
    faults = [
        {"at": "2 h", "do": "cut_link", "target": "east-port", "repair": "90 min"},
        {"at": "3 h", "do": "cut_duct", "target": "duct-river", "repair": "1 h"},
    ]
    run = play(tmp_path, faults, management="in_band", operations={"crews": [], "doubt_after": "1 day"},
               world=STAYS_NEAR)  # fmt: skip
    laws.check_all(run)
    zero = run.view.starts_ms
    unknown = kinds(run, "alarm.unknown").filter(pl.col("subject").str.starts_with("east-port|lossOfSignal|r-east"))
    assert (unknown["at_ms"] - zero).is_between(3 * H, 3 * H + 3 * M).all()
    assert unknown.height == 1
    ((at_ms, over_ms),) = alarms(run)["east-port", "lossOfSignal", "r-east"]
    row = run.table("alarms").filter((pl.col("alarmed_object") == "east-port") & (pl.col("source") == "r-east")).row(0, named=True)
    assert at_ms == 2 * H
    assert over_ms - row["clear_uncertainty_ms"] <= 3 * H + 30 * M <= over_ms
    back_ms = spans(run, "fault", "duct-river")[0][1]
    assert back_ms <= row["clear_known_ms"] - zero <= back_ms + 4 * M
    compared = [json.loads(body) for body in kinds(run, "alarm_list.compared")["body"]]
    assert sum(c["gone"] for c in compared) >= 1


def test_work_that_overruns_is_a_fault_from_the_end_of_its_window(tmp_path):
    """The link is worked on until four, and its duct cut at three by the digger: nobody is sent before five past four."""
    work = {"at": "2 h", "do": "planned_work", "target": "east-port", "lasts": "2 h"}
    run = play(tmp_path, [work, {"at": "3 h", "do": "cut_duct", "target": "duct-east-port"}], world=STAYS_NEAR)
    laws.check_all(run)
    presented = kinds(run, "alarm.presented")["at_ms"].unique().to_list()
    assert presented == [run.view.starts_ms + 4 * H + 5 * M]
    sent = run.table("actions").filter(pl.col("kind") == "dispatch")["occurred_ms"]
    assert sent.min() >= run.view.starts_ms + 4 * H + 5 * M
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert run.table("incidents")["state"].to_list() == ["closed"]


def test_what_the_operator_does_reaches_the_list_and_no_crew_waits_for_it():
    """Acknowledged and closed at once, the alarm is diagnosed and a crew sent as if nobody had touched it."""
    oss = Operations(town(), OperationsPolicy(crews=(Crew("crew-1", "hub"),), active_tests=False), 0)
    oss.watch.take([raised(M), raised(M, source="r-east"), raised(M, "svc-port", cause="underlyingResourceUnavailable"),
                    raised(M, "svc-port", "r-hub", cause="underlyingResourceUnavailable")], M)  # fmt: skip
    deeds = [AlarmAction(sender="noc", message_id=f"{n}", occurred_ms=M, action=action, identity=(LINK, "lossOfSignal", END),
                         user_id="asha") for n, action in enumerate(("acknowledge", "acknowledge", "close"))]  # fmt: skip
    told = [entry.kind for entry in oss.step(M, deeds).entries]
    assert told == ["alarm.acknowledged", "operator_action.refused", "alarm.closed"]
    sent = []
    while not sent and oss.next_wakeup_ms < H:
        sent = [m for m in oss.step(oss.next_wakeup_ms, []).messages if type(m).__name__ == "WorkOrder"]
    assert [order.resource_id for order in sent] == ["east-port"]
