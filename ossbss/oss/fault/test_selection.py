"""Which test next? The one that tells most for what it costs; none, where no answer would be worth its question."""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass
from math import log2

from ossbss.oss.fault.suspicion import Suspicion
from ossbss.oss.fault.test_candidates import candidates
from ossbss.oss.fault.test_catalogue import CATALOGUE, ActiveTest, expected, may_run
from ossbss.oss.inventory import Inventory

WRONG_VISIT_MILLI = CATALOGUE["visit"].cost_milli
"""What it costs to send a crew to the wrong place. A test that costs more than it may spare is not made."""
LEAST_BITS = 0.02
"""A test that is expected to tell less than this tells nothing (assumption)."""


@dataclass(frozen=True)
class Choice:
    """``bits``: by how much the test is expected to lessen what is not known (Shannon's entropy)."""

    test: ActiveTest
    bits: float


def choose(suspicion: Suspicion, inventory: Inventory, made: Set[ActiveTest], idle_links: Set[str]) -> Choice | None:
    """The test with most expected information per cost among those that could tell something and disturb nobody.

    ``made``: tests that were made already; ``idle_links``: those that carry nothing, so that an intrusive test on them
    takes nothing from anybody. Greedy selection by information per cost is within a constant factor of the best
    sequence (Golovin and Krause, "Adaptive submodularity", JAIR 42, 2011).
    """
    wrong = 1 - suspicion.weights[suspicion.top]
    unknown_bits = _entropy(suspicion.weights.values())
    best: Choice | None = None
    for test in _tests(suspicion, inventory):
        cost = test.terms.cost_milli
        if best is not None and unknown_bits / cost <= best.bits / best.test.terms.cost_milli:
            return best  # not even one that told all would be better; those that follow cost as much or more
        if test in made or cost > wrong * WRONG_VISIT_MILLI or not may_run(test, idle_links):
            continue
        bits = _information(test, suspicion)
        if bits >= LEAST_BITS and (best is None or bits / cost > best.bits / best.test.terms.cost_milli):
            best = Choice(test, bits)
    return best


def _tests(suspicion: Suspicion, inventory: Inventory) -> list[ActiveTest]:
    """All that touch a suspect and need nobody on the road, the cheapest first."""
    found = {test for h in suspicion.weights for test in candidates(h.resource, inventory) if test.method != "visit"}
    return sorted(found, key=lambda test: test.rank)


def _information(test: ActiveTest, suspicion: Suspicion) -> float:
    """Entropy of the outcome: all of what it tells, as each hypothesis expects one outcome."""
    shares: dict[str, float] = defaultdict(float)
    for hypothesis, weight in suspicion.weights.items():
        shares[expected(test, suspicion.effects[hypothesis])] += weight
    return _entropy(shares.values())


def _entropy(shares: Iterable[float]) -> float:
    return -sum(share * log2(share) for share in shares if share > 0)
