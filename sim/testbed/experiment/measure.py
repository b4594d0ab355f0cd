"""What a week of faults says of the OSS: how often right, how soon, with how many tests and visits, at whose cost."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from ossbss.contract.units import MINUTE_MS
from ossbss.oss.fault.runbooks import RUNBOOKS
from sim.testbed.disturbance import interrupted_s
from sim.testbed.scorecard import believed, fault_scores
from sim.testbed.view import RunView

PATIENCE_MS = 5 * MINUTE_MS
"""What is said of a fault that ended so long ago counts as said of it: alarms, windows and looks take their time."""


@dataclass(frozen=True)
class FaultOutcome:
    """One true fault. ``named_ms``, ``known_ms``: from its begin until an incident named it, until an alarm or a
    report spoke of it; None: never while it lasted. ``lasted_ms`` None: it goes on."""

    target: str
    lasted_ms: int | None
    known_ms: int | None
    named_ms: int | None


@dataclass(frozen=True)
class WeekOutcome:
    """``named``, ``right``: incidents for which a cause was believed in the end, and those whose cause was a true fault
    while they were open. ``disturbed_s``, ``harmed_s``: service-seconds that tests and acts took."""

    faults: tuple[FaultOutcome, ...]
    named: int
    right: int
    tests: int
    test_cost_milli: int
    dispatches: int
    remote_acts: int
    disturbed_s: float
    harmed_s: float


REMOTE = tuple(book.kind for book in RUNBOOKS)


@dataclass(frozen=True)
class _Belief:
    """What an incident said was wrong, from ``at_ms`` on; it began at ``began_ms``."""

    incident_id: str
    at_ms: int
    began_ms: int
    names: frozenset[str]


def outcome_of(view: RunView) -> WeekOutcome:
    """Belief against truth, fault by fault and incident by incident."""
    beliefs = list(_beliefs(view))
    faults = list(view.truth("fault").select("subject", "at_ms", "until_ms").iter_rows())
    last = {belief.incident_id: belief for belief in beliefs}
    actions, tests, known = view.tables["actions"], view.tables["tests"], _known_ms(view)
    return WeekOutcome(
        faults=tuple(_outcome(target, at_ms, until_ms, beliefs, known) for target, at_ms, until_ms in faults),
        named=len(last),
        right=sum(_is_right(belief, faults) for belief in last.values()),
        tests=tests.height,
        test_cost_milli=int(tests["cost_milli"].sum()),
        dispatches=actions.filter(pl.col("kind").is_in(["dispatch", "partner_ticket"])).height,
        remote_acts=actions.filter(pl.col("kind").is_in(REMOTE)).height,
        disturbed_s=interrupted_s(view, "test"),
        harmed_s=interrupted_s(view, "command"),
    )


def _beliefs(view: RunView) -> Iterator[_Belief]:
    """Every time that an incident named a cause, in order; those that look alike count as named."""
    told = view.tables["journal"].filter(pl.col("kind").str.starts_with("incident."))
    for at_ms, subject, text in told.select("at_ms", "subject", "body").iter_rows():
        body = json.loads(text)
        names = believed({**body, "equivalents": json.dumps(body["equivalents"])})
        if names:
            yield _Belief(subject, at_ms, body["occurred_ms"], frozenset(names))


def _known_ms(view: RunView) -> dict[tuple[str, int], int | None]:
    return {(score.target, score.at_ms): score.first_known_ms for score in fault_scores(view)}


def _outcome(
    target: str, at_ms: int, until_ms: int | None, beliefs: list[_Belief], known: dict[tuple[str, int], int | None]
) -> FaultOutcome:
    named = (b.at_ms for b in beliefs if target in b.names and at_ms <= b.at_ms <= _end(until_ms))
    first, named_ms = known[target, at_ms], min(named, default=None)
    return FaultOutcome(
        target=target,
        lasted_ms=None if until_ms is None else until_ms - at_ms,
        known_ms=None if first is None else first - at_ms,
        named_ms=None if named_ms is None else named_ms - at_ms,
    )


def _is_right(belief: _Belief, faults: list[tuple[str, int, int | None]]) -> bool:
    """Whether one of what it names had really failed at some time between its begin and its last word."""
    return any(
        target in belief.names and at_ms <= belief.at_ms and _end(until_ms) >= belief.began_ms
        for target, at_ms, until_ms in faults
    )


def _end(until_ms: int | None) -> float:
    """The OSS learns of an end a little later."""
    return float("inf") if until_ms is None else until_ms + PATIENCE_MS


@dataclass(frozen=True)
class Summary:
    """Of many weeks. Shares in thousandths, times in ms (of detection: of what was named in the end); ``per_fault``: of
    tests, their cost (technician's minutes), dispatches and acts from afar."""

    weeks: int
    faults: int
    precision_milli: int
    recall_milli: int
    detected_median_ms: int
    detected_p95_ms: int
    named_median_ms: int
    lasted_median_ms: int
    lasted_mean_ms: int
    tests_per_fault: float
    test_minutes_per_fault: float
    dispatches_per_fault: float
    remote_acts_per_fault: float
    disturbed_s: float
    harmed_s: float


def summary(outcomes: Iterable[WeekOutcome]) -> Summary:
    """ValueError where there are no faults at all."""
    found = list(outcomes)
    faults = [fault for outcome in found for fault in outcome.faults]
    if not faults:
        raise ValueError("no faults to measure")
    named = [f.named_ms for f in faults if f.named_ms is not None]
    detected = [min(f.named_ms, f.known_ms or f.named_ms) for f in faults if f.named_ms is not None]
    lasted = [f.lasted_ms for f in faults if f.lasted_ms is not None]
    each = len(faults)
    return Summary(
        weeks=len(found),
        faults=each,
        precision_milli=round(1000 * sum(o.right for o in found) / max(1, sum(o.named for o in found))),
        recall_milli=round(1000 * len(named) / each),
        detected_median_ms=_quantile(detected, 0.5),
        detected_p95_ms=_quantile(detected, 0.95),
        named_median_ms=_quantile(named, 0.5),
        lasted_median_ms=_quantile(lasted, 0.5),
        lasted_mean_ms=round(float(np.mean(lasted))) if lasted else 0,
        tests_per_fault=sum(o.tests for o in found) / each,
        test_minutes_per_fault=sum(o.test_cost_milli for o in found) / 1000 / each,
        dispatches_per_fault=sum(o.dispatches for o in found) / each,
        remote_acts_per_fault=sum(o.remote_acts for o in found) / each,
        disturbed_s=sum(o.disturbed_s for o in found),
        harmed_s=sum(o.harmed_s for o in found),
    )


def _quantile(values: list[int], share: float) -> int:
    return round(float(np.quantile(values, share))) if values else 0
