"""The charging node fails at ten: who is refused, who is served unasked, and what nobody was told of."""

from datetime import datetime
from types import SimpleNamespace

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from sim import Scenario
from sim.world.people.credit.reach import shut_out
from sim.world.people.usage import cut
from sim.world.plan import ChargingPlan
from tests.world.people.purse import PRICES, Purse
from tests.world.people.street import STARTS_MS, go, live, wish
from tests.world.people.test_prepaid_laws import INTENT, adds_up, frame

TEN_MS = int(datetime.fromisoformat("2024-05-06T10:00:00+03:00").timestamp() * 1000)

def day(variant, charging):
    changes = {"population.prepaid": {"offerings": ["payg"]}, "population.habits": {"session_mean_ms": 3_000_000}}
    return go(Scenario.load("charging-outage", variant=variant, overrides=changes), charging)


@pytest.fixture(scope="module")
def days():
    return {name: day(variant, Purse()) for name, variant in (("closed", None), ("open", "fail-open"))} | {
        "free": day(None, None)
    }


def away(played):
    """What lines that pay ahead tried while charging was out of reach, and when it was back."""
    spans = played.composed.world.plant.charging_outages["cell-port"]
    ((down_ms, up_ms),) = spans
    assert down_ms == TEN_MS
    lines = played.composed.lines.filter(payment="prepaid")["subscriber_id"].to_list()
    began = pl.col("started_ms").is_between(down_ms, up_ms, closed="left") & pl.col("subscriber_id").is_in(lines)
    return played.attempts.filter(began & (pl.col("class") != "emergency")), up_ms


def test_the_same_is_wanted_whatever_the_network_does(days):
    for played in days.values():
        adds_up(played.attempts)
        assert played.attempts.select(*INTENT).equals(days["free"].attempts.select(*INTENT))


def test_a_closed_network_blocks_all_that_it_would_have_asked_for(days):
    tried, _ = away(days["closed"])
    assert tried.height > 100
    assert set(tried["outcome"]) == {"blocked"}
    free = tried.select("intent_id").join(days["free"].attempts, on="intent_id")
    assert set(free["outcome"]) >= {"answered", "busy", "unanswered"}
    others = days["closed"].attempts.join(tried, on="intent_id", how="anti")
    assert others.filter(outcome="blocked").is_empty()


@pytest.mark.parametrize(("way", "stopped"), [("fail_closed", [1]), ("fail_open", []), (None, [])])
def test_what_a_closed_network_cannot_ask_for_takes_no_channel_and_loads_no_cell(way, stopped):
    spans = [(STARTS_MS + 5 * MINUTE_MS, STARTS_MS + 15 * MINUTE_MS)]
    plant = SimpleNamespace(outages={}, charging_outages={"cell-port": spans})
    wishes = [wish(4, lasts_min=9), wish(6, lasts_min=9), wish(7, lasts_min=9, line=1), wish(8, "emergency", lasts_min=9),
              wish(9, lasts_min=9, place_id="cell-hub"), wish(15, lasts_min=9)]  # fmt: skip
    carried = cut(frame(wishes), {}, STARTS_MS + HOUR_MS)
    ahead = pl.DataFrame({"subscriber_id": [wish(0)["subscriber_id"]]})
    found = shut_out(carried, ahead, plant, ChargingPlan("ocs-1", way) if way else None)
    at_once = found.filter(pl.col("down_ms") == pl.col("started_ms"))
    assert at_once["intent_id"].to_list() == stopped
    assert found.join(at_once, on="intent_id", how="anti").equals(carried.join(at_once, on="intent_id", how="anti"))


def test_an_open_network_serves_all_of_them_unasked(days):
    tried, up_ms = away(days["open"])
    both = tried.join(days["free"].attempts, on="intent_id", suffix="_free")
    over = both.filter(pl.col("ended_ms") < up_ms)
    assert over.height > 100
    assert over["served"].equals(over["served_free"], check_names=False)
    assert days["open"].attempts.filter(outcome="blocked").is_empty()


@pytest.mark.parametrize("name", ["closed", "open"])
def test_what_was_served_and_not_told_is_all_in_the_log(days, name):
    """Money gained − money left = the price of what was served, less what charging was never told of."""
    played, purse = days[name], days[name].composed.world.traffic.credit.door.charging
    log, price = played.log, pl.col("class").replace_strict(PRICES, return_dtype=pl.Int64, default=0)
    lines = played.composed.lines.filter(payment="prepaid")["subscriber_id"].to_list()
    served = played.attempts.filter(pl.col("subscriber_id").is_in(lines)).select((price * pl.col("served")).sum()).item()
    is_use = pl.col("kind").is_in(["usage", "session_begin", "session_update"])
    unasked = log.filter(~pl.col("is_asked") & is_use).select((price * pl.col("granted")).sum()).item()
    gained = log.filter(pl.col("kind") == "topup")["amount_micros"].sum()
    assert gained - sum(purse.money.values()) == served - unasked
    assert (unasked > 0) == (name == "open")
    ends = log.filter(pl.col("kind") == "session_end")
    ends = ends.filter(~pl.col("is_asked")).join(ends.filter("is_asked"), on="request_id", how="anti")
    kept = [held for _, held in purse.sessions.values()]
    going_on = played.attempts.filter((pl.col("outcome") == "in_progress") & pl.col("intent_id").is_in([*purse.sessions]))
    assert len(kept) == ends.height + going_on.height


def test_nobody_tops_up_from_a_place_that_is_out_of_service(tmp_path):
    cut = [{"at": "59 min", "do": "cut_link", "target": "east-port", "repair": "2 h"}]
    habits = {"dry_tops_up_milli": 1000}
    played = live(tmp_path, [wish(1, lasts_min=9), wish(250, lasts_min=1)], Purse(), habits, cut)
    paid = played.log.filter((pl.col("kind") == "topup") & (pl.col("at_ms") > STARTS_MS))
    ((down_ms, up_ms),) = played.composed.world.plant.outages["cell-port"]
    during = paid.filter(pl.col("at_ms").is_between(down_ms, up_ms, closed="left"))
    assert during.select("is_asked", "reason", "granted").rows() == [(False, "no_service", 0)] * 2  # hours 1 and 2
    assert paid.filter(pl.col("at_ms") >= up_ms).select("is_asked", "granted").rows() == [(True, 1)]
    assert played.money() == 50 - 6
