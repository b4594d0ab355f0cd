"""What cells have carried since the run began: octets towards their people, and connections."""

from collections.abc import Iterable

import polars as pl


class CellCounts:
    """Running totals of each cell. A connection is any call, message or session that began while the cell was served
    (one RRC connection each: an assumption); octets are those of data sessions, in proportion to their time."""

    def __init__(self, cells: Iterable[str]) -> None:
        self.octets = dict.fromkeys(cells, 0)
        self.connections = dict.fromkeys(self.octets, 0)

    def add(self, wishes: pl.DataFrame, from_ms: int, until_ms: int) -> None:
        """What was carried in [from_ms, until_ms); ``wishes``: as ``cut`` gives them, all that were going on then."""
        began = pl.col("started_ms").is_between(from_ms, until_ms, closed="left")
        served = pl.col("down_ms").is_null() | (pl.col("down_ms") > pl.col("started_ms"))
        data = (pl.col("class") == "data") & served
        octets = pl.when(data).then(_octets_until(until_ms) - _octets_until(from_ms)).otherwise(0).cast(pl.Int64)
        summed = wishes.group_by("place_id").agg(octets.sum().alias("octets"), (began & served).sum().alias("began"))
        for cell, carried, began_here in summed.iter_rows():
            self.octets[cell] += carried
            self.connections[cell] += began_here


def _octets_until(at_ms: int) -> pl.Expr:
    """Of each session, what it had carried by then: whole octets, so that what is added up is what was served."""
    started = pl.col("started_ms")
    stop = pl.max_horizontal(started, pl.min_horizontal("ended_ms", pl.lit(at_ms)))
    lasts = pl.max_horizontal("lasts_ms", pl.lit(1))
    return pl.col("requested").cast(pl.Int128) * (stop - started) // lasts
