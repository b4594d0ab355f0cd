"""What failed? The model of one inventory, built once, and the diagnosis of any number of cases against it."""

from ossbss.oss.fault.cause.answer import Answer, answer
from ossbss.oss.fault.cause.beliefs import UNSEEN, Beliefs
from ossbss.oss.fault.cause.evidence import Evidence, evidence_of
from ossbss.oss.fault.cause.footprints import Footprints, Pool
from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.cause.numbering import number
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.fault.cause.scoring import Scoring
from ossbss.oss.fault.cause.search import search
from ossbss.oss.fault.symptom_model import SymptomModel
from ossbss.oss.inventory import Inventory


class Diagnostician:
    """Failures by the likelihood of all that they would have made heard together (DESIGN.md, decision 9).

    The model is that of Katzela and Schwartz (1995) with noise: each symptom of the failures is heard with some
    chance, each alarm may be false, what is out of reach says nothing.
    """

    def __init__(
        self,
        inventory: Inventory,
        beliefs: Beliefs | None = None,
        station_source: str | None = None,
        suspect_all: bool = True,
    ) -> None:
        """``suspect_all``: weigh every candidate, worked out beforehand; else only those that some alarm speaks of,
        worked out when it does: for large networks that rarely fail."""
        self.beliefs = beliefs or Beliefs()
        unseen = [kind for kind in UNSEEN if self.beliefs.names(kind)]
        model = NetworkModel(number(inventory, station_source, unseen), self.beliefs.discards)
        self.footprints = Footprints(model, self.beliefs)
        self.symptoms = SymptomModel(inventory, self.footprints)
        self.suspect_all = suspect_all
        if suspect_all:
            self.footprints.pool()

    def diagnose(self, case: Case) -> Answer:
        """The likeliest failures beside those that are known."""
        numbers = self.footprints.model.numbers
        evidence = evidence_of(numbers, case.records, case.reports, case.span_ms, self.beliefs.names("manager"))
        pool, ruled_out = self._pool(evidence), numbers.called(case.ruled_out)
        certain = [numbers.symptom_no[alarm] for alarm in case.certain & numbers.symptom_no.keys()]
        working = [numbers.service_no[service] for service in case.working & numbers.service_no.keys()]
        scoring = Scoring(self.footprints, evidence, self.beliefs, pool, ruled_out, certain, working)
        scoring.give(case.known, case.kinds)
        return answer(scoring, search(scoring))

    def _pool(self, evidence: Evidence) -> Pool:
        if self.suspect_all:
            return self.footprints.pool()
        return self.footprints.pool(self.symptoms.suspects(evidence.alarms.tolist(), evidence.reports.tolist()))
