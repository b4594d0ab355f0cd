"""What does each record cost? The hop: guided records in, rated ones out, by the executor that suits their number."""

from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch, scalar
from ossbss.bss.revenue.rating.entitlements import entitlements
from ossbss.bss.revenue.rating.memory import Memory
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA
from ossbss.contract.units import DAY_MS

BATCH_FROM = 20_000
"""Records: for fewer the clear executor is done before the other has started."""
UNPRICED = "no price at that time"
RATED_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "run_id": pl.String,
    "account_id": pl.String,
    "offering_version": pl.String,
    "class": pl.String,
    "zone": pl.String,
    "started_ms": pl.Int64,
    "cycle_start_ms": pl.Int64,
    "amount_micros": pl.Int64,
    "currency": pl.String,
    "parts": pl.Struct({"free": pl.Int64, "fee_micros": pl.Int64}),
}
"""``parts``: units that allowances covered (null: a wallet has paid), and the connection fee within the amount; why it
costs that is worked out again when somebody asks (``explain``)."""


@dataclass(frozen=True, eq=False)
class RatingRun:
    """``rated``: RATED_SCHEMA; ``unpriced``: UNRATED_SCHEMA, what nothing has a price for; ``memory`` after it."""

    rated: pl.DataFrame
    unpriced: pl.DataFrame
    memory: Memory


def rate(
    guided: pl.DataFrame, accounts: pl.DataFrame, purchases: pl.DataFrame, rules: RuleSet, before: Memory, run_id: str
) -> RatingRun:
    """``guided``: mediation's columns; ``accounts``: ACCOUNTS_SCHEMA, ``purchases``: PURCHASES_SCHEMA."""
    if not guided.height:
        return RatingRun(pl.DataFrame(schema=RATED_SCHEMA), pl.DataFrame(schema=UNRATED_SCHEMA), before)
    usage = guided if "leg" in guided.columns else guided.with_columns(pl.lit(1, dtype=pl.Int64).alias("leg"))
    found, memory = execute(usage, entitled_in(usage, accounts, purchases, rules), rules, before)
    good, bad = found.filter("is_priced"), found.filter(~pl.col("is_priced"))
    reason = [pl.lit("suspended").alias("state"), pl.lit(UNPRICED).alias("reason")]
    return RatingRun(as_rated(good, rules, run_id), bad.with_columns(reason).select(*UNRATED_SCHEMA), memory)


def entitled_in(
    usage: pl.DataFrame, accounts: pl.DataFrame, purchases: pl.DataFrame, rules: RuleSet
) -> pl.DataFrame:  # fmt: skip
    """ENTITLEMENTS_SCHEMA of the accounts in these records, for all the time that they may touch."""
    paying = usage.select("account_id").unique()
    own, bought = (frame.join(paying, on="account_id", how="semi") for frame in (accounts, purchases))
    return entitlements(own, bought, rules, _span(usage))


def execute(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, before: Memory
) -> tuple[pl.DataFrame, Memory]:
    """See ``batch.rate``."""
    if usage.height >= BATCH_FROM:
        with suppress(NotInBatchError):
            return batch.rate(usage, entitled, rules, before)
    return scalar.rate_columns(usage, entitled, rules, before)


def _span(usage: pl.DataFrame) -> Period:
    """All the time that the records may touch: no session is longer than a month (mediation)."""
    start_ms, end_ms = usage.select(pl.col("started_ms").min().alias("a"), pl.col("started_ms").max().alias("b")).row(0)
    return Period(start_ms, end_ms + 32 * DAY_MS)


def with_version(found: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """With ``offering_version``: the one that was sold when the record started; in order of time."""
    rows = [(offering.id, catalogue.starts_ms(version), f"{offering.id}@{version.valid_from}")
            for offering in catalogue.offerings for version in offering.versions]  # fmt: skip
    schema = {"offering_id": pl.String, "started_ms": pl.Int64, "offering_version": pl.String}
    versions = pl.DataFrame(rows, schema=schema, orient="row").sort("started_ms")
    ordered = found.sort("started_ms", "usage_id")
    return ordered.join_asof(versions, on="started_ms", by="offering_id", check_sortedness=False)


def as_rated(good: pl.DataFrame, rules: RuleSet, run_id: str) -> pl.DataFrame:
    """RATED_SCHEMA of records that have ``amount_micros``, ``fee_micros`` and ``free``."""
    catalogue = rules.catalogue
    local = pl.from_epoch("started_ms", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(catalogue.time_zone)
    return with_version(good, catalogue).with_columns(
        pl.lit(run_id).alias("run_id"),
        local.dt.truncate("1mo").dt.epoch("ms").alias("cycle_start_ms"),
        pl.lit(catalogue.currency).alias("currency"),
        pl.struct("free", "fee_micros").alias("parts"),
    ).select(*RATED_SCHEMA)
