"""Which faults are there now: each holds something of the network until it is mended. Known to the truth alone."""

from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import simpy

from sim.world.faults.effects import EFFECTS
from sim.world.faults.steps import Step
from sim.world.management.element_manager import ElementManager
from sim.world.network.state import FailureState, Hold, Network, dead_links
from sim.world.plan import Fault
from sim.world.plant import Plant
from sim.world.power_supply import Power
from sim.world.truth import Fact, Truth

_NONE: Mapping[str, ElementManager] = MappingProxyType({})


class Faults:
    """Begins and ends faults, with an event for the end of each; ``power`` is needed for ``cut_power``."""

    def __init__(
        self,
        env: simpy.Environment,
        plant: Plant,
        truth: Truth,
        power: Power | None = None,
        managers: Mapping[str, ElementManager] = _NONE,
    ) -> None:
        """``managers``: element managers that can fail, by id."""
        self.env, self.plant, self.truth, self.power, self.managers = env, plant, truth, power, managers
        self.active: dict[str, Fault] = {}
        self.mended: dict[str, simpy.Event] = {}
        self.holding: dict[str, tuple[Hold, ...]] = {}
        """active fault → what it holds just now"""
        self.faults_of: Counter[str] = Counter()
        self.occasion: dict[str, int] = {}
        """fault → the how manieth of its target it is"""
        self.begun: dict[str, tuple[Fault, int]] = {}
        """fault, over or not → (it, when it began)"""
        self.ended_ms: dict[str, int] = {}
        self.changes: list[tuple[int, str, str]] = []
        """(when, target, fault) of each change of configuration that was meant to be right; the fault came about if
        it went wrong"""

    def begin(self, fault: Fault) -> simpy.Event:
        """The fault is there from now on; the event of its end."""
        self.active[fault.fault_id] = fault
        self.begun[fault.fault_id] = fault, int(self.env.now)
        self.faults_of[fault.target] += 1
        self.occasion[fault.fault_id] = self.faults_of[fault.target]
        self.mended[fault.fault_id] = self.env.event()
        self.truth.begin(Fact(int(self.env.now), _kind(fault), fault.target, fault.fault_id, {"do": fault.kind}))
        self._take_hold(fault)
        if fault.repair_after_ms is not None:
            over = self.env.timeout(fault.repair_after_ms)
            over.callbacks.append(lambda _: self.mend(fault.fault_id))
        return self.mended[fault.fault_id]

    def _take_hold(self, fault: Fault) -> None:
        if fault.kind == "cut_power":
            self._grid.cut(fault.target)
            return
        if fault.kind == "fail_manager":
            self.managers[fault.target].fail()
            return
        steps = EFFECTS[fault.kind](self.plant.network, fault)
        self.holding[fault.fault_id] = ()
        self._step(fault.fault_id, next(steps))
        if fault.kind in LASTING:
            return
        self.env.process(self._go_on(fault.fault_id, steps))

    @property
    def _grid(self) -> Power:
        if self.power is None:
            raise TypeError("a fault of the grid, and nobody plays the power")
        return self.power

    def _go_on(self, fault_id: str, steps: Iterator[Step]) -> Generator[simpy.Event, Any, None]:
        for step in steps:
            yield self.env.timeout(step.after_ms)
            if fault_id not in self.active:
                return
            self._step(fault_id, step)

    def _step(self, fault_id: str, step: Step) -> None:
        if step.holds:
            self.holding[fault_id] += step.items
            self.plant.hold(step.items)
        else:
            self.holding[fault_id] = tuple(item for item in self.holding[fault_id] if item not in step.items)
            self.plant.let_go(step.items)

    def mend(self, fault_id: str) -> None:
        """The fault is over; nothing happens where it was mended before."""
        fault = self.active.pop(fault_id, None)
        if fault is None:
            return
        self.ended_ms[fault_id] = int(self.env.now)
        self.truth.end(_kind(fault), fault.target, fault_id, int(self.env.now))
        self._leave_hold(fault)
        self.mended[fault_id].succeed()

    def _leave_hold(self, fault: Fault) -> None:
        if fault.kind == "cut_power":
            self._grid.restore(fault.target)
        elif fault.kind == "fail_manager":
            self.managers[fault.target].mend()
        else:
            self.plant.let_go(self.holding.pop(fault.fault_id))

    def release(self, item: Hold) -> list[Fault]:
        """Somebody has undone this one thing by hand: the faults that held it do no longer; those that hold nothing
        else are over, and are told."""
        over = []
        for fault_id in [fault_id for fault_id, items in self.holding.items() if item in items]:
            self.holding[fault_id] = tuple(held for held in self.holding[fault_id] if held != item)
            self.plant.let_go([item])
            if not self.holding[fault_id]:
                over.append(self.active[fault_id])
                self.mend(fault_id)
        return over

    def seen_at(self, resource: str) -> list[Fault]:
        """The faults that somebody sent to this resource would see: first those there, then on what it rests on."""
        faults = (f for f in self.active.values() if _kind(f) == "fault")
        seen = (f for f in faults if related(self.plant.network, f.target, resource))
        return sorted(seen, key=lambda f: (f.target != resource, f.fault_id))


LASTING = EFFECTS.keys() - {"flap_link"}
"""Kinds that take hold once, at the beginning."""


def _kind(fault: Fault) -> str:
    """What the truth calls it: work that was planned is no fault."""
    return "planned_work" if fault.kind == "planned_work" else "fault"


def related(network: Network, failed: str, resource: str) -> bool:
    """Whether somebody who looks at ``resource`` meets the failure: it is that, rests on it, or carries it."""
    return failed == resource or resource in _carried(network, failed) or failed in _carried(network, resource)


def _carried(network: Network, resource: str) -> frozenset[str]:
    """Links that lie in a duct or hang on a card; a node is met at its site, a cell at its node, a site's power in
    its power area."""
    if resource in network.sites:
        return frozenset(node for node, record in network.nodes.items() if record["site"] == resource)
    if resource in network.document["element_managers"] or resource in network.cells:
        return frozenset()
    kind = network.kind_of(resource)
    if kind == "power_areas":
        return frozenset(site for site, areas in network.power_areas_of.items() if resource in areas)
    if kind == "nodes":
        return frozenset(cell for cell, record in network.cells.items() if record["node"] == resource)
    if kind not in ("groups", "cards"):
        return frozenset()
    return dead_links(network, FailureState().failed(kind, resource)) - dead_links(network, FailureState())
