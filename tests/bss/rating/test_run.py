"""Rating runs: what is rated, what is not, and that runs one after the other come to what one run comes to."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import run
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.rating.tables import tables
from tests.bss.rating.random_tariffs import SPAN_MS, STARTS_MS, catalogues, people, shopping, usages
from tests.bss.shop import accounts, at

TEXT = """
name: test
sources: [made for tests]
currency: KES
time_zone: Africa/Nairobi
calendar: {day: {from: "08:00", to: "22:00"}, night: {from: "22:00", to: "08:00"}}
zones: {on_net: [{prefixes: ["+254"]}], abroad: [{prefixes: ["+"]}]}
rounding:
  charge: {mode: half_up, step: 0.01}
  tax: {mode: half_up, step: 0.01}
  invoice: {mode: half_up, step: 0.01}
offerings:
  - id: plan
    title: {en: Plan}
    versions:
      - valid_from: 2024-05-01
        allowances: [{id: minutes, classes: [voice], amount: 10 min, pulse: 1 min, zones: [on_net]}]
        usage:
          voice: [{zones: [on_net], prices: {day: 6, night: 3}, pulse: 1 s, connection_fee: 0.50}]
      - {valid_from: 2024-06-01, usage: {voice: {price: 60, pulse: 1 min}}}
"""
CATALOGUE = read_catalogue(TEXT, "test")
NO_PURCHASES = pl.DataFrame(schema=PURCHASES_SCHEMA)


def calls(*rows):
    """(number, start, seconds[, zone]) of line L"""
    return pl.DataFrame([
        {"usage_id": number, "account_id": "acc-L", "subscriber_id": "L", "offering_id": "plan", "class": "voice",
         "zone": (*zone, "on_net")[0], "started_ms": at(start), "quantity": seconds * 1000, "element_id": "e", "sequence": number}
        for number, start, seconds, *zone in rows
    ])  # fmt: skip


def rated(usage, before=NOTHING_YET):
    return run.rate(usage, accounts("L"), NO_PURCHASES, RuleSet(CATALOGUE), before, "rating-1")


def test_a_month_of_one_line():
    found = rated(calls(
        (1, "2024-05-02 12:00", 500),  # 9 of the 10 minutes
        (2, "2024-05-02 21:59", 90),  # 1 minute is left; then 30 s of night at 3 a minute, no fee: it began for nothing
        (3, "2024-05-02 21:59", 90),  # 60 s of day, 30 s of night, and the fee
        (4, "2024-06-01 00:00", 61),  # the next version: two minutes begun, at 60
    )).rated  # fmt: skip
    assert found["amount_micros"].to_list() == [0, 1_500_000, 8_000_000, 120_000_000]
    assert found["parts"].struct.field("free").to_list() == [500_000, 60_000, 0, 0]
    assert found["parts"].struct.field("fee_micros").to_list() == [0, 0, 500_000, 0]
    assert found["offering_version"].to_list() == ["plan@2024-05-01"] * 3 + ["plan@2024-06-01"]
    assert found["cycle_start_ms"].to_list() == [at("2024-05-01 00:00")] * 3 + [at("2024-06-01 00:00")]


def test_what_has_no_price_waits_with_its_reason_and_takes_nothing():
    found = rated(calls((1, "2024-05-02 12:00", 60, "abroad"), (2, "2024-04-30 23:00", 60), (3, "2024-05-02 13:00", 600)))
    assert found.rated["usage_id"].to_list() == [3]
    assert found.rated["amount_micros"].to_list() == [0]
    reasons = found.unpriced.select("usage_id", "state", "reason").sort("usage_id").rows()
    assert reasons == [(1, "suspended", run.UNPRICED), (2, "suspended", run.UNPRICED)]


def test_a_session_that_reaches_into_time_without_a_price_gives_back_what_it_took():
    """Nothing prices a call abroad; the version of May has no such price, that of June has."""
    begun = calls((1, "2024-05-31 23:59", 120, "abroad"), (2, "2024-05-31 12:00", 600))
    found = rated(begun)
    assert found.rated["usage_id"].to_list() == [2]
    assert found.rated["parts"].struct.field("free").to_list() == [600_000]


def test_no_records_change_nothing():
    found = rated(calls((1, "2024-05-02 12:00", 60)).clear())
    assert (found.rated.height, found.unpriced.height) == (0, 0)
    assert found.memory is NOTHING_YET


@given(st.data(), st.lists(st.integers(0, SPAN_MS), max_size=3))
def test_runs_one_after_the_other_are_as_one_run(data, cuts):
    """In order of time; that a late file finds less left is what re-rating is for."""
    rules, owners = RuleSet(data.draw(catalogues())), data.draw(people())
    usage, bought = data.draw(usages(owners)), data.draw(shopping())
    usage = usage.with_columns(pl.lit("e").alias("element_id"), pl.col("usage_id").alias("sequence"))
    whole = run.rate(usage, owners, bought, rules, NOTHING_YET, "r")
    parts, memory = [], NOTHING_YET
    borders = [STARTS_MS - 1, *(STARTS_MS + cut for cut in sorted(cuts)), STARTS_MS + SPAN_MS]
    for after, until in pairwise(borders):
        part = usage.filter(pl.col("started_ms").is_between(after, until, closed="right"))
        made = run.rate(part, owners, bought, rules, memory, "r")
        parts.append(made.rated)
        memory = made.memory
    assert_frame_equal(pl.concat(parts).sort("usage_id"), whole.rated.sort("usage_id"))


def test_versions_without_a_small_common_denominator_are_rated_all_the_same(monkeypatch):
    """A third and a seventh of a cent a second, and so on: each list may be sold, together they leave 64 bits."""
    monkeypatch.setattr(run, "BATCH_FROM", 1)
    pers = (999_983, 999_979, 999_961)  # primes
    versions = "\n".join(
        f"      - {{valid_from: 2024-05-0{day}, usage: {{voice: {{price: 1, per: {per} ms, pulse: 1 s}}}}}}"
        for day, per in enumerate(pers, 1)
    )
    text = TEXT[: TEXT.index("      - valid_from")] + versions
    rules = RuleSet(read_catalogue(text, "test"))
    with pytest.raises(NotInBatchError):
        tables([(rules.plan("plan", "voice", "on_net"), "voice", "on_net")], rules.sold, Period(at("2024-05-01 12:00"), at("2024-05-03 13:00")))
    usage = calls(*((day, f"2024-05-0{day} 12:00", 60) for day in (1, 2, 3)))
    found = run.rate(usage, accounts("L"), NO_PURCHASES, rules, NOTHING_YET, "r")
    assert found.rated["amount_micros"].to_list() == [60_000, 60_000, 60_000]


def test_more_in_a_month_than_is_counted_together_is_rated_all_the_same(monkeypatch):
    monkeypatch.setattr(run, "BATCH_FROM", 1)
    tiers = "{by_quantity: {model: graduated, tiers: [{up_to: 1, unit_price: 1}, {unit_price: 0.01}]}}"
    text = TEXT[: TEXT.index("      - valid_from")] + f"      - {{valid_from: 2024-05-01, usage: {{voice: {tiers}}}}}"
    month = 31 * 86_400
    found = run.rate(calls(*((n, f"2024-05-0{n} 12:00", month) for n in range(1, 7))), accounts("L"), NO_PURCHASES,
                     RuleSet(read_catalogue(text, "test")), NOTHING_YET, "r")  # fmt: skip
    assert found.rated["amount_micros"].sum() == 1_000_000 + (6 * month // 60 - 1) * 10_000
