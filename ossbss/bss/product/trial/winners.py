"""Who wins and who loses when the price list changes: sums, counts and order statistics of paired bills."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ossbss.bss.customer.accounts import POSTPAID, PREPAID
from ossbss.bss.product.trial.what_if import COLUMNS
from ossbss.contract.charging import CHARGEABLE_CLASSES


@dataclass(frozen=True)
class Difference:
    """One account and what it pays more (above zero) or less, micro-units."""

    account_id: str
    difference_micros: int


@dataclass(frozen=True)
class WinnersAndLosers:
    """Counts of accounts; the largest of equals is the first by id; None where nobody pays less, or more."""

    pay_less: int
    pay_more: int
    pay_the_same: int
    largest_gain: Difference | None
    largest_loss: Difference | None


def revenue(table: pl.DataFrame) -> dict[str, int]:
    """Micro-units over all accounts: each of PARTS, ``usage`` (of all classes) and ``total``, as the table says."""
    sums = {name: int(table[name].sum()) for name in COLUMNS}
    return {**sums, "usage": sum(sums[name] for name in CHARGEABLE_CLASSES)}


def by_payment(table: pl.DataFrame) -> dict[str, dict[str, int]]:
    """``revenue`` of the accounts that pay by invoices and of those that pay by wallets."""
    return {name: revenue(table.filter(pl.col("payment") == name)) for name in (POSTPAID, PREPAID)}


def winners_and_losers(pairs: pl.DataFrame) -> WinnersAndLosers:
    """Who pays less and who pays more (rows of ``paired``)."""
    ranked = pairs.select("account_id", "difference_micros").sort("difference_micros", "account_id")
    less, more = ranked.filter(pl.col("difference_micros") < 0), ranked.filter(pl.col("difference_micros") > 0)
    losers = more.sort("difference_micros", "account_id", descending=[True, False])
    first = [Difference(*frame.row(0)) if frame.height else None for frame in (less, losers)]
    return WinnersAndLosers(less.height, more.height, ranked.height - less.height - more.height, first[0], first[1])


def order_statistics(values: Sequence[int], percents: Sequence[int]) -> dict[int, int]:
    """For each percent p, the smallest value that at least p % of the values do not exceed (0: the smallest of all).

    Nearest rank, definition 1 of Hyndman and Fan (1996): a value that occurs, never one between two.

    >>> order_statistics([30, 10, 20, 40], (0, 25, 50, 90))
    {0: 10, 25: 10, 50: 20, 90: 40}
    """
    ordered = sorted(values)
    return {p: ordered[max(-(-len(ordered) * p // 100), 1) - 1] for p in percents} if ordered else {}
