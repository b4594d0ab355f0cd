"""The batch executor: the same rules over columns of integers, as fast as the machine adds."""

from typing import Any, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.columns import MODES, Priced
from ossbss.bss.revenue.rating.memory import NOTHING_YET, Memory
from ossbss.bss.revenue.rating.prepare import Prepared, prepare, state_of
from ossbss.bss.revenue.rating.timetables import Ints, Rows
from ossbss.bss.revenue.rating.walk import scratch, walk

Column = TypeVar("Column", bound=NDArray[Any])


def rate(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, before: Memory = NOTHING_YET
) -> tuple[pl.DataFrame, Memory]:
    """The records, and what is remembered after them.

    ``usage``: the columns that ``scalar.rate`` reads. They come back as they stood with ``amount_micros``,
    ``fee_micros``, ``free`` (units that allowances covered) and ``is_priced``.
    """
    if not usage.height:
        return priced(usage, nothing_found(0)), before
    prepared = prepare(usage, entitled, rules)
    left, counters = state_of(prepared, before)
    found = run(prepared, left, counters, rules)
    order = prepared.given.order
    placed = Priced(
        _placed(found.amount_micros, order), _placed(found.fee_micros, order), _placed(found.free, order),
        _placed(found.is_priced, order),
    )  # fmt: skip
    return priced(usage, placed), remembered(prepared, left, counters, before)


def nothing_found(records: int) -> Priced:
    amount_micros, fee_micros, free = (np.zeros(records, dtype=np.int64) for _ in range(3))
    return Priced(amount_micros, fee_micros, free, np.zeros(records, dtype=np.bool_))


def run(prepared: Prepared, entitled: Rows, counters: Rows, rules: RuleSet) -> Priced:
    """Rate what is prepared, in its order; entitlements and counters move."""
    rounding = rules.catalogue.rounding.charge.at("charge")
    found = nothing_found(len(prepared.usage.records))
    walk(
        prepared.tables, prepared.usage, entitled, counters, MODES.index(rounding.mode), rounding.step_micros, found,
        scratch(len(prepared.tables.plans)),
    )  # fmt: skip
    return found


def priced(usage: pl.DataFrame, found: Priced) -> pl.DataFrame:
    return usage.with_columns(*(pl.Series(name, column) for name, column in found._asdict().items()))


def remembered(prepared: Prepared, entitled: Rows, counters: Rows, before: Memory) -> Memory:
    left = prepared.entitlements.with_columns(
        *(pl.Series(name, _placed(entitled[name], prepared.used)) for name in ("left", "is_settled"))
    )
    used = prepared.counted.with_columns(pl.Series("quantity", counters.counted), pl.Series("events", counters.events))
    return before.after(left, used.filter(pl.col("events") > 0))


def _placed(column: Column, order: Ints) -> Column:
    """Back in the order of the usage."""
    if column.any():
        found = column.copy()
        found[order] = column
        column = found
    return column
