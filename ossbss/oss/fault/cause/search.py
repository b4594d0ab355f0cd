"""The most likely set of failures: add, drop or swap one until nothing is better, weighing all of them together."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ossbss.oss.fault.cause.numbering import within
from ossbss.oss.fault.cause.scoring import Scored, Scoring, State

WIDTH = 10
"""So many candidates are weighed exactly at each step; they are found by what each would explain on its own."""
STEPS = 30
_WORTH = {"alarm": 5.0, "complaint": 3.0}
_ABSENT = {"alarm": float(np.log(0.2)), "complaint": float(np.log(0.7))}
"""Roughly what one more alarm explained is worth, and one more missing costs; exact figures follow in scoring."""


def search(scoring: Scoring) -> Scored:
    """The best state that these moves lead to from what is given, which stays.

    Loss beside another failure is easily laid at the door of one that would have taken more with it, and from which no
    single move leads to the two: where there are signs of that kind, the best of each kind is tried as the first.
    """
    starts = [scoring.score(scoring.given)]
    if (scoring.evidence.alarms >= scoring.model.numbers.places.loss.start).any():
        kinds, best = scoring.model.numbers.kinds, dict[str, Scored]()
        for c in promising(scoring, scoring.given):
            single = scoring.score(scoring.given | {c})
            best[kinds[c]] = max(single, best.get(kinds[c], single), key=lambda s: s.log)
        starts += best.values()
    return max((_climb(scoring, start) for start in starts), key=lambda s: s.log)


def _climb(scoring: Scoring, start: Scored) -> Scored:
    best = start
    for _ in range(STEPS):
        found = max((scoring.score(s) for s in _moves(scoring, best.state)), key=lambda s: s.log, default=best)
        if found.log <= best.log + 1e-9:
            return best
        best = found
    return best


def _moves(scoring: Scoring, state: State) -> Iterator[State]:
    yield from _grown(scoring, state)
    for old in sorted(state - scoring.given):
        rest = state - {old}
        if _holds(scoring, rest):
            yield rest
            yield from _grown(scoring, rest)


def _grown(scoring: Scoring, state: State) -> Iterator[State]:
    """One more failure, or one more link that failed with a duct of these."""
    numbers = scoring.model.numbers
    for c in promising(scoring, state):
        yield state | {c}
        if numbers.kinds[c] == "link" and _holds(scoring, state | {c + len(numbers.candidates)}):
            yield state | {c + len(numbers.candidates)}


def _holds(scoring: Scoring, state: State) -> bool:
    """Whether every link that is said to have failed with a duct has one."""
    alone, tied = scoring.parts(state)
    return not tied or any(scoring.model.numbers.kinds[c] == "duct" for c in alone)


def _left_to_loss(scoring: Scoring, now: Scored) -> int:
    """How many losses that nothing explains yet any lossy link might, being of services on ways not worked out."""
    loss, alarms = scoring.model.numbers.places.loss, np.delete(scoring.evidence.alarms, now.explained)
    return int(now.effect.detoured[alarms[within(alarms, loss)] - loss.start].sum())


def promising(scoring: Scoring, state: State) -> list[int]:
    """Candidates that beside these failures would explain most of what is not explained yet, the best first."""
    now, evidence, pool = scoring.score(state), scoring.evidence, scoring.pool
    worth = np.where(now.effect.told & ~now.effect.expected & scoring.clear, _ABSENT["alarm"], 0.0)
    heard = np.zeros(len(worth)) if pool.by_expected is not None else worth
    worth[evidence.alarms] = 0.0
    heard[evidence.alarms] = _WORTH["alarm"]
    heard[evidence.alarms[now.explained]] = 0.0
    complaints = np.where(now.effect.suffering, 0.0, _ABSENT["complaint"])
    complaints[evidence.reports[~now.effect.suffering[evidence.reports]]] = _WORTH["complaint"]
    absent = 0.0 if pool.by_expected is None else pool.by_expected @ worth
    gains = pool.by_symptom @ heard + absent + pool.by_service @ complaints + scoring.prior[pool.candidates]
    if scoring.lossy.any():
        gains[scoring.lossy[pool.candidates]] += _WORTH["alarm"] * _left_to_loss(scoring, now)
    alone, tied = scoring.parts(state)
    gains[np.isin(pool.candidates, [*alone, *tied])] = -np.inf
    order = _greatest(gains)
    return [int(pool.candidates[place]) for place in order if np.isfinite(gains[place])]


def _greatest(gains: NDArray[np.float64]) -> NDArray[np.int64]:
    """Where the WIDTH greatest stand, the greatest first; of equal ones the earlier."""
    least = np.partition(gains, -WIDTH)[-WIDTH] if len(gains) > WIDTH else -np.inf
    places = np.flatnonzero(gains >= least)
    return places[np.argsort(-gains[places], kind="stable")[:WIDTH]]
