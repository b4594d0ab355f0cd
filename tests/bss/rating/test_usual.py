"""The short way of the batch engine, and where it must be left: what changes in the middle of a session, of an account,
of a month. Amounts are worked out by hand: a second costs 1, at night 0.50."""

import polars as pl
import pytest

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch, scalar
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA, entitlements
from tests.bss.rating.random_tariffs import USAGE_SCHEMA
from tests.bss.shop import accounts, at

RULES = RuleSet(read_catalogue("""
name: test
sources: [made for tests]
currency: KES
time_zone: Africa/Nairobi
calendar: {day: {from: "08:00", to: "22:00"}, night: {from: "22:00", to: "08:00"}}
zones: {home: [{prefixes: ["+254"]}]}
rounding: {charge: {step: 0.01}, tax: {step: 0.01}, invoice: {step: 0.01}}
tariffs:
  plain: {voice: {price: 60, pulse: 1 s}}
offerings:
  - {id: plain, title: {en: one rate}, versions: [{valid_from: 2024-01-01, usage: plain}]}
  - id: by-window
    title: {en: each part by its window}
    versions: [{valid_from: 2024-01-01, usage: {voice: {prices: {day: 60, night: 30}, pulse: 1 s}}}]
  - id: by-beginning
    title: {en: all of it by the first}
    versions:
      - {valid_from: 2024-01-01, usage: {voice: {prices: {day: 60, night: 30}, pulse: 1 s, priced_at: start}}}
  - id: in-bands
    title: {en: cheaper after a minute}
    versions:
      - valid_from: 2024-01-01
        usage: {voice: {rates: {always: {bands: [{price: 60, pulse: 1 s}, {from: 1 min, price: 6, pulse: 1 s}]}}}}
  - id: in-versions
    title: {en: dearer in May}
    versions:
      - {valid_from: 2024-01-01, usage: plain}
      - {valid_from: 2024-05-03, usage: {voice: {price: 120, pulse: 1 s}}}
  - id: by-month
    title: {en: the first minute is dear}
    versions:
      - valid_from: 2024-01-01
        usage: {voice: {by_quantity: {model: graduated, tiers: [{up_to: 1, unit_price: 60}, {unit_price: 6}]}}}
  - id: minutes
    title: {en: ten minutes each month}
    versions:
      - {valid_from: 2024-01-01, usage: plain, allowances: [{id: ten, classes: [voice], amount: 10 min, pulse: 1 s}]}
  - id: nights
    title: {en: free at night}
    versions:
      - valid_from: 2024-01-01
        usage: plain
        allowances: [{id: night, classes: [voice], amount: unlimited, pulse: 1 s, windows: [night]}]
  - id: two
    title: {en: a minute for both lines beside one of each}
    versions:
      - valid_from: 2024-01-01
        usage: plain
        allowances:
          - {id: own, classes: [voice], amount: 1 min, pulse: 1 s, priority: 1}
          - {id: both, classes: [voice], amount: 1 min, pulse: 1 s, shared: true}
""", "test"))  # fmt: skip
A, B = "line-a", "line-b"
CASES = {
    "nothing changes": ("plain", [(A, "2024-05-02 12:00", 90)], [90]),
    "a window ends in the middle": ("by-window", [(A, "2024-05-02 21:59", 90), (A, "2024-05-02 22:00", 90)], [75, 45]),
    "but the first one counts": ("by-beginning", [(A, "2024-05-02 21:59", 90), (A, "2024-05-02 22:00", 90)], [90, 45]),
    "a band begins": ("in-bands", [(A, "2024-05-02 12:00", 60), (A, "2024-05-02 12:00", 90)], [60, 63]),
    "a version begins": ("in-versions", [(A, "2024-05-02 23:59", 90), (A, "2024-05-03 00:00", 10)], [120, 20]),
    "a month remembers, without any allowance": (
        "by-month", [(B, "2024-05-04 12:00", 30), (A, "2024-05-03 12:00", 60), (A, "2024-05-02 12:00", 50)], [30, 15, 50]),
    "the month ends, and its minutes with it": (
        "minutes", [(A, "2024-05-31 12:00", 570), (A, "2024-05-31 23:59", 120), (A, "2024-06-01 12:00", 560)], [0, 30, 20]),
    "the minutes of the next month are whole": (
        "minutes", [(A, "2024-05-31 12:00", 600), (A, "2024-06-01 12:00", 600), (A, "2024-06-01 13:00", 7)], [0, 0, 7]),
    "a call over the end of the month takes of both": (
        "minutes", [(A, "2024-05-31 23:59", 120), (A, "2024-06-01 12:00", 560)], [0, 20]),
    "a call waits for the minutes of the next month": (
        "minutes", [(A, "2024-05-31 12:00", 600), (A, "2024-05-31 23:59", 120), (A, "2024-06-01 12:00", 560)], [0, 60, 20]),
    "the last minute ends in the middle": ("minutes", [(A, "2024-05-02 12:00", 590), (A, "2024-05-02 13:00", 20)], [0, 10]),
    "a second too much": ("minutes", [(A, "2024-05-02 12:00", 601)], [1]),
    "the night ends": ("nights", [(A, "2024-05-02 07:59", 90), (A, "2024-05-02 12:00", 9), (A, "2024-05-02 23:00", 9)], [30, 9, 0]),
    "the night begins": ("nights", [(A, "2024-05-02 21:59", 90)], [60]),
    "lines take turns": (
        "two", [(A, "2024-05-02 12:00", 60), (B, "2024-05-02 12:01", 60), (A, "2024-05-02 12:02", 30),
                (B, "2024-05-02 12:03", 50), (A, "2024-05-02 12:04", 5)], [0, 0, 0, 20, 5]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_changes_is_seen(case):
    offering, calls, expected = CASES[case]
    rows = [(number, "account", line, offering, "voice", "home", at(start), 1000 * seconds, 1)
            for number, (line, start, seconds) in enumerate(calls)]  # fmt: skip
    usage = pl.DataFrame(rows, schema=USAGE_SCHEMA, orient="row")
    bought = pl.DataFrame(schema=PURCHASES_SCHEMA)
    span = Period(at("2024-05-01 00:00"), at("2024-07-01 00:00"))
    entitled = entitlements(held(offering), bought, RULES, span)
    for executor in (batch.rate, scalar.rate_columns):
        found, _ = executor(usage, entitled, RULES)
        assert found["amount_micros"].to_list() == [1_000_000 * amount for amount in expected]


def held(offering):
    own = pl.concat([accounts(A), accounts(B)])
    return own.with_columns(pl.lit("account").alias("account_id"), pl.lit(offering).alias("offering_id"))
