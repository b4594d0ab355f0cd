"""What failed? The port that every diagnosis method fills, and set cover as the method used now.

Set cover for alarm correlation: explain all alarms with as few failures as possible (Katzela and Schwartz,
"Schemes for fault identification in communication networks", IEEE/ACM Transactions on Networking 3(6), 1995).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ossbss.oss.fault.records import Cause
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.policy import OperationsPolicy


@dataclass(frozen=True)
class Diagnosis:
    causes: tuple[Cause, ...]
    unexplained: frozenset[Identity]


class RootCauseFinder(Protocol):
    """Any method of diagnosis: alarms now present, what each failure would raise, what is ruled out."""

    def find(
        self,
        present: frozenset[Identity],
        footprints: Mapping[str, frozenset[Identity]],
        ruled_out: frozenset[str],
        policy: OperationsPolicy,
    ) -> Diagnosis: ...


class SetCover:
    """Greedy set cover: take the failure that explains most and misses least, until nothing is explained.

    ``footprints`` comes in order of preference; of two equal explanations the earlier is named and the
    later listed as its equivalent.
    """

    def find(
        self,
        present: frozenset[Identity],
        footprints: Mapping[str, frozenset[Identity]],
        ruled_out: frozenset[str],
        policy: OperationsPolicy,
    ) -> Diagnosis:
        open_alarms, causes = present, []
        candidates = {r: f for r, f in footprints.items() if r not in ruled_out and f & present}
        while cause := self._best(open_alarms, present, candidates, policy.absent_symptom_weight_milli):
            causes.append(cause)
            open_alarms -= footprints[cause.resource]
        return Diagnosis(tuple(causes), open_alarms)

    @staticmethod
    def _best(
        open_alarms: frozenset[Identity],
        present: frozenset[Identity],
        candidates: Mapping[str, frozenset[Identity]],
        absent_milli: int,
    ) -> Cause | None:
        def worth(resource: str) -> int:
            expected = candidates[resource]
            return 1000 * len(expected & open_alarms) - absent_milli * len(expected - present)

        useful = [r for r in candidates if candidates[r] & open_alarms]
        if not useful:
            return None
        best = max(useful, key=worth)
        expected = candidates[best]
        twins = tuple(r for r in useful if r != best and candidates[r] == expected)
        return Cause(best, twins, expected & open_alarms, expected - present)
