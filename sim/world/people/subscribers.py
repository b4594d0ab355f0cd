"""Who lives where, and how much each one uses: drawn for each place from its own stream."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.world.people.habits import Habits

StreamOf = Callable[[str], np.random.Generator]


@dataclass(frozen=True)
class Community:
    """Lines spread evenly over some cells; ``offerings``: offering → weight; ``prepaid``: those that are paid ahead."""

    cells: Sequence[str]
    lines: int
    offerings: Mapping[str, int]
    habits: Habits
    prepaid: frozenset[str] = frozenset()


def settle(communities: Iterable[Community], stream_of: StreamOf) -> pl.DataFrame:
    """One row a line: subscriber_id, place_id, offering, payment (prepaid or postpaid), octets_per_day (0 without a
    smartphone).

    Offerings are drawn by weight; mean data volumes are lognormal between users.
    """
    frames, first = [], 0
    for community in communities:
        share, extra = divmod(community.lines, len(community.cells))
        for index, cell in enumerate(community.cells):
            count = share + (index < extra)
            frames.append(_people_of(cell, first, count, community, stream_of(f"people/{cell}")))
            first += count
    return pl.concat(frames)


def _people_of(cell: str, first: int, count: int, community: Community, rng: np.random.Generator) -> pl.DataFrame:
    habits, names = community.habits, sorted(community.offerings)
    weights = np.array([community.offerings[name] for name in names], dtype=float)
    chosen = rng.choice(len(names), size=count, p=weights / weights.sum())
    smart = rng.random(count) < habits.smartphone_share
    spread = rng.lognormal(-(habits.data_user_sigma**2) / 2, habits.data_user_sigma, count)
    return pl.DataFrame(
        {
            "subscriber_id": [f"line-{number:07d}" for number in range(first, first + count)],
            "place_id": [cell] * count,
            "offering": [names[i] for i in chosen],
            "payment": ["prepaid" if names[i] in community.prepaid else "postpaid" for i in chosen],
            "octets_per_day": np.where(smart, habits.data_octets_per_day * spread, 0.0),
        }
    )
