"""Whatever people want and whatever the network does: money and units add up, and luck knows no balance."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import Scenario
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.intents import INTENTS_SCHEMA
from tests.world.people.hours import Hours
from tests.world.people.purse import KES, PRICES, Purse
from tests.world.people.street import STARTS_MS, go, wish

MINUTE, HOURS = 60_000, 6
NEVER_MORE = PrepaidHabits(dry_tops_up_milli=0, low_tops_up_milli=0, dry_borrows_milli=0)
seconds = st.integers(1, 3 * 3600)
gaps = st.lists(st.tuples(st.integers(0, 3600), seconds), min_size=1, max_size=8)
kinds = st.sampled_from(["voice", "sms", "data"])
spans = st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 4000)), max_size=3)


def frame(wishes):
    rows = [{"intent_id": number, **each} for number, each in enumerate(wishes)]
    return pl.DataFrame(rows, schema=INTENTS_SCHEMA)


def outages_of(told):
    """Spans that do not touch, in order."""
    found, last_ms = [], STARTS_MS
    for after_s, lasts_s in told:
        down_ms = last_ms + 1 + after_s * 1000
        last_ms = down_ms + lasts_s * 1000
        found.append((down_ms, last_ms))
    return found


def units_by_hand(calls, spans_ms, money):
    """One call after the other, millisecond prices: what each is served, by the network and then by the purse."""
    served = []
    for start_ms, lasts_ms in calls:
        stop_ms = start_ms + lasts_ms
        for down_ms, up_ms in spans_ms:
            if down_ms < stop_ms and up_ms > start_ms:
                stop_ms = max(start_ms, down_ms)
                break
        stop_ms = min(stop_ms, STARTS_MS + HOURS * 3_600_000)
        units = min(stop_ms - start_ms, money // PRICES["voice"])
        money -= units * PRICES["voice"]
        served.append(units)
    return served, money


@settings(max_examples=60)
@given(gaps, spans, st.integers(1, 2000))
def test_calls_one_after_the_other_get_what_a_purse_pays_whatever_hours_they_cross(told, outage, shillings):
    calls, at_ms = [], STARTS_MS
    for gap_s, lasts_s in told:
        calls.append((at_ms + gap_s * 1000, lasts_s * 1000))
        at_ms = sum(calls[-1])
    calls = [call for call in calls if call[0] < STARTS_MS + HOURS * 3_600_000]
    spans_ms = outages_of(outage)
    purse = Purse()
    hours = Hours(purse, replace(NEVER_MORE, opening={shillings: 1}), outages={"cell-port": spans_ms})
    wishes = frame(wish(0, started_ms=start, requested=lasts, lasts_ms=lasts, subscriber_id="line-0000000")
                   for start, lasts in calls)  # fmt: skip
    found = hours.pass_through(wishes, STARTS_MS, HOURS)
    units, left = units_by_hand(calls, spans_ms, shillings * KES)
    assert found["served"].to_list() == units
    assert purse.money["line-0000000"] == left
    short = [units < lasts for units, (_, lasts) in zip(units, calls, strict=True)]
    assert [o != "answered" or d or c for o, d, c in found.select("outcome", "dropped", "cut_off").rows()] == short


wishes_at_once = st.lists(
    st.tuples(st.integers(0, 2), kinds, st.integers(0, HOURS * 60 - 1), st.integers(1, 200), st.integers(1, 30_000_000)),
    max_size=15,
)


@settings(max_examples=60)
@given(wishes_at_once, spans, st.integers(1, 300), st.integers(0, 1000), st.booleans())
def test_what_wallets_have_lost_is_what_was_served(told, outage, shillings, dry_milli, lends):
    purse = Purse(lends)
    habits = PrepaidHabits(opening={shillings: 1}, dry_tops_up_milli=dry_milli, dry_borrows_milli=500)
    hours = Hours(purse, habits, lines=3, outages={"cell-port": outages_of(outage)})
    wishes = frame(
        wish(at_min, kind, subscriber_id=f"line-{line:07d}", requested={"voice": lasts * MINUTE, "sms": 1}.get(kind, size),
             lasts_ms=0 if kind == "sms" else lasts * MINUTE)
        for line, kind, at_min, lasts, size in told
    )  # fmt: skip
    found, log = hours.pass_through(wishes, STARTS_MS, HOURS), hours.credit.door.log()
    assert found.select(*INTENT).equals(wishes.select(*INTENT))
    price = pl.col("class").replace_strict(PRICES, return_dtype=pl.Int64)
    lost = found.select((price * pl.col("served")).sum()).item()
    gained = log.filter(pl.col("kind").is_in(["topup", "advance"]))["amount_micros"].sum()
    assert sum(purse.money.values()) == gained - lost
    going_on = set(found.filter((pl.col("outcome") == "in_progress") & (pl.col("served") > 0))["intent_id"])
    assert set(purse.sessions) == going_on
    adds_up(found)


INTENT = ("intent_id", "subscriber_id", "class", "place_id", "zone", "started_ms", "requested")


def adds_up(attempts):
    """Every attempt has one fate; only what was answered was dropped or cut off, and not both."""
    fates = ["answered", "busy", "unanswered", "blocked", "refused", "in_progress"]
    assert attempts["outcome"].is_in(fates).all()
    cut_short = attempts.filter(pl.col("dropped") | pl.col("cut_off"))
    assert cut_short.filter((pl.col("outcome") != "answered") | (pl.col("dropped") & pl.col("cut_off"))).is_empty()
    assert attempts.filter((pl.col("outcome") == "refused") & (pl.col("served") > 0)).is_empty()
    assert attempts.filter((pl.col("served") < 0) | (pl.col("served") > pl.col("requested"))).is_empty()
    assert attempts.filter(pl.col("ended_ms") < pl.col("started_ms")).is_empty()
    assert attempts.filter(pl.col("cut_off") & (pl.col("served") == 0)).is_empty()


def town_day(charging, seed, **changes):
    scenario = Scenario.load("healthy-day", seed=seed, variant="evening-cut", overrides={
        "population.offerings": {"payg": 976, "postpay-s": 24}, "population.prepaid": {"offerings": ["payg"]},
        "lasts": "1 day", **changes,
    })  # fmt: skip
    return go(scenario, charging)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
def test_days_with_and_without_charging_want_the_same_and_differ_by_want_of_credit_alone(seed):
    with_credit, without = town_day(Purse(), seed), town_day(None, seed)
    ours, theirs = with_credit.attempts, without.attempts
    assert ours.select(*INTENT).equals(theirs.select(*INTENT))
    adds_up(ours)
    both = ours.join(theirs, on="intent_id", suffix="_free")
    other = both.filter(
        (pl.col("outcome") != pl.col("outcome_free")) | (pl.col("served") != pl.col("served_free"))
        | (pl.col("ended_ms") != pl.col("ended_ms_free")) | (pl.col("dropped") != pl.col("dropped_free"))
    )  # fmt: skip
    assert other.height > 20
    assert other.filter((pl.col("outcome") != "refused") & ~pl.col("cut_off")).is_empty()
    assert other.filter(pl.col("served") >= pl.col("served_free")).is_empty()
    lines = with_credit.composed.lines
    ahead = lines.filter(payment="prepaid")["subscriber_id"]
    assert other["subscriber_id"].is_in(ahead.to_list()).all()
    assert without.log.is_empty()
    records = with_credit.records.select(pl.col("usage_id").alias("intent_id"), "quantity").sort("intent_id")
    carried = ours.filter((pl.col("outcome") == "answered") & (pl.col("served") > 0))
    assert records.equals(carried.select("intent_id", pl.col("served").alias("quantity")))


def test_cells_count_what_the_network_carried_with_what_charging_then_refused():
    """Load is that of what people try: it is known by the quarter of an hour, and charging answers at the hour's end."""
    played = go(Scenario.load("busy-evening", overrides={
        "population.subscribers": 300, "population.offerings": {"payg": 1}, "population.prepaid": {}, "lasts": "6 h",
        "timeline": [],
    }), Purse())  # fmt: skip
    served = played.attempts.filter(pl.col("class") == "data")["served"].sum()
    asked = played.log.filter((pl.col("class") == "data") & pl.col("quantity").is_not_null())
    refused = asked.select((pl.col("quantity") - pl.col("granted")).sum()).item()
    counted = played.composed.world.traffic.counters().filter(counter="carriedOctets")["value"].sum()
    assert refused > served / 10
    assert abs(counted - served - refused) <= 2e-5 * counted + 1000


def test_luck_knows_no_balance():
    """The same people under another tariff: who tops up, buys or borrows in both does so at the same minute, as much."""
    cheap, dear = (town_day(Purse(True, {kind: price * n for kind, price in PRICES.items()}), 1).log for n in (1, 5))
    act = pl.col("kind").is_in(["topup", "purchase", "advance"])
    both = cheap.filter(act).join(dear.filter(act), on="request_id", suffix="_dear")
    assert both.filter(pl.col("kind") == "advance").height > 3
    assert both.filter(pl.col("kind") == "topup").height > 600
    for column in ("subscriber_id", "kind", "at_ms", "offering_id"):
        assert both[column].equals(both[f"{column}_dear"], check_names=False)
    assert both.filter((pl.col("kind") == "topup") & (pl.col("amount_micros") != pl.col("amount_micros_dear"))).is_empty()
    assert dear.filter(kind="topup").height > cheap.filter(kind="topup").height


def test_the_same_seed_gives_the_same_log_and_another_one_another():
    logs = [town_day(Purse(), seed, timeline=[], lasts="8 h").log for seed in (1, 1, 2)]
    assert logs[0].equals(logs[1])
    assert not logs[0].equals(logs[2])
