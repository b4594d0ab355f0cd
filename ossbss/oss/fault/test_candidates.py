"""Which tests could tell something about a suspect: those of the catalogue that touch it, wherever they start."""

from collections.abc import Iterator

from ossbss.oss.fault.test_catalogue import ActiveTest
from ossbss.oss.inventory import Inventory, Link


def candidates(resource: str, inventory: Inventory) -> tuple[ActiveTest, ...]:
    """Cheapest first. A site is known by its nodes, a duct by its links; of an unknown id there are none."""
    found = {*_own(resource, inventory), *_of_links(resource, inventory)}
    for node in _nodes(resource, inventory):
        found |= {ActiveTest("probe", node), ActiveTest("traceroute", node, inventory.station)}
        found |= {ActiveTest("show_alarms", node, node), ActiveTest("show_change", node, node)}
    if found:
        found.add(ActiveTest("visit", resource))
    return tuple(sorted(found, key=lambda test: test.rank))


def _own(resource: str, inventory: Inventory) -> Iterator[ActiveTest]:
    if resource in inventory.card_slots:
        node = inventory.card_slots[resource][0]
        yield from (ActiveTest("show_card", resource, node), ActiveTest("show_change", node, node))
    if resource in inventory.cells:
        yield ActiveTest("show_cell", resource, inventory.cells[resource].node)
        yield ActiveTest("probe", inventory.service_of_cell[resource])
    if resource in inventory.services:
        yield ActiveTest("probe", resource)
        yield from (ActiveTest("traceroute", resource, end) for end in sorted(set(inventory.services[resource].ends)))


def _nodes(resource: str, inventory: Inventory) -> frozenset[str]:
    """The node itself, or those of a site."""
    if resource in inventory.site_of_node:
        return frozenset((resource,))
    return inventory.nodes_at.get(resource, frozenset())


def _of_links(resource: str, inventory: Inventory) -> Iterator[ActiveTest]:
    """Of the links that hang on it: from both ends, of a node's or site's from the far end."""
    nodes = _nodes(resource, inventory)
    on = inventory.links_on.get(resource, frozenset[str]()).union(*(inventory.links_on.get(n, ()) for n in nodes))
    for link in (inventory.links[name] for name in on):
        yield ActiveTest("probe", link.link_id)
        yield from (test for end in link.ends if end not in nodes for test in _from(link, end))
        if not nodes:
            yield ActiveTest("show_metric", link.link_id, link.ends[0])
            yield ActiveTest("show_change", link.ends[0], link.ends[0])


def _from(link: Link, end: str) -> Iterator[ActiveTest]:
    yield ActiveTest("show_port", link.link_id, end)
    yield ActiveTest("loopback", link.link_id, end)
    if link.length_km:
        yield ActiveTest("reflectometry", link.link_id, end)
