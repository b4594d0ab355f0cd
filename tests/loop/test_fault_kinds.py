"""Faults that come and go, that nobody tells of, and that somebody configured, as timed stories on the town."""

import json

import polars as pl
import pytest

from sim.world.faults.configuration import goes_wrong
from sim.world.plan import Terms
from sim.world.streams import Streams
from tests.loop.fault_stories import CONVERGENCE, STAYS_NEAR, H, M, S, alarms, kinds, spans
from tests.town import play

# -- flapping, and what nobody says --------------------------------------------------------------------


def test_a_flapping_link_turns_until_it_is_mended_and_is_one_alarm(tmp_path):
    """Down 15 s, up 15 s for ten minutes: 20 times down, and each time the port's service for 15 s and convergence.

    Every turn is in the journal; in the list each end has one alarm, from the first to the last of them.
    """
    flap = {"at": "2 h", "do": "flap_link", "target": "east-port", "period": "30 s", "repair": "10 min"}
    run = play(tmp_path, [flap], operations={"crews": []}, world=STAYS_NEAR)
    assert spans(run, "fault") == [(2 * H, 2 * H + 10 * M)]
    assert spans(run, "service_outage") == [(2 * H + n * 30 * S, 2 * H + n * 30 * S + 15 * S + CONVERGENCE) for n in range(20)]
    for end in ("r-east", "r-port"):
        own = run.table("journal").filter(pl.col("subject").str.starts_with(f"east-port|lossOfSignal|{end}|"))
        at = {kind: (rows["occurred_ms"] - run.view.starts_ms).to_list() for (kind,), rows in own.group_by("kind")}
        heard = sorted(set(at["alarm.raised"] + at["alarm.flapping"] + at["alarm.repeated"]))
        assert heard == [2 * H + n * 30 * S for n in range(20)]
        over = sorted(set(at["alarm.cleared"] + at["alarm.clear_held"]))
        assert over == [2 * H + n * 30 * S + 15 * S for n in range(20)]
        assert alarms(run)["east-port", "lossOfSignal", end] == [(2 * H, 2 * H + 19 * 30 * S + 15 * S)]


def test_a_hard_fault_after_the_flapping_is_still_found(tmp_path):
    flap = {"at": "2 h", "do": "flap_link", "target": "east-port", "period": "30 s", "repair": "10 min"}
    run = play(tmp_path, [flap, {"at": "3 h", "do": "cut_link", "target": "east-port"}], world=STAYS_NEAR)
    hard = run.table("incidents").filter(pl.col("occurred_ms") >= run.view.starts_ms + 3 * H)
    assert "east-port" in {hard["root_cause_resource"][0], *json.loads(hard["equivalents"][0])}
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert run.table("incidents")["state"].unique().to_list() == ["closed"]


def test_a_sleeping_cell_carries_nothing_and_no_element_says_so(tmp_path):
    sleep = {"at": "2 h", "do": "sleep_cell", "target": "cell-port", "repair": "5 h"}
    crews = {"crews": [{"id": "crew-1", "site": "hub"}], "remote_repair": False}
    run = play(tmp_path, [sleep], world={"callers_milli": 1000, **STAYS_NEAR}, operations=crews)
    assert spans(run, "service_outage", "svc-port") == spans(run, "fault", "cell-port") == [(2 * H, 7 * H)]
    attempts = run.table("attempts").filter(pl.col("place_id") == "cell-port")
    at = attempts["started_ms"] - run.view.starts_ms
    asleep = attempts.filter((at >= 2 * H) & (at < 7 * H))
    assert set(asleep["outcome"]) == {"blocked"}
    assert "blocked" not in set(attempts.filter((at < 2 * H) | (at >= 7 * H))["outcome"])
    assert alarms(run) == {}
    assert kinds(run, "customer_report.received").height > 0  # care tells the OSS, whose probes of the service pass
    assert run.table("incidents")["complaints"].to_list() == ['["svc-port"]']  # nothing else tells of it


def test_silent_packet_loss_raises_nothing(tmp_path):
    loss = {"at": "2 h", "do": "degrade_link", "target": "east-port", "loss_milli": 30, "repair": "5 h"}
    run = play(tmp_path, [loss], world=STAYS_NEAR)
    assert spans(run, "fault", "east-port") == [(2 * H, 7 * H)]
    assert alarms(run) == {}
    assert spans(run, "service_outage") == []


# -- changes, work, capacity, disasters ----------------------------------------------------------------


def test_a_node_isolated_by_a_bad_change_lives_and_its_ports_say_nothing(tmp_path):
    change = {"at": "2 h", "do": "bad_change", "target": "r-port", "rollback": "15 min"}
    run = play(tmp_path, [change], operations={"crews": [], "remote_repair": False}, world=STAYS_NEAR)
    assert spans(run, "service_outage") == [(2 * H, 2 * H + 15 * M + CONVERGENCE)]
    assert set(alarms(run)) == {("svc-port", "underlyingResourceUnavailable", end) for end in ("r-hub", "r-port")}
    (told,) = [json.loads(body) for body in run.view.truth("change")["body"]]
    assert told["went_wrong"]


def test_an_operator_takes_a_bad_change_back(tmp_path):
    change = {"at": "2 h", "do": "bad_change", "target": "east-port", "effect": "shutdown"}
    back = {"at": "150 min", "do": "roll_back", "target": "east-port"}
    run = play(tmp_path, [change, back], operations={"crews": [], "remote_repair": False}, world=STAYS_NEAR)
    assert spans(run, "fault") == [(2 * H, 150 * M)]
    assert spans(run, "service_outage") == [(2 * H, 150 * M + CONVERGENCE)]
    ports = {key for key in alarms(run) if key[1] == "lossOfSignal"}
    assert ports == {("east-port", "lossOfSignal", "r-port")}  # r-east was told to: administratively down is no alarm


def test_a_wrong_weight_moves_traffic_and_raises_nothing(tmp_path):
    """Both fibres of the ring cost 10; with 1000 on hub-north the north is reached by the south and east."""
    change = {"at": "2 h", "do": "bad_change", "target": "hub-north", "effect": "metric", "metric": 1000, "rollback": "2 h"}
    cut = {"at": "3 h", "do": "cut_link", "target": "east-north", "repair": "30 min"}
    run = play(tmp_path, [change, cut], operations={"crews": []}, world=STAYS_NEAR)
    outages = spans(run, "service_outage", "svc-north")
    assert outages == [(3 * H, 3 * H + CONVERGENCE)]  # with the right weight the cut would not have touched it
    assert not {key for key in alarms(run) if key[0] == "hub-north"}


def test_the_risk_of_a_change_is_the_share_of_seeds_in_which_it_goes_wrong():
    def share(**terms):
        wrong = [goes_wrong(Terms(**terms), Streams(seed).get("change/r-port/1")) for seed in range(2000)]
        return sum(wrong) / len(wrong)

    assert share(risk_milli=200) == pytest.approx(0.2, abs=4 * (0.2 * 0.8 / 2000) ** 0.5)
    assert share(risk_milli=200, reviewed=True) == pytest.approx(0.08, abs=4 * (0.08 * 0.92 / 2000) ** 0.5)
    assert share(risk_milli=0) == 0
    assert share(risk_milli=1000) == 1


def test_a_change_without_risk_does_nothing(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "bad_change", "target": "r-port", "risk_milli": 0, "rollback": "1 h"}])
    assert not json.loads(run.view.truth("change")["body"][0])["went_wrong"]
    assert run.view.truth("fault").is_empty()
    assert alarms(run) == {}
