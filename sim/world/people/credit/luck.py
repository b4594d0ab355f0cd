"""The luck of prepaid people in one hour, drawn for every line of a place, whoever pays how and whatever anybody has.

| column | dtype | unit, meaning |
|---|---|---|
| buys | Boolean | would buy a bundle in this hour |
| buys_ms | Int64 | when, from the beginning of the hour |
| tops_up | Float64 | uniform draw: tops up, if it wants to, when below the hour's chance |
| top_up_micros, top_up_ms | Int64 | how much it would top up, and when |
| borrows | Float64 | uniform draw against the thousandths that ask for an advance |
| advance_micros, advance_ms | Int64 | how much it would ask for, and when |
| bundle | String | which it would buy; null where none is sold |
"""

from collections.abc import Mapping

import numpy as np
import polars as pl

from ossbss.contract.units import HOUR_MS, MICROS_PER_UNIT
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.habits import VOICE_BY_HOUR

LUCK_SCHEMA: dict[str, type[pl.DataType]] = {
    "buys": pl.Boolean,
    "buys_ms": pl.Int64,
    "tops_up": pl.Float64,
    "top_up_micros": pl.Int64,
    "top_up_ms": pl.Int64,
    "borrows": pl.Float64,
    "advance_micros": pl.Int64,
    "advance_ms": pl.Int64,
    "bundle": pl.String,
}


def draw_luck(count: int, habits: PrepaidHabits, local_hour: int, rng: np.random.Generator) -> pl.DataFrame:
    """LUCK_SCHEMA, a row for each of ``count`` lines, from a stream that knows no balance."""
    chance = habits.bundles_per_day * VOICE_BY_HOUR[local_hour] / 24 if habits.bundles else 0.0
    columns = {
        "buys": rng.random(count) < chance,
        "buys_ms": rng.integers(0, HOUR_MS, count),
        "tops_up": rng.random(count),
        "top_up_micros": amounts_micros(count, habits.top_ups, rng),
        "top_up_ms": rng.integers(0, HOUR_MS, count),
        "borrows": rng.random(count),
        "advance_micros": amounts_micros(count, habits.advances, rng),
        "advance_ms": rng.integers(0, HOUR_MS, count),
        "bundle": _bundles(count, habits.bundles, rng),  # last: who sells bundles moves no other luck
    }
    return pl.DataFrame(columns, schema=LUCK_SCHEMA)


def chance_of_hour(milli: int, local_hour: int) -> float:
    """So that of those who want to for a whole day ``milli`` thousandths do, more of them when people are awake."""
    return float(1.0 - (1 - milli / 1000) ** (VOICE_BY_HOUR[local_hour] / 24))


def amounts_micros(count: int, weights: Mapping[int, int], rng: np.random.Generator) -> np.ndarray:
    """Micro-units of the currency, by weight."""
    found: np.ndarray = np.array(sorted(weights), dtype=np.int64)[_chosen(count, weights, rng)] * MICROS_PER_UNIT
    return found


def _bundles(count: int, weights: Mapping[str, int], rng: np.random.Generator) -> list[str | None]:
    names = sorted(weights)
    return [names[i] for i in _chosen(count, weights, rng)] if names else [None] * count


def _chosen(count: int, weights: Mapping[int, int] | Mapping[str, int], rng: np.random.Generator) -> np.ndarray:
    shares = np.array([weight for _, weight in sorted(weights.items())], dtype=float)
    return rng.choice(len(shares), count, p=shares / shares.sum())
