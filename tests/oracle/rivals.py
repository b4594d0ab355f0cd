"""Batch and oracle on the same lines and outages, replication by replication, and the interval of their difference.

Left out of both: sessions that start less than one mean holding time of their class after an outage of their cell
begins or ends (mean: of the class's law without interruption; calls 108 s, data 300 s; a message holds nothing, so
none is left out). A session that started before and is cut by the outage stays in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import exp, inf, sqrt

import numpy as np
import polars as pl

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from sim.world.people.habits import Habits
from sim.world.people.intents import draw_hour
from sim.world.people.subscribers import Community, settle
from sim.world.people.usage import attempts, cut
from sim.world.streams import Streams
from tests.oracle import session_model
from tests.oracle.session_model import Day, Outages

CLASSES = ("voice", "sms", "data", "emergency")
EAST_AFRICA = 3 * HOUR_MS
MIDNIGHT_MS = 1_714_942_800_000  # 2024-05-06T00:00+03:00
DAY = Day(MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS, EAST_AFRICA)
STUDENT_975 = {5: 2.776, 10: 2.262, 20: 2.093}
"""Replications → 97.5 % point of Student's t with one degree of freedom less (printed tables)."""


def _outages(*spans: tuple[int, int]) -> list[tuple[int, int]]:
    return [(MIDNIGHT_MS + down * MINUTE_MS, MIDNIGHT_MS + up * MINUTE_MS) for down, up in spans]


OUTAGES: Outages = {
    "cell-spotless": [],
    "cell-evening": _outages((17 * 60 + 50, 21 * 60 + 10)),
    "cell-flapping": _outages(*((hour * 60 + 50, hour * 60 + 75) for hour in range(1, 23, 2)), (1430, 1440)),
    "cell-brief": _outages(*((hour * 60 + 20, hour * 60 + 23) for hour in range(24))),
}
"""One long outage over the busy hours; many over the edge of an hour, one over the edge of the day; some shorter
than a data session."""


@dataclass(frozen=True)
class Interval:
    """95 % confidence interval of batch ÷ oracle − 1."""

    name: str
    low: float
    high: float

    def within(self, bound: float) -> bool:
        return -bound <= self.low and self.high <= bound

    def beyond(self, bound: float) -> bool:
        return self.high < -bound or self.low > bound

    def __str__(self) -> str:
        middle, half = 50 * (self.low + self.high), 50 * (self.high - self.low)
        return f"{self.name:16} {middle:+7.3f} % ± {half:5.3f} %"


def batch(lines: pl.DataFrame, outages: Outages, day: Day, habits: Habits, streams: Streams) -> pl.DataFrame:
    """ATTEMPT_COLUMNS of the product's batches, every hour of the day drawn and the whole day cut at its end."""
    places = {str(place[0]): of for place, of in lines.group_by("place_id", maintain_order=True)}
    everywhere = dict.fromkeys(places, habits)
    hours = [
        draw_hour(places, everywhere, hour, at_ms, (at_ms + day.utc_offset_ms) % DAY_MS // HOUR_MS, streams)
        for hour, at_ms in enumerate(range(day.starts_ms, day.ends_ms, HOUR_MS))
    ]
    return attempts(cut(pl.concat(hours), outages, day.ends_ms), day.ends_ms)


def mean_holding_ms(habits: Habits) -> dict[str, float]:
    call_ms = habits.call_median_ms * exp(habits.call_sigma**2 / 2)
    return {"voice": call_ms, "sms": 0, "data": habits.session_mean_ms, "emergency": call_ms}


def settled(sessions: pl.DataFrame, outages: Outages, habits: Habits) -> pl.DataFrame:
    """Without the sessions that start in the first mean holding time after a change of their cell."""
    holding = pl.col("class").replace_strict(mean_holding_ms(habits), return_dtype=pl.Float64)
    fresh = pl.lit(False)
    for cell, spans in outages.items():
        for change_ms in (instant for span in spans for instant in span):
            since = pl.col("started_ms") - change_ms
            fresh |= (pl.col("place_id") == cell) & (since >= 0) & (since < holding)
    return sessions.filter(~fresh)


def totals(sessions: pl.DataFrame) -> dict[str, float]:
    """Counts and volumes of a replication by class: attempts, served, dropped, and the share that was blocked."""
    of_class = sessions.group_by("class").agg(
        attempts=pl.len().cast(pl.Float64),
        served=pl.col("served").cast(pl.Float64).sum(),
        dropped=pl.col("dropped").sum().cast(pl.Float64),
        **{outcome: (pl.col("outcome") == outcome).sum().cast(pl.Float64)
           for outcome in ("blocked", "busy", "unanswered", "answered")},
    ).with_columns(pl.col("blocked") / pl.col("attempts"))  # fmt: skip
    flat = of_class.unpivot(index="class").select(pl.format("{} {}", "class", "variable"), "value")
    return dict(flat.iter_rows())


@dataclass(frozen=True)
class Contest:
    """How large: replications, lines of each, and how the oracle differs from the truth (nowhere by default)."""

    replications: int
    lines: int
    habits: Habits
    classes: Sequence[str] = CLASSES
    oracle_habits: Habits | None = None
    oracle_outages: Outages | None = None

    def play(self) -> Iterator[tuple[dict[str, float], dict[str, float]]]:
        """For each replication, with lines and luck of its own, the totals of batch and oracle."""
        for seed in range(self.replications):
            streams = Streams(seed)
            lines = settle([Community(tuple(OUTAGES), self.lines, {"postpay-s": 1}, self.habits)], streams.get)
            rival = session_model.play(
                lines, self.oracle_outages or OUTAGES, DAY, self.oracle_habits or self.habits, streams, self.classes
            )
            ours = batch(lines, OUTAGES, DAY, self.habits, streams).filter(pl.col("class").is_in(self.classes))
            yield totals(settled(ours, OUTAGES, self.habits)), totals(settled(rival, OUTAGES, self.habits))

    def intervals(self) -> dict[str, Interval]:
        pairs = list(self.play())
        names = [name for name in pairs[0][1] if any(rival[name] for _, rival in pairs)]
        return {n: difference(n, [ours[n] for ours, _ in pairs], [rival[n] for _, rival in pairs]) for n in names}


def difference(name: str, ours: Sequence[float], rivals: Sequence[float]) -> Interval:
    """Ratio estimator over replications, its variance by the delta method, Student's t."""
    a, b = np.array(ours), np.array(rivals)
    ratio = a.sum() / b.sum()
    error = sqrt(np.var(a - ratio * b, ddof=1) / len(a)) / b.mean()
    half = STUDENT_975[len(a)] * error
    return Interval(name, float(ratio - 1 - half), float(ratio - 1 + half))


def outside(intervals: Mapping[str, Interval], bounds: Mapping[str, float]) -> list[str]:
    """Print every interval beside its bound; those that do not lie wholly inside, in words.

    ``bounds``: class and figure, or figure alone, → bound; what has none is only printed.
    """
    found = []
    for name, interval in sorted(intervals.items()):
        bound = bounds.get(name, bounds.get(name.split()[1], inf))
        print(interval, f"  bound ± {bound:g}" if bound < inf else "")
        found += [] if interval.within(bound) else [f"{interval} not within ± {bound:g}"]
    return found
