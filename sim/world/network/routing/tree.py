"""Shortest paths of all nodes to one root, mended from change to change (Dijkstra 1959; RFC 2328, 16.1).

The whole tree comes from ``scipy.sparse.csgraph``; after a change only the nodes whose path it touched are looked at
again, as in Ramalingam and Reps, "An incremental algorithm for a generalization of the shortest-path problem" (1996).
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from sim.world.network.routing.arcs import TwoWay

NO_PATH = np.iinfo(np.int64).max
NO_LINK = -1
_LARGE_PART = 8
"""Where more than the 8th part of the nodes lost their path, growing the whole tree anew is quicker."""


@dataclass(frozen=True)
class LinkStates:
    """What link-state routing knows of the network: dead nodes and links, and costs other than the document's."""

    dead_nodes: frozenset[int] = frozenset()
    dead_links: frozenset[int] = frozenset()
    """of themselves, and all links that end at a dead node"""
    costs: Mapping[int, int] = field(default_factory=dict)

    def cost(self, arcs: TwoWay, link: int) -> int:
        """The link's cost now."""
        return self.costs.get(link, arcs.costs[link])


@dataclass(frozen=True)
class News:
    """How link states differ from those before: links that got better or worse for routing."""

    better: frozenset[int]
    """back, or cheaper"""
    worse: frozenset[int]
    """dead, or dearer"""
    nodes: frozenset[int]
    """that died or came back"""

    @property
    def links(self) -> frozenset[int]:
        return self.better | self.worse


def news(arcs: TwoWay, before: LinkStates, after: LinkStates) -> News:
    """What somebody who knows ``before`` has to learn; the metric of a dead link is no news."""
    both = (before.costs.keys() | after.costs.keys()) - before.dead_links - after.dead_links
    steps = {link: after.cost(arcs, link) - before.cost(arcs, link) for link in both}
    better = (before.dead_links - after.dead_links) | {link for link, step in steps.items() if step < 0}
    worse = (after.dead_links - before.dead_links) | {link for link, step in steps.items() if step > 0}
    return News(better, worse, before.dead_nodes ^ after.dead_nodes)


@dataclass(frozen=True, eq=False)
class Tree:
    """The best path of every node to the root: least cost, then the first in the order of link ids, read from the
    node's side."""

    root: int
    cost: NDArray[np.int64]
    """node → cost of its path; NO_PATH"""
    link: NDArray[np.int32]
    """node → first link of its path; NO_LINK at the root and where there is no path"""

    def reaches(self, node: int) -> bool:
        """Whether there is a path from the node."""
        return bool(self.cost[node] != NO_PATH)

    def walk(self, arcs: TwoWay, node: int) -> Iterator[tuple[int, int]]:
        """(node, link it leaves by) from this node on until the root; nothing where there is no path."""
        while (link := int(self.link[node])) != NO_LINK:
            yield node, link
            node = arcs.other_end(link, node)


def grow(arcs: TwoWay, states: LinkStates, root: int) -> Tree:
    """The tree from nothing; no node has a path to a dead root."""
    cost = np.full(len(arcs.nodes), NO_PATH, dtype=np.int64)
    first = np.full(len(arcs.nodes), NO_LINK, dtype=np.int32)
    if root in states.dead_nodes:
        return Tree(root, cost, first)
    rows, links = arcs.rows(states.dead_links, states.costs)
    found = dijkstra(rows, indices=[root])[0]
    reached = np.isfinite(found)
    cost[reached] = found[reached].astype(np.int64)
    tails = np.repeat(np.arange(len(arcs.nodes)), np.diff(rows.indptr))
    on_path = reached[tails] & (found[tails] == found[rows.indices] + rows.data)
    nodes, where = np.unique(tails[on_path], return_index=True)  # arcs of a row stand in the order of links
    first[nodes] = links[on_path][where]
    return Tree(root, cost, first)


def regrow(arcs: TwoWay, tree: Tree, states: LinkStates, learnt: News) -> Tree:
    """The tree on ``states``, from that before ``learnt``; the same object where nothing changes."""
    if tree.root in learnt.nodes:
        return grow(arcs, states, tree.root)
    cut = {node for link in learnt.worse for node in arcs.ends[link] if tree.link[node] == link}
    lost = below(arcs, tree, cut)
    if len(lost) * _LARGE_PART > len(arcs.nodes):
        return grow(arcs, states, tree.root)
    labels = _relabelled(arcs, tree, states, lost, learnt.better - states.dead_links)
    if not labels:
        return tree
    cost, first = tree.cost.copy(), tree.link.copy()
    for node, (value, link) in labels.items():
        cost[node], first[node] = value, link
    return Tree(tree.root, cost, first)


def below(arcs: TwoWay, tree: Tree, nodes: Iterable[int]) -> set[int]:
    """These nodes and all whose path goes through one of them."""
    found = set(nodes)
    waiting = list(found)
    while waiting:
        node = waiting.pop()
        for link, neighbour in arcs.around[node]:
            if tree.link[neighbour] == link and neighbour not in found:
                found.add(neighbour)
                waiting.append(neighbour)
    return found


Label = tuple[int, int]
"""(cost, first link): the smaller is the better path."""


def _relabelled(
    arcs: TwoWay, tree: Tree, states: LinkStates, lost: set[int], better: Iterable[int]
) -> dict[int, Label]:
    """Node → its label, for the nodes that lost their path or have a better one."""
    labels: dict[int, Label] = dict.fromkeys(lost, (NO_PATH, NO_LINK))

    def label(node: int) -> Label:
        return labels.get(node) or (int(tree.cost[node]), int(tree.link[node]))

    def offered(value: int, link: int, to: int) -> None:
        """A path of this cost to the near end of the link, and on to ``to``: worth a look where it is better."""
        if value != NO_PATH and link not in states.dead_links:
            offer = (value + states.cost(arcs, link), link)
            if offer < label(to):
                heapq.heappush(heap, (*offer, to))

    heap: list[tuple[int, int, int]] = []
    for node in lost:
        for link, neighbour in arcs.around[node]:
            if neighbour not in lost:
                offered(int(tree.cost[neighbour]), link, node)
    for link in better:
        for near, far in (arcs.ends[link], arcs.ends[link][::-1]):
            offered(label(near)[0], link, far)
    while heap:
        value, link, node = heapq.heappop(heap)
        known = label(node)
        if (value, link) < known:
            labels[node] = (value, link)
            if value < known[0]:
                for onward, neighbour in arcs.around[node]:
                    offered(value, onward, neighbour)
    return labels


def rerouted(arcs: TwoWay, old: Tree, new: Tree) -> set[int]:
    """Nodes whose path is another one, or costs another sum."""
    if old is new:
        return set()
    differ = np.flatnonzero((old.link != new.link) | (old.cost != new.cost))
    return below(arcs, new, differ.tolist())
