"""One batch of the simulation's usage: validates, deduplicates, rejects with a reason, finds who pays."""

from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.mediation import validation
from ossbss.bss.revenue.mediation.payers import TERM, with_account
from ossbss.bss.revenue.mediation.validation import MISSING, Rule, with_verdict
from ossbss.bss.revenue.seen import RECORD_KEY, may_repeat
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA
from ossbss.contract.charging import LARGEST, ZONES


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
    judged = with_verdict(with_account(numbered, accounts), _rules())
    takes = pl.col("verdict").is_null() | pl.col("verdict").str.starts_with("filtered")
    judged = judged.with_columns(takes.alias("taken"))
    if seen.height or may_repeat(batch):
        judged = _without_doubles(judged, seen)
    good = judged["verdict"].is_null()
    refused = judged.filter(~good).with_columns(validation.state_and_reason("verdict"))
    guided = (judged if good.all() else judged.filter(good)).drop("row", "verdict", "taken", *TERM)
    free = refused.filter((pl.col("class") == "emergency") & (pl.col("state") == "filtered"))
    return Mediated(
        guided=guided,
        unrated=refused.select(*UNRATED_SCHEMA),
        taken=judged.filter("taken").select(RECORD_KEY),
        emergency=free.select("subscriber_id", "started_ms"),
    )


def _without_doubles(judged: pl.DataFrame, seen: pl.DataFrame) -> pl.DataFrame:
    """``verdict`` also says duplicate; ``taken``: and is no duplicate."""
    old = judged.join(seen, on=RECORD_KEY, how="semi")["row"]
    count = pl.col("taken").cast(pl.Int64)
    double = pl.col("row").is_in(old.implode()) | (count.cum_sum().over(RECORD_KEY) - count > 0)
    known = pl.col("verdict").ne_missing(pl.lit(MISSING)) & double
    return judged.with_columns(
        pl.when(known).then(pl.lit("duplicate: record already seen")).otherwise("verdict").alias("verdict"),
        (pl.col("taken") & ~double).alias("taken"),
    )


def _rules() -> list[Rule]:
    broken = validation.broken(_NEEDED, LARGEST, ZONES)
    return [*broken, validation.EMPTY, validation.FREE, validation.NO_ACCOUNT]
