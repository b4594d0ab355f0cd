"""Prices of single records by hand, and a plain loop with fractions as the oracle of the columns."""

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation import mediate
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.contract.units import Rounding, round_money
from tests.bss import shop

NONE_SEEN = pl.DataFrame(schema={"element_id": pl.String, "sequence": pl.Int64})
MAY_MS = shop.at("2024-05-01 00:00")
PEAK, NIGHT = "2024-05-06 19:00", "2024-05-06 23:00"


def guided(usage, contracts):
    return mediate(usage, contracts, NONE_SEEN).guided


def rated(*records, before=NOTHING_YET):
    contracts = shop.accounts("a", "b")
    return shop.rating(guided(shop.usage(*records), contracts), contracts, before)


def prices(*records):
    table = rated(*records).rated
    return {number: amount / 10**6 for number, amount in table.select("usage_id", "amount_micros").iter_rows()}


def test_ten_minutes_are_free_and_the_eleventh_costs_the_rate_of_its_hour():
    calls = [(1, "a", "voice", PEAK, 600_000), (2, "a", "voice", "2024-05-06 19:20", 60_000),
             (3, "a", "voice", NIGHT, 60_000)]  # fmt: skip
    assert prices(*calls) == {1: 0, 2: 6, 3: 3}


def test_a_call_that_empties_the_allowance_pays_only_for_the_rest():
    assert prices((1, "a", "voice", PEAK, 630_000)) == {1: 3}


def test_seconds_and_data_are_rounded_up_to_the_pulse():
    found = prices((1, "a", "voice", PEAK, 600_001), (2, "a", "data", PEAK, 1), (3, "a", "data", PEAK, 1_000_001))
    assert found == {1: 0.1, 2: 0.4, 3: 4.4}


def test_unlimited_messages_cost_nothing_but_abroad_they_do():
    assert prices((1, "a", "sms", PEAK, 500), (2, "a", "sms", PEAK, 1, "international")) == {1: 0, 2: 10}


def test_the_allowance_is_used_in_the_order_of_the_calls_not_of_their_arrival():
    assert prices((2, "a", "voice", "2024-05-06 20:00", 60_000), (1, "a", "voice", PEAK, 600_000)) == {1: 0, 2: 6}


def test_a_new_month_brings_a_new_allowance_and_a_new_price_list():
    table = rated((1, "a", "voice", PEAK, 600_000), (2, "a", "voice", "2024-05-30 23:59", 60_000)).rated
    assert table["amount_micros"].to_list() == [0, 3_000_000]
    june = shop.usage((3, "a", "voice", "2024-06-01 00:00", 60_000), known="2024-06-02 00:00")
    found = shop.rating(guided(june, shop.accounts("a")), shop.accounts("a")).rated
    assert found["offering_version"].to_list() == ["plan@2024-06-01"]
    assert found["amount_micros"].to_list() == [3_000_000]  # this version has no allowance


@pytest.mark.parametrize("runs", [1, 2])
def test_two_lines_of_one_account_have_an_allowance_each(runs):
    family = shop.accounts("a", "b").with_columns(pl.lit("family").alias("account_id"))
    usage = shop.usage((1, "a", "voice", PEAK, 600_000), (2, "b", "voice", PEAK, 600_000),
                       (3, "b", "voice", NIGHT, 60_000))  # fmt: skip
    memory, amounts = NOTHING_YET, []
    for batch in [usage] if runs == 1 else [usage[:1], usage[1:]]:
        result = shop.rating(guided(batch, family), family, memory)
        memory, amounts = result.memory, amounts + result.rated["amount_micros"].to_list()
    assert amounts == [0, 0, 3_000_000]
    minutes = memory.left.filter(pl.col("entitlement_id").str.contains(f"/minutes/.*/{MAY_MS}"))
    assert minutes["left"].to_list() == [0, 0]


def test_a_line_that_changes_hands_brings_its_new_owner_a_new_allowance():
    moved = shop.accounts("a").with_columns(pl.lit(shop.at("2024-05-10 00:00")).alias("valid_until_ms"))
    after = shop.accounts("a", since="2024-05-10 00:00").with_columns(pl.lit("acc-new").alias("account_id"))
    usage = shop.usage((1, "a", "voice", PEAK, 600_000), (2, "a", "voice", "2024-05-10 12:00", 600_000))
    both = pl.concat([moved, after])
    assert shop.rating(guided(usage, both), both).rated["amount_micros"].to_list() == [0, 0]


def test_what_one_run_used_is_gone_in_the_next():
    first = rated((1, "a", "voice", PEAK, 600_000))
    second = rated((2, "a", "voice", NIGHT, 60_000), before=first.memory)
    assert second.rated["amount_micros"].to_list() == [3_000_000]


def test_a_record_older_than_every_version_is_kept_with_its_reason_and_stops_nobody():
    long_ago = shop.accounts("a", since="2019-01-01 00:00")
    usage = shop.usage((1, "a", "sms", "2019-12-31 23:59", 1), (2, "a", "voice", PEAK, 660_000))
    result = shop.rating(guided(usage, long_ago), long_ago)
    assert result.rated.select("usage_id", "amount_micros").rows() == [(2, 6_000_000)]
    assert result.unpriced.select("usage_id", "state", "reason", "quantity").rows() == [
        (1, "suspended", "no price at that time", 1)
    ]


HOURS = [f"2024-05-{day:02} {hour:02}:30" for day in (6, 7) for hour in (7, 8, 21, 22)]
calls = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["voice", "sms", "data"]), st.sampled_from(HOURS),
    st.integers(1, 900_000), st.sampled_from(["on_net", "off_net", "international"]),
)  # fmt: skip
RATES = {
    "voice": {"on_net": (6, 3), "off_net": (6, 6), "international": (30, 30)},
    "sms": {"on_net": (1, 1), "off_net": (1, 1), "international": (10, 10)},
    "data": {"on_net": (4, 4), "off_net": (4, 4), "international": (4, 4)},
}


def by_hand(records):
    """The same tariff as a loop over records, in fractions of a shilling."""
    left = {"a": 600, "b": 600}
    amounts = {}
    for number, line, name, start, quantity, zone in sorted(records, key=lambda r: (r[3], r[0])):
        pulses = -(-quantity // {"voice": 1000, "sms": 1, "data": 100_000}[name])
        rate_of = RATES[name][zone][0 if "08:00" <= start[11:] < "22:00" else 1]
        if name == "voice" and zone != "international":
            free = min(left[line], pulses)
            left[line] -= free
            pulses -= free
        if name == "sms" and zone != "international":
            pulses = 0
        amounts[number] = Fraction(pulses * rate_of, {"voice": 60, "sms": 1, "data": 10}[name])
    return amounts


@settings(max_examples=60, deadline=None)
@given(st.lists(calls, min_size=1, max_size=15), st.integers(0, 15))
def test_columns_agree_with_the_loop_however_the_runs_are_cut(drawn, split):
    records = [(number, *call) for number, call in enumerate(drawn, start=1)]
    ordered = sorted(records, key=lambda r: (r[3], r[0]))
    first, second = ordered[:split], ordered[split:]
    one = rated(*first)
    two = rated(*second, before=one.memory)
    found = dict(pl.concat([one.rated, two.rated]).select("usage_id", "amount_micros").iter_rows())
    expected = {
        n: round_money(exact * 10**6, Rounding("charge", "half_up", 1)) for n, exact in by_hand(records).items()
    }
    assert found == expected
