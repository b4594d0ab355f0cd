"""What has failed, and what of the network still lives: the rules of the fault kinds.

A link is down when it, its duct or cable, one of its two cards or one of its two end nodes has failed, when somebody
has shut it, cut one of its ends off by configuration, or never lit it; a node is dead when it, its site's power or a
power area of its site has failed. The management station's node never dies.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields, replace
from functools import wraps
from typing import Any, Literal

import networkx as nx

from sim.world.network.document import Document

FailedKind = Literal["links", "groups", "nodes", "cards", "sites", "power_areas"]
HeldKind = FailedKind | Literal["shut", "isolated", "sleeping", "lossy", "metrics", "lit"]
Hold = tuple[HeldKind, Any]
"""One item that a fault, a change or a purchase holds in the state: (field of FailureState, value)."""
MILLI = 1_000


@dataclass(frozen=True)
class FailureState:
    """All resources that are failed at one instant, by id; hashable, so that states can be remembered.

    ``groups`` are ducts and cables, ``sites`` are sites without power, ``power_areas`` groups of kind power.
    ``shut`` are (link, node whose port somebody closed by command), ``isolated`` nodes whose routing a configuration
    cut off while their ports stay up, ``sleeping`` cells that carry nothing and say nothing, ``lossy`` (link,
    thousandths of packets lost), ``metrics`` (link, IGP weight that is not the planned one, at most one of a link),
    ``lit`` dormant links that are in use.
    """

    links: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()
    cards: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    power_areas: frozenset[str] = frozenset()
    shut: frozenset[tuple[str, str]] = frozenset()
    isolated: frozenset[str] = frozenset()
    sleeping: frozenset[str] = frozenset()
    lossy: frozenset[tuple[str, int]] = frozenset()
    metrics: frozenset[tuple[str, int]] = frozenset()
    lit: frozenset[str] = frozenset()

    def failed(self, kind: HeldKind, resource: Any) -> "FailureState":
        """The state after the resource failed; the same when it had failed before."""
        return replace(self, **{kind: getattr(self, kind) | {resource}})

    def repaired(self, kind: HeldKind, resource: Any) -> "FailureState":
        """The state after the resource was repaired; the same when it had not failed."""
        return replace(self, **{kind: getattr(self, kind) - {resource}})

    def all_ids(self) -> frozenset[str]:
        """Every failed resource, of any kind; what is only wrongly weighted, lossy or lit has not failed."""
        named = (field.name for field in fields(self) if field.name not in ("shut", "lossy", "metrics", "lit"))
        return frozenset(link for link, _ in self.shut).union(*(getattr(self, name) for name in named))

    def with_metric(self, link: str, metric: int) -> "FailureState":
        """The state in which the link has this IGP weight in both directions, whatever it had before."""
        return replace(self, metrics=self.without_metric(link).metrics | {(link, metric)})

    def without_metric(self, link: str) -> "FailureState":
        """The state in which the link has the weight of the plan."""
        return replace(self, metrics=frozenset(pair for pair in self.metrics if pair[0] != link))

    def metric_of(self, link: str, planned: int) -> int:
        """The IGP weight that routing sees."""
        return next((metric for wrong, metric in self.metrics if wrong == link), planned)


class Network:
    """A network document with its indices; it never changes after construction, but for what it remembers."""

    def __init__(self, document: Document) -> None:
        """Index the document; KeyError where a link names a node, or the management a station, that is not there."""
        self.document = document
        self.memory: dict[tuple[str, FailureState], frozenset[str]] = {}
        """(name of a fold, failure state) → its answer, see ``remembered``"""
        self.sites = _by_id(document, "sites")
        self.nodes = _by_id(document, "nodes")
        self.cards = _by_id(document, "cards")
        self.links = _by_id(document, "links")
        self.groups = _by_id(document, "shared_risk_groups")
        self.services = _by_id(document, "services")
        self.cells = _by_id(document, "cells")
        self.cells_at: dict[str, list[str]] = {}
        """site → its cells, sites without one left out"""
        for cell, record in self.cells.items():
            self.cells_at.setdefault(self.nodes[record["node"]]["site"], []).append(cell)
        self.station = str(document["management"]["station"])
        self.power_areas_of = {site: frozenset(self.sites[site]["shared_risk_groups"]) for site in self.sites}
        self.links_at: dict[str, list[str]] = {node: [] for node in self.nodes}
        self.graph: nx.MultiGraph[str] = nx.MultiGraph()
        """Nodes and links as networkx sees them: the key of an edge is the link's id, its weight igp_metric."""
        home = self.nodes[self.station]["site"]
        self.never_fails = frozenset({self.station, home}) | self.power_areas_of[home]
        """The station's node, its site and its power areas: no fault may name them (FORMAT.md)."""
        self._connect()

    def _connect(self) -> None:
        for node, record in self.nodes.items():
            self.graph.add_node(node, **record)
        for link, record in self.links.items():
            for end in (record["a"], record["z"]):
                self.links_at[end].append(link)
            self.graph.add_edge(record["a"], record["z"], key=link, **record)

    def other_end(self, link: str, node: str) -> str:
        """The node at the link's other end."""
        record = self.links[link]
        return str(record["z"] if record["a"] == node else record["a"])

    def kind_of(self, resource: str) -> FailedKind:
        """The field of FailureState that a resource of this id belongs to; KeyError for an unknown id."""
        places: tuple[tuple[FailedKind, dict[str, Any]], ...] = (
            ("links", self.links),
            ("nodes", self.nodes),
            ("cards", self.cards),
            ("sites", self.sites),
        )
        for kind, records in places:
            if resource in records:
                return kind
        return "power_areas" if self.groups[resource]["kind"] == "power" else "groups"


Fold = Callable[[Network, FailureState], frozenset[str]]


def remembered(fold: Fold) -> Fold:
    """The same function, which works out each failure state of a network once."""

    @wraps(fold)
    def asked(network: Network, state: FailureState) -> frozenset[str]:
        key = (fold.__name__, state)
        if key not in network.memory:
            network.memory[key] = fold(network, state)
        return network.memory[key]

    return asked


def _by_id(document: Document, kind: str) -> dict[str, dict[str, Any]]:
    return {str(record["id"]): record for record in document.get(kind, [])}


@remembered
def living_nodes(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the nodes that have power and have not failed themselves; always with the station's node."""
    living = (node for node, record in network.nodes.items() if _lives(network, state, node, record["site"]))
    return frozenset(living) | {network.station}


def _lives(network: Network, state: FailureState, node: str, site: str) -> bool:
    powered = site not in state.sites and state.power_areas.isdisjoint(network.power_areas_of[site])
    return powered and node not in state.nodes


@remembered
def living_links(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the links that carry traffic: both ends, both cards, every duct or cable and the link itself live."""
    nodes = living_nodes(network, state)
    return frozenset(link for link, record in network.links.items() if _carries(record, state, nodes))


def _carries(link: dict[str, Any], state: FailureState, nodes: frozenset[str]) -> bool:
    if link.get("dormant") and link["id"] not in state.lit:
        return False
    intact = link["id"] not in state.links and state.groups.isdisjoint(link["shared_risk_groups"])
    carded = link["a_card"] not in state.cards and link["z_card"] not in state.cards
    ends = (link["a"], link["z"])
    configured = state.isolated.isdisjoint(ends) and state.shut.isdisjoint((link["id"], end) for end in ends)
    return intact and carded and configured and link["a"] in nodes and link["z"] in nodes


def loss_milli_of_path(state: FailureState, links: Iterable[str]) -> float:
    """Thousandths of the packets that are lost along these links, each losing on its own; a link's losses multiply."""
    carried, on_path = 1.0, frozenset(links)
    for link, loss_milli in sorted(state.lossy):
        if link in on_path:
            carried *= 1 - loss_milli / MILLI
    return MILLI * (1 - carried)
