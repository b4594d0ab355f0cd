"""What failed? The model of one inventory, built once, and the diagnosis of any number of windows against it."""

from collections.abc import Iterable

from ossbss.oss.fault.cause.answer import Answer, answer
from ossbss.oss.fault.cause.beliefs import Beliefs
from ossbss.oss.fault.cause.evidence import AlarmRecord, evidence_of
from ossbss.oss.fault.cause.footprints import Footprints
from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.cause.numbering import number
from ossbss.oss.fault.cause.scoring import Scoring
from ossbss.oss.fault.cause.search import search
from ossbss.oss.inventory import Inventory


class Diagnostician:
    """Failures by the likelihood of all that they would have made heard together (DESIGN.md, decision 9).

    The model is that of Katzela and Schwartz (1995) with noise: each symptom of the failures is heard with some
    chance, each alarm may be false, what is out of reach says nothing.
    """

    def __init__(self, inventory: Inventory, beliefs: Beliefs | None = None, station_source: str | None = None) -> None:
        self.beliefs = beliefs or Beliefs()
        self.model = NetworkModel(number(inventory, station_source))
        self.footprints = Footprints(self.model, self.beliefs)

    def diagnose(
        self, records: Iterable[AlarmRecord], reports: Iterable[tuple[str, int]], span_ms: tuple[int, int]
    ) -> Answer:
        """``records`` in order of time; ``reports``: (service, time of the complaint); ``span_ms``: of the window."""
        evidence = evidence_of(self.model.numbers, records, reports, span_ms)
        scoring = Scoring(self.model, self.footprints, evidence, self.beliefs)
        return answer(scoring, search(scoring))
