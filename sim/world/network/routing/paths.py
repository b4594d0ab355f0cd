"""Paths through the network, as a link-state routing protocol finds them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.world.network.routing.arcs import TwoWay
from sim.world.network.routing.tree import LinkStates, Tree, grow
from sim.world.network.state import FailureState, Network, dead_links, dead_nodes


@dataclass(frozen=True)
class Path:
    """A way through the network: nodes from the first to the last, the links between them, the summed metric."""

    nodes: tuple[str, ...]
    links: tuple[str, ...]
    metric: int

    def avoids(self, resources: frozenset[str]) -> bool:
        """Whether nothing on the path is among these (dead) nodes and links."""
        return resources.isdisjoint(self.links) and resources.isdisjoint(self.nodes)


def link_states(network: Network, state: FailureState) -> LinkStates:
    """What routing knows of this state; ValueError for a metric that cannot be summed exactly."""
    arcs = network.arcs
    return LinkStates(
        dead_nodes=frozenset(arcs.node_no[node] for node in dead_nodes(network, state)),
        dead_links=frozenset(arcs.link_no[link] for link in dead_links(network, state)),
        costs={arcs.link_no[link]: arcs.cost(metric) for link, metric in state.metrics},
    )


def path_in(arcs: TwoWay, tree: Tree, node: int) -> Path | None:
    """The node's path to the root of the tree; None where there is none."""
    if not tree.reaches(node):
        return None
    steps = list(tree.walk(arcs, node))
    nodes = (*(arcs.nodes[at] for at, _ in steps), arcs.nodes[tree.root])
    return Path(nodes, tuple(arcs.links[link] for _, link in steps), int(tree.cost[node]) // arcs.hop_scale)


def paths_to(network: Network, state: FailureState, core: str) -> dict[str, Path]:
    """The best path from every node that can reach ``core`` (a living node), over living nodes and links.

    Best is the least metric, then the fewest links, then the first in the order of link ids read from the
    node's side: the same answer whatever the order of the document. Empty when ``core`` is dead.
    """
    arcs = network.arcs
    tree = grow(arcs, link_states(network, state), arcs.node_no[core])
    found = ((node, path_in(arcs, tree, number)) for node, number in arcs.node_no.items())
    return {node: path for node, path in found if path is not None}


def along(network: Network, start: str, links: Iterable[str]) -> Path:
    """The path that leaves ``start`` over these links."""
    nodes, used, metric = [start], tuple(links), 0
    for link in used:
        nodes.append(network.other_end(link, nodes[-1]))
        metric += int(network.links[link]["igp_metric"])
    return Path(tuple(nodes), used, metric)
