"""How likely is each thing that may be wrong, before and after a test? Weights of hypotheses, adding up to one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ossbss.oss.fault.hypothesis import NOTHING_WRONG, Effects, Hypothesis, Mode
from ossbss.oss.fault.test_catalogue import UNKNOWN, ActiveTest, Outcome, expected, refutes
from ossbss.oss.inventory import Inventory

Suspect = tuple[str, str, float]
"""(resource, kind of candidate, share of the probability); an empty resource: nothing has failed."""
Weights = Mapping[Hypothesis, float]

MOST = 10
"""So many hypotheses are kept, the likeliest (assumption: further ones are worth no test)."""
SURPRISE = 0.02
"""Chance that a test shows what cannot be: a wrong inventory, an element that errs (assumption)."""
BESIDE = 0.1
"""Chance that a test shows something that another failure beside this one has brought about (assumption)."""
NOTHING = 0.01
"""Weight of "nothing is wrong (any more)" beside all else, at least (assumption)."""
MODES: Mapping[str, tuple[tuple[Mode, float], ...]] = {
    "link": (("failed", 0.9), ("shut", 0.1)),
    "card": (("failed", 0.95), ("shut", 0.05)),
    "node": (("failed", 0.9), ("shut", 0.1)),
    "mains": (("mains", 1.0),),
    "routing": (("isolated", 1.0),),
    "lossy": (("lossy", 1.0),),
}
"""Kind of candidate → in which ways it may have come about that it looks so; not named: it has failed. Closed ports
look like a failure from afar; their share is an assumption."""


@dataclass(frozen=True, eq=False)
class Suspicion:
    """``weights`` of the hypotheses, the likeliest first; what each would do is worked out when it is asked.
    ``refuted``: those that cannot be true by what was seen, whatever else has failed."""

    weights: Weights
    effects: Mapping[Hypothesis, Effects]
    refuted: frozenset[Hypothesis] = frozenset()

    @property
    def top(self) -> Hypothesis:
        return next(iter(self.weights))

    def of(self, resource: str) -> float:
        """Weight of everything that may be wrong with a resource."""
        return sum(weight for h, weight in self.weights.items() if h.resource == resource)

    def is_refuted(self, resource: str) -> bool:
        """Whether nothing that may be wrong with it can be true."""
        return all(h in self.refuted for h in self.weights if h.resource == resource)

    def after(self, test: ActiveTest, seen: Outcome) -> "Suspicion":
        """A test has shown this. What a hypothesis does not expect may still be the work of something else."""
        if seen == UNKNOWN:
            return self
        wanted = {h: expected(test, self.effects[h]) for h in self.weights}
        refuted = frozenset(h for h, outcome in wanted.items() if refutes(seen, outcome))
        if seen in wanted.values() and wanted[NOTHING_WRONG] != seen:
            refuted |= {NOTHING_WRONG}
        fits = {h: 1 - SURPRISE if outcome == seen else SURPRISE if h in refuted else BESIDE
                for h, outcome in wanted.items()}  # fmt: skip
        moved = _sorted({h: weight * fits[h] for h, weight in self.weights.items()})
        return Suspicion(moved, self.effects, self.refuted | refuted)


def suspicion(suspects: Iterable[Suspect], inventory: Inventory) -> Suspicion:
    """What diagnosis suspects, each in all ways in which it may have failed. No suspects: nothing is wrong."""
    weights: dict[Hypothesis, float] = {NOTHING_WRONG: NOTHING}
    for resource, kind, share in suspects:
        for mode, part in MODES.get(kind, (("failed", 1.0),)) if resource else (("failed", 1.0),):
            hypothesis = Hypothesis(resource, mode)
            weights[hypothesis] = weights.get(hypothesis, 0.0) + share * part
    kept = dict(sorted(weights.items(), key=_rank)[:MOST]) | {NOTHING_WRONG: weights[NOTHING_WRONG]}
    return Suspicion(_sorted(kept), {h: Effects(h, inventory) for h in kept})


def _sorted(weights: Weights) -> Weights:
    total = sum(weights.values())
    return {h: weight / total for h, weight in sorted(weights.items(), key=_rank)}


def _rank(entry: tuple[Hypothesis, float]) -> tuple[float, str, str]:
    hypothesis, weight = entry
    return -weight, hypothesis.resource, hypothesis.mode
