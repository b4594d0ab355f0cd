"""A small price list and a few records that the tests of the BSS share. Times are in UTC."""

from datetime import datetime

import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.product.catalogue import Catalogue, read_catalogue
from ossbss.contract.charging import USAGE_SCHEMA

TEXT = """
name: test
sources: [made for tests]
currency: KES
time_zone: Africa/Nairobi
peak: {from_hour: 8, to_hour: 22}
tax: {name: VAT, rate_milli: 160}
rounding:
  charge: {mode: half_up, step: 0.000001}
  tax: {mode: half_up, step: 0.01}
  invoice: {mode: half_up, step: 0.01}
offerings:
  - id: plan
    title: {en: Plan, sw: Mpango}
    versions:
      - valid_from: 2020-01-01
        recurring_fee: 3100
        allowances: {voice: 10 min, sms: unlimited}
        usage: {voice: VOICE, sms: SMS, data: DATA}
        sla: {min_outage: 15 min, fee_multiple: 3, cap_milli: 1000, repair_within: 24 h}
      - valid_from: 2024-06-01
        recurring_fee: 6000
        usage: {voice: VOICE, sms: SMS, data: DATA}
"""


def _usage(pulse: str, on_net: tuple[int, int], off_net: int, international: int) -> str:
    flat = {"off_net": off_net, "international": international}
    rates = [f"on_net: {{peak: {on_net[0]}, off_peak: {on_net[1]}}}"]
    rates += [f"{zone}: {{peak: {price}, off_peak: {price}}}" for zone, price in flat.items()]
    return f"{{pulse: {pulse}, rates: {{{', '.join(rates)}}}}}"


VOICE = _usage("1 s", (6, 3), 6, 30)
SMS = _usage("1", (1, 1), 1, 10)
DATA = _usage("100 KB", (4, 4), 4, 4)


def text() -> str:
    return TEXT.replace("VOICE", VOICE).replace("SMS", SMS).replace("DATA", DATA)


def catalogue() -> Catalogue:
    return read_catalogue(text(), "test")


def at(clock: str) -> int:
    """Unix ms of a Nairobi time, such as ``2024-05-06 19:00``."""
    return int(datetime.fromisoformat(f"{clock}+03:00").timestamp() * 1000)


def accounts(*lines: str, offering: str = "plan", since: str = "2024-05-01 00:00") -> pl.DataFrame:
    rows = [(line, f"acc-{line}", f"svc-{line}", offering, at(since), None) for line in lines]
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
