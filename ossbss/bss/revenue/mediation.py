"""Which records may be rated? Validates, deduplicates, rejects with a reason, finds who pays."""

from dataclasses import dataclass

import polars as pl

from ossbss.contract.charging import USAGE_CLASSES, ZONES

RECORD_KEY = ("element_id", "sequence")
"""An element numbers its records without gaps: the same number twice is the same record twice."""

UNRATED_SCHEMA: dict[str, type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "state": pl.String,
    "reason": pl.String,
    "subscriber_id": pl.String,
    "class": pl.String,
    "quantity": pl.Int64,
    "element_id": pl.String,
    "sequence": pl.Int64,
}


@dataclass(frozen=True, eq=False)
class Mediated:
    """``guided``: usage columns plus account_id and offering_id; ``unrated``: UNRATED_SCHEMA."""

    guided: pl.DataFrame
    unrated: pl.DataFrame


def mediate(batch: pl.DataFrame, accounts: pl.DataFrame, seen: pl.DataFrame) -> Mediated:
    """Sort out one batch of UsageBatch columns; ``seen`` holds the RECORD_KEYs of all earlier batches."""
    numbered = batch.with_row_index("row")
    first = numbered.group_by(RECORD_KEY).agg(pl.col("row").min())["row"]
    old = numbered.join(seen, on=RECORD_KEY, how="semi")["row"]
    with_account = _with_account(numbered, accounts)
    duplicate = pl.col("row").is_in(old.implode()) | ~pl.col("row").is_in(first.implode())
    judged = with_account.with_columns(
        pl.when(duplicate).then(pl.lit("duplicate: record already seen")).otherwise(_complaint()).alias("verdict")
    ).sort("row")
    unrated = judged.filter(pl.col("verdict").is_not_null()).with_columns(
        pl.col("verdict").str.extract(r"^(\w+): ").alias("state"),
        pl.col("verdict").str.replace(r"^\w+: ", "").alias("reason"),
    )
    guided = judged.filter(pl.col("verdict").is_null()).drop("row", "verdict", "valid_from_ms", "valid_until_ms")
    return Mediated(guided, unrated.select(*UNRATED_SCHEMA))


def _with_account(numbered: pl.DataFrame, accounts: pl.DataFrame) -> pl.DataFrame:
    """Each row once, with the account that was valid when it started, or nulls."""
    terms = accounts.select("subscriber_id", "account_id", "offering_id", "valid_from_ms", "valid_until_ms")
    valid = pl.col("started_ms").is_between(
        pl.col("valid_from_ms"), pl.col("valid_until_ms").fill_null(2**62), closed="left"
    )
    found = numbered.join(terms, on="subscriber_id").filter(valid)
    known = found.select("row", *terms.columns[1:])
    return numbered.join(known, on="row", how="left")


def _complaint() -> pl.Expr:
    """State and reason of a record that cannot be rated as it is; null for a good one."""
    needed = ("subscriber_id", "class", "started_ms", "quantity", "zone")
    return (
        pl.when(pl.any_horizontal(pl.col(name).is_null() for name in needed))
        .then(pl.lit("rejected: a field is missing"))
        .when(~pl.col("class").is_in(USAGE_CLASSES))
        .then(pl.lit("rejected: unknown class"))
        .when(~pl.col("zone").is_in(ZONES))
        .then(pl.lit("rejected: unknown zone"))
        .when(pl.col("quantity") < 0)
        .then(pl.lit("rejected: negative quantity"))
        .when(pl.col("started_ms") > pl.col("known_ms"))
        .then(pl.lit("rejected: starts after it was collected"))
        .when(pl.col("quantity") == 0)
        .then(pl.lit("filtered: nothing was carried"))
        .when(pl.col("class") == "emergency")
        .then(pl.lit("filtered: emergency calls are free"))
        .when(pl.col("account_id").is_null())
        .then(pl.lit("suspended: no account for this line at this time"))
    )
