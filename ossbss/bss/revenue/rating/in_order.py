"""Usage as columns of integers, in the order in which it is rated."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ossbss.bss.product.pricing.usage_price import TIMED
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.columns import RECORD
from ossbss.bss.revenue.rating.owners import Owners, by_owner
from ossbss.bss.revenue.rating.timetables import Ints, Rows
from ossbss.contract.units import DAY_MS

PLAN_KEY = ("offering_id", "class", "zone")


@dataclass(frozen=True, eq=False)
class Kinds:
    """``plan``: the number of each record's; ``keys``: PLAN_KEY by number."""

    plan: NDArray[np.int32]
    keys: pl.DataFrame


@dataclass(frozen=True, eq=False)
class InOrder:
    """``records``: RECORD, of the rows ``order`` of the usage: first those that stand for themselves, then those of
    ``owners``; ``span``: all the time that they may touch."""

    order: Ints
    owners: Owners
    records: Rows
    plan_keys: pl.DataFrame
    span: Period


def kinds(usage: pl.DataFrame) -> Kinds:
    """They are told apart by 64 bits of hashes; they are too few for two alike."""
    mixed = np.zeros(usage.height, dtype=np.uint64)
    for seed, name in enumerate(PLAN_KEY, 1):
        mixed ^= usage[name].hash(seed).to_numpy()
    first = pl.Series(mixed).arg_unique().to_numpy()
    known, keys = mixed[first], usage.select(PLAN_KEY)[first]
    mask = np.uint64(4 ** len(known).bit_length() - 1)
    for shift in np.arange(64, dtype=np.uint64):  # those bits in which they differ say it all
        slots = (known >> shift) & mask
        if len(np.unique(slots)) == len(known):
            number = np.zeros(int(mask) + 1, dtype=np.int32)
            number[slots] = np.arange(len(known))
            return Kinds(number[(mixed >> shift) & mask], keys)
    raise ValueError("two kinds of usage cannot be told apart by 64 bits")


def in_order(usage: pl.DataFrame, of: Kinds, together: NDArray[np.bool_] | None = None) -> InOrder:
    """``usage``: see ``scalar.rate`` for the columns, at least one record; ``together``: those of one account must be
    rated one after the other; None: all."""
    starts, quantities = usage["started_ms"].to_numpy(), usage["quantity"].to_numpy()
    ids, accounts = usage["usage_id"].to_numpy(), usage["account_id"]
    if together is None or together.all():
        order, owners = by_owner(accounts, starts, ids)
    else:
        rows = np.flatnonzero(together)
        placed, owners = by_owner(accounts.gather(rows), starts[rows], ids[rows])
        order = np.concatenate([np.flatnonzero(~together), rows[placed]])
    records = np.empty(usage.height, dtype=RECORD).view(np.recarray)
    records.start_ms, records.quantity, records.plan = starts, quantities, of.plan
    records.line = line_numbers(usage["subscriber_id"])
    records.is_first = (usage["leg"] == 1).fill_null(value=False).to_numpy()
    span = _span(starts, quantities * of.keys["class"].is_in(TIMED).to_numpy()[of.plan])
    return InOrder(order, owners, records.take(order).view(np.recarray), of.keys, span)


def line_numbers(lines: pl.Series) -> Ints:
    """Never negative. They need differ only within an account, which has too few lines for two alike in 63 bits."""
    return (lines.hash().to_numpy() >> np.uint64(1)).astype(np.int64)


def _span(starts: Ints, lengths_ms: Ints) -> Period:
    start_ms, end_ms = int(starts.min()), int((starts + lengths_ms).max()) + 1
    return Period(start_ms, max(end_ms, start_ms + DAY_MS))
