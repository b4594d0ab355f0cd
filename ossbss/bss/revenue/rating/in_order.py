"""Usage as columns of integers: the records of an account together, in the order of time, and of ids at one instant.

Texts are told apart by 64 bits of their hashes, which costs a fiftieth of looking each up; that no two accounts share
the bits that put their records together is made sure of.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ossbss.bss.product.pricing.usage_price import TIMED
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating.columns import NONE, RECORD
from ossbss.bss.revenue.rating.timetables import Ints, Rows
from ossbss.contract.units import DAY_MS

PLAN_KEY = ("offering_id", "class", "zone")
Bits = NDArray[np.uint64]
_DIGIT_BITS = 16
"""numpy sorts these by counting"""
_OWNER_BITS = np.uint64(2**48 - 1)


@dataclass(frozen=True, eq=False)
class Owners:
    """Accounts in the order of their keys. ``rows``: where the records of each begin, one entry more for the end;
    ``names``: their ids; ``seed``: of the hash that the keys are bits of."""

    rows: Ints
    names: pl.Series
    keys: Bits
    seed: int

    def find(self, accounts: pl.Series) -> Ints:
        """Number of each account; NONE of those that have no records."""
        wanted = _owner_keys(accounts, self.seed)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        same = (self.names.gather(places) == accounts).to_numpy()
        return np.where(same, places, NONE)


@dataclass(frozen=True, eq=False)
class InOrder:
    """``records``: RECORD, of the rows ``order`` of the usage; ``plan_keys``: by the number of the plan; ``span``: all
    the time that they may touch."""

    order: Ints
    owners: Owners
    records: Rows
    plan_keys: pl.DataFrame
    span: Period


def in_order(usage: pl.DataFrame) -> InOrder:
    """See ``scalar.rate`` for the columns; there is at least one record."""
    order, owners = _by_owner(usage["account_id"], _in_time(usage))
    starts, quantities = usage["started_ms"].to_numpy(), usage["quantity"].to_numpy()
    plan, plan_keys = _plans(usage)
    records = np.empty(usage.height, dtype=RECORD).view(np.recarray)
    records.start_ms, records.quantity, records.plan = starts, quantities, plan
    records.line = line_numbers(usage["subscriber_id"])
    records.is_first = (usage["leg"] == 1).fill_null(value=False).to_numpy()
    timed = plan_keys["class"].is_in(TIMED).to_numpy()
    start_ms, end_ms = int(starts.min()), int((starts + quantities * timed[plan]).max()) + 1
    span = Period(start_ms, max(end_ms, start_ms + DAY_MS))
    return InOrder(order, owners, records.take(order).view(np.recarray), plan_keys, span)


def line_numbers(lines: pl.Series) -> Ints:
    """Never negative. They need differ only within an account, which has too few lines for two alike in 63 bits."""
    return (lines.hash().to_numpy() >> np.uint64(1)).astype(np.int64)


def _in_time(usage: pl.DataFrame) -> Ints:
    """Rows by time, then id. Files are in order of time, or nearly so, which the sort makes use of."""
    starts, ids = usage["started_ms"].to_numpy(), usage["usage_id"].to_numpy()
    if (ids[1:] > ids[:-1]).all():
        return np.argsort(starts, kind="stable")
    by_id = np.argsort(ids, kind="stable")
    return by_id[np.argsort(starts[by_id], kind="stable")]


def _by_owner(accounts: pl.Series, in_time: Ints) -> tuple[Ints, Owners]:
    """Rows by account, those of each in the order given."""
    for seed in count():
        keys = _owner_keys(accounts, seed)
        order = _by_digits(keys, in_time)
        ordered = keys[order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
        rows = np.append(begins, len(order)).astype(np.int64)
        owners = Owners(rows, accounts.gather(order[begins]), ordered[begins], seed)
        if _are_apart(accounts, order, owners):
            break
    return order, owners


def _are_apart(accounts: pl.Series, order: Ints, owners: Owners) -> bool:
    """Whether no two accounts have one key: each record's is that with which its owner begins."""
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.repeat(np.arange(len(owners.keys), dtype=np.int32), np.diff(owners.rows))
    return bool((owners.names.gather(number) == accounts).all())


def _owner_keys(accounts: pl.Series, seed: int) -> Bits:
    return accounts.hash(seed).to_numpy() & _OWNER_BITS


def _by_digits(keys: Bits, order: Ints) -> Ints:
    for shift in range(0, 48, _DIGIT_BITS):
        digit = (keys >> np.uint64(shift)).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order


def _plans(usage: pl.DataFrame) -> tuple[Ints, pl.DataFrame]:
    """Number of each record's plan, and PLAN_KEY by number; they are too few for two alike in 64 bits."""
    mixed = np.zeros(usage.height, dtype=np.uint64)
    for seed, name in enumerate(PLAN_KEY, 1):
        mixed ^= usage[name].hash(seed).to_numpy()
    first = pl.Series(mixed).arg_unique().to_numpy()
    known, plans = mixed[first], usage.select(PLAN_KEY)[first]
    mask = np.uint64(4 ** len(known).bit_length() - 1)
    for shift in np.arange(64, dtype=np.uint64):  # those bits in which they differ say it all
        slots = (known >> shift) & mask
        if len(np.unique(slots)) == len(known):
            number = np.zeros(int(mask) + 1, dtype=np.int32)
            number[slots] = np.arange(len(known))
            return number[(mixed >> shift) & mask], plans
    raise ValueError("two kinds of usage cannot be told apart by 64 bits")
