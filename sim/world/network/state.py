"""What has failed, and what of the network still lives: the rules of the fault kinds.

A link is down when it, its duct or cable, one of its two cards or one of its two end nodes has failed, when somebody
has shut it, cut one of its ends off by configuration, or never lit it; a node is dead when it, its site's power or a
power area of its site has failed. The management station's node never dies.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, wraps
from typing import Any, Literal, get_args

import networkx as nx

from sim.world.network.document import Document
from sim.world.network.routing.arcs import TwoWay, arcs_of

REMEMBERED = 128
"""So many answers about failure states a network keeps; the one asked for longest ago goes first."""

FailedKind = Literal["links", "groups", "nodes", "cards", "sites", "power_areas"]
HeldKind = FailedKind | Literal["shut", "isolated", "sleeping", "lossy", "metrics", "lit", "restarting"]
Hold = tuple[HeldKind, Any]
"""One item that a fault, a change or a purchase holds in the state: (field of FailureState, value)."""
MILLI = 1_000


@dataclass(frozen=True)
class FailureState:
    """All resources that are failed at one instant, by id; hashable, so that states can be remembered.

    ``groups`` are ducts and cables, ``sites`` are sites without power, ``power_areas`` groups of kind power.
    ``shut`` are (link, node whose port somebody closed by command), ``isolated`` nodes whose routing a configuration
    cut off while their ports stay up, ``sleeping`` cells that carry nothing and say nothing, ``lossy`` (link,
    thousandths of packets lost), ``metrics`` (link, IGP metric configured on it in place of the document's), at most
    one of a link, ``lit`` dormant links that are in use, ``restarting`` cards that somebody has started anew.
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
    restarting: frozenset[str] = frozenset()

    def failed(self, kind: HeldKind, resource: Any) -> "FailureState":
        """The state after the resource failed; the same when it had failed before."""
        return replace(self, **{kind: getattr(self, kind) | {resource}})

    def repaired(self, kind: HeldKind, resource: Any) -> "FailureState":
        """The state after the resource was repaired; the same when it had not failed."""
        return replace(self, **{kind: getattr(self, kind) - {resource}})

    def with_metric(self, link: str, metric: int) -> "FailureState":
        """The state after somebody configured this IGP metric on the link, in place of any other."""
        return replace(self, metrics=self.without_metric(link).metrics | {(link, metric)})

    def without_metric(self, link: str) -> "FailureState":
        """The state in which the link has the metric of the document again."""
        return replace(self, metrics=frozenset(pair for pair in self.metrics if pair[0] != link))

    def all_ids(self) -> frozenset[str]:
        """Every failed resource, of any kind; what is only wrongly weighted, lossy or lit has not failed."""
        named = (*get_args(FailedKind), "isolated", "sleeping", "restarting")
        return frozenset(link for link, _ in self.shut).union(*(getattr(self, name) for name in named))


class Network:
    """A network document with its indices; it never changes after construction, but for what it remembers."""

    def __init__(self, document: Document) -> None:
        """Index the document; KeyError where a link names a node, or the management a station, that is not there."""
        self.document = document
        self.memory: OrderedDict[tuple[str, FailureState], frozenset[str]] = OrderedDict()
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
        self.dormant_links = frozenset(link for link, record in self.links.items() if record.get("dormant"))
        self.station = str(document["management"]["station"])
        self.power_areas_of = {site: frozenset(self.sites[site]["shared_risk_groups"]) for site in self.sites}
        self.all_nodes, self.all_links = frozenset(self.nodes), frozenset(self.links)
        self.nodes_at = _members(self.nodes, "site")
        """site → its nodes"""
        self.sites_in = _members(self.sites, "shared_risk_groups")
        """power area → its sites"""
        self.links_on = _members(self.links, "a_card", "z_card", "shared_risk_groups")
        """card, duct or cable → links that need it"""
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

    @cached_property
    def arcs(self) -> TwoWay:
        """Nodes and links by number, for paths and loads."""
        return arcs_of(self.nodes, self.links)

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


def failing(network: Network, resources: Iterable[str]) -> FailureState:
    """The state in which exactly these have failed; KeyError for an unknown id."""
    state = FailureState()
    for resource in resources:
        state = state.failed(network.kind_of(resource), resource)
    return state


Fold = Callable[[Network, FailureState], frozenset[str]]


def remembered(fold: Fold) -> Fold:
    """The same function, which knows its answers for the failure states that were asked for last."""

    @wraps(fold)
    def asked(network: Network, state: FailureState) -> frozenset[str]:
        key, memory = (fold.__name__, state), network.memory
        if key in memory:
            memory.move_to_end(key)
            return memory[key]
        memory[key] = answer = fold(network, state)
        if len(memory) > REMEMBERED:
            memory.popitem(last=False)
        return answer

    return asked


def core_nodes(service: Mapping[str, Any]) -> tuple[str, ...]:
    """The nodes at which a service may end: its ``z``, then its backup cores, in order."""
    return (str(service["z"]), *service.get("backup_z", ()))


def _by_id(document: Document, kind: str) -> dict[str, dict[str, Any]]:
    return {str(record["id"]): record for record in document.get(kind, [])}


def _members(records: dict[str, dict[str, Any]], *keys: str) -> dict[str, list[str]]:
    """What the records name under these keys → the records that name it."""
    found: dict[str, list[str]] = {}
    for member, record in records.items():
        for key in keys:
            for name in record[key] if isinstance(record[key], list | tuple) else [record[key]]:
                found.setdefault(name, []).append(member)
    return found


@remembered
def dead_nodes(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the nodes that have no power or have failed themselves; never the station's node."""
    dark = state.sites.union(*(network.sites_in.get(area, ()) for area in state.power_areas))
    dead = state.nodes.union(*(network.nodes_at.get(site, ()) for site in dark))
    return dead - {network.station}


@remembered
def dead_links(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the links that carry nothing: an end, a card, a duct or cable, or the link itself has failed, somebody has
    shut it or cut one of its ends off, or it was never lit."""
    at_nodes = (network.links_at[node] for node in dead_nodes(network, state) | state.isolated)
    on_parts = (network.links_on.get(part, ()) for part in (*state.groups, *state.cards, *state.restarting))
    unused = network.dormant_links - state.lit
    return state.links.union(unused, (link for link, _ in state.shut), *at_nodes, *on_parts)


@remembered
def living_nodes(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the nodes that have power and have not failed themselves; always with the station's node."""
    return network.all_nodes - dead if (dead := dead_nodes(network, state)) else network.all_nodes


@remembered
def living_links(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the links that carry traffic: both ends, both cards, every duct or cable and the link itself live."""
    return network.all_links - dead if (dead := dead_links(network, state)) else network.all_links


def loss_milli_of_path(state: FailureState, links: Iterable[str]) -> float:
    """Thousandths of the packets that are lost along these links, each losing on its own; a link's losses multiply."""
    carried, on_path = 1.0, frozenset(links)
    for link, loss_milli in sorted(state.lossy):
        if link in on_path:
            carried *= 1 - loss_milli / MILLI
    return MILLI * (1 - carried)
