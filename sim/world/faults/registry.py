"""Which faults are there now: each holds its target down until it is mended. Known to the truth alone."""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

import simpy

from sim.world.management.element_manager import ElementManager
from sim.world.network.state import FailureState, Network, living_links
from sim.world.plan import Fault
from sim.world.plant import Plant
from sim.world.truth import Fact, Truth

_NONE: Mapping[str, ElementManager] = MappingProxyType({})


class Faults:
    """Begins and ends faults, with an event for the end of each."""

    def __init__(
        self, env: simpy.Environment, plant: Plant, truth: Truth, managers: Mapping[str, ElementManager] = _NONE
    ) -> None:
        """``managers``: element managers that can fail, by id."""
        self.env, self.plant, self.managers, self.truth = env, plant, managers, truth
        self.active: dict[str, Fault] = {}
        self.mended: dict[str, simpy.Event] = {}
        self.faults_of: Counter[str] = Counter()
        self.occasion: dict[str, int] = {}
        """fault → the how manieth of its target it is"""

    def begin(self, fault: Fault) -> simpy.Event:
        """The fault is there from now on; the event of its end."""
        self.active[fault.fault_id] = fault
        self.faults_of[fault.target] += 1
        self.occasion[fault.fault_id] = self.faults_of[fault.target]
        self.mended[fault.fault_id] = self.env.event()
        self.truth.begin(Fact(int(self.env.now), "fault", fault.target, fault.fault_id, {"do": fault.kind}))
        if fault.target in self.managers:
            self.managers[fault.target].fail()
        else:
            self.plant.fail(fault.target)
        if fault.repair_after_ms is not None:
            over = self.env.timeout(fault.repair_after_ms)
            over.callbacks.append(lambda _: self.mend(fault.fault_id))
        return self.mended[fault.fault_id]

    def mend(self, fault_id: str) -> None:
        """The fault is over; nothing happens where it was mended before."""
        fault = self.active.pop(fault_id, None)
        if fault is None:
            return
        self.truth.end("fault", fault.target, fault_id, int(self.env.now))
        if fault.target in self.managers:
            self.managers[fault.target].mend()
        else:
            self.plant.mend(fault.target)
        self.mended[fault_id].succeed()

    def seen_at(self, resource: str) -> list[Fault]:
        """The faults that somebody sent to this resource would see: first those there, then on what it rests on."""
        seen = (f for f in self.active.values() if related(self.plant.network, f.target, resource))
        return sorted(seen, key=lambda f: (f.target != resource, f.fault_id))


def related(network: Network, failed: str, resource: str) -> bool:
    """Whether somebody who looks at ``resource`` meets the failure: it is that, rests on it, or carries it."""
    return failed == resource or resource in _carried(network, failed) or failed in _carried(network, resource)


def _carried(network: Network, resource: str) -> frozenset[str]:
    """Links that lie in a duct or hang on a card; a node is met at its site."""
    if resource in network.sites:
        return frozenset(node for node, record in network.nodes.items() if record["site"] == resource)
    if resource in network.document["element_managers"]:
        return frozenset()
    kind = network.kind_of(resource)
    if kind not in ("groups", "cards"):
        return frozenset()
    return living_links(network, FailureState()) - living_links(network, FailureState().failed(kind, resource))
