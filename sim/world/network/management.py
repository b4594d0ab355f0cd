"""Which elements the management station can talk to (FORMAT.md of the diagnosis benchmark, *cut off*)."""

import numpy as np
from scipy.sparse.csgraph import connected_components

from sim.world.network.state import FailureState, Network, dead_links, living_nodes, remembered


@remembered
def reachable(network: Network, state: FailureState) -> frozenset[str]:
    """Ids of the managed nodes, always with the station's own, which never fails.

    Out of band every living node is managed; in band only those that living links and nodes join to the station.
    """
    if network.document["management"]["mode"] == "out_of_band":
        return living_nodes(network, state)
    arcs = network.arcs
    rows, _ = arcs.rows((arcs.link_no[link] for link in dead_links(network, state)), {})
    _, part_of = connected_components(rows, directed=False)
    joined = np.flatnonzero(part_of == part_of[arcs.node_no[network.station]])
    return frozenset(arcs.node_ids[node] for node in joined.tolist())
