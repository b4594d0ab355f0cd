"""Books of mediation for the tests: files that are mediated, and what came of them."""

import polars as pl

from ossbss.bss.revenue.mediation.cdr import CdrMediation
from ossbss.bss.revenue.mediation.records import Read, whole
from tests.bss import shop
from tests.bss.revenue.mediation import calls
from tests.bss.revenue.mediation.calls import HOLD_MS, LATER, NOON, PREFIXES, Call

LINES = ("a", "b", "c")
NOTHING = whole([])


def accounts(*lines):
    return shop.accounts(*(lines or LINES))


def read(*listed, file_id="f"):
    return Read(calls.frame(*listed, file_id=file_id), NOTHING.unrated)


def mediated(*reads, hold_ms=HOLD_MS, who=None, prefixes=PREFIXES):
    """The books after the files, and all that was taken."""
    books = CdrMediation(hold_ms)
    taken = [books.take(each, accounts() if who is None else who, prefixes, LATER).taken for each in reads]
    return books, pl.concat(taken)


def states(books):
    return dict(books.books().group_by("state").agg(pl.col("records").sum()).iter_rows())


def total(books):
    return int(books.books()["records"].sum()), int(books.books()["quantity"].sum())


def substance(taken):
    """What was taken, without the numbers of the books and the time of coming."""
    return sorted(taken.drop("usage_id", "known_ms").rows(), key=repr)


def money(taken):
    rated = shop.rating(taken.sort("started_ms", "usage_id"), accounts()).rated
    return int(rated["amount_micros"].sum())


def parts(count, first=1, chain="s", **told):
    return [
        Call(first + n, chain=chain, leg=n + 1, last=n + 1 == count, seconds=60 * (n + 1), at_ms=NOON + n * 1000, **told)
        for n in range(count)
    ]
