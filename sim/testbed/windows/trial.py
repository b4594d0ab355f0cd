"""Diagnosis on trial: windows whose truth is known, answers right or wrong, and whether probabilities came true."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ossbss.contract.units import SECOND_MS
from ossbss.oss.fault.cause.answer import Answer
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.inventory import read_inventory
from sim.testbed.windows.networks import dressed_network, out_of_date
from sim.testbed.windows.symptoms import Symptoms
from sim.testbed.windows.windows import LENGTH_S, Regime, Window, draw_window
from sim.world.streams import Streams

MODES = ("in_band", "out_of_band")
HARD = Regime((2, 3), missing=0.3, spurious=0.2, late=0.1, silent_managers=1, leftovers=True, near=True)
REGIMES: Mapping[str, Regime] = {
    "one fault": Regime((1,)),
    "two, near each other": Regime((2,), near=True),
    "managers silent": Regime((1, 2), silent_managers=3),
    "no fault": Regime((0,), leftovers=True, chatter=True),
    "no fault, much noise": Regime((0,), missing=0.3, spurious=0.2, leftovers=True, chatter=True),
    "hard": HARD,
    "two, inventory out of date": Regime((2,), near=True),
    "hard, inventory out of date": HARD,
}
"""The kinds of windows of the public benchmark (FORMAT.md)."""
OUT_OF_DATE = "out of date"
CALIBRATED_ON = ("sndlib/geant", "sndlib/france")
"""The networks that the rates of ``Beliefs`` were chosen on; trials are on others."""
TRIED_ON = ("sndlib/polska", "sndlib/india35", "sndlib/norway", "sndlib/cost266", "sndlib/ta1", "sndlib/newyork")
BINS = 10


@dataclass(frozen=True)
class Outcome:
    """One window: how sure each named cause was and whether it was right, and which visible faults were not named."""

    regime: str
    named: tuple[tuple[float, bool], ...]
    missed: int

    @property
    def exact(self) -> bool:
        """Every visible fault is named, or what looks the same, and nothing else."""
        return not self.missed and all(right for _, right in self.named)


@dataclass(frozen=True)
class Bin:
    """Answers of about one probability: how many, how sure on average, what share was right."""

    answers: int
    said: float
    right: float


def outcomes(
    networks: Sequence[str], each: int, seed: int, told: Callable[[], object] = lambda: None
) -> Iterator[Outcome]:
    """``each``: windows of every regime on every network in both modes of management; ``told`` after each."""
    for key in networks:
        for mode in MODES:
            document = dressed_network(key, mode, seed)
            symptoms = Symptoms(document)
            current = Diagnostician(read_inventory(document))
            stale = Diagnostician(read_inventory(out_of_date(document, seed)))
            for name, regime in REGIMES.items():
                rng = Streams(seed).get(f"windows/{key}/{mode}/{name}")
                diagnostician = stale if OUT_OF_DATE in name else current
                for _ in range(each):
                    window = draw_window(symptoms, regime, rng)
                    yield judged(name, window, diagnosed(diagnostician, window))
                    told()


def diagnosed(diagnostician: Diagnostician, window: Window) -> Answer:
    """The answer to a window."""
    return diagnostician.diagnose(case_of(window))


def case_of(window: Window) -> Case:
    """A window as a case; its first second is instant 0."""
    records = [AlarmRecord(alarm, _ms(raised_s), None if cleared_s is None else _ms(cleared_s))
               for alarm, raised_s, cleared_s in window.alarms]  # fmt: skip
    reports = [(service, _ms(at_s)) for service, at_s in window.reports]
    return Case(records, reports, (0, _ms(LENGTH_S)))


def judged(regime: str, window: Window, answer: Answer) -> Outcome:
    """Each fault can be found once, by itself or by what looks the same."""
    left, named = list(window.failed), []
    for cause in answer.failed:
        found = [f for f in left if f == cause.resource] or [f for f in left if cause.resource in window.equivalents[f]]
        if found:
            left.remove(found[0])
        named.append((cause.probability or 0.0, bool(found)))
    return Outcome(regime, tuple(named), len(set(left) - set(window.hidden)))


def reliability(found: Sequence[Outcome]) -> list[Bin]:
    """Answers by probability, in BINS of equal width; empty bins are left out."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, right in (answer for outcome in found for answer in outcome.named):
        bins[min(BINS - 1, int(probability * BINS))].append((probability, right))
    return [
        Bin(len(b), sum(p for p, _ in b) / len(b), sum(right for _, right in b) / len(b)) for b in bins if b
    ]  # fmt: skip


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean distance of what was said from what came true (Naeini et al., AAAI 2015)."""
    return sum(b.answers * abs(b.said - b.right) for b in bins) / max(1, sum(b.answers for b in bins))


def _ms(seconds: float) -> int:
    return round(seconds * SECOND_MS)
