"""Which bill run took what: the BSS's closings of a cycle, as its journal tells them."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from ossbss.contract.units import SECOND_MS
from sim.testbed.trace.step import Records


@dataclass(frozen=True)
class Bill:
    """One closing of a cycle: the period that ended, when it was billed, its place in the journal."""

    position: int
    known_ms: int
    period_end_ms: int
    previous_end_ms: int


def bills(run: Records) -> list[Bill]:
    """Every closing, in order."""
    found: list[Bill] = []
    for row in run.where("journal", kind="cycle.closed").iter_rows(named=True):
        previous_ms = found[-1].period_end_ms if found else 0
        found.append(Bill(row["position"], row["at_ms"], json.loads(row["body"])["period_end_ms"], previous_ms))
    return found


def bill_of_rated(run: Records, rated: dict[str, Any]) -> Bill | None:
    """The closing that took a rated record: the first after its rating run whose cycle has begun."""
    ran = run.where("journal", kind="rating_run.finished", subject=rated["run_id"])["position"].item()
    later = (b for b in bills(run) if b.position > ran and rated["cycle_start_ms"] < b.period_end_ms)
    return next(later, None)


def invoices_of(run: Records, bill: Bill, accounts: Collection[str]) -> pl.DataFrame:
    """The invoices of these accounts that this closing made."""
    own = run.tables["invoices"].filter(pl.col("account_id").is_in(list(accounts)))
    ends_ms = pl.col("period_end").map_elements(instant_ms, return_dtype=pl.Int64)
    return own.filter(ends_ms.is_between(bill.previous_end_ms, bill.period_end_ms, closed="right"))


def credit_lines(run: Records, bill: Bill, services: Collection[str]) -> pl.DataFrame:
    """The credits that this closing gave to the accounts on these services."""
    accounts = run.tables["accounts"].filter(pl.col("service_id").is_in(list(services)))["account_id"].unique()
    made = invoices_of(run, bill, accounts.to_list())
    return run.where("invoice_lines", kind="credit").join(made, on="invoice_id", how="semi", maintain_order="left")


def instant_ms(text: str) -> int:
    """Unix ms of a bill's ISO 8601 time."""
    return int(datetime.fromisoformat(text).timestamp()) * SECOND_MS
