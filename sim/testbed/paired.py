"""Two policies, the same luck: the differences of a KPI between paired runs, seed by seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from sim.testbed.expect_schema import ClauseSpec
from sim.testbed.scenario import Scenario

Kpis = Mapping[str, Mapping[str, Any]]
"""KPI → {value, unit, meaning}, and a reason where the value is None."""


@dataclass(frozen=True)
class PairedSeries:
    """A KPI of a run and of its rival on the same seeds; ``values`` and ``others`` in the KPI's unit.

    ``undefined`` is the reason where the KPI has no value on some seed; there are no values then.
    """

    kpi: str
    unit: str
    rival: str
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    others: tuple[float, ...]
    undefined: str = ""

    @property
    def differences(self) -> tuple[float, ...]:
        """The run's minus the rival's, seed by seed."""
        return tuple(value - other for value, other in zip(self.values, self.others, strict=True))

    @property
    def mean(self) -> float:
        return fmean(self.differences)

    @property
    def interval_95(self) -> tuple[float, float]:
        """Student's interval of the mean difference (Law, Simulation Modeling and Analysis, 10.2: paired t)."""
        return mean_interval_95(self.differences)


def mean_interval_95(differences: Sequence[float]) -> tuple[float, float]:
    """95 % confidence interval of the mean of at least two independent values, by Student's t."""
    from scipy.stats import t as student  # noqa: PLC0415 - slow to import, needed by paired runs alone

    count = len(differences)
    half = float(student.ppf(0.975, count - 1)) * stdev(differences) / count**0.5
    centre = fmean(differences)
    return centre - half, centre + half


def seeds_to_play(clauses: Sequence[ClauseSpec]) -> int:
    """How many runs ``play_pairs`` will make."""
    wanted = _wanted(clauses)
    return sum(wanted.values()) + max(wanted.values(), default=0)


def _wanted(clauses: Sequence[ClauseSpec]) -> dict[str, int]:
    """Rival → most seeds that a clause asks for."""
    wanted: dict[str, int] = {}
    for clause in clauses:
        if clause.rival and clause.seeds:
            wanted[clause.rival] = max(clause.seeds, wanted.get(clause.rival, 0))
    return wanted


def play_pairs(scenario: Scenario, play: Callable[[Scenario], Kpis]) -> dict[tuple[str, str], PairedSeries]:
    """(KPI, rival) → its series, for every clause with ``seeds``; the seeds follow the scenario's own.

    ``play``: a scenario's KPIs.
    """
    wanted = _wanted(scenario.spec.expect)
    seeds = range(scenario.seed, scenario.seed + max(wanted.values(), default=0))
    ours = [play(scenario.sibling(scenario.variant, seed)) for seed in seeds]
    theirs = {rival: [play(scenario.sibling(rival, seed)) for seed in seeds[:n]] for rival, n in wanted.items()}
    found = {}
    for clause in scenario.spec.expect:
        if clause.rival and clause.seeds:
            kpi, count = str(clause.kpi), clause.seeds
            found[kpi, clause.rival] = _series(kpi, clause.rival, seeds[:count], ours, theirs[clause.rival])
    return found


def _series(kpi: str, rival: str, seeds: Sequence[int], ours: Sequence[Kpis], theirs: Sequence[Kpis]) -> PairedSeries:
    pairs = [(one[kpi], other[kpi]) for _, one, other in zip(seeds, ours, theirs, strict=False)]
    reasons = [side["reason"] for pair in pairs for side in pair if side["value"] is None]
    if reasons:
        reason = f"{kpi} is undefined in {len(reasons)} of {2 * len(pairs)} runs: {reasons[0]}"
        return PairedSeries(kpi, pairs[0][0]["unit"], rival, tuple(seeds), (), (), reason)
    values, others = (tuple(pair[side]["value"] for pair in pairs) for side in (0, 1))
    return PairedSeries(kpi, pairs[0][0]["unit"], rival, tuple(seeds), values, others)
