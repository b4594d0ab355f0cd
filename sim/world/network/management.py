"""Which elements the management station can talk to (FORMAT.md of the diagnosis benchmark, *cut off*).

Each node has one way: through the network itself (in band), or by a network beside it (out of band). That one may rest
on ducts of the network all the same: who fails with a duct is named in ``management.shares``. The station is on both.
"""

from sim.world.network.islands import island
from sim.world.network.state import FailureState, Network, living_nodes, remembered


@remembered
def reachable(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the managed nodes, always with the station's own, which never fails.

    Out of band every living node is managed but those that a failed shared duct cuts off; in band only those that
    living links and nodes join to the station.
    """
    alive, in_band = living_nodes(network, state), in_band_nodes(network)
    beside = alive - in_band
    for duct in state.groups & shares(network).keys():
        beside -= shares(network)[duct]
    if not in_band:
        return beside | {network.station}
    return beside | (island(network, state, network.station) & in_band) | {network.station}


def reachable_from(network: Network, state: FailureState, manager_node: str) -> frozenset[str]:
    """Ids of the nodes that an element manager at this node can talk to: all that the station can, when it is reached.

    A manager that is cut off from the station goes on with its own island: nodes in band, if it is in band itself.
    """
    managed = reachable(network, state)
    if manager_node in managed:
        return managed
    in_band = in_band_nodes(network)
    if manager_node not in in_band:
        return frozenset()
    return island(network, state, manager_node) & in_band


def in_band_nodes(network: Network) -> frozenset[str]:
    """All in mode ``in_band``, none in ``out_of_band``, those that the document names in ``partly_shared``."""
    management = network.document["management"]
    if management["mode"] == "partly_shared":
        return frozenset(management.get("in_band_nodes", ()))
    return frozenset(network.nodes if management["mode"] == "in_band" else ())


def shares(network: Network) -> dict[str, frozenset[str]]:
    """Duct or cable → the nodes whose way beside the network lies in it all the same (in mode ``partly_shared``)."""
    management = network.document["management"]
    told = management.get("shares", {}) if management["mode"] == "partly_shared" else {}
    return {duct: frozenset(nodes) for duct, nodes in told.items()}


def manager_nodes(network: Network) -> dict[str, str]:
    """Element manager → the node through which it is reached: the station's, where the document says nothing else."""
    places = network.document["management"].get("managers", {})
    return {m: places.get(m, {}).get("node", network.station) for m in network.document["element_managers"]}

