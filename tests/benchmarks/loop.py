"""A day of the whole loop beside the same day of the same lines session by session, without OSS and BSS.

The loop: world, OSS and BSS of the shipped fibre cut, from the first hour to the bills. The sessions: the oracle of
``tests.oracle``, with the outages that the loop had. The batches: the loop's own usage model alone, so that the
price of OSS and BSS shows. All three give what became of every attempt in one table (that of the sessions is the
narrowest: no ids, no zones). Composing is timed by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

import polars as pl

from ossbss.contract.units import DAY_MS
from sim import Scenario
from sim.testbed.compose import Composed, compose
from sim.world.streams import Streams
from tests.benchmarks.harness import Result, interleaved
from tests.oracle import session_model
from tests.oracle.rivals import batch
from tests.oracle.session_model import Outages
from tests.oracle.wishes import Day

LINES = 10_000
"""as the shipped scenario has"""


@dataclass(frozen=True)
class Case:
    """What all rivals share: the scenario, its lines, and the outages they meet."""

    scenario: Scenario
    lines: pl.DataFrame
    outages: Outages
    day: Day

    def composed(self) -> Callable[[], object]:
        ready = compose(self.scenario)
        return lambda: play(ready, self.day)

    def by_session(self) -> Callable[[], object]:
        return lambda: session_model.play(self.lines, self.outages, self.day, self.habits, self.streams)

    def in_batches(self) -> Callable[[], object]:
        return lambda: batch(self.lines, self.outages, self.day, self.habits, self.streams)

    @property
    def habits(self):
        return self.scenario.spec.population.habits

    @property
    def streams(self) -> Streams:
        return Streams(self.scenario.seed)


def play(composed: Composed, day: Day) -> pl.DataFrame:
    """Let the day pass and close the books; every attempt."""
    composed.exchange.start()
    composed.env.run(until=day.ends_ms + 1)
    composed.bss.close_cycle_early(day.ends_ms)
    return composed.world.traffic.table()


def measure(repetitions: int, lines: int = LINES, hours: int = 24) -> Result:
    scenario = Scenario.load(
        "fibre-cut", overrides={"population.subscribers": lines, "lasts": f"{hours} h", "timeline.0.at": f"{hours - 5} h"}
    )
    composing = perf_counter()
    first = compose(scenario)
    compose_s = perf_counter() - composing
    day = Day(scenario.spec.starts_ms, scenario.spec.ends_ms, first.world.traffic.plan.utc_offset_ms)
    attempts = play(first, day).height
    case = Case(scenario, first.lines, closed(first, day), day)
    seconds = interleaved(
        {"loop": case.composed, "sessions": case.by_session, "batches": case.in_batches}, repetitions
    )
    return result(case, attempts, first.oss.tables()["usage"].height, seconds, compose_s, repetitions)


def closed(composed: Composed, day: Day) -> Outages:
    """The outages that the loop had, those still going on until the end."""
    spans = composed.world.plant.outages.items()
    return {cell: [(down, day.ends_ms if up is None else up) for down, up in of] for cell, of in spans}


def result(
    case: Case, attempts: int, records: int, seconds: dict[str, float], compose_s: float, repetitions: int
) -> Result:
    days = case.lines.height * (case.day.ends_ms - case.day.starts_ms) / DAY_MS
    per_second = {f"{rival}_subscriber_days_per_s": days / taken for rival, taken in seconds.items()}
    figures = {
        "subscriber_days": days, "attempts": attempts, "usage_records": records, "compose_s": compose_s,
        **{f"{rival}_s": taken for rival, taken in seconds.items()}, **per_second,
        "loop_usage_records_per_s": records / seconds["loop"],
    }  # fmt: skip
    ratios = {
        "loop_over_sessions_speed": seconds["sessions"] / seconds["loop"],
        "batches_over_sessions_speed": seconds["sessions"] / seconds["batches"],
    }
    return Result("loop", figures, ratios, repetitions)
