"""What an element writes about carried usage: one record for each answered attempt that carried something."""

from collections.abc import Mapping

import polars as pl

from ossbss.contract.charging import USAGE_SCHEMA
from sim.world.people.intents import SPOILT_WAYS


def records(done: pl.DataFrame, core_of: Mapping[str, str], core: str, file_id: str, last: int) -> pl.DataFrame:
    """Attempts that ended as records of one core node (USAGE_SCHEMA), numbered on from ``last``."""
    served_here = [cell for cell, node in core_of.items() if node == core]
    carried = done.filter(
        (pl.col("outcome") == "answered") & (pl.col("served") > 0) & pl.col("place_id").is_in(served_here)
    ).sort("ended_ms", "intent_id")
    return carried.select(
        pl.col("intent_id").alias("usage_id"),
        pl.lit(core).alias("element_id"),
        pl.lit(file_id).alias("file_id"),
        (last + 1 + pl.int_range(pl.len(), dtype=pl.Int64)).alias("sequence"),
        "subscriber_id",
        "class",
        "place_id",
        "started_ms",
        pl.col("served").alias("quantity"),
        "zone",
    )


def spoil(usage: pl.DataFrame, intents: pl.DataFrame, corrupted_milli: int) -> pl.DataFrame:
    """Some records with one field spoilt: a negative quantity, a line nobody has, or an unknown class.

    Which, and how, is the luck of their intents (``intent_id``, ``spoil``), wherever they stand in a file.
    """
    luck = intents.select(pl.col("intent_id").alias("usage_id"), "spoil")
    marked = usage.join(luck, on="usage_id", how="left", maintain_order="left")
    hit, how = pl.col("spoil") // SPOILT_WAYS < corrupted_milli, pl.col("spoil") % SPOILT_WAYS
    return marked.with_columns(
        pl.when(hit & (how == 0)).then(-pl.col("quantity")).otherwise("quantity").alias("quantity"),
        pl.when(hit & (how == 1))
        .then(pl.format("unknown-{}", "usage_id"))
        .otherwise("subscriber_id")
        .alias("subscriber_id"),
        pl.when(hit & (how == 2)).then(pl.lit("?")).otherwise("class").alias("class"),
    ).select(*USAGE_SCHEMA)
