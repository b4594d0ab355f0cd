"""What one line wants and when, drawn one session at a time from the stream of the line and class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from ossbss.contract.units import DAY_MS, HOUR_MS
from sim.world.people.habits import DATA_BY_HOUR, VOICE_BY_HOUR, Habits

SHORTEST_MS = 1_000
"""No call and no data session is shorter."""
_BLOCK = 32
"""Random numbers fetched from a stream at a time: NumPy's single draws are slow."""


@dataclass(frozen=True)
class Day:
    """The time played: from ``starts_ms`` to ``ends_ms``, on a local clock ``utc_offset_ms`` ahead of UTC."""

    starts_ms: int
    ends_ms: int
    utc_offset_ms: int = 0


@dataclass(frozen=True)
class Wish:
    """A session as its line wants it: ``requested`` in ms, messages or octets."""

    kind: str
    requested: float
    lasts_ms: float
    answer: str = "answered"


def rhythm(kind: str, habits: Habits) -> tuple[float, Sequence[float]]:
    """Sessions a day of one line, and the weight of each local hour."""
    if kind == "data":
        return habits.sessions_per_day, DATA_BY_HOUR
    per_day = {"voice": habits.calls_per_day, "sms": habits.sms_per_day, "emergency": habits.emergency_calls_per_day}
    return per_day[kind], VOICE_BY_HOUR


def starts(day: Day, per_day: float, weights: Sequence[float], luck: np.random.Generator) -> Iterator[float]:
    """Instants (ms) of a Poisson process of rate per_day × weight(hour) ÷ 24 h: candidates of the busiest hour's rate,
    each kept with the weight of its hour over the largest."""
    largest = max(weights)
    if per_day == 0 or largest == 0:
        return
    gap_ms, at_ms = DAY_MS / (per_day * largest), float(day.starts_ms)
    for wait, mark in zip(_exponentials(luck), _uniforms(luck), strict=True):
        at_ms += wait * gap_ms
        if at_ms >= day.ends_ms:
            return
        if mark * largest < weights[int((at_ms + day.utc_offset_ms) % DAY_MS // HOUR_MS)]:
            yield at_ms


def _calls(octets: float, habits: Habits, luck: np.random.Generator) -> Iterator[Wish]:
    busy, unanswered = habits.busy_share, habits.busy_share + habits.unanswered_share
    for mark in _uniforms(luck):
        answer = "busy" if mark < busy else "unanswered" if mark < unanswered else "answered"
        length_ms = max(SHORTEST_MS, luck.lognormal(log(habits.call_median_ms), habits.call_sigma))
        yield Wish("voice", length_ms, length_ms, answer)


def _emergencies(octets: float, habits: Habits, luck: np.random.Generator) -> Iterator[Wish]:
    while True:
        length_ms = max(SHORTEST_MS, luck.lognormal(log(habits.call_median_ms), habits.call_sigma))
        yield Wish("emergency", length_ms, length_ms)


def _messages(octets: float, habits: Habits, luck: np.random.Generator) -> Iterator[Wish]:
    while True:
        yield Wish("sms", 1, 0)


def _data(octets: float, habits: Habits, luck: np.random.Generator) -> Iterator[Wish]:
    mean_octets = octets / habits.sessions_per_day
    draws = _exponentials(luck)
    for volume in draws:
        yield Wish("data", volume * mean_octets, max(SHORTEST_MS, next(draws) * habits.session_mean_ms))


WISHES = {"voice": _calls, "sms": _messages, "data": _data, "emergency": _emergencies}


def _exponentials(luck: np.random.Generator) -> Iterator[float]:
    while True:
        yield from luck.standard_exponential(_BLOCK).tolist()


def _uniforms(luck: np.random.Generator) -> Iterator[float]:
    while True:
        yield from luck.random(_BLOCK).tolist()
