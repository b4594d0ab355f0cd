"""The batch executor: the same rules over columns of integers, as fast as the machine adds."""

import numpy as np
import polars as pl

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.columns import MODES, Priced
from ossbss.bss.revenue.rating.memory import NOTHING_YET, Memory
from ossbss.bss.revenue.rating.prepare import Prepared, prepare, state_of
from ossbss.bss.revenue.rating.tables import tables
from ossbss.bss.revenue.rating.timetables import Rows
from ossbss.bss.revenue.rating.walk import MOST_BITES, walk


def rate(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, before: Memory = NOTHING_YET
) -> tuple[pl.DataFrame, Memory]:
    """Records in order of account, time and id, and what is remembered after them.

    ``usage``: the columns that ``scalar.rate`` reads. They come back with ``amount_micros``, ``fee_micros``, ``free``
    (units that allowances covered) and ``is_priced``.
    """
    prepared = prepare(usage, entitled, rules)
    left, counters = state_of(prepared, before)
    found = run(prepared, left, counters, rules)
    columns = [
        pl.Series("amount_micros", found.amount_micros),
        pl.Series("fee_micros", found.fee_micros),
        pl.Series("free", found.free),
        pl.Series("is_priced", found.is_priced.astype(np.bool_)),
    ]
    return prepared.records.with_columns(columns), _remembered(prepared, left, counters, before)


def run(prepared: Prepared, entitled: Rows, counters: Rows, rules: RuleSet) -> Priced:
    """Rate what is prepared; entitlements and counters move."""
    rounding = rules.catalogue.rounding.charge.at("charge")
    found = Priced(*(np.zeros(prepared.records.height, dtype=np.int64) for _ in Priced._fields))
    walk(
        tables(prepared.plans, rules.sold, prepared.span), prepared.usage, entitled, counters,
        MODES.index(rounding.mode), rounding.step_micros, found, np.zeros((MOST_BITES, 2), dtype=np.int64),
    )  # fmt: skip
    return found


def _remembered(prepared: Prepared, entitled: Rows, counters: Rows, before: Memory) -> Memory:
    left = prepared.entitlements.select(
        "entitlement_id", pl.Series("left", entitled.left), pl.Series("is_settled", entitled.is_settled)
    )
    used = prepared.counted.with_columns(pl.Series("quantity", counters.counted), pl.Series("events", counters.events))
    return before.after(left, used.filter(pl.col("events") > 0))
