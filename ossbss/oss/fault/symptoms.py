"""The OSS's model of what a failure looks like: which alarms a failed resource makes the network raise."""

from collections.abc import Mapping

import networkx as nx

from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.inventory import Inventory

Identity = tuple[str, str, str]
"""(alarmed_object, probable_cause, source): the identity of an alarm."""

STATION = "oss.surveillance"
"""The source of alarms that the management station raises itself."""


def footprint(inventory: Inventory, resource: str) -> frozenset[Identity]:
    """Alarms that last while this resource alone has failed; reroutes that heal themselves are not in it."""
    dead, down = inventory.dead_nodes(resource), inventory.down_links(resource)
    component = _components(inventory, dead, down)
    managed = _managed(inventory, component)
    alarms = {(link, "lossOfSignal", end) for link in down for end in inventory.links[link].ends if end in managed}
    if resource in inventory.card_slots and inventory.card_slots[resource][0] in managed:
        alarms.add((resource, "equipmentMalfunction", inventory.card_slots[resource][0]))
    alarms |= {
        (node, "communicationsSubsystemFailure", STATION) for node in inventory.site_of_node if node not in managed
    }
    if resource not in inventory.site_of_node:
        alarms |= {(node, "powerProblem", node) for node in dead & inventory.last_gasp}
    for service in inventory.services.values():
        a, z = (component.get(end) for end in service.ends)
        if a is None or z is None or a != z:
            alarms |= {alarm for alarm in service.alarms_of_outage if alarm[2] in managed}
    return frozenset(alarms)


def of_the_site(inventory: Inventory, resource: str) -> frozenset[Identity]:
    """Alarms of power and fuel that the nodes of a site raise while its backup power still carries them.

    They come before what ``footprint`` tells, or without it; only a site or a power area has them.
    """
    if resource in inventory.site_of_node or resource not in {*inventory.place_of_site, *inventory.group_sites}:
        return frozenset()
    nodes = inventory.dead_nodes(resource)
    return frozenset((inventory.site_of_node[node], cause, node) for node in nodes for cause in SITE_CAUSES)


class Symptoms:
    """What each resource's failure looks like, at first and in the end; worked out once for an inventory."""

    def __init__(self, inventory: Inventory) -> None:
        self.footprints = {resource: footprint(inventory, resource) for resource in inventory.resources}
        self.early = {resource: of_the_site(inventory, resource) for resource in inventory.resources}
        self.all = {resource: self.footprints[resource] | self.early[resource] for resource in inventory.resources}
        self.causes_of = causes_of(self.all)

    def expected(self, present: frozenset[Identity]) -> Mapping[str, frozenset[Identity]]:
        """What to hold against these alarms: a site that tells of its power is not yet expected to be dead, and of
        the causes that a site can tell of, only those are expected that some site tells of."""
        told = {cause for _, cause, _ in present} & SITE_CAUSES
        if not told:
            return self.footprints
        early = {r: frozenset(a for a in alarms if a[1] in told) for r, alarms in self.early.items()}
        if all(cause in SITE_CAUSES for _, cause, _ in present):
            return early
        return {resource: footprint | early[resource] for resource, footprint in self.footprints.items()}


def causes_of(footprints: Mapping[str, frozenset[Identity]]) -> dict[Identity, frozenset[str]]:
    """For each alarm, the resources whose failure raises it."""
    causes: dict[Identity, set[str]] = {}
    for resource, identities in footprints.items():
        for identity in identities:
            causes.setdefault(identity, set()).add(resource)
    return {identity: frozenset(of) for identity, of in causes.items()}


def _components(inventory: Inventory, dead: frozenset[str], down: frozenset[str]) -> dict[str, int]:
    """Living node → number of the island it is on."""
    living: nx.Graph[str] = nx.Graph()
    living.add_nodes_from(node for node in inventory.site_of_node if node not in dead)
    lit = (link for link in inventory.links.values() if not link.dormant)
    living.add_edges_from(link.ends for link in lit if link.link_id not in down)
    return {node: number for number, island in enumerate(nx.connected_components(living)) for node in island}


def _managed(inventory: Inventory, component: dict[str, int]) -> frozenset[str]:
    if not inventory.in_band:
        return frozenset(component)
    home = component.get(inventory.station)
    return frozenset(node for node, island in component.items() if island == home)
