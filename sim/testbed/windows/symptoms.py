"""What a set of failures makes a network report, by the rules of the benchmark (FORMAT.md, "Symptom model").

On the world's own rules of life and reach, so that it shares nothing with the OSS's model that it is held against.
"""

from collections.abc import Iterable, Mapping, Set
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
        dark = dead_links(network, state)
        part_of = self._parts(state)
        managed = self._managed(part_of)
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
            name for name, service in network.services.items() if self._is_down(service, dark, part_of)
        )
        for name in down:
            service = network.services[name]
            alarms |= {(name, SERVICE, end) for end in (service["a"], service["z"]) if end in heard}
        return frozenset(alarms), down

    def _parts(self, state: FailureState) -> dict[str, int]:
        """living node → number of the part of the network that living links join it to"""
        network, dark = self.network, dead_links(self.network, state)
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(network.nodes.keys() - dead_nodes(network, state))
        graph.add_edges_from(ends for link, ends in self._ends.items() if link not in dark)
        parts = enumerate(nx.connected_components(graph))
        return {node: number for number, part in parts for node in part}

    @cached_property
    def _ends(self) -> dict[str, tuple[str, str]]:
        return {link: (record["a"], record["z"]) for link, record in self.network.links.items()}

    def _managed(self, part_of: Mapping[str, int]) -> Set[str]:
        home = part_of[self.network.station]
        return {node for node, part in part_of.items() if part == home} if self.in_band else part_of.keys()

    def _last_words(self, failed: frozenset[str], lost: frozenset[str]) -> set[str]:
        network, said = self.network, set[str]()
        for resource in failed & (network.sites.keys() | network.groups.keys()):
            struck = dead_nodes(network, failing(self.network, [resource]))
            others = self._managed(self._parts(failing(self.network, failed - {resource})))
            said |= {n for n in struck & others if network.nodes[n]["last_gasp"] and self.manager_of[n] not in lost}
        return said

    @staticmethod
    def _is_down(service: dict[str, Any], dark: Set[str], part_of: Mapping[str, int]) -> bool:
        if service["protection"] == "restoration":
            a, z = part_of.get(service["a"]), part_of.get(service["z"])
            return a is None or a != z
        first = not dark.isdisjoint(service["path"])
        return first and (service["protection"] == "none" or not dark.isdisjoint(service["backup_path"]))
