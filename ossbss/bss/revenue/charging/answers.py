"""Rows of online charging: what is asked for, by whom, and the answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from ossbss.bss.product.pricing.usage_price import UNIT_OF_CLASS
from ossbss.bss.revenue.charging.charge import Charge
from ossbss.bss.revenue.charging.holdings import Holdings
from ossbss.contract.charging import CHARGING_LATE_SCHEMA, CHARGING_REQUESTS_SCHEMA, LARGEST, check_requests

UNKNOWN_LINE = "unknown_line"
ON_CREDIT = "on_credit"
POSTPAID = "postpaid"
"""it has no wallet to fill"""
NOT_UNDERSTOOD = "not_understood"
"""a kind or class that is not in the contract, or nothing where a number is needed"""
FREE_CLASS = "emergency"
SESSION_KINDS = ("session_begin", "session_update", "session_end")
MOST = max(LARGEST.values())
LATE_MS = 32_503_680_000_000
"""The year 3000: prices begin before it (``effective.YEARS``)."""


@dataclass(frozen=True)
class Line:
    """Lines with one ``wallet_id`` share it. ``offering_id``: by whose prices it pays for what no bundle serves."""

    subscriber_id: str
    wallet_id: str
    offering_id: str
    is_prepaid: bool = True


class Asked(NamedTuple):
    """A row of CHARGING_REQUESTS_SCHEMA."""

    request_id: int
    subscriber_id: str
    kind: str
    usage_class: str | None
    zone: str | None
    destination: str | None
    at_ms: int
    quantity: int | None
    used: int | None
    amount_micros: int | None
    offering_id: str | None


class Answer(NamedTuple):
    """A row of CHARGING_LATE_SCHEMA; that of CHARGING_GRANTS_SCHEMA is its beginning."""

    request_id: int
    granted: int
    outcome: str
    reason: str = ""
    amount_micros: int = 0
    fee_micros: int = 0
    balance_micros: int | None = None
    leaked: int = 0
    leaked_micros: int = 0


def in_order(requests: pl.DataFrame, answer: Callable[[Asked], Answer]) -> pl.DataFrame:
    """Answers in order of time, returned in the order of the requests."""
    ordered = check_requests(requests).with_row_index("place").sort("at_ms", "request_id", "place")
    rows = ordered.select(*CHARGING_REQUESTS_SCHEMA).iter_rows()
    answers = pl.DataFrame([answer(Asked._make(row)) for row in rows], schema=CHARGING_LATE_SCHEMA, orient="row")
    return answers.with_columns(ordered["place"]).sort("place").drop("place")


def is_understood(asked: Asked) -> bool:
    """Not: numbers that no line can mean, which would not fit into the answer."""
    most = LARGEST.get(asked.usage_class or "", MOST)
    fits = 0 <= (asked.quantity or 0) <= most and 0 <= (asked.used or 0) <= most
    if not fits or (asked.amount_micros or 0) > MOST or not 0 <= (-1 if asked.at_ms is None else asked.at_ms) < LATE_MS:
        return False
    if asked.kind == "session_begin":
        return asked.usage_class in UNIT_OF_CLASS
    if asked.kind in SESSION_KINDS:
        return asked.used is not None
    if asked.kind == "usage":
        return asked.usage_class in UNIT_OF_CLASS and asked.quantity is not None
    return asked.kind in ("topup", "purchase", "advance")


def of_charge(asked: Asked, found: Charge, have: Holdings) -> Answer:
    outcome = found.outcome if found.granted or found.outcome == "full" else "refused"
    return Answer(
        asked.request_id, found.granted, outcome, found.reason, found.amount_micros, found.fee_micros, have.free_micros
    )
