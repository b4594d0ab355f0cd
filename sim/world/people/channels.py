"""Voice channels of cells: a call that finds none free is blocked at once (a loss system, see ``admission``)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from sim.world.network.traffic.admission import InProgress, admit
from sim.world.people.usage import stopped_at_start

CALLS = ("voice", "emergency")


def blocked(wishes: pl.DataFrame, begins_ms: int, cells: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """What ``cut`` gave, with calls that found no channel stopped at their start, as an outage would stop them."""
    return stopped_at_start(wishes, pl.col("intent_id").is_in(refused(wishes, begins_ms, cells).to_list()))


def refused(calls: pl.DataFrame, begins_ms: int, cells: Mapping[str, Mapping[str, Any]]) -> pl.Series:
    """Ids of the calls that find no channel, of those that start at ``begins_ms`` or later; the others are going on.

    ``calls``: intent_id, class, place_id, started_ms, ended_ms, down_ms (what an outage stopped at its start takes no
    channel). ``cells``: records with ``voice_channels`` and ``emergency_channels``, those among them that only
    emergency calls may take; a cell without the first blocks nobody.
    """
    limited = {cell: number for number, cell in enumerate(cells) if cells[cell].get("voice_channels") is not None}
    stopped = (pl.col("down_ms") <= pl.col("started_ms")).fill_null(False)
    mine = calls.filter(pl.col("class").is_in(CALLS) & pl.col("place_id").is_in(list(limited)) & ~stopped)
    mine = mine.with_columns(pl.col("place_id").replace_strict(limited, return_dtype=pl.Int64).alias("place"))
    fresh = mine.filter(pl.col("started_ms") >= begins_ms).sort("place", "started_ms", "intent_id")
    held = mine.filter((pl.col("started_ms") < begins_ms) & (pl.col("ended_ms") > begins_ms)).sort("place", "ended_ms")
    place, start = fresh["place"].to_numpy(), fresh["started_ms"].to_numpy()
    going_on = InProgress(held["place"].to_numpy(), held["ended_ms"].to_numpy(), np.ones(held.height, dtype=np.int64))
    one = np.ones(fresh.height, dtype=np.int64)
    admitted, _ = admit(place, start, fresh["ended_ms"].to_numpy() - start, one, _room(fresh, cells), going_on)
    return fresh.filter(pl.Series(~admitted, dtype=pl.Boolean))["intent_id"]


def _room(calls: pl.DataFrame, cells: Mapping[str, Mapping[str, Any]]) -> np.ndarray:
    """Of each call, how many channels its kind may take of its cell."""
    whole = {cell: record.get("voice_channels") or 0 for cell, record in cells.items()}
    kept = {cell: record.get("emergency_channels", 0) for cell, record in cells.items()}
    channels = pl.col("place_id").replace_strict(whole, return_dtype=pl.Int64)
    reserved = pl.col("place_id").replace_strict(kept, return_dtype=pl.Int64)
    ordinary = pl.max_horizontal(channels - reserved, 0)
    room = pl.when(pl.col("class") == "emergency").then(channels).otherwise(ordinary)
    return calls.select(room.cast(pl.Int64).alias("room"))["room"].to_numpy()
