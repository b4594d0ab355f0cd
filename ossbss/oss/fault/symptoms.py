"""The OSS's model of what a failure looks like: which alarms a failed resource makes the network raise."""

from collections.abc import Mapping

import networkx as nx

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
    living.add_edges_from(link.ends for link in inventory.links.values() if link.link_id not in down)
    return {node: number for number, island in enumerate(nx.connected_components(living)) for node in island}


def _managed(inventory: Inventory, component: dict[str, int]) -> frozenset[str]:
    if not inventory.in_band:
        return frozenset(component)
    home = component.get(inventory.station)
    return frozenset(node for node, island in component.items() if island == home)
