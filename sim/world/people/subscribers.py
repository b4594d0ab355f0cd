"""Who lives where, and how much each one uses: drawn for each place from its own stream."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import polars as pl

from sim.world.people.habits import Habits

StreamOf = Callable[[str], np.random.Generator]


def settle(
    cells: Sequence[str], lines: int, offerings: Mapping[str, float], habits: Habits, stream_of: StreamOf
) -> pl.DataFrame:
    """One row a line: subscriber_id, place_id, offering, octets_per_day (0 without a smartphone).

    Lines are spread evenly over the cells (the cells themselves stand where demand is); offerings are drawn
    by weight; mean data volumes are lognormal between users.
    """
    share, extra = divmod(lines, len(cells))
    frames, first = [], 0
    for index, cell in enumerate(cells):
        count = share + (index < extra)
        frames.append(_people_of(cell, first, count, offerings, habits, stream_of(f"people/{cell}")))
        first += count
    return pl.concat(frames)


def _people_of(
    cell: str, first: int, count: int, offerings: Mapping[str, float], habits: Habits, rng: np.random.Generator
) -> pl.DataFrame:
    names = sorted(offerings)
    weights = np.array([offerings[name] for name in names], dtype=float)
    chosen = rng.choice(len(names), size=count, p=weights / weights.sum())
    smart = rng.random(count) < habits.smartphone_share
    spread = rng.lognormal(-(habits.data_user_sigma**2) / 2, habits.data_user_sigma, count)
    return pl.DataFrame(
        {
            "subscriber_id": [f"line-{number:07d}" for number in range(first, first + count)],
            "place_id": [cell] * count,
            "offering": [names[i] for i in chosen],
            "octets_per_day": np.where(smart, habits.data_octets_per_day * spread, 0.0),
        }
    )
