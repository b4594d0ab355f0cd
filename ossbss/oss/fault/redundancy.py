"""How safe is each service? Its state by what has failed, worked out on the operator's own picture of the network.

``down``: no way is left. ``at_risk``: it works, and one more failure of a single link, card, duct, cable, node, site or
power area would take it down, which on the whole network would not. ``degraded``: it works and stays redundant, on a
longer way, at another core or on its protection path. What loses its redundancy on a longer way is at risk: the worse
of the two is told.
"""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Literal

import numpy as np

from ossbss.oss.fault.planned_ways import PlannedWays, longer, plan
from ossbss.oss.fault.single_points import Pairs, SinglePoints, exposed
from ossbss.oss.fault.wiring import Bools, Ints, Wiring, wire
from ossbss.oss.inventory import Inventory, Service

State = Literal["working", "degraded", "at_risk", "down"]
"""from best to worst"""
_REMEMBERED = 512
"""So many sets of failures are remembered."""


def redundancy(inventory: Inventory, failed: frozenset[str]) -> Mapping[str, State]:
    """Service → its state when these resources have failed. Who asks more than once keeps a ``RedundancyModel``."""
    suffering = RedundancyModel(inventory).suffering(failed)
    return {service: suffering.get(service, "working") for service in inventory.services}


class RedundancyModel:
    """The states of all services of one inventory; what it learns of the whole network it keeps."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._memory: dict[frozenset[str], Mapping[str, State]] = {}

    def suffering(self, failed: frozenset[str]) -> Mapping[str, State]:
        """Service → its state when these resources have failed; those that work as planned are left out."""
        if failed not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                del self._memory[next(iter(self._memory))]
            self._memory[failed] = self._suffering(failed)
        return self._memory[failed]

    def _suffering(self, failed: frozenset[str]) -> dict[str, State]:
        dead, lit = self._wiring.effect(failed)
        asleep = failed & self.inventory.service_of_cell.keys()
        found: dict[str, State] = {self.inventory.service_of_cell[cell]: "down" for cell in asleep}
        if dead.any() or not (lit | self._wiring.dark).all():
            found = {**self._restored(dead, lit), **self._fixed(dead, lit), **found}
        return found

    @cached_property
    def _wiring(self) -> Wiring:
        return wire(self.inventory)

    # -- services that follow the network --------------------------------------------------------------

    @cached_property
    def _rerouted(self) -> tuple[list[str], Ints, Pairs]:
        """(services that are rerouted, the pair of each, the pairs)"""
        services = [s for s in self.inventory.services.values() if s.protection == "restoration"]
        number = self._wiring.node_no
        ends = [(number[s.ends[0]], *(number[end] for end in (s.ends[1], *s.backup_ends))) for s in services]
        width = max(map(len, ends), default=2)
        each: dict[tuple[int, ...], int] = {}
        pair_of = [each.setdefault((*end, *(-1,) * (width - len(end))), len(each)) for end in ends]
        rows = np.array(list(each), dtype=np.int64).reshape(-1, width)
        return [s.service_id for s in services], np.array(pair_of, dtype=np.int64), Pairs(rows[:, 0], rows[:, 1:])

    @cached_property
    def _whole(self) -> SinglePoints:
        dead, lit = self._wiring.effect(())
        return SinglePoints(self._wiring, self._rerouted[2], dead, lit)

    def _restored(self, dead: Bools, lit: Bools) -> dict[str, State]:
        services, pair_of, pairs = self._rerouted
        if not services:
            return {}
        whole, left = self._whole, SinglePoints(self._wiring, pairs, dead, lit)
        detour = longer(self._planned, self._wiring, pairs, lit) | (whole.now[:, 0] & ~left.now[:, 0])
        states = np.where(~left.works, 3, np.where(exposed(whole, left), 2, detour.astype(int)))
        states = np.where(whole.works, states, 0)[pair_of]  # who never had a way has not lost one
        return {services[no]: _STATES[states[no]] for no in np.flatnonzero(states).tolist()}

    @cached_property
    def _planned(self) -> PlannedWays:
        return plan(self._wiring, self._rerouted[2])

    # -- services that keep to their paths -------------------------------------------------------------

    @cached_property
    def _kept(self) -> dict[str, tuple[frozenset[str], ...]]:
        """Service with fixed paths → what each path rests on, its ends included"""
        found = {}
        for service in self.inventory.services.values():
            if service.protection != "restoration":
                paths = (service.path, service.backup_path) if service.protection == "1+1" else (service.path,)
                found[service.service_id] = tuple(self._under(service, path) for path in paths)
        return found

    def _under(self, service: Service, path: Collection[str]) -> frozenset[str]:
        known = [self.inventory.links[link] for link in path]
        nodes = {*service.ends, *(end for link in known for end in link.ends)}
        sites = {self.inventory.site_of_node[node] for node in nodes}
        areas = {area for area, within in self.inventory.group_sites.items() if within & sites}
        return frozenset({*path, *nodes, *sites, *areas, *(x for k in known for x in (*k.cards, *k.groups))})

    def _fixed(self, dead: Bools, lit: Bools) -> dict[str, State]:
        fallen = {node for node, no in self._wiring.node_no.items() if dead[no]}
        fallen |= {link for link, no in self._wiring.link_no.items() if not lit[no]}
        states = {name: _kept_state(under, fallen) for name, under in self._kept.items()}
        return {name: state for name, state in states.items() if state != "working"}


_STATES: tuple[State, ...] = ("working", "degraded", "at_risk", "down")


def _kept_state(paths: tuple[frozenset[str], ...], fallen: set[str]) -> State:
    """``paths``: what each rests on. One of two that is left is at risk, unless the two rest on the same throughout."""
    lives = [fallen.isdisjoint(path) for path in paths]
    if all(lives):
        return "working"
    if not any(lives):
        return "down"
    left, lost = paths if lives[0] else reversed(paths)
    return "at_risk" if left - lost else "degraded"
