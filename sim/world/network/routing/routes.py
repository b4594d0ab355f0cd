"""The best path of each access service on the state of the network, kept up from change to change."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.world.network.routing.paths import Path, along, link_states, path_in
from sim.world.network.routing.tree import LinkStates, News, Tree, grow, news, regrow, rerouted
from sim.world.network.state import FailureState, Network, core_nodes, dead_links, dead_nodes

REMEMBERED_OCTETS = 64_000_000
"""So much room, or that of two states, have the trees of states that may come back, the intact one above all."""
_OCTETS_OF_A_NODE = 12


@dataclass(frozen=True)
class Reroute:
    """What one change of state did to routing."""

    before: LinkStates
    news: News
    fallen: frozenset[str]
    """nodes and links that died"""
    old: Mapping[str, Tree]
    """core node → its tree before; ``new``: after"""
    new: Mapping[str, Tree]
    before_of: Mapping[str, Path | None]
    """service → its best path before, for those whose best path was chosen anew"""


class Routes:
    """Best paths by rule: of fixed paths the first that lives, else the shortest path to the first core reached."""

    def __init__(self, network: Network) -> None:
        self.network, self.arcs = network, network.arcs
        self.states = LinkStates()
        self.dead: frozenset[str] = frozenset()
        """nodes and links"""
        self.fixed = {service: paths for service in network.services if (paths := _fixed_paths(network, service))}
        self._fixed_on = _touching(self.fixed)
        self.cores: dict[str, tuple[str, ...]] = {}
        """service without a fixed path → the core nodes it may end at, best first"""
        self._served: dict[str, dict[int, list[str]]] = {}
        """core node → number of a node → services from there that may end here"""
        for service, record in network.services.items():
            if service not in self.fixed:
                self._serve(service, record)
        self.trees = {core: grow(self.arcs, self.states, self.arcs.node_no[core]) for core in self._served}
        """core node → its tree now"""
        self._remembered: OrderedDict[tuple[Any, ...], dict[str, Tree]] = OrderedDict()
        self._keep()
        self.best: dict[str, Path] = {}
        for service in network.services:
            self._choose(service)

    def _serve(self, service: str, record: Mapping[str, Any]) -> None:
        self.cores[service] = core_nodes(record)
        for core in self.cores[service]:
            self._served.setdefault(core, {}).setdefault(self.arcs.node_no[record["a"]], []).append(service)

    def change(self, state: FailureState) -> Reroute | None:
        """Follow the network to this state; None where nothing changes for routing."""
        before, after = self.states, link_states(self.network, state)
        learnt = news(self.arcs, before, after)
        if not learnt.links and not learnt.nodes:
            self.states = after
            return None
        old, was_dead = self.trees, self.dead
        self.states, self.dead = after, dead_nodes(self.network, state) | dead_links(self.network, state)
        known = self._remembered.get(self._key())
        self.trees = known or {core: regrow(self.arcs, tree, after, learnt) for core, tree in old.items()}
        self._keep()
        asked = self._crossing(was_dead ^ self.dead)
        for core, tree in old.items():
            for node in rerouted(self.arcs, tree, self.trees[core]):
                asked.update(self._served[core].get(node, ()))
        before_of = {service: self.best.pop(service, None) for service in asked}
        for service in asked:
            self._choose(service)
        return Reroute(before, learnt, self.dead - was_dead, old, self.trees, before_of)

    def _choose(self, service: str) -> None:
        if service in self.fixed:
            path = next((path for path in self.fixed[service] if path.avoids(self.dead)), None)
        else:
            node = self.arcs.node_no[self.network.services[service]["a"]]
            trees = (self.trees[core] for core in self.cores[service])
            path = next((path_in(self.arcs, tree, node) for tree in trees if tree.reaches(node)), None)
        if path is not None:
            self.best[service] = path

    def _crossing(self, resources: Iterable[str]) -> set[str]:
        return {service for resource in resources for service in self._fixed_on.get(resource, ())}

    def _key(self) -> tuple[Any, ...]:
        return self.states.dead_nodes, self.states.dead_links, frozenset(self.states.costs.items())

    def _keep(self) -> None:
        """Remember the trees of this state, at the cost of the state that was met longest ago."""
        self._remembered[self._key()] = self.trees
        self._remembered.move_to_end(self._key())
        room = REMEMBERED_OCTETS // (_OCTETS_OF_A_NODE * len(self.arcs.nodes) * max(len(self.trees), 1))
        if len(self._remembered) > max(room, 2):
            self._remembered.popitem(last=False)


def same_way(one: Path | None, other: Path | None) -> bool:
    """Whether both take the same links from the same node, or neither is there."""
    return (one and (one.nodes, one.links)) == (other and (other.nodes, other.links))


def _fixed_paths(network: Network, service: str) -> list[Path]:
    """The paths the inventory gives, best first: none for a service that relies on rerouting."""
    record = network.services[service]
    if record["protection"] == "restoration":
        return []
    fields = ("path", "backup_path") if record["protection"] == "1+1" else ("path",)
    return [along(network, str(record["a"]), record[field]) for field in fields]


def _touching(fixed: Mapping[str, Iterable[Path]]) -> dict[str, set[str]]:
    """Node or link → services with a fixed path over it."""
    found: dict[str, set[str]] = {}
    for service, paths in fixed.items():
        for path in paths:
            for resource in (*path.nodes, *path.links):
                found.setdefault(resource, set()).add(service)
    return found
