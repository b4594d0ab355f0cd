"""The OSS's copy of the network: what exists and what rests on what, read from one document.

Format: sites, nodes, cards, links, shared risk groups, services, cells, management. Unknown fields are
ignored. It is what the operator wrote down, not the truth: the two may drift apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import networkx as nx

from ossbss.oss.elements.names import ElementNames

SERVICE_DOWN = "underlyingResourceUnavailable"
"""The probable cause (ITU-T X.733) with which an end of a service says that it does not work."""


@dataclass(frozen=True)
class Link:
    link_id: str
    ends: tuple[str, str]
    cards: tuple[str, str]
    ports: tuple[str, str]
    groups: tuple[str, ...]
    metric: int
    dormant: bool = False
    """dark until capacity on it is bought: nothing of it is missed before"""


@dataclass(frozen=True)
class Service:
    service_id: str
    ends: tuple[str, str]
    probe: str

    @cached_property
    def alarms_of_outage(self) -> tuple[tuple[str, str, str], ...]:
        """Identities of the alarms by which its ends report that it does not work."""
        return tuple((self.service_id, SERVICE_DOWN, end) for end in sorted(set(self.ends)))


@dataclass(frozen=True)
class Inventory:
    """What rests on what. Ids are unique over all kinds of resource."""

    site_of_node: Mapping[str, str]
    vendor_of_node: Mapping[str, str]
    last_gasp: frozenset[str]
    place_of_site: Mapping[str, tuple[float, float]]
    card_slots: Mapping[str, tuple[str, str]]
    """card → (node, slot)"""
    links: Mapping[str, Link]
    services: Mapping[str, Service]
    groups: Mapping[str, str]
    """shared risk group → kind"""
    group_sites: Mapping[str, frozenset[str]]
    station: str
    in_band: bool

    @cached_property
    def graph(self) -> "nx.Graph[str]":
        """The living network as planned: nodes, and links as edges with their id."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(self.site_of_node)
        awake = (link for link in self.links.values() if not link.dormant)
        graph.add_edges_from((*link.ends, {"link": link.link_id}) for link in awake)
        return graph

    @cached_property
    def resources(self) -> tuple[str, ...]:
        """Everything that may be named as failed, cheapest explanation first: line, then what holds it."""
        sites = sorted(set(self.site_of_node.values()))
        return (*sorted(self.links), *sorted(self.groups), *sorted(self.card_slots),
                *sorted(self.site_of_node), *sites)  # fmt: skip

    def dead_nodes(self, failed: str) -> frozenset[str]:
        """Nodes without life when this resource has failed."""
        sites = self.group_sites.get(failed, frozenset((failed,)))
        return frozenset(n for n, site in self.site_of_node.items() if n == failed or site in sites)

    def down_links(self, failed: str) -> frozenset[str]:
        """Links that carry nothing when this resource has failed."""
        if failed not in self._down_links:
            dead = self.dead_nodes(failed)
            self._down_links[failed] = frozenset(
                link.link_id
                for link in self.links.values()
                if failed == link.link_id
                or (not link.dormant and (failed in (*link.groups, *link.cards) or dead.intersection(link.ends)))
            )
        return self._down_links[failed]

    @cached_property
    def _down_links(self) -> dict[str, frozenset[str]]:
        """What ``down_links`` has worked out; the inventory does not change, so it stays true."""
        return {}

    def site_of(self, resource: str) -> str:
        """Where a crew is sent for a resource: its own site, or the first end of its first link."""
        if resource in self.site_of_node:
            return self.site_of_node[resource]
        if resource in self.card_slots:
            return self.site_of_node[self.card_slots[resource][0]]
        if resource in self.place_of_site:
            return resource
        dark = (link.link_id for link in self.links.values() if resource in link.groups)
        first = min(self.down_links(resource) or dark)
        return self.site_of_node[self.links[first].ends[0]]

    def names_of(self, node: str) -> ElementNames:
        """What this node's ports, slots and probes are called in its own log lines."""
        ports = {
            port: link.link_id
            for link in self.links.values()
            for end, port in zip(link.ends, link.ports, strict=True)
            if end == node
        }
        slots = {slot: card for card, (owner, slot) in self.card_slots.items() if owner == node}
        probes = {s.probe: s.service_id for s in self.services.values() if node in s.ends}
        return ElementNames(element_id=node, link_of_port=ports, card_of_slot=slots, service_of_probe=probes,
                            site=self.site_of_node[node])  # fmt: skip


def read_inventory(document: Mapping[str, Any]) -> Inventory:
    """Build the inventory from its document (format of the network document; ids unique)."""
    nodes, sites = document["nodes"], document["sites"]
    management = document["management"]
    return Inventory(
        site_of_node={n["id"]: n["site"] for n in nodes},
        vendor_of_node={n["id"]: n["vendor"] for n in nodes},
        last_gasp=frozenset(n["id"] for n in nodes if n.get("last_gasp")),
        place_of_site={s["id"]: (s.get("lon", 0.0), s.get("lat", 0.0)) for s in sites},
        card_slots={c["id"]: (c["node"], str(c.get("slot", ""))) for c in document["cards"]},
        links={item["id"]: _link(item) for item in document["links"]},
        services={s["id"]: Service(s["id"], (s["a"], s["z"]), s.get("probe", "")) for s in document["services"]},
        groups={g["id"]: g["kind"] for g in document["shared_risk_groups"]},
        group_sites=_group_sites(sites),
        station=management["station"],
        in_band=management["mode"] == "in_band",
    )


def _link(item: Mapping[str, Any]) -> Link:
    return Link(
        link_id=item["id"],
        ends=(item["a"], item["z"]),
        cards=(item["a_card"], item["z_card"]),
        ports=(item.get("a_port", ""), item.get("z_port", "")),
        groups=tuple(item["shared_risk_groups"]),
        metric=item["igp_metric"],
        dormant=bool(item.get("dormant")),
    )


def _group_sites(sites: Iterable[Mapping[str, Any]]) -> dict[str, frozenset[str]]:
    members: dict[str, set[str]] = {}
    for site in sites:
        for group in site.get("shared_risk_groups", ()):
            members.setdefault(group, set()).add(site["id"])
    return {group: frozenset(of) for group, of in members.items()}
