"""What is wrong with a record? The first rule that it breaks says state and reason."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

MISSING = "rejected: a field is missing"
BEYOND = "rejected: quantity beyond the {} that one record may carry"


@dataclass(frozen=True, eq=False)
class Rule:
    """``words``: ``state: reason`` of a record for which ``wrong`` holds."""

    wrong: pl.Expr
    words: str | pl.Expr


def with_verdict(rows: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """With ``verdict``: the one it has already, else that of the first rule it breaks, else null.

    Words are made only of rules that some record breaks: most files break none.
    """
    given = pl.col("verdict") if "verdict" in rows.columns else pl.lit(None, dtype=pl.String)
    broken = rows.select(rule.wrong.any().alias(str(place)) for place, rule in enumerate(rules)).row(0)
    said = [
        pl.when(rule.wrong).then(pl.lit(rule.words) if isinstance(rule.words, str) else rule.words)
        for rule, breaks in zip(rules, broken, strict=True)
        if breaks
    ]
    return rows.with_columns(pl.coalesce(given, *said).alias("verdict"))


def broken(needed: Sequence[str], largest: Mapping[str, int], zones: Collection[str]) -> list[Rule]:
    """Rules for fields that no rating could use; a null zone passes where it is not needed."""
    most = pl.col("class").replace_strict(largest, default=None, return_dtype=pl.Int64)
    return [
        Rule(pl.any_horizontal(pl.col(name).is_null() for name in needed), MISSING),
        Rule(~pl.col("class").is_in(list(largest)), "rejected: unknown class"),
        Rule(~pl.col("zone").is_in(list(zones)), "rejected: unknown zone"),
        Rule(pl.col("quantity") < 0, "rejected: negative quantity"),
        Rule(_beyond(largest), pl.format(BEYOND, most)),
        Rule(pl.col("started_ms") > pl.col("known_ms"), "rejected: starts after it was collected"),
    ]


def _beyond(largest: Mapping[str, int]) -> pl.Expr:
    kind, quantity = pl.col("class"), pl.col("quantity")
    return pl.any_horizontal((quantity > most) & (kind == name) for name, most in largest.items())


def sessions() -> list[Rule]:
    """Rules for the number and the legs of a record of a file."""
    chain, leg = pl.col("chain_id"), pl.col("leg")
    return [
        Rule(pl.col("started_ms") < 0, "rejected: starts before 1970"),
        Rule(pl.col("sequence").is_null() & pl.col("record_id").is_null(), "rejected: neither a number nor an id"),
        Rule(chain.is_not_null() & leg.is_null(), "rejected: part of a session, but not which"),
        Rule(leg < 1, "rejected: parts of a session count from 1"),
    ]


EMPTY = Rule(pl.col("quantity") == 0, "filtered: nothing was carried")
FREE = Rule(pl.col("class") == "emergency", "filtered: emergency calls are free")
NO_ZONE = Rule(pl.col("zone").is_null(), "suspended: no zone for this destination at this time")
NO_ACCOUNT = Rule(pl.col("account_id").is_null(), "suspended: no account for this line at this time")


def state_and_reason(verdict: str) -> list[pl.Expr]:
    """The two halves of ``state: reason`` in a column."""
    return [
        pl.col(verdict).str.extract(r"^(\w+): ").alias("state"),
        pl.col(verdict).str.replace(r"^\w+: ", "").alias("reason"),
    ]
