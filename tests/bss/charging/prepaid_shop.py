"""A prepaid shop for the tests: a price list with bundles, and short ways to ask for things."""

from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA
from ossbss.contract.units import micros

ZONE = ZoneInfo("Africa/Nairobi")
PRICES = """
name: prepaid shop
sources: [assumption]
currency: KES
time_zone: Africa/Nairobi
calendar:
  night: {from: "00:00", to: "05:00"}
zones:
  on_net: [{prefixes: ["2547"]}]
  abroad: [{prefixes: ["1"]}]
taxes: [{name: VAT, rate_milli: 160}]
rounding:
  charge: {mode: half_up, step: 0.01}
  tax: {mode: half_up, step: 0.01}
  invoice: {mode: half_up, step: 0.01}
offerings:
  - id: payg
    title: {en: Pay as you go}
    versions:
      - valid_from: 2020-01-01
        usage:
          voice:
            - {zones: [on_net], prices: {always: 3, night: 1.50}, pulse: 60 s}
            - {zones: [abroad], price: 30, pulse: 60 s, connection_fee: 1}
          sms: {price: 1.20, pulse: 1}
          data: {prices: {always: 2, night: 1}, pulse: 150 KB, quota: 1 MB}
  - id: data-day
    title: {en: 10 MB for a day}
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 10
        allowances:
          - {id: data, classes: [data], amount: 10 MB, pulse: 100 KB, valid: 1 day, rolls_over: true}
  - id: data-week
    title: {en: 50 MB for a week}
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 40
        allowances:
          - {id: data, classes: [data], amount: 50 MB, pulse: 100 KB, valid: 7 days}
  - id: night
    title: {en: 100 MB at night}
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 15
        allowances:
          - {id: data, classes: [data], amount: 100 MB, windows: [night], valid: 1 day}
  - id: talk
    title: {en: 10 minutes on-net and 20 messages for a day}
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 20
        allowances:
          - {id: talk, classes: [voice], zones: [on_net], amount: 10 min, pulse: 1 s, valid: 1 day, rolls_over: true}
          - {id: text, classes: [sms], amount: 20, valid: 1 day}
  - id: family
    title: {en: 30 minutes for all lines of a wallet}
    versions:
      - valid_from: 2020-01-01
        one_time_fee: 50
        allowances:
          - {id: talk, classes: [voice], amount: 30 min, valid: 30 days, shared: true}
  - id: monthly
    title: {en: A contract}
    versions:
      - valid_from: 2020-01-01
        recurring_fee: 1000
        allowances: [{id: data, classes: [data], amount: 5 GB}]
"""
RULES = RuleSet(read_catalogue(PRICES, "prepaid_shop"))


def giving(*promotions: str) -> RuleSet:
    """The same shop with promotions: "id, percent: 50, …" is a top-up bonus, and what stands after "|" is beside it."""
    given = []
    for promotion in promotions:
        bonus, _, beside = promotion.partition("|")
        name, _, terms = bonus.partition(",")
        given.append(f"  - {{id: {name}, title: {{en: {name}}}, top_up_bonus: {{{terms}}}, {beside}}}\n")
    return RuleSet(read_catalogue(PRICES.replace("offerings:\n", f"promotions:\n{''.join(given)}offerings:\n", 1), "giving"))


MB, KB, MINUTE, HOUR, DAY = 1_000_000, 1_000, 60_000, 3_600_000, 86_400_000


def at(clock: str, day: int = 1) -> int:
    """Unix ms of a local time in May 2024."""
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    return int(datetime(2024, 5, day, hours, minutes, *seconds, tzinfo=ZONE).timestamp()) * 1000


NOON = at("12:00")


def charging(money: object = 0, policy: PrepaidPolicy | None = None, lines=("a",), postpaid=(), rules=RULES) -> Charging:
    """One wallet "w" with so much money, for all lines."""
    each = [Line(name, "w", "payg") for name in lines] + [Line(name, f"of-{name}", "payg", False) for name in postpaid]
    found = Charging(rules, each, policy)
    if money:
        ask(found, ("topup", NOON - 10 * DAY, money), first_id=10**9)
        found.take_events()
    return found


def ask(door: Charging, *asked: tuple, first_id: int = 0) -> list[dict]:
    """(topup | advance, at, money), (purchase, at, offering), (voice | sms | data, at, quantity[, zone]), each with an
    optional line as {"line": ...} at the end; answers in order."""
    frame = pl.DataFrame(
        [row(first_id + no, *each) for no, each in enumerate(asked)], schema=CHARGING_REQUESTS_SCHEMA, orient="row"
    )
    return door.grant(frame).rows(named=True)


def row(request_id: int, kind: str, at_ms: int, what: object, zone: str = "on_net", line: str = "a") -> tuple:
    if kind in ("topup", "advance"):
        return (request_id, line, kind, None, None, None, at_ms, None, None, micros(str(what)), None)
    if kind == "purchase":
        return (request_id, line, kind, None, None, None, at_ms, None, None, None, what)
    return (request_id, line, "usage", kind, zone, None, at_ms, what, None, None, None)


def money(door: Charging, name: str = "main") -> int:
    """Micro-units of a balance."""
    return door.wallets["w"].values_micros[name]


def left(door: Charging) -> dict[str, int]:
    """offering/allowance → units, of all buckets."""
    found: dict[str, int] = {}
    for bucket in door.wallets["w"].holdings.buckets.values():
        found[bucket.product] = found.get(bucket.product, 0) + bucket.left
    return found


def told(door: Charging, *kinds: str) -> list[tuple]:
    """(kind, subject without version and time, units, percent) of what happened."""
    return [
        (e["kind"], e["subject"].split("@")[0], e["units"], e["percent"])
        for e in door.take_events().rows(named=True) if e["kind"] in kinds or not kinds
    ]  # fmt: skip
