"""SimPy events per second of the control plane, beside a bare SimPy loop of as many timeouts.

The control plane: germany50 of the shipped fibre cut with a single line; the OSS polls every minute, and a fibre is
cut every hour (``calm``) or every ten minutes (``storm``) and mends by itself: rerouting, vendor messages, alarms,
diagnosis, probes, service problems, credits. The events are counted in a run of its own, by a wrapper around
``Environment.step``; timed runs are not wrapped. The bare loop is one process that waits as many times.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from itertools import cycle, islice

import simpy

from sim import Scenario
from sim.testbed.compose import Composed, compose
from sim.world.streams import Streams
from tests.benchmarks.harness import Result, interleaved

HOURS = 24
CUT_EVERY_MIN = {"calm": 60, "storm": 10}
MENDED_AFTER_MIN = 25


@dataclass(frozen=True)
class Case:
    """A scenario and the number of SimPy events that it takes."""

    scenario: Scenario
    events: int

    def control_plane(self) -> Callable[[], object]:
        ready = compose(self.scenario)
        return lambda: play(ready, self.scenario.spec.ends_ms)

    def bare(self) -> Callable[[], object]:
        env = simpy.Environment()
        env.process(wait(env, self.events))
        return env.run


def wait(env: simpy.Environment, times: int) -> Generator[simpy.Event, None, None]:
    for _ in range(times):
        yield env.timeout(1)


def cuts(scenario: Scenario, hours: int, every_min: int) -> list[dict[str, str]]:
    """A timeline of cut links, in an order drawn by the scenario's seed; each is mended long before its next turn."""
    links = sorted(link["id"] for link in scenario.network["links"])
    minutes = range(min(every_min, 30), hours * 60, every_min)
    order = Streams(scenario.seed).get(f"benchmark/cuts/{every_min}").permutation(links)
    chosen = islice(cycle(order), len(minutes))
    return [{"at": f"{minute} min", "do": "cut_link", "target": str(link), "repair": f"{MENDED_AFTER_MIN} min"}
            for minute, link in zip(minutes, chosen, strict=True)]  # fmt: skip


def scenario_of(hours: int, every_min: int) -> Scenario:
    """The network of the shipped scenario with one line and nothing but cut links."""
    quiet = {"population.subscribers": 1, "lasts": f"{hours} h", "timeline": []}
    timeline = cuts(Scenario.load("fibre-cut", overrides=quiet), hours, every_min)
    return Scenario.load("fibre-cut", overrides={**quiet, "timeline": timeline})


def play(composed: Composed, ends_ms: int) -> None:
    composed.exchange.start()
    composed.env.run(until=ends_ms + 1)


def counted(scenario: Scenario) -> int:
    """Events that SimPy processes in a run of this scenario; the one that ends ``run()`` is not counted."""
    composed, events = compose(scenario), 0
    step = composed.env.step

    def count() -> None:
        nonlocal events
        step()
        events += 1

    composed.env.step = count
    play(composed, scenario.spec.ends_ms)
    return events


def measure(repetitions: int, hours: int = HOURS) -> Result:
    figures, ratios = {"hours": hours}, {}
    for name, every_min in CUT_EVERY_MIN.items():
        scenario = scenario_of(hours, every_min)
        case = Case(scenario, counted(scenario))
        seconds = interleaved({"control_plane": case.control_plane, "bare": case.bare}, repetitions)
        rates = {rival: case.events / taken for rival, taken in seconds.items()}
        figures |= {f"{name}_faults": len(scenario.spec.timeline), f"{name}_events": case.events}
        figures |= {f"{name}_{rival}_s": taken for rival, taken in seconds.items()}
        figures |= {f"{name}_{rival}_events_per_s": rate for rival, rate in rates.items()}
        ratios[f"{name}_control_plane_over_bare_events_per_s"] = rates["control_plane"] / rates["bare"]
    return Result("control_plane", figures, ratios, repetitions)
