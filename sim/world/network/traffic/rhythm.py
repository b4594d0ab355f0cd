"""How traffic rises and falls: by the hour and the day of the week where people live, and from year to year."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ossbss.contract.units import HOUR_MS
from sim.world.people.habits import DATA_BY_HOUR, VOICE_BY_HOUR

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

YEAR_MS = 31_556_952_000
"""The mean year of the Gregorian calendar: 365.2425 days."""
BY_WEEKDAY = (1.02, 1.03, 1.03, 1.03, 1.05, 0.97, 0.87)
"""Weight of each local day from Monday to Sunday, mean 1 (assumption: weekends are quieter on a whole network)."""
_HOURS, _DAYS = 24, 7
_EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday; Monday is 0."""


@dataclass(frozen=True)
class Rhythm:
    """Weights of hours and weekdays, each of mean 1, and growth compounded yearly from ``since_ms`` on (and before).

    ``growth_per_year``: 0.25 is a quarter more every year; above -1. ValueError where a mean is not 1.
    """

    by_hour: tuple[float, ...] = DATA_BY_HOUR
    by_weekday: tuple[float, ...] = BY_WEEKDAY
    growth_per_year: float = 0.0
    since_ms: int = 0

    def __post_init__(self) -> None:
        for name, weights, count in (("by_hour", self.by_hour, _HOURS), ("by_weekday", self.by_weekday, _DAYS)):
            if len(weights) != count or min(weights) < 0 or abs(sum(weights) - count) > 1e-9 * count:
                raise ValueError(f"{name} {weights}: give {count} weights of 0 or more with mean 1")
        if not -1 < self.growth_per_year < np.inf:
            raise ValueError(f"growth_per_year {self.growth_per_year}: give more than -1")


VOICE = Rhythm(by_hour=VOICE_BY_HOUR)
DATA = Rhythm(by_hour=DATA_BY_HOUR)


def factor(rhythm: Rhythm, at_ms: int | Ints, utc_offset_ms: int | Ints) -> Floats:
    """What to multiply a mean load with at each instant: hour × weekday × growth; constant within a local hour.

    ``at_ms``: since the Unix epoch, UTC; ``utc_offset_ms``: local time minus UTC there; the two broadcast.
    """
    local_hour = (np.asarray(at_ms, dtype=np.int64) + utc_offset_ms) // HOUR_MS
    weekday = (local_hour // _HOURS + _EPOCH_WEEKDAY) % _DAYS
    years = (local_hour * HOUR_MS - utc_offset_ms - rhythm.since_ms) / YEAR_MS
    shape = np.asarray(rhythm.by_hour)[local_hour % _HOURS] * np.asarray(rhythm.by_weekday)[weekday]
    return np.asarray(shape * (1.0 + rhythm.growth_per_year) ** years, dtype=np.float64)


def next_change_ms(at_ms: int, utc_offset_ms: int) -> int:
    """When the local hour that holds ``at_ms`` is over: until then ``factor`` stays; always after ``at_ms``."""
    return at_ms + HOUR_MS - (at_ms + utc_offset_ms) % HOUR_MS
