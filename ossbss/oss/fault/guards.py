"""May this be done? What an act would take is put to the OSS's own model of the network, beside all that has failed."""

from collections.abc import Collection

import numpy as np

from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.inventory import Inventory


def harmless(
    model: NetworkModel, failed: Collection[str], takes: Collection[str], spared: Collection[str] = ()
) -> bool:
    """Whether nothing that works loses its last way when these resources go too.

    ``failed``: what is believed to have failed; ``spared``: services that do not count, for they do not serve anyway.
    Every other service still has a way then, and every element that is not taken itself one to the station.
    """
    numbers = model.numbers
    before = model.effect(numbers.called(failed))
    after = model.effect(numbers.called({*failed, *takes}))
    lost = after.down & ~before.down
    lost[[numbers.service_no[service] for service in spared if service in numbers.service_no]] = False
    silent = (after.expected & ~before.expected)[numbers.places.contact]
    silenced = {numbers.nodes[node] for node in np.flatnonzero(silent).tolist()}
    return not lost.any() and silenced <= set(takes)


def held_down(model: NetworkModel, inventory: Inventory, failed: Collection[str]) -> frozenset[str]:
    """Services, links and nodes that do not work because of these failures."""
    numbers = model.numbers
    down = model.effect(numbers.called(failed)).down
    services = (service for service, is_down in zip(numbers.services, down, strict=True) if is_down)
    parts = (inventory.down_links(one) | inventory.dead_nodes(one) for one in failed)
    return frozenset(services).union(*parts)


def domain(resource: str, inventory: Inventory) -> frozenset[str]:
    """The elements that an act about this resource touches: one act at a time in each of them."""
    if resource in inventory.links:
        return frozenset(inventory.links[resource].ends)
    if resource in inventory.card_slots:
        return frozenset((inventory.card_slots[resource][0],))
    if resource in inventory.cells:
        return frozenset((inventory.cells[resource].node,))
    return inventory.dead_nodes(resource)


def kind_of(resource: str, inventory: Inventory) -> str | None:
    """What runbooks call this kind of resource; None: there are none for it."""
    kinds = (("link", inventory.links), ("card", inventory.card_slots), ("node", inventory.site_of_node),
             ("cell", inventory.cells))  # fmt: skip
    return next((kind for kind, known in kinds if resource in known), None)
