"""Which way does each service take while nothing has failed? The paths it was given, else what routing would find."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ossbss.oss.inventory import Inventory

Arcs = dict[int, list[tuple[str, float, int]]]
"""node → (link, its weight, node at its other end)"""


def planned_ways(inventory: Inventory, services: Sequence[str]) -> list[tuple[str, ...]]:
    """The links of each service's way. Of a protected one (1+1) its first path; of one that relies on rerouting the
    path of least metric, then of fewest links, then the first in the order of link ids as read from its first end."""
    node_no = {node: place for place, node in enumerate(sorted(inventory.site_of_node))}
    ends = {s: tuple(node_no[end] for end in inventory.services[s].ends) for s in services
            if inventory.services[s].protection == "restoration"}  # fmt: skip
    goals = sorted({z for _, z in ends.values()})
    arcs = _arcs(inventory, node_no)
    far = dijkstra(_matrix(arcs), indices=goals) if goals else np.zeros((0, len(node_no)))
    place = {goal: row for row, goal in enumerate(goals)}
    return [
        _walk(arcs, far[place[ends[s][1]]], ends[s][0]) if s in ends else inventory.services[s].path for s in services
    ]


def _arcs(inventory: Inventory, node_no: dict[str, int]) -> Arcs:
    """A link weighs its metric and, far below it, one for itself, so that fewer links win where metrics are equal."""
    arcs: Arcs = {no: [] for no in node_no.values()}
    for name, link in sorted(inventory.links.items()):
        a, z = (node_no[end] for end in link.ends)
        if not link.dormant and a != z:
            weight = float(link.metric * len(node_no) + 1)  # whole numbers, exact in a float
            arcs[a].append((name, weight, z))
            arcs[z].append((name, weight, a))
    return arcs


def _matrix(arcs: Arcs) -> csr_array:
    least: dict[tuple[int, int], float] = {}
    for tail, out in arcs.items():
        for _, weight, head in out:
            least[tail, head] = min(weight, least.get((tail, head), weight))
    tails, heads = ([pair[side] for pair in least] for side in (0, 1))
    return csr_array((list(least.values()), (tails, heads)), shape=(len(arcs), len(arcs)))


def _walk(arcs: Arcs, far: NDArray[np.float64], start: int) -> tuple[str, ...]:
    """Always on to a node that is nearer by just the link between, by the first such link."""
    way: list[str] = []
    while 0 < far[start] < np.inf:
        link, start = next((link, head) for link, weight, head in arcs[start] if far[head] + weight == far[start])
        way.append(link)
    return tuple(way)
