"""Shortest paths by IGP metric, as a link-state routing protocol finds them (Dijkstra 1959; RFC 2328, 16.1)."""

import heapq
from dataclasses import dataclass

from sim.world.network.state import FailureState, Network, living_links, living_nodes


@dataclass(frozen=True)
class Path:
    """A way through the network: nodes from the first to the last, the links between them, the summed metric."""

    nodes: tuple[str, ...]
    links: tuple[str, ...]
    metric: int

    def lives(self, nodes: frozenset[str], links: frozenset[str]) -> bool:
        """Whether everything on the path is among the living nodes and links."""
        return nodes.issuperset(self.nodes) and links.issuperset(self.links)


def paths_to(network: Network, state: FailureState, core: str) -> dict[str, Path]:
    """The best path from every node that can reach ``core`` (a living node), over living nodes and links.

    Best is the least metric, then the fewest links, then the first in the order of link ids read from the
    node's side: the same answer whatever the order of the document. Empty when ``core`` is dead.
    """
    if core not in living_nodes(network, state):
        return {}
    links = living_links(network, state)
    found: dict[str, Path] = {}
    # Extending a path by one link at its head keeps the order of two paths, so the first one popped is best.
    heap: list[tuple[int, int, tuple[str, ...], tuple[str, ...]]] = [(0, 0, (), (core,))]
    while heap:
        metric, hops, used, nodes = heapq.heappop(heap)
        if nodes[0] in found:
            continue
        found[nodes[0]] = Path(nodes, used, metric)
        for link in network.links_at[nodes[0]]:
            neighbour = network.other_end(link, nodes[0])
            if link in links and neighbour not in found:
                step = state.metric_of(link, int(network.links[link]["igp_metric"]))
                heapq.heappush(heap, (metric + step, hops + 1, (link, *used), (neighbour, *nodes)))
    return found
