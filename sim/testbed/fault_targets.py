"""What of a network can fail in which way."""

from sim.testbed.law_schema import FaultKind
from sim.world.network.state import Network

KIND_OF_FAULT = {
    "cut_link": "links",
    "cut_duct": "ducts",
    "fail_node": "nodes",
    "fail_card": "cards",
    "cut_power": "sites or power areas",
    "fail_manager": "element managers",
}


def targets_of(network: Network, do: str) -> list[str]:
    """What of the network can fail in this way."""
    power = [g for g in network.groups if network.groups[g]["kind"] == "power"]
    by_kind = {
        "cut_link": list(network.links),
        "cut_duct": [g for g in network.groups if g not in power],
        "fail_node": list(network.nodes),
        "fail_card": list(network.cards),
        "cut_power": [*network.sites, *power],
        "fail_manager": list(network.document["element_managers"]),
    }
    return by_kind[do]


def vulnerable(network: Network, do: FaultKind) -> tuple[str, ...]:
    """The same, but what holds the management station, which never fails."""
    return tuple(target for target in targets_of(network, do) if target not in network.never_fails)
