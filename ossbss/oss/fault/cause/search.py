"""The most likely set of failures: add, drop or swap one until nothing is better, weighing all of them together."""

from collections.abc import Iterator

import numpy as np

from ossbss.oss.fault.cause.scoring import Scored, Scoring, State

WIDTH = 10
"""So many candidates are weighed exactly at each step; they are found by what each would explain on its own."""
STEPS = 30
_WORTH = {"alarm": 5.0, "complaint": 3.0}
_ABSENT = {"alarm": float(np.log(0.2)), "complaint": float(np.log(0.7))}
"""Roughly what one more alarm explained is worth, and one more missing costs; exact figures follow in scoring."""


def search(scoring: Scoring) -> Scored:
    """The best state that these moves lead to from what is given, which stays."""
    best = scoring.score(scoring.given)
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


def promising(scoring: Scoring, state: State) -> list[int]:
    """Candidates that beside these failures would explain most of what is not explained yet, the best first."""
    now, evidence, pool = scoring.score(state), scoring.evidence, scoring.pool
    worth = np.where(now.effect.told & ~now.effect.expected & scoring.clear, _ABSENT["alarm"], 0.0)
    worth[evidence.alarms] = _WORTH["alarm"]
    worth[evidence.alarms[now.explained]] = 0.0
    complaints = np.where(now.effect.suffering, 0.0, _ABSENT["complaint"])
    complaints[evidence.reports[~now.effect.suffering[evidence.reports]]] = _WORTH["complaint"]
    gains = pool.by_symptom @ worth + pool.by_service @ complaints + scoring.prior[pool.candidates]
    alone, tied = scoring.parts(state)
    gains[np.isin(pool.candidates, [*alone, *tied])] = -np.inf
    order = np.argsort(-gains, kind="stable")[:WIDTH]
    return [int(pool.candidates[place]) for place in order if np.isfinite(gains[place])]
