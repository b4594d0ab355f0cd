"""What living links join to a node."""

import numpy as np
from scipy.sparse.csgraph import connected_components

from sim.world.network.state import FailureState, Network, dead_links, living_nodes


def island(network: Network, state: FailureState, start: str) -> frozenset[str]:
    """Ids of all nodes that living links join to this one, with it; none where it is dead. KeyError for no node."""
    arcs, number = network.arcs, network.arcs.node_no[start]
    if start not in living_nodes(network, state):
        return frozenset()
    rows, _ = arcs.rows((arcs.link_no[link] for link in dead_links(network, state)), {})
    _, part_of = connected_components(rows, directed=False)
    return frozenset(arcs.nodes[node] for node in np.flatnonzero(part_of == part_of[number]).tolist())
