"""A spanning tree by depth first search, and what it shows: cut nodes, bridges (Tarjan 1972), labels of the cut space.

Every link beside the tree has a label of its own, one in the tree the sum (exclusive or) of those that close a circle
over it; links cut the network apart together only if some of their labels add up to nothing (Pritchard and Thurimella
2011, "Fast computation of small cuts via cycle space sampling").
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ossbss.oss.fault.wiring import Bools, Ints, Wiring


@dataclass(frozen=True, eq=False)
class SpanningTree:
    """``enters``, ``leaves``: node → its subtree is those that are entered from its own number until before ``leaves``.
    ``parent``: node → (the node above it, the link there), (-1, -1) at a root. ``below``: link of the tree → the node
    under it. ``pieces``: cut node → the children whose subtrees fall off with it."""

    order: list[int]
    parent: list[tuple[int, int]]
    enters: Ints
    leaves: Ints
    below: dict[int, int]
    bridges: set[int]
    pieces: dict[int, list[int]]
    labels: list[int]


def circles(labels: Iterable[int]) -> int:
    """How many of these labels are sums of others, or nothing: elimination over GF(2)."""
    basis: list[int] = []
    dependent = 0
    for label in labels:
        rest = label
        for one in basis:
            rest = min(rest, rest ^ one)
        if rest:
            basis.append(rest)
        else:
            dependent += 1
    return dependent


def grow(wiring: Wiring, lit: Bools) -> SpanningTree:
    """Depth first, from the first node of each part."""
    size, alive, around = len(wiring.node_no), lit.tolist(), wiring.around
    enters, low, parent, order = [-1] * size, [0] * size, [(-1, -1)] * size, list[int]()
    labels, sums = list(wiring.labels), [0] * size
    for root in range(size):
        if enters[root] >= 0:
            continue
        enters[root] = low[root] = len(order)
        order.append(root)
        path = [(root, iter(around[root]))]
        while path:
            node, arcs = path[-1]
            for link, other in arcs:
                if not alive[link] or link == parent[node][1]:
                    continue
                if enters[other] < 0:
                    enters[other] = low[other] = len(order)
                    order.append(other)
                    parent[other] = (node, link)
                    path.append((other, iter(around[other])))
                    break
                if enters[other] < enters[node]:  # seen from below only, so that each is taken once
                    low[node] = min(low[node], enters[other])
                    sums[node] ^= labels[link]
                    sums[other] ^= labels[link]
            else:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[node])
    return _read(order, enters, low, parent, labels, sums)


def _read(
    order: list[int], enters: list[int], low: list[int], parent: list[tuple[int, int]], labels: list[int],
    sums: list[int],
) -> SpanningTree:  # fmt: skip
    """From the leaves up: sizes of subtrees, labels of the tree's links, bridges and cut nodes."""
    sizes, below, bridges, pieces = [1] * len(order), dict[int, int](), set[int](), dict[int, list[int]]()
    for node in reversed(order):
        above, link = parent[node]
        if above < 0:
            if len(pieces.get(node, ())) < 2:  # a root cuts only what hangs on it in several pieces
                pieces.pop(node, None)
            continue
        sizes[above] += sizes[node]
        labels[link], below[link] = sums[node], node
        sums[above] ^= sums[node]
        if low[node] == enters[node]:
            bridges.add(link)
        if low[node] >= enters[above]:
            pieces.setdefault(above, []).insert(0, node)
    first = np.array(enters, dtype=np.int64)
    return SpanningTree(order, parent, first, first + np.array(sizes, dtype=np.int64), below, bridges, pieces, labels)
