"""The diagnosis experiment: weeks of faults played and measured, with active tests and without."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import gettempdir

from sim.testbed.experiment.fault_weeks import weeks
from sim.testbed.experiment.measure import Summary, outcome_of, summary
from sim.testbed.play import Progress, play


def play_weeks(
    networks: Sequence[str], each: int, seed: int, told: Progress = lambda _: None
) -> Mapping[bool, Summary]:
    """``each``: weeks on every network; ``told``: the part that is done. A run that breaks leaves its journal in the
    folder for temporary files."""
    total, done, found = 2 * len(networks) * each, 0, {}
    for active_tests in (True, False):
        outcomes = []
        for week in weeks(networks, each, active_tests, seed):
            dump = Path(gettempdir()) / f"experiment-{week.scenario.seed}-broken"
            outcomes.append(outcome_of(play(week.scenario, dump, lambda _: None).view))
            done += 1
            told(done / total)
        found[active_tests] = summary(outcomes)
    return found
