"""What is believed before anything is heard: how often what fails, how surely and soon it is told, how much is false.

The defaults are those of the public benchmark (FORMAT.md, "Symptom model"): its delays, its kinds of faults "with about
equal weight", its faults "at most four minutes apart". Rates that it does not give are broad (assumptions).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SymptomKind = Literal["signal", "card", "contact", "power", "manager", "service", "site", "loss", "errors", "idle"]
CandidateKind = Literal[
    "link", "duct", "card", "node", "site", "power", "manager", "mains", "routing", "lossy", "cell"
]
"""What may have failed: ``routing``: that of a node is cut off by its configuration; ``lossy``: a link is up and loses
packets; ``cell``: a cell is up and carries nothing; ``mains``: a site lives on its stores."""
UNSEEN: tuple[CandidateKind, ...] = ("routing", "lossy", "cell")
"""Of these no port tells. Where none of them may be named the model does without them altogether."""


DAY_S = 86_400.0


@dataclass(frozen=True)
class Beliefs:
    """Times in s. A pair of a rate is (a, b) of a Beta distribution, a pair of a count (shape, rate) of a Gamma one."""

    faults: float = 1.5
    """expected in a window"""
    share: Mapping[CandidateKind, float] = field(default_factory=lambda: {
        "link": 1.0, "duct": 1.0, "card": 1.0, "node": 1.0, "site": 1.0, "power": 0.5, "manager": 0.0, "mains": 0.0,
    })  # fmt: skip
    """kind → its share of the faults; 0: it is never named"""
    odds: Mapping[CandidateKind, float] | None = None
    """kind → chance that a certain one of it has failed, in place of ``faults`` and ``share``"""
    delay_s: Mapping[SymptomKind, tuple[float, float]] = field(default_factory=lambda: {
        "signal": (0.1, 3.0), "card": (1.0, 6.0), "contact": (30.0, 120.0), "power": (0.0, 1.0),
        "manager": (0.0, 240.0), "service": (2.0, 20.0), "site": (-DAY_S, DAY_S), "loss": (0.0, 1_800.0),
        "errors": (0.0, 1_800.0), "idle": (0.0, 3_600.0),
    })  # fmt: skip
    """kind → (least, most) from failure to alarm; what a site tells of its power comes long before or long after,
    what is counted after two periods of 15 minutes, what is missed after an hour at most (assumptions)"""
    heard: tuple[float, float] = (8.0, 2.0)
    """the chance that a symptom is heard"""
    reported: tuple[float, float] = (3.0, 7.0)
    """the chance that somebody complains of a service that does not work"""
    false_alarms: tuple[float, float] = (1.0, 0.25)
    false_reports: tuple[float, float] = (0.5, 2.0)
    false_reports_per_s: float | None = None
    """of each service, in place of ``false_reports``: the more customers, the more complain without reason; then every
    complaint counts, not only the first about a service"""
    complains_again: float = 0.8
    """the chance that another complaint follows about a service that does not work (assumption)"""
    complains_again_falsely: float = 0.02
    """the same about one that works: somebody calls again (assumption)"""
    discards: bool = True
    """whether the station forgets the alarms of an element that it loses contact with"""
    late: float = 0.1
    """share of alarms that come later than their delay"""
    late_s: float = 60.0
    """by how much, on average"""
    complaint_s: tuple[float, float] = (20.0, 180.0)
    """least, and mean beyond it, from failure to complaint"""
    wrong_path: float = 0.03
    """share of services whose path is another one than the inventory's (assumption, for both)"""
    wrong_ends: float = 0.03
    """the same of services that find their own way, which an inventory has wrong by their ends alone (assumption)"""
    lies_there_too: float = 0.01
    """chance that a link lies in a duct though the inventory does not say so"""
    apart_s: float | None = 240.0
    """between failures of one window, at most; None: they have nothing to do with each other"""

    temper: float = 2.0
    """by how much log odds are cut when they become probabilities, for the model is not the truth; fitted on networks
    of its own (``sim.testbed.windows.trial``)"""

    def names(self, kind: CandidateKind) -> bool:
        """Whether a candidate of this kind may be named."""
        return (self.share if self.odds is None else self.odds).get(kind, 0.0) > 0
