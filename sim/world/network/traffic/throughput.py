"""How much of what people's data sessions asked for got through: shares of places over time, applied to sessions."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

PPM = 1_000_000
WHOLE = PPM
"""The share of a place whose sessions get all they ask for, in millionths."""


class Throughput:
    """The share of each place, constant from one instant to the next, in millionths: integers, so that what is served
    is the same on any machine."""

    def __init__(self, places: Sequence[str], starts_ms: int) -> None:
        self.places: Mapping[str, int] = {place: number for number, place in enumerate(places)}
        self.until_ms: list[Ints] = [np.array([starts_ms], dtype=np.int64)]
        self.summed: list[Ints] = [np.zeros((1, len(places)), dtype=np.int64)]
        """(instant, place) → share × ms from the start until then"""

    def extend(self, bounds_ms: Ints, ppm: Ints) -> None:
        """Shares of the stretches between bounds, (stretch, place); the first bound is where the last ones ended."""
        stretches = np.diff(bounds_ms)[:, None] * ppm
        self.until_ms.append(bounds_ms[1:])
        self.summed.append(self.summed[-1][-1] + np.cumsum(stretches, axis=0))

    def mean_ppm(self, place: Ints, from_ms: Ints, until_ms: Ints) -> Ints:
        """The mean share of a place over a time within what is known, rounded down."""
        bounds, summed = np.concatenate(self.until_ms), np.concatenate(self.summed)
        lasted = np.maximum(1, until_ms - from_ms)
        share = (_at(bounds, summed, place, until_ms) - _at(bounds, summed, place, from_ms)) // lasted
        return np.where(until_ms > from_ms, share, WHOLE)

    def throttled(self, attempts: pl.DataFrame, until_ms: int) -> pl.DataFrame:
        """The attempts with what data sessions were served cut to their shares; one that got nothing was blocked."""
        place = attempts["place_id"].replace_strict(self.places, return_dtype=pl.Int64).to_numpy()
        ends = np.minimum(attempts["ended_ms"].to_numpy(), until_ms)
        ppm = pl.Series(self.mean_ppm(place, attempts["started_ms"].to_numpy(), ends), dtype=pl.Int64)
        data, served = pl.col("class") == "data", pl.col("served")
        cut = served // PPM * ppm + served % PPM * ppm // PPM
        return attempts.with_columns(pl.when(data).then(cut).otherwise("served").alias("served")).with_columns(
            pl.when(data & (pl.col("outcome") == "answered") & (pl.col("served") == 0))
            .then(pl.lit("blocked")).otherwise("outcome").alias("outcome"),
            pl.when(data & (pl.col("served") == 0)).then(pl.lit(False)).otherwise("dropped").alias("dropped"),
        )  # fmt: skip


def _at(bounds_ms: Ints, summed: Ints, place: Ints, at_ms: Ints) -> Ints:
    """Share × ms from the start until an instant, linear between bounds."""
    after = np.clip(np.searchsorted(bounds_ms, at_ms, side="left"), 1, len(bounds_ms) - 1)
    step = (summed[after, place] - summed[after - 1, place]) // (bounds_ms[after] - bounds_ms[after - 1])
    found: Ints = summed[after - 1, place] + step * (at_ms - bounds_ms[after - 1])
    return found


def asked_bps(sessions: pl.DataFrame, places: Mapping[str, int], bounds_ms: Ints) -> Floats:
    """(stretch, place) → what data sessions ask for on average, in bits per second.

    ``sessions``: place_id, class, started_ms, ended_ms, requested (octets), lasts_ms; ``bounds_ms``: rising.
    """
    data = sessions.filter((pl.col("class") == "data") & (pl.col("ended_ms") > pl.col("started_ms")))
    place = data["place_id"].replace_strict(places, return_dtype=pl.Int64).to_numpy()
    start, end = data["started_ms"].to_numpy(), data["ended_ms"].to_numpy()
    bits_per_ms = data["requested"].to_numpy() * 8.0 / np.maximum(1, data["lasts_ms"].to_numpy())
    elapsed = (np.clip(bound - start, 0, end - start) for bound in bounds_ms)
    asked_until = [np.bincount(place, bits_per_ms * ms, len(places)) for ms in elapsed]
    asked: Floats = np.diff(asked_until, axis=0) / np.diff(bounds_ms)[:, None] * 1000
    return np.maximum(asked, 0.0)
