"""The OSS's model of what a failure looks like: which alarms a failed resource makes the network raise."""

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.inventory import Inventory

Identity = tuple[str, str, str]
"""(alarmed_object, probable_cause, source): the identity of an alarm."""

STATION = "oss.surveillance"
"""The source of alarms that the management station raises itself."""


def footprint(inventory: Inventory, resource: str) -> frozenset[Identity]:
    """Alarms that last while this resource alone has failed; reroutes that heal themselves are not in it."""
    if resource in inventory.managers:
        return frozenset((lost_contact(resource),))
    dead, down = inventory.dead_nodes(resource), inventory.down_links(resource)
    island = _islands(inventory, dead, down)
    managed = _managed(inventory, resource, island)
    lost = {manager for manager, node in inventory.managers.items() if node not in managed}
    heard = frozenset(n for n in managed if inventory.manager_of_node[n] not in lost) if lost else managed
    alarms = {(link, "lossOfSignal", end) for link in down for end in inventory.links[link].ends if end in heard}
    if resource in inventory.card_slots and inventory.card_slots[resource][0] in heard:
        alarms.add((resource, "equipmentMalfunction", inventory.card_slots[resource][0]))
    silent = inventory.site_of_node.keys() - managed
    alarms |= {lost_contact(node) for node in silent if inventory.manager_of_node[node] not in lost}
    alarms |= {lost_contact(manager) for manager in lost}
    if resource not in inventory.site_of_node:
        alarms |= {(node, "powerProblem", node) for node in dead & inventory.last_gasp}
    for service in inventory.services.values():
        a, z = (island.get(end) for end in service.ends)
        if a is None or z is None or a != z:
            alarms |= {alarm for alarm in service.alarms_of_outage if alarm[2] in heard}
    return frozenset(alarms)


def lost_contact(silent: str) -> Identity:
    """The alarm that the station raises about an element, or a manager of elements, that answers no more."""
    return (silent, "communicationsSubsystemFailure", STATION)


def of_the_site(inventory: Inventory, resource: str) -> frozenset[Identity]:
    """Alarms of power and fuel that the nodes of a site raise while its backup power still carries them.

    They come before what ``footprint`` tells, or without it; only a site or a power area has them.
    """
    if resource in inventory.site_of_node or resource not in {*inventory.place_of_site, *inventory.group_sites}:
        return frozenset()
    nodes = inventory.dead_nodes(resource)
    return frozenset((inventory.site_of_node[node], cause, node) for node in nodes for cause in SITE_CAUSES)


def _islands(inventory: Inventory, dead: frozenset[str], down: frozenset[str]) -> dict[str, int]:
    """Living node → number of the island it is on."""
    nodes = {node: number for number, node in enumerate(inventory.site_of_node)}
    lit = (link for link in inventory.links.values() if not link.dormant)
    ends = [link.ends for link in lit if link.link_id not in down]
    a, z = (np.array([nodes[end[side]] for end in ends], dtype=np.int64) for side in (0, 1))
    living = coo_matrix((np.ones(len(ends), dtype=np.int8), (a, z)), shape=(len(nodes), len(nodes)))
    labels = connected_components(living, directed=False)[1].tolist()
    return {node: labels[number] for node, number in nodes.items() if node not in dead}


def _managed(inventory: Inventory, failed: str, island: dict[str, int]) -> frozenset[str]:
    """Living nodes that the station reaches: through the network itself, or by the way beside it that they have."""
    home, blind = island.get(inventory.station), inventory.shares.get(failed, frozenset())
    return frozenset(
        node for node, on in island.items()
        if (on == home if node in inventory.in_band_nodes else node not in blind)
    )  # fmt: skip
