"""(b) Polars: an allowance that is drawn down in order of time is a running sum that is cut at what there was."""

import polars as pl

from ossbss.contract.units import DAY_MS, HOUR_MS
from tests.benchmarks.rating_rivals.tariff import (
    ALLOWANCES,
    DAY_FROM_HOUR,
    DAY_UNTIL_HOUR,
    MONTH_ENDS_MS,
    NIGHT_PRICE,
    OFFSET_MS,
    PRICE,
    PULSE,
)

USAGE_CLASS, ZONE, START = pl.col("class"), pl.col("zone"), pl.col("started_ms")
IS_VOICE, IS_ABROAD = pl.col("class") == "voice", pl.col("zone") == "international"


def coded(usage: pl.DataFrame) -> pl.DataFrame:
    """Texts as numbers of their own kind, in order of subscriber, time and id."""
    names = {name: pl.Enum(usage[name].unique().sort()) for name in ("offering_id", "class", "zone")}
    lines = pl.Series("subscriber_id", usage["subscriber_id"].rank("dense"), dtype=pl.UInt32)
    numbered = usage.select(
        "usage_id", lines, *(pl.col(name).cast(dtype) for name, dtype in names.items()), "started_ms", "quantity"
    )
    return numbered.sort("subscriber_id", "started_ms", "usage_id")


def rated(usage: pl.DataFrame, *, in_order: bool = False) -> pl.DataFrame:
    """FOUND in some order. ``in_order``: records come by subscriber, time and id already."""
    priced = usage.lazy().with_columns(
        _pulse().alias("pulse"), _price().alias("price"), pl.lit(0, dtype=pl.Int64).alias("free_pulses"),
        month=pl.lit(0, pl.Int8) + sum((end <= START).cast(pl.Int8) for end in MONTH_ENDS_MS),
    )  # fmt: skip
    has_allowance = (pl.col("offering_id") != "payg") & ~IS_ABROAD
    is_counted = has_allowance & (USAGE_CLASS != "sms")
    alone = priced.filter(~is_counted).select(
        "usage_id", _amount(pl.when(has_allowance).then(0).otherwise(_pulses()), IS_VOICE).alias("amount_micros"),
        free=pl.when(has_allowance).then("quantity").otherwise(0),
    )  # fmt: skip
    parts = _by_month(priced.filter(is_counted)).with_columns(_pulses().alias("pulses"))
    if not in_order:
        parts = parts.sort("subscriber_id", "started_ms", "usage_id")
    before = pl.col("pulses").cum_sum().over("subscriber_id", "class", "month") - pl.col("pulses")
    taken = parts.with_columns(taken=(_allowed() - before).clip(0, pl.col("pulses")))
    counted = taken.select(
        "usage_id", "price", "is_over", IS_VOICE.alias("is_voice"), paid=pl.col("pulses") - pl.col("taken"),
        free=pl.min_horizontal(pl.col("taken") * pl.col("pulse"), "quantity"),
    )  # fmt: skip
    whole = counted.filter(~pl.col("is_over"))
    joined = counted.filter("is_over").group_by("usage_id").agg(
        pl.col("price", "is_voice").first(), pl.col("paid", "free").sum()
    )  # fmt: skip
    paid = [
        frame.select("usage_id", _amount(pl.col("paid"), pl.col("is_voice")).alias("amount_micros"), "free")
        for frame in (whole, joined)
    ]
    return pl.concat([alone, *paid]).collect()


def _pulse() -> pl.Expr:
    return pl.when(IS_VOICE).then(PULSE["voice"]).when(USAGE_CLASS == "sms").then(1).otherwise(PULSE["data"])


def _price() -> pl.Expr:
    hour = (START + OFFSET_MS) % DAY_MS // HOUR_MS
    is_night = (hour < DAY_FROM_HOUR) | (hour >= DAY_UNTIL_HOUR)
    call = pl.when(IS_ABROAD).then(PRICE["voice", "international"]).when(is_night & (ZONE == "on_net")).then(NIGHT_PRICE)
    message = pl.when(IS_ABROAD).then(PRICE["sms", "international"]).otherwise(PRICE["sms", "on_net"])
    return (
        pl.when(IS_VOICE).then(call.otherwise(PRICE["voice", "on_net"]))
        .when(USAGE_CLASS == "sms").then(message).otherwise(PRICE["data", "on_net"])
    )  # fmt: skip


def _pulses() -> pl.Expr:
    return (pl.col("quantity") + pl.col("pulse") - 1) // pl.col("pulse")


def _amount(paid: pl.Expr, is_voice: pl.Expr) -> pl.Expr:
    """Rounded half up."""
    numerator = paid * pl.col("price")
    return pl.when(is_voice).then((2 * numerator + 60) // 120).otherwise(numerator)


def _by_month(counted: pl.LazyFrame) -> pl.LazyFrame:
    """A call over the end of a month is two parts, of that month and of the next."""
    ends = pl.when(pl.col("month") == 0).then(MONTH_ENDS_MS[0]).otherwise(MONTH_ENDS_MS[1])
    inside = ends - START
    marked = counted.with_columns(is_over=IS_VOICE & (pl.col("quantity") > inside))
    here = marked.with_columns(pl.when("is_over").then(inside).otherwise("quantity").alias("quantity"))
    after = marked.filter("is_over").with_columns(
        pl.col("quantity") - inside, pl.col("month") + pl.lit(1, pl.Int8)
    )
    return pl.concat([after, here])


def _allowed() -> pl.Expr:
    found = pl.lit(0, dtype=pl.Int64)
    for offering, of_class in ALLOWANCES.items():
        of_offering = pl.when(IS_VOICE).then(of_class["voice"]).otherwise(of_class["data"])
        found = pl.when(pl.col("offering_id") == offering).then(of_offering).otherwise(found)
    return found
