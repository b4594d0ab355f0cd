"""What does each record cost? The hop: guided records in, rated ones out, by the executor that suits their number."""

from contextlib import suppress
from dataclasses import dataclass

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.pricing.usage_price import TIMED
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period
from ossbss.bss.revenue.rating import batch, scalar
from ossbss.bss.revenue.rating.entitlements import entitlements
from ossbss.bss.revenue.rating.memory import Memory
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA

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
    """All the time that the records touch."""
    length = pl.when(pl.col("class").is_in(TIMED)).then("quantity").otherwise(0)
    ends = (pl.col("started_ms") + length).max().alias("ends_ms")
    start_ms, end_ms = usage.select(pl.col("started_ms").min(), ends).row(0)
    return Period(start_ms, end_ms + 1)


def with_version(found: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """With ``offering_version``: the one that was sold when the record started."""
    if found.is_empty():
        return found.with_columns(pl.lit(None, dtype=pl.String).alias("offering_version"))
    span = found.select(pl.col("started_ms").min().alias("first"), pl.col("started_ms").max().alias("last")).row(0)
    names = pl.lit(None, dtype=pl.String)
    for name in found["offering_id"].unique().sort():
        names = pl.when(pl.col("offering_id") == name).then(_versions(catalogue, name, *span)).otherwise(names)
    return found.with_columns(names.alias("offering_version"))


def _versions(catalogue: Catalogue, name: str, first_ms: int, last_ms: int) -> pl.Expr:
    """The version of an offering at ``started_ms``, of those that are sold between two instants."""
    offering = catalogue.offering(name)
    sold = [(catalogue.starts_ms(v), f"{name}@{v.valid_from}") for v in offering.versions] if offering else []
    begun = [one for one in sold if one[0] <= first_ms]
    found = pl.lit(begun[-1][1] if begun else None, dtype=pl.String)
    for starts_ms, version in sold[len(begun) :]:
        if starts_ms <= last_ms:
            found = pl.when(pl.col("started_ms") >= starts_ms).then(pl.lit(version)).otherwise(found)
    return found


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
