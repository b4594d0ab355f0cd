"""A small price list and a few records that the tests of the BSS share. Times are in UTC."""

from datetime import datetime

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.catalogue import Catalogue, read_catalogue
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.memory import NOTHING_YET, Memory
from ossbss.bss.revenue.rating.run import RatingRun, rate
from ossbss.contract.charging import USAGE_SCHEMA

TEXT = """
name: test
sources: [made for tests]
currency: KES
time_zone: Africa/Nairobi
calendar: {day: {from: "08:00", to: "22:00"}, night: {from: "22:00", to: "08:00"}}
zones:
  on_net: [{prefixes: ["+25470"]}]
  off_net: [{prefixes: ["+254"]}]
  international: [{prefixes: ["+"]}]
taxes: [{name: VAT, rate_milli: 160}]
rounding:
  charge: {mode: half_up, step: 0.000001}
  tax: {mode: half_up, step: 0.01}
  invoice: {mode: half_up, step: 0.01}
tariffs:
  standard:
    voice:
      - {zones: [on_net], prices: {day: 6, night: 3}, pulse: 1 s, priced_at: start}
      - {zones: [off_net], price: 6, pulse: 1 s}
      - {zones: [international], price: 30, pulse: 1 s}
    sms:
      - {zones: [on_net, off_net], price: 1, pulse: 1}
      - {zones: [international], price: 10, pulse: 1}
    data: {price: 4, pulse: 100 KB}
offerings:
  - id: plan
    title: {en: Plan, sw: Mpango}
    versions:
      - valid_from: 2020-01-01
        recurring_fee: 3100
        allowances:
          - {id: minutes, classes: [voice], amount: 10 min, pulse: 1 s, zones: [on_net, off_net]}
          - {id: messages, classes: [sms], amount: unlimited, zones: [on_net, off_net]}
        usage: standard
        sla: {min_outage: 15 min, fee_multiple: 3, cap_milli: 1000, repair_within: 24 h}
      - valid_from: 2024-06-01
        recurring_fee: 6000
        usage: standard
"""


def catalogue() -> Catalogue:
    return read_catalogue(TEXT, "test")


def at(clock: str) -> int:
    """Unix ms of a Nairobi time, such as ``2024-05-06 19:00``."""
    return int(datetime.fromisoformat(f"{clock}+03:00").timestamp() * 1000)


def accounts(*lines: str, offering: str = "plan", since: str = "2024-05-01 00:00") -> pl.DataFrame:
    rows = [(line, f"acc-{line}", f"svc-{line}", offering, at(since), None, "postpaid") for line in lines]
    return pl.DataFrame(rows, schema=ACCOUNTS_SCHEMA, orient="row")


def usage(*records: tuple, known: str = "2024-05-31 00:00") -> pl.DataFrame:
    """Records of (usage_id, line, class, start, quantity[, zone]); the sequence is the id."""
    rows = [
        (number, "r-1", "file-1", number, line, name, "cell-1", at(start), quantity, *(zone or ("on_net",)))
        for number, line, name, start, quantity, *zone in records
    ]
    return pl.DataFrame(rows, schema=USAGE_SCHEMA, orient="row").with_columns(
        pl.lit(at(known), dtype=pl.Int64).alias("known_ms")
    )


def rating(
    guided: pl.DataFrame, contracts: pl.DataFrame, before: Memory = NOTHING_YET, of: Catalogue | None = None
) -> RatingRun:
    """Guided records of these contracts rated by the shop's catalogue, or another; nobody has bought a bundle."""
    bought = pl.DataFrame(schema=PURCHASES_SCHEMA)
    return rate(guided, contracts, bought, RuleSet(of or catalogue()), before, "run-1")
