"""The control plane of 10,000 elements: SimPy events per second beside a bare SimPy loop of as many timeouts.

100 rings of 99 access nodes and the aggregation node that joins them to a ring of their own; four element managers,
each of which asks each of its elements once a minute, one after the other; elements say what they notice; links fail
by chance and mend by themselves. ``world``: a stand-in polls the managers every minute and takes what comes.
``with_oss``: the real OSS does, and probes and diagnoses. ``storm`` is the world with ten times as many faults.
The events are counted in a run of its own, by a wrapper around ``Environment.step``; timed runs are not wrapped.
``polls_per_s``: questions of managers to their elements in a second of the clock on the wall. Getting ready (the
network, its indices, the OSS's inventory, a first draw of luck for each link) is not in the timed part; how long it
takes is a figure of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import simpy

from ossbss.contract.assurance import PollRequest, TestRequest
from ossbss.contract.ports import Message
from ossbss.contract.units import HOUR_MS, MINUTE_MS
from ossbss.oss.operations import Operations
from ossbss.oss.policy import OperationsPolicy
from sim.testbed.exchange import Exchange
from sim.testbed.journal import Journal
from sim.world.faults.chance import play_chance
from sim.world.faults.laws import Exponential, Lognormal
from sim.world.faults.registry import Faults
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import TransportPolicy
from sim.world.network.state import Network
from sim.world.plan import RandomFaults
from sim.world.plant import Plant
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Truth
from tests.benchmarks.control_plane import wait
from tests.benchmarks.harness import Result, interleaved

RINGS, OF_A_RING, MANAGERS, SERVICES = 100, 100, 4, 20
MINUTES = 60
MTBF_MS = 1_752 * HOUR_MS
"""of a link: five failures a year (assumption)"""
TIMES = {"world": 1, "storm": 10, "with_oss": 1}
"""how many times as many failures"""
REPAIR = Lognormal(30 * MINUTE_MS, 1.0)  # (assumption)
PLAN = ManagementPlan(TransportPolicy(0, 20, 50, 500, 30_000), cycle_ms=MINUTE_MS)


def document(rings: int = RINGS, of_a_ring: int = OF_A_RING) -> dict[str, Any]:
    """A network document: node ``n-R-0`` is the aggregation node of ring R, the station is ``n-0-0``."""
    names = [f"{ring}-{number}" for ring in range(rings) for number in range(of_a_ring)]
    spans = [(f"{r}-{n}", f"{r}-{(n + 1) % of_a_ring}") for r in range(rings) for n in range(of_a_ring)]
    spans += [(f"{r}-0", f"{(r + 1) % rings}-0") for r in range(rings)]
    cells = names[1 :: max(1, len(names) // SERVICES)]
    return {
        "sites": [{"id": f"s-{n}", "shared_risk_groups": []} for n in names],
        "nodes": [{"id": f"n-{n}", "site": f"s-{n}", "vendor": "junos", "role": "access", "last_gasp": False,
                   "element_manager": f"em-{k % MANAGERS}"} for k, n in enumerate(names)],
        "cards": [{"id": f"c-{n}", "node": f"n-{n}", "slot": "1"} for n in names],
        "links": [{"id": f"l-{k}", "a": f"n-{a}", "z": f"n-{z}", "a_card": f"c-{a}", "z_card": f"c-{z}",
                   "a_port": f"xe-1/0/{2 * k}", "z_port": f"xe-1/0/{2 * k + 1}", "shared_risk_groups": [f"d-{k}"],
                   "igp_metric": 10} for k, (a, z) in enumerate(spans)],
        "shared_risk_groups": [{"id": f"d-{k}", "kind": "duct"} for k in range(len(spans))],
        "services": [{"id": f"svc-{n}", "a": f"n-{n}", "z": "n-0-0", "protection": "restoration", "path": [],
                      "backup_path": [], "cell": f"cell-{n}", "probe": str(k)} for k, n in enumerate(cells)],
        "cells": [{"id": f"cell-{n}", "node": f"n-{n}", "core_node": "n-0-0"} for n in cells],
        "element_managers": [f"em-{k}" for k in range(MANAGERS)],
        "management": {"mode": "in_band", "station": "n-0-0"},
    }  # fmt: skip


class ControlPlane:
    """Elements, managers and faults, without people; ``receive`` is the world's door of the exchange."""

    def __init__(self, network: Network, between_ms: int, post: Callable[[Message], None] | None) -> None:
        self.env = simpy.Environment()
        self.post, self.received = post, 0
        truth = Truth()
        self.telemetry = Telemetry(self.env, network, PLAN, Streams(1), truth, self._sent)
        self.plant = Plant(self.env, network, 3_000, truth, self.telemetry.say)
        forwarding = self.plant.forwarding
        self.telemetry.start(lambda: forwarding.state)
        rule = RandomFaults("cut_link", tuple(network.links), Exponential(between_ms), REPAIR)
        play_chance(self.env, Faults(self.env, self.plant, truth), [rule], Streams(1))

    def _sent(self, message: Message) -> None:
        self.received += 1
        if self.post:
            self.post(message)

    def receive(self, message: Message) -> None:
        if isinstance(message, PollRequest):
            self.telemetry.answer_poll(message)
        elif isinstance(message, TestRequest):
            self.telemetry.answer_test(message, self.plant.state, self.plant.forwarding.down())

    def stand_in(self) -> Any:
        """Polls as the OSS does, and thinks nothing of what comes."""
        for minute in range(1, 10**9):
            yield self.env.timeout(MINUTE_MS)
            for manager in self.telemetry.managers:
                self.receive(PollRequest(sender="oss", message_id=f"{minute}", occurred_ms=0, manager_id=manager))

    @property
    def polls(self) -> int:
        return sum(manager.polls for manager in self.telemetry.managers.values())


@dataclass(frozen=True)
class Case:
    """One rival: how often links fail, and who takes what the elements say."""

    name: str
    document: dict[str, Any]
    minutes: int
    mtbf_ms: int

    def ready(self) -> ControlPlane:
        """A network that remembers nothing, and everybody in place; the first millisecond has passed."""
        plane = self._with_oss() if self.name == "with_oss" else self._alone()
        plane.env.run(until=1)
        return plane

    def _alone(self) -> ControlPlane:
        plane = ControlPlane(Network(self.document), self.mtbf_ms, None)
        plane.env.process(plane.stand_in())
        return plane

    def _with_oss(self) -> ControlPlane:
        plane = ControlPlane(Network(self.document), self.mtbf_ms, None)
        oss = Operations(self.document, OperationsPolicy(), 0)
        exchange = Exchange(plane.env, (oss,), Journal(), frozenset(), 1)
        plane.post, exchange.world = exchange.post, plane
        exchange.start()
        return plane

    def work(self) -> Callable[[], object]:
        env = self.ready().env
        return lambda: env.run(until=self.minutes * MINUTE_MS)

    def counted(self) -> tuple[int, ControlPlane]:
        """Events that SimPy processes, and what was played."""
        plane, events = self.ready(), 0
        step = plane.env.step

        def count() -> None:
            nonlocal events
            step()
            events += 1

        plane.env.step = count
        plane.env.run(until=self.minutes * MINUTE_MS)
        return events, plane


def bare(events: int) -> Callable[[], Callable[[], object]]:
    def prepare() -> Callable[[], object]:
        env = simpy.Environment()
        env.process(wait(env, events))
        return env.run

    return prepare


def faults(truth: Truth) -> int:
    return sum(fact.kind == "fault" for fact in truth.facts)


def measure(
    repetitions: int, rings: int = RINGS, of_a_ring: int = OF_A_RING, minutes: int = MINUTES, mtbf_ms: int = MTBF_MS
) -> Result:
    drawn = document(rings, of_a_ring)
    figures = {"elements": len(drawn["nodes"]), "simulated_s": minutes * 60}
    ratios = {}
    for name, times in TIMES.items():
        case = Case(name, drawn, minutes, mtbf_ms // times)
        began = perf_counter()
        case.ready()
        figures[f"{name}_ready_s"] = perf_counter() - began
        events, plane = case.counted()
        seconds = interleaved({name: case.work, "bare": bare(events)}, repetitions)
        figures |= {f"{name}_events": events, f"{name}_polls": plane.polls, f"{name}_messages": plane.received,
                    f"{name}_faults": faults(plane.plant.truth), f"{name}_s": seconds[name],
                    f"{name}_events_per_s": events / seconds[name], f"{name}_polls_per_s": plane.polls / seconds[name],
                    f"{name}_bare_events_per_s": events / seconds["bare"]}  # fmt: skip
        ratios[f"{name}_over_bare_events_per_s"] = seconds["bare"] / seconds[name]
    return Result("elements", figures, ratios, repetitions)
