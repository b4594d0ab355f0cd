"""Does the network have the nodes, ducts, roles and managers that its management names?"""

from collections.abc import Iterator

from ossbss.documents import Document, Mistake, listing, nearest
from sim.testbed.scenario_schema import NetworkSpec
from sim.world.network.state import Network


def check_management(document: Document, spec: NetworkSpec, network: Network) -> list[Mistake]:
    """A mistake for each name that the network does not have."""
    known = {
        "node": list(network.nodes),
        "role": sorted({str(node["role"]) for node in network.nodes.values()}),
        "duct or cable": [group for group, record in network.groups.items() if record["kind"] != "power"],
        "element manager": list(network.document["element_managers"]),
    }
    return [
        document.mistake(path, f"the network has no {kind} {name!r}; it has {listing(known[kind], name)}",
                         nearest(name, known[kind]))
        for path, name, kind in _named(spec) if name not in known[kind]
    ]  # fmt: skip


def _named(spec: NetworkSpec) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    partly, path = spec.partly_shared, ("network", "partly_shared")
    for number, node in enumerate(partly.in_band_nodes):
        yield (*path, "in_band_nodes", number), node, "node"
    for number, role in enumerate(partly.in_band_roles):
        yield (*path, "in_band_roles", number), role, "role"
    for duct, nodes in partly.shares.items():
        yield (*path, "shares", duct), duct, "duct or cable"
        yield from (((*path, "shares", duct, number), node, "node") for number, node in enumerate(nodes))
    for manager, node in spec.manager_nodes.items():
        yield ("network", "manager_nodes", manager), manager, "element manager"
        yield ("network", "manager_nodes", manager), node, "node"
