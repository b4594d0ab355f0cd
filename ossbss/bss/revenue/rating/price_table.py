"""What does each record cost? Allowances first, in the order in which things happened, then the rate.

Integers only: quantities in ms, messages, octets; money in micro-units; products in 128 bits.
"""

from dataclasses import dataclass

import polars as pl

from ossbss.bss.product.catalogue import Catalogue, Offering, Version
from ossbss.bss.product.pricing.usage_price import UNIT_OF_CLASS
from ossbss.bss.revenue.allowances import draw_down
from ossbss.bss.revenue.seen import RECORD_KEY
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA
from ossbss.contract.units import NEVER_MS, UNLIMITED, Rounding

BUCKET = ("account_id", "subscriber_id", "class", "cycle_start_ms")
"""Who owns an allowance, and for how long: each line of each account its own, a calendar month."""
UNPRICED = "no price at that time"
CONSUMED_SCHEMA: dict[str, type[pl.DataType]] = {
    "account_id": pl.String,
    "subscriber_id": pl.String,
    "class": pl.String,
    "cycle_start_ms": pl.Int64,
    "used": pl.Int64,
}
RATED_SCHEMA: dict[str, type[pl.DataType]] = {
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
    "parts": pl.String,
}


@dataclass(frozen=True, eq=False)
class Rated:
    """``rated``: RATED_SCHEMA, one row a record; ``consumed``: every allowance after it (CONSUMED_SCHEMA).

    ``unpriced``: UNRATED_SCHEMA, records that no version of their offering has a price for.
    """

    rated: pl.DataFrame
    consumed: pl.DataFrame
    unpriced: pl.DataFrame


def price_table(catalogue: Catalogue) -> pl.DataFrame:
    """The catalogue's usage prices in columns: one row for each version, class, zone and time of day."""
    rows = []
    for offering in catalogue.offerings:
        ends = [*(catalogue.starts_ms(v) for v in offering.versions[1:]), NEVER_MS]
        for version, until_ms in zip(offering.versions, ends, strict=True):
            rows += _rows(offering, version, catalogue.starts_ms(version), until_ms)
    return pl.DataFrame(rows, infer_schema_length=None).with_columns(pl.col("allowance").cast(pl.Int64))


def _rows(offering: Offering, version: Version, from_ms: int, until_ms: int) -> list[dict[str, object]]:
    return [
        {
            "offering_id": offering.id,
            "offering_version": f"{offering.id}@{version.valid_from}",
            "from_ms": from_ms,
            "until_ms": until_ms,
            "class": name,
            "zone": zone,
            "is_peak": is_peak,
            "pulse": price.pulse,
            "unit": UNIT_OF_CLASS[name],
            "rate_micros": rate.peak if is_peak else rate.off_peak,
            "included": name in version.allowances and zone in version.included_zones,
            "allowance": version.allowances.get(name),
        }
        for name, price in version.usage.items()
        for zone, rate in price.rates.items()
        for is_peak in (True, False)
    ]


def rate(guided: pl.DataFrame, catalogue: Catalogue, consumed: pl.DataFrame, run_id: str) -> Rated:
    """Rate guided records (mediation's columns) after everything that ``consumed`` remembers."""
    priced = _priced(guided, catalogue).sort("started_ms", "usage_id")
    unpriced = guided.join(priced, on=RECORD_KEY, how="anti", maintain_order="left").with_columns(
        pl.lit("suspended").alias("state"), pl.lit(UNPRICED).alias("reason")
    )
    counted = _allowances(priced, consumed)
    chargeable = (pl.col("charged") - pl.col("free")).cast(pl.Int128) * pl.col("rate_micros")
    rated = counted.with_columns(
        pl.lit(run_id).alias("run_id"),
        pl.lit(catalogue.currency).alias("currency"),
        rounded(chargeable, pl.col("unit"), catalogue.rounding.charge.at("charge")).alias("amount_micros"),
        pl.struct("charged", "free", "rate_micros", "is_peak").struct.json_encode().alias("parts"),
    )
    used = counted.group_by(BUCKET).agg(pl.col("free").sum().alias("used"))
    after = pl.concat([consumed, used.select(*CONSUMED_SCHEMA)]).group_by(BUCKET).agg(pl.col("used").sum())
    consumed = after.select(*CONSUMED_SCHEMA).sort(BUCKET)
    return Rated(rated.select(*RATED_SCHEMA), consumed, unpriced.select(*UNRATED_SCHEMA))


def _priced(guided: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Records with their price; one that is older than every version of its offering has none and is left out."""
    local = pl.from_epoch("started_ms", "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(catalogue.time_zone)
    peak = catalogue.peak
    in_time = (pl.col("from_ms") <= pl.col("started_ms")) & (pl.col("started_ms") < pl.col("until_ms"))
    timed = guided.with_columns(
        local.dt.hour().is_between(peak.from_hour, peak.to_hour, closed="left").alias("is_peak"),
        local.dt.truncate("1mo").dt.epoch("ms").alias("cycle_start_ms"),
    )
    priced = timed.join(price_table(catalogue), on=["offering_id", "class", "zone", "is_peak"]).filter(in_time)
    pulse = pl.col("pulse")
    return priced.with_columns(((pl.col("quantity") + pulse - 1) // pulse * pulse).alias("charged"))


def _allowances(priced: pl.DataFrame, consumed: pl.DataFrame) -> pl.DataFrame:
    """``free``: the part of each record that its allowance still covers; ``priced`` in event-time order."""
    owners = priced.select(BUCKET).unique(maintain_order=True).with_row_index("owner")
    used = owners.join(consumed, on=BUCKET, how="left", maintain_order="left")["used"].fill_null(0)
    each = priced.join(owners, on=BUCKET, how="left", maintain_order="left").select(
        pl.col("owner").cast(pl.Int64),
        pl.when("included").then("charged").otherwise(0).alias("wanted"),
        pl.col("allowance").fill_null(UNLIMITED),
    )
    owner, wanted, allowance = (each[name].to_numpy() for name in ("owner", "wanted", "allowance"))
    free, _ = draw_down(owner, wanted, allowance, used.to_numpy())
    return priced.with_columns(pl.Series("free", free, dtype=pl.Int64))


def rounded(numerator: pl.Expr, unit: pl.Expr, rounding: Rounding) -> pl.Expr:
    """numerator ÷ unit in micro-units, rounded to the step; for amounts of zero or more."""
    divisor = unit.cast(pl.Int128) * rounding.step_micros
    whole, rest = numerator // divisor, numerator % divisor
    carry = {
        "down": pl.lit(0),
        "up": (rest > 0).cast(pl.Int64),
        "half_up": (2 * rest >= divisor).cast(pl.Int64),
        "half_even": ((2 * rest > divisor) | ((2 * rest == divisor) & (whole % 2 == 1))).cast(pl.Int64),
    }[rounding.mode]
    return ((whole + carry) * rounding.step_micros).cast(pl.Int64)
