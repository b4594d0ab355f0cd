"""From what was weighed to what is said: causes with those that look alike, how sure, and what stays unexplained."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ossbss.oss.fault.cause.beliefs import CandidateKind
from ossbss.oss.fault.cause.scoring import Scored, Scoring, State
from ossbss.oss.fault.symptoms import Identity


@dataclass(frozen=True)
class Named:
    """A believed failure of some kind. ``alternatives``: what would look the same in its place, the likeliest first;
    ``probability``: that it or one of them has failed, None of a method that does not know; ``margin``: log odds
    (natural) against the best explanation without any of them; ``explains``, ``absent``: alarms that it causes and that
    were heard, or not; ``rivals``: (candidate, its kind, share) of all that may stand in its place beside the other
    failures, itself included, the likeliest first; without a name: nothing at all; ``complaints``: services whose
    complaints it explains."""

    resource: str
    kind: CandidateKind
    alternatives: tuple[str, ...]
    probability: float | None
    margin: float | None
    explains: frozenset[Identity]
    absent: frozenset[Identity]
    rivals: tuple[tuple[str, str, float], ...] = ()
    complaints: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Answer:
    """``failed`` by probability; ``probability``: that exactly these have failed; ``unexplained``: active alarms that
    none of them raises; ``doubts``: links that failed with a duct in which the inventory does not have them, and
    services that failed though the inventory has them elsewhere: it may be out of date there."""

    failed: tuple[Named, ...]
    probability: float
    unexplained: tuple[Identity, ...]
    doubts: tuple[str, ...] = ()


def answer(scoring: Scoring, best: Scored) -> Answer:
    """What the best state says beyond what was given, each part weighed against all states that were looked at."""
    seen = list(scoring.seen.values())
    logs = np.array([scored.log for scored in seen]) / scoring.beliefs.temper
    weights = np.exp(logs - logs.max())
    weights /= weights.sum()
    alone, tied = scoring.parts(best.state)
    named = [_named(scoring, best, c, seen, weights) for c in alone if c not in scoring.given]
    alike = sum(w for scored, w in zip(seen, weights, strict=True) if scored.look == best.look)
    numbers, evidence = scoring.model.numbers, scoring.evidence
    rest = np.delete(evidence.alarms, np.concatenate([best.explained, best.astray]))
    services = sorted({numbers.symptoms[s][0] for s in evidence.alarms[best.astray].tolist()})
    unexplained = (*(numbers.symptoms[s] for s in rest.tolist()), *evidence.foreign)
    failed = tuple(sorted(named, key=lambda n: (-(n.probability or 0), n.resource)))
    return Answer(failed, float(alike), unexplained, (*(numbers.candidates[link] for link in tied), *services))


def _named(scoring: Scoring, best: Scored, c: int, seen: list[Scored], weights: NDArray[np.float64]) -> Named:
    numbers = scoring.model.numbers
    names = numbers.candidates
    others = _alike(best, c, seen, len(names))
    alike = {c, *others}
    with_it = np.array([not alike.isdisjoint(scored.state) for scored in seen])
    against = max((s.log for s, is_in in zip(seen, with_it, strict=True) if not is_in), default=-np.inf)
    heard, expected = _own(scoring, best, c)
    return Named(
        resource=names[c],
        kind=numbers.kinds[c],
        alternatives=tuple(name for name in dict.fromkeys(names[other] for other in others) if name != names[c]),
        probability=min(1.0, float(weights[with_it].sum())),
        margin=float(best.log - against),
        explains=frozenset(heard),
        absent=frozenset(expected) - frozenset(heard),
        rivals=_rivals(scoring, best.state - {c}, c, seen, weights),
        complaints=frozenset(numbers.services[s] for s in scoring.complaints(c).tolist()),
    )


def _rivals(
    scoring: Scoring, others: State, c: int, seen: list[Scored], weights: NDArray[np.float64]
) -> tuple[tuple[str, str, float], ...]:
    """What may stand in the place of ``c``, beside the others: by all states that were looked at and have these."""
    shares: dict[int | None, float] = {}
    for scored, weight in zip(seen, weights, strict=True):
        alone, _ = scoring.parts(scored.state - others)
        if others <= scored.state and (c in alone or len(alone) <= 1):
            one = c if c in alone else next(iter(alone), None)
            shares[one] = shares.get(one, 0.0) + float(weight)
    total, numbers = sum(shares.values()), scoring.model.numbers
    ranked = sorted(shares.items(), key=lambda entry: (-entry[1], entry[0] is None, entry[0] or 0))
    names = [("", "") if one is None else (numbers.candidates[one], numbers.kinds[one]) for one, _ in ranked]
    return tuple((*name, share / total) for name, (_, share) in zip(names, ranked[:RIVALS], strict=False))


RIVALS = 12
"""So many rivals are named (assumption: what is less likely is worth no test)."""


def _alike(best: Scored, c: int, seen: list[Scored], count: int) -> list[int]:
    """Candidates that in the place of ``c`` would make exactly the same be seen, the likeliest first."""
    rest: State = best.state - {c}
    alike = (s for s in seen if s.look == best.look and s.state != best.state)
    swaps = [s for s in alike if len(s.state) == len(best.state) and rest < s.state]
    others = (next(iter(s.state - rest)) for s in sorted(swaps, key=lambda s: -s.log))
    return [other for other in others if other < count]


def _own(scoring: Scoring, best: Scored, c: int) -> tuple[list[Identity], list[Identity]]:
    """(alarms that are explained and that this candidate causes alone, all that it would cause beside the others)"""
    symptoms, numbers = scoring.footprints.symptoms(c), scoring.model.numbers
    heard = set(scoring.evidence.alarms[best.explained].tolist())
    causes = best.effect.expected | best.effect.possible
    return (
        [numbers.symptoms[s] for s in symptoms.tolist() if s in heard and causes[s]],
        [numbers.symptoms[s] for s in symptoms.tolist() if best.effect.expected[s]],
    )
