"""What a set of failures makes a network report, by the rules of the benchmark (FORMAT.md, "Symptom model").

On the world's own rules of life and reach, so that it shares nothing with the OSS's model that it is held against.
"""

from collections.abc import Iterable, Set
from functools import cached_property
from typing import Any

import networkx as nx

from sim.world.network.state import FailureState, Network, dead_links, dead_nodes, failing

Alarm = tuple[str, str, str]
"""(alarmed_object, probable_cause, source)"""
LOST, SIGNAL, CARD, POWER, SERVICE = (
    "communicationsSubsystemFailure", "lossOfSignal", "equipmentMalfunction", "powerProblem",
    "underlyingResourceUnavailable",
)  # fmt: skip


class Symptoms:
    """A network's alarms and services that do not work, for any set of failures and lost managers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.network = Network(document)
        self.in_band = document["management"]["mode"] == "in_band"
        self.manager_of = {node["id"]: node["element_manager"] for node in document["nodes"]}
        self._memory: dict[tuple[frozenset[str], frozenset[str]], tuple[frozenset[Alarm], frozenset[str]]] = {}

    @cached_property
    def candidates(self) -> dict[str, tuple[str, ...]]:
        """kind → all that may fail"""
        network = self.network
        kinds = {
            "link": network.links, "card": network.cards, "node": network.nodes, "site": network.sites,
            "shared_risk_group": [g for g, record in network.groups.items() if record["kind"] != "power"],
            "power_area": [g for g, record in network.groups.items() if record["kind"] == "power"],
        }  # fmt: skip
        return {kind: tuple(sorted(set(ids) - network.never_fails)) for kind, ids in kinds.items()}

    def of(self, failed: Iterable[str], lost: Iterable[str] = ()) -> tuple[frozenset[Alarm], frozenset[str]]:
        """(alarms that are heard when nothing is lost, services that do not work)"""
        key = (frozenset(failed), frozenset(lost))
        if key not in self._memory:
            if len(self._memory) > 20_000:
                self._memory.clear()
            self._memory[key] = self._of(*key)
        return self._memory[key]

    def _of(self, failed: frozenset[str], lost: frozenset[str]) -> tuple[frozenset[Alarm], frozenset[str]]:
        network, state = self.network, failing(self.network, failed)
        dark, dead = dead_links(network, state), dead_nodes(network, state)
        graph = self._living(state)
        managed = self._managed(graph)
        heard = {node for node in managed if self.manager_of[node] not in lost}
        ends = ((link, end) for link in dark for end in (network.links[link]["a"], network.links[link]["z"]))
        alarms = {(link, SIGNAL, end) for link, end in ends if end in heard}
        alarms |= {(card, CARD, network.cards[card]["node"]) for card in failed & network.cards.keys()
                   if network.cards[card]["node"] in heard}  # fmt: skip
        station = network.station
        alarms |= {
            (node, LOST, station) for node in network.nodes.keys() - managed if self.manager_of[node] not in lost
        }
        alarms |= {(manager, LOST, station) for manager in lost}
        alarms |= {(node, POWER, node) for node in self._last_words(failed, lost)}
        down = frozenset(
            name for name, service in network.services.items() if self._is_down(service, dark, dead, graph)
        )
        for name in down:
            service = network.services[name]
            alarms |= {(name, SERVICE, end) for end in (service["a"], service["z"]) if end in heard}
        return frozenset(alarms), down

    def _living(self, state: FailureState) -> "nx.Graph[str]":
        network, dark = self.network, dead_links(self.network, state)
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(network.nodes.keys() - dead_nodes(network, state))
        graph.add_edges_from((r["a"], r["z"]) for link, r in network.links.items() if link not in dark)
        return graph

    def _managed(self, graph: "nx.Graph[str]") -> Set[str]:
        return nx.node_connected_component(graph, self.network.station) if self.in_band else set(graph)

    def _last_words(self, failed: frozenset[str], lost: frozenset[str]) -> set[str]:
        network, said = self.network, set[str]()
        for resource in failed & (network.sites.keys() | network.groups.keys()):
            struck = dead_nodes(network, failing(self.network, [resource]))
            others = self._managed(self._living(failing(self.network, failed - {resource})))
            said |= {n for n in struck & others if network.nodes[n]["last_gasp"] and self.manager_of[n] not in lost}
        return said

    @staticmethod
    def _is_down(service: dict[str, Any], dark: Set[str], dead: Set[str], graph: "nx.Graph[str]") -> bool:
        if service["protection"] == "restoration":
            return bool({service["a"], service["z"]} & dead) or not nx.has_path(graph, service["a"], service["z"])
        first = not dark.isdisjoint(service["path"])
        return first and (service["protection"] == "none" or not dark.isdisjoint(service["backup_path"]))
