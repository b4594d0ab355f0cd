"""Which records may be rated? Validates, deduplicates, rejects with a reason, finds who pays."""

from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.seen import RECORD_KEY
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA
from ossbss.contract.charging import LARGEST, USAGE_CLASSES, ZONES


@dataclass(frozen=True, eq=False)
class Mediated:
    """``guided``: usage columns plus account_id and offering_id; ``unrated``: UNRATED_SCHEMA.

    ``emergency``: subscriber_id and started_ms of the emergency calls among the unrated that were set aside as free.

    ``taken``: RECORD_KEYs of what is settled, guided or filtered; a refused record may come again, mended.
    """

    guided: pl.DataFrame
    unrated: pl.DataFrame
    taken: pl.DataFrame
    emergency: pl.DataFrame


MISSING = "rejected: a field is missing"
_NEEDED = (
    "usage_id", "element_id", "sequence", "subscriber_id", "class", "started_ms", "quantity", "zone", "known_ms",
)  # fmt: skip
_TERM = ("valid_from_ms", "valid_until_ms")


def mediate(batch: pl.DataFrame, accounts: pl.DataFrame, seen: pl.DataFrame) -> Mediated:
    """Sort out one batch of UsageBatch columns; ``seen`` holds the RECORD_KEYs that earlier batches took."""
    numbered = batch.with_row_index("row")
    old = numbered.join(seen, on=RECORD_KEY, how="semi")["row"]
    complaint = _with_account(numbered, accounts).with_columns(_complaint().alias("complaint")).sort("row")
    takes = pl.col("complaint").is_null() | pl.col("complaint").str.starts_with("filtered")
    taken_before = (takes.cast(pl.Int64).cum_sum().over(RECORD_KEY) - takes.cast(pl.Int64)) > 0
    double = pl.col("row").is_in(old.implode()) | taken_before
    known = pl.col("complaint").ne_missing(pl.lit(MISSING)) & double
    judged = complaint.with_columns(
        pl.when(known).then(pl.lit("duplicate: record already seen")).otherwise("complaint").alias("verdict"),
        (takes & ~double).alias("taken"),
    )
    unrated = judged.filter(pl.col("verdict").is_not_null()).with_columns(
        pl.col("verdict").str.extract(r"^(\w+): ").alias("state"),
        pl.col("verdict").str.replace(r"^\w+: ", "").alias("reason"),
    )
    guided = judged.filter(pl.col("verdict").is_null()).drop("row", "complaint", "verdict", "taken", *_TERM)
    free = unrated.filter((pl.col("class") == "emergency") & (pl.col("state") == "filtered"))
    return Mediated(
        guided=guided,
        unrated=unrated.select(*UNRATED_SCHEMA),
        taken=judged.filter("taken").select(RECORD_KEY),
        emergency=free.select("subscriber_id", "started_ms"),
    )


def _with_account(numbered: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Each row once, with the account that was valid when it started, or nulls."""
    terms = accounts.select("subscriber_id", "account_id", "offering_id", *_TERM)
    valid = pl.col("started_ms").is_between(
        pl.col("valid_from_ms"), pl.col("valid_until_ms").fill_null(2**62), closed="left"
    )
    found = numbered.join(terms, on="subscriber_id").filter(valid)
    known = found.select("row", *terms.columns[1:])
    return numbered.join(known, on="row", how="left")


def _complaint() -> pl.Expr:
    """State and reason of a record that cannot be rated as it is; null for a good one."""
    largest = pl.col("class").replace_strict(LARGEST, default=None, return_dtype=pl.Int64)
    return (
        pl.when(pl.any_horizontal(pl.col(name).is_null() for name in _NEEDED))
        .then(pl.lit(MISSING))
        .when(~pl.col("class").is_in(USAGE_CLASSES))
        .then(pl.lit("rejected: unknown class"))
        .when(~pl.col("zone").is_in(ZONES))
        .then(pl.lit("rejected: unknown zone"))
        .when(pl.col("quantity") < 0)
        .then(pl.lit("rejected: negative quantity"))
        .when(pl.col("quantity") > largest)
        .then(pl.format("rejected: quantity beyond the {} that one record may carry", largest))
        .when(pl.col("started_ms") > pl.col("known_ms"))
        .then(pl.lit("rejected: starts after it was collected"))
        .when(pl.col("quantity") == 0)
        .then(pl.lit("filtered: nothing was carried"))
        .when(pl.col("class") == "emergency")
        .then(pl.lit("filtered: emergency calls are free"))
        .when(pl.col("account_id").is_null())
        .then(pl.lit("suspended: no account for this line at this time"))
    )
