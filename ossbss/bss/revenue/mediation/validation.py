"""What is wrong with a record? Each rule gives state and reason, or null; the first that speaks counts."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from ossbss.contract.units import DAY_MS

LARGEST: Mapping[str, int] = {"voice": 31 * DAY_MS, "emergency": 31 * DAY_MS, "sms": 1_000_000, "data": 2**50}
"""The most that one record may carry, in the units of its class; more is a broken record. Assumptions: no session
outlasts the longest month, nobody sends a million messages at once, a link of 3 Gbit/s carries 2**50 octets in a month.
"""
CDR_LARGEST: Mapping[str, int] = {**LARGEST, "content": 10**12}
"""The same for the records of files; content: no event is worth more than a million of the currency (assumption)."""
MISSING = "rejected: a field is missing"
BEYOND = "rejected: quantity beyond the {} that one record may carry"


def said(wrong: pl.Expr, words: str) -> pl.Expr:
    """``words`` where ``wrong`` holds, else null."""
    return pl.when(wrong).then(pl.lit(words))


def broken(needed: Sequence[str], largest: Mapping[str, int], zones: Collection[str]) -> list[pl.Expr]:
    """Rules for fields that no rating could use; a null zone passes where it is not needed."""
    most = pl.col("class").replace_strict(largest, default=None, return_dtype=pl.Int64)
    return [
        said(pl.any_horizontal(pl.col(name).is_null() for name in needed), MISSING),
        said(~pl.col("class").is_in(list(largest)), "rejected: unknown class"),
        said(~pl.col("zone").is_in(list(zones)), "rejected: unknown zone"),
        said(pl.col("quantity") < 0, "rejected: negative quantity"),
        pl.when(pl.col("quantity") > most).then(pl.format(BEYOND, most)),
        said(pl.col("started_ms") > pl.col("known_ms"), "rejected: starts after it was collected"),
    ]


def sessions() -> list[pl.Expr]:
    """Rules for the number and the legs of a record of a file."""
    chain, leg = pl.col("chain_id"), pl.col("leg")
    return [
        said(pl.col("started_ms") < 0, "rejected: starts before 1970"),
        said(pl.col("sequence").is_null() & pl.col("record_id").is_null(), "rejected: neither a number nor an id"),
        said(chain.is_not_null() & leg.is_null(), "rejected: part of a session, but not which"),
        said(leg < 1, "rejected: parts of a session count from 1"),
    ]


EMPTY = said(pl.col("quantity") == 0, "filtered: nothing was carried")
FREE = said(pl.col("class") == "emergency", "filtered: emergency calls are free")
NO_ZONE = said(pl.col("zone").is_null(), "suspended: no zone for this destination at this time")
NO_ACCOUNT = said(pl.col("account_id").is_null(), "suspended: no account for this line at this time")


def state_and_reason(verdict: str) -> list[pl.Expr]:
    """The two halves of ``state: reason`` in a column."""
    return [
        pl.col(verdict).str.extract(r"^(\w+): ").alias("state"),
        pl.col(verdict).str.replace(r"^\w+: ", "").alias("reason"),
    ]
