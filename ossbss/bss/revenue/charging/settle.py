"""What do the records of prepaid lines cost? What their wallets paid when the network asked, and the rest now."""

import polars as pl

from ossbss.bss.revenue.charging.books import PAYING
from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA

UNITS_OF = ("usage", "session_update", "session_end")
"""kinds that tell of units used"""


def paid(guided: pl.DataFrame, done: pl.DataFrame) -> pl.DataFrame:
    """``guided`` with ``amount_micros`` and ``fee_micros``, what its use cost so far, and ``unasked``, the units that
    charging was not asked for. ``done``: CHARGES_SCHEMA."""
    units = pl.when(pl.col("kind") == "usage").then("granted").otherwise("used").fill_null(0)
    of_these = done.join(guided, left_on="request_id", right_on="usage_id", how="semi")  # the others are long settled
    each = of_these.group_by(pl.col("request_id").alias("usage_id")).agg(
        pl.col("amount_micros", "fee_micros").filter(pl.col("kind").is_in(PAYING)).sum(),
        units.filter(pl.col("kind").is_in(UNITS_OF)).sum().alias("asked"),
    )
    known = guided.join(each, on="usage_id", how="left", maintain_order="left").with_columns(
        pl.col("amount_micros", "fee_micros", "asked").fill_null(0)
    )
    unasked = (pl.col("quantity") - pl.col("asked")).clip(lower_bound=0)
    return known.with_columns(unasked.alias("unasked")).drop("asked")


def late_requests(found: pl.DataFrame) -> pl.DataFrame:
    """CHARGING_REQUESTS_SCHEMA for what charging was not asked for, in order of time; ``found``: as ``paid`` gives."""
    given = {
        "request_id": pl.col("usage_id"),
        "kind": pl.lit("usage"),
        "at_ms": pl.col("started_ms"),
        "quantity": pl.col("unasked"),
    }
    late = found.filter(pl.col("unasked") > 0).select("subscriber_id", "class", "zone", **given)
    whole = pl.concat([pl.DataFrame(schema=CHARGING_REQUESTS_SCHEMA), late], how="diagonal")
    return whole.sort("at_ms", "request_id")


def settled(found: pl.DataFrame, late: pl.DataFrame) -> pl.DataFrame:
    """With what was charged late (request_id, amount_micros, fee_micros) in the amounts, as rated records are."""
    more = late.select(pl.col("request_id").alias("usage_id"), "amount_micros", "fee_micros")
    both = found.join(more, on="usage_id", how="left", suffix="_late", maintain_order="left")
    return both.with_columns(
        *(pl.col(name) + pl.col(f"{name}_late").fill_null(0) for name in ("amount_micros", "fee_micros")),
        pl.lit(None, dtype=pl.Int64).alias("free"),
    )
