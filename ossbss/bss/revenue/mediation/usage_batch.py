"""One batch of the simulation's usage: validates, deduplicates, rejects with a reason, finds who pays."""

from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.mediation import validation
from ossbss.bss.revenue.mediation.payers import TERM, with_account
from ossbss.bss.revenue.mediation.validation import LARGEST, MISSING
from ossbss.bss.revenue.seen import RECORD_KEY
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA
from ossbss.contract.charging import ZONES


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


_NEEDED = (
    "usage_id", "element_id", "sequence", "subscriber_id", "class", "started_ms", "quantity", "zone", "known_ms",
)  # fmt: skip


def mediate(batch: pl.DataFrame, accounts: pl.DataFrame, seen: pl.DataFrame) -> Mediated:
    """Sort out one batch of UsageBatch columns; ``seen`` holds the RECORD_KEYs that earlier batches took."""
    numbered = batch.with_row_index("row")
    old = numbered.join(seen, on=RECORD_KEY, how="semi")["row"]
    complaint = with_account(numbered, accounts).with_columns(_complaint().alias("complaint")).sort("row")
    takes = pl.col("complaint").is_null() | pl.col("complaint").str.starts_with("filtered")
    taken_before = (takes.cast(pl.Int64).cum_sum().over(RECORD_KEY) - takes.cast(pl.Int64)) > 0
    double = pl.col("row").is_in(old.implode()) | taken_before
    known = pl.col("complaint").ne_missing(pl.lit(MISSING)) & double
    judged = complaint.with_columns(
        pl.when(known).then(pl.lit("duplicate: record already seen")).otherwise("complaint").alias("verdict"),
        (takes & ~double).alias("taken"),
    )
    unrated = judged.filter(pl.col("verdict").is_not_null()).with_columns(validation.state_and_reason("verdict"))
    guided = judged.filter(pl.col("verdict").is_null()).drop("row", "complaint", "verdict", "taken", *TERM)
    free = unrated.filter((pl.col("class") == "emergency") & (pl.col("state") == "filtered"))
    return Mediated(
        guided=guided,
        unrated=unrated.select(*UNRATED_SCHEMA),
        taken=judged.filter("taken").select(RECORD_KEY),
        emergency=free.select("subscriber_id", "started_ms"),
    )


def _complaint() -> pl.Expr:
    """State and reason of a record that cannot be rated as it is; null for a good one."""
    broken = validation.broken(_NEEDED, LARGEST, ZONES)
    return pl.coalesce(*broken, validation.EMPTY, validation.FREE, validation.NO_ACCOUNT)
