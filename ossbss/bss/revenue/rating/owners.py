"""The records of an account together, in the order of time, and of ids at one instant.

Accounts are told apart by 64 bits of their hashes, which costs a fiftieth of looking each up; that no two of them share
the bits by which their records are brought together is made sure of.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ossbss.bss.revenue.rating.columns import NONE
from ossbss.bss.revenue.rating.timetables import Ints

Bits = NDArray[np.uint64]
_OWNER_BITS, _DIGIT_BITS = 48, 16
"""numpy sorts digits of 16 bits by counting"""
_SPARSE = 16
"""places of a table for each account: of those that are not in it a sixteenth seems to be"""


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
        if not len(self.keys):
            return np.full(len(accounts), NONE, dtype=np.int64)
        wanted = _keys(accounts, self.seed)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        same = (self.names.gather(places) == accounts).to_numpy()
        return np.where(same, places, NONE)


def may_be_among(accounts: pl.Series, few: pl.Series) -> NDArray[np.bool_]:
    """False only of accounts that are surely not among the few."""
    bits = max((_SPARSE * len(few)).bit_length(), 1)
    table, shift = np.zeros(2**bits, dtype=np.bool_), np.uint64(64 - bits)
    table[few.hash().to_numpy() >> shift] = True
    found: NDArray[np.bool_] = table[accounts.hash().to_numpy() >> shift]
    return found


def by_owner(accounts: pl.Series, starts: Ints, ids: Ints) -> tuple[Ints, Owners]:
    """Rows by account, time and id."""
    in_time = _in_time(starts, ids)
    for seed in count():
        keys = _keys(accounts, seed)
        order = by_digits(keys, in_time, _OWNER_BITS)
        ordered = keys[order]
        begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(order)])
        rows = np.append(begins, len(order)).astype(np.int64)
        owners = Owners(rows, accounts.gather(order[begins]), ordered[begins], seed)
        if _are_apart(accounts, order, owners):
            break
    return order, owners


def _in_time(starts: Ints, ids: Ints) -> Ints:
    """Files are in order of time, or nearly so, which the sort makes use of."""
    if (ids[1:] > ids[:-1]).all():
        return np.argsort(starts, kind="stable")
    by_id = np.argsort(ids, kind="stable")
    return by_id[np.argsort(starts[by_id], kind="stable")]


def _are_apart(accounts: pl.Series, order: Ints, owners: Owners) -> bool:
    """Whether no two accounts have one key: each record's is that with which its owner begins."""
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.repeat(np.arange(len(owners.keys), dtype=np.int32), np.diff(owners.rows))
    return bool((owners.names.gather(number) == accounts).all())


def _keys(accounts: pl.Series, seed: int) -> Bits:
    return accounts.hash(seed).to_numpy() & np.uint64(2**_OWNER_BITS - 1)


def by_digits(keys: Bits, order: Ints, bits: int) -> Ints:
    """Rows by key, those of one key in the order given."""
    for shift in range(0, bits, _DIGIT_BITS):
        digit = (keys >> np.uint64(shift)).astype(np.uint16)
        order = order[np.argsort(digit[order], kind="stable")]
    return order
