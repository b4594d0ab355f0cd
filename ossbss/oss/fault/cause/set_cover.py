"""A baseline: explain all alarms with as few failures as possible, one after the other (greedy set cover).

Katzela and Schwartz, "Schemes for fault identification in communication networks", IEEE/ACM Transactions on Networking
3(6), 1995; by shared risk groups as in Kompella et al., "IP fault localization via risk modeling" (SCORE), NSDI 2005.
"""

from ossbss.oss.fault.cause.answer import Answer, Named
from ossbss.oss.fault.cause.beliefs import Beliefs
from ossbss.oss.fault.cause.evidence import evidence_of
from ossbss.oss.fault.cause.footprints import Footprints
from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.cause.numbering import number
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.fault.symptom_model import SymptomModel
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import Inventory

ABSENT = 0.5
"""What an expected but absent alarm counts against a cause, in alarms that are present (assumption)."""


class SetCover:
    """Takes the failure that explains most and misses least, until nothing more is explained; no probabilities."""

    def __init__(self, inventory: Inventory, station_source: str | None = None) -> None:
        model = NetworkModel(number(inventory, station_source))
        self.footprints = Footprints(model, Beliefs())
        self.numbers = model.numbers
        self.symptoms = SymptomModel(inventory, self.footprints)

    def diagnose(self, case: Case) -> Answer:
        """Of two equal explanations the earlier in the order of kinds is named, the later is its alternative."""
        evidence = evidence_of(self.numbers, case.records, (), case.span_ms, managers_fail=True)
        present = {self.numbers.symptoms[s] for s in evidence.alarms.tolist()}
        tellers = self.symptoms.suspects(evidence.alarms.tolist(), ())
        known = map(self.footprints.alarms, self.numbers.called(case.known))
        possible = (no for no in tellers if self.numbers.candidates[no] not in case.ruled_out)
        candidates = {no: self.footprints.alarms(no) for no in possible}
        open_ = present - set[Identity]().union(*known)
        found: list[Named] = []
        while (best := self._best(candidates, open_, present)) is not None:
            found.append(self._named(best, candidates, open_, present))
            open_ -= candidates.pop(best)
        return Answer(tuple(found), 0.0, (*sorted(open_), *evidence.foreign))

    @staticmethod
    def _best(candidates: dict[int, frozenset[Identity]], open_: set[Identity], present: set[Identity]) -> int | None:
        worth = {no: len(a & open_) - ABSENT * len(a - present) for no, a in candidates.items() if a & open_}
        return max(worth, key=lambda no: (worth[no], -no), default=None)

    def _named(
        self, best: int, candidates: dict[int, frozenset[Identity]], open_: set[Identity], present: set[Identity]
    ) -> Named:
        names, alarms = self.numbers.candidates, candidates[best]
        twins = tuple(names[no] for no, other in candidates.items() if no != best and other == alarms)
        heard, absent = frozenset(alarms & open_), frozenset(alarms - present)
        return Named(names[best], self.numbers.kinds[best], twins, None, None, heard, absent)
