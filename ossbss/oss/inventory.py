"""The OSS's copy of the network: what exists and what rests on what, read from one document.

Format: sites, nodes, cards, links, shared risk groups, services, cells, management. Unknown fields are
ignored. It is what the operator wrote down, not the truth: the two may drift apart.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from ossbss.oss.elements.names import ElementNames

SERVICE_DOWN = "underlyingResourceUnavailable"
"""The probable cause (ITU-T X.733) with which an end of a service says that it does not work."""


HIGHEST_METRIC = 16_777_214
"""The highest IGP metric that a path may use (RFC 5305, 3): a link that has it carries what has no other way."""
Protection = Literal["none", "1+1", "restoration"]


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
    length_km: float | None = None
    """of the fibre; None: nobody wrote it down"""

    def other_end(self, node: str) -> str:
        return self.ends[1] if self.ends[0] == node else self.ends[0]

    def port_at(self, node: str) -> str:
        return self.ports[self.ends.index(node)]

    def card_at(self, node: str) -> str:
        return self.cards[self.ends.index(node)]


@dataclass(frozen=True)
class Cell:
    """``radio``: the number of its radio at its node, from 0, in the order in which they were written down."""

    cell_id: str
    node: str
    radio: int


@dataclass(frozen=True)
class Service:
    service_id: str
    ends: tuple[str, str]
    probe: str
    protection: Protection = "restoration"
    path: tuple[str, ...] = ()
    backup_path: tuple[str, ...] = ()
    backup_ends: tuple[str, ...] = ()
    """nodes at which it may end when its second end is lost, best first"""

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
    in_band_nodes: frozenset[str]
    """nodes that are managed through the network itself; the others through a network beside it"""
    shares: Mapping[str, frozenset[str]]
    """duct or cable → nodes whose way beside the network lies in it all the same"""
    manager_of_node: Mapping[str, str]
    managers: Mapping[str, str]
    """element manager → the node through which it is reached"""
    owners: Mapping[str, str] = field(default_factory=dict)
    """resource → the third party that owns it and alone may mend it; ours are left out"""
    cells: Mapping[str, Cell] = field(default_factory=dict)
    service_of_cell: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def nodes_at(self) -> Mapping[str, frozenset[str]]:
        """Site → the nodes that stand there."""
        return _grouped((site, node) for node, site in self.site_of_node.items())

    @cached_property
    def links_on(self) -> Mapping[str, frozenset[str]]:
        """Link, card, duct, cable or node → the links that hang on it; what none hangs on is left out."""
        return _grouped(
            (holder, link.link_id)
            for link in self.links.values()
            for holder in (link.link_id, *link.ends, *link.cards, *link.groups)
        )

    def dead_nodes(self, failed: str) -> frozenset[str]:
        """Nodes without life when this resource has failed."""
        if failed in self.site_of_node:
            return frozenset((failed,))
        sites = self.group_sites.get(failed, frozenset((failed,)))
        return frozenset[str]().union(*(self.nodes_at.get(site, ()) for site in sites))

    def down_links(self, failed: str) -> frozenset[str]:
        """Links that carry nothing when this resource has failed."""
        holders = (failed, *self.dead_nodes(failed))
        return frozenset[str]().union(*(self.links_on.get(holder, ()) for holder in holders))

    def site_of(self, resource: str) -> str:
        """Where a crew is sent for a resource: its own site, or the first end of its first link."""
        if resource in self.site_of_node:
            return self.site_of_node[resource]
        if resource in self.card_slots:
            return self.site_of_node[self.card_slots[resource][0]]
        if resource in self.managers:
            return self.site_of_node[self.managers[resource]]
        if resource in self.cells:
            return self.site_of_node[self.cells[resource].node]
        if resource in self.place_of_site:
            return resource
        dark = (link.link_id for link in self.links.values() if resource in link.groups)
        first = min(self.down_links(resource) or dark)
        return self.site_of_node[self.links[first].ends[0]]

    @cached_property
    def names(self) -> Mapping[str, ElementNames]:
        """Node → what its ports, slots, probes and radios are called in its own messages."""
        ports, slots, probes, radios = ({node: dict[str, str]() for node in self.site_of_node} for _ in range(4))
        for link in self.links.values():
            for end, port in zip(link.ends, link.ports, strict=True):
                ports[end][port] = link.link_id
        for card, (owner, slot) in self.card_slots.items():
            slots[owner][slot] = card
        for service in self.services.values():
            for end in service.ends:
                probes[end][service.probe] = service.service_id
        for cell in self.cells.values():
            radios[cell.node][str(cell.radio)] = cell.cell_id
        return {node: ElementNames(node, ports[node], slots[node], probes[node], site, radios[node])
                for node, site in self.site_of_node.items()}  # fmt: skip


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
        services={s["id"]: _service(s) for s in document["services"]},
        groups={g["id"]: g["kind"] for g in document["shared_risk_groups"]},
        group_sites=_group_sites(sites),
        station=management["station"],
        in_band_nodes=_in_band_nodes(management, [n["id"] for n in nodes]),
        shares=_shares(management),
        manager_of_node={n["id"]: n["element_manager"] for n in nodes},
        managers=_managers(document),
        owners=_owners(document),
        cells=_cells(document.get("cells", ())),
        service_of_cell={s["cell"]: s["id"] for s in document["services"] if s.get("cell")},
    )


def _cells(records: Iterable[Mapping[str, Any]]) -> dict[str, Cell]:
    radios: Counter[str] = Counter()
    found = {}
    for record in records:
        found[record["id"]] = Cell(record["id"], record["node"], radios[record["node"]])
        radios[record["node"]] += 1
    return found


def _owners(document: Mapping[str, Any]) -> dict[str, str]:
    kinds = ("sites", "nodes", "cards", "links", "shared_risk_groups")
    return {record["id"]: record["owner"] for kind in kinds for record in document[kind] if record.get("owner")}


def _in_band_nodes(management: Mapping[str, Any], nodes: Iterable[str]) -> frozenset[str]:
    """All of them in mode ``in_band``, none in ``out_of_band``, those the document names in ``partly_shared``."""
    if management["mode"] == "partly_shared":
        return frozenset(management.get("in_band_nodes", ()))
    return frozenset(nodes if management["mode"] == "in_band" else ())


def _shares(management: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    told = management.get("shares", {}) if management["mode"] == "partly_shared" else {}
    return {duct: frozenset(nodes) for duct, nodes in told.items()}


def _managers(document: Mapping[str, Any]) -> dict[str, str]:
    """Element manager → its node: the station's, where the document says nothing else."""
    management = document["management"]
    places = management.get("managers", {})
    return {m: places.get(m, {}).get("node", management["station"]) for m in document["element_managers"]}


def _link(item: Mapping[str, Any]) -> Link:
    return Link(
        link_id=item["id"],
        ends=(item["a"], item["z"]),
        cards=(item["a_card"], item["z_card"]),
        ports=(item.get("a_port", ""), item.get("z_port", "")),
        groups=tuple(item["shared_risk_groups"]),
        metric=item["igp_metric"],
        dormant=bool(item.get("dormant")),
        length_km=item.get("length_km"),
    )


def _service(item: Mapping[str, Any]) -> Service:
    return Service(
        service_id=item["id"],
        ends=(item["a"], item["z"]),
        probe=item.get("probe", ""),
        protection=item.get("protection", "restoration"),
        path=tuple(item.get("path", ())),
        backup_path=tuple(item.get("backup_path", ())),
        backup_ends=tuple(item.get("backup_z", ())),
    )


def _group_sites(sites: Iterable[Mapping[str, Any]]) -> Mapping[str, frozenset[str]]:
    return _grouped((group, site["id"]) for site in sites for group in site.get("shared_risk_groups", ()))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """First → all seconds that stand beside it."""
    members: dict[str, set[str]] = {}
    for of, member in pairs:
        members.setdefault(of, set()).add(member)
    return {of: frozenset(found) for of, found in members.items()}
