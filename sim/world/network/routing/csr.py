"""The network as arrays: two directed arcs a link, which of them carry traffic, and distances over those that do."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.world.network.state import FailureState, Network, living_links

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

UNREACHABLE = 2**61
"""The distance of a node that has no way, and the metric of a dead arc; a sum of two of them still fits."""
LARGEST_METRIC = 2**24 - 2
"""RFC 5305, 3: a wide metric of 2**24 - 1 takes the link out of the normal shortest paths."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """The directed arcs of a network, in the order in which they were given.

    ``nodes``: index → id. ``links``: index → id. ``tails``, ``heads``: arc → node index. ``metrics``: arc → IGP
    metric, 1 to LARGEST_METRIC. ``link_of``: arc → link index. Parallel links have arcs of their own.
    """

    nodes: tuple[str, ...]
    links: tuple[str, ...]
    tails: Ints
    heads: Ints
    metrics: Ints
    link_of: Ints

    def __post_init__(self) -> None:
        if len({len(self.tails), len(self.heads), len(self.metrics), len(self.link_of)}) != 1:
            raise ValueError("tails, heads, metrics and link_of must be as long as each other")
        ends = np.concatenate([self.tails, self.heads])
        if ((ends < 0) | (ends >= len(self.nodes))).any():
            raise ValueError(f"tails and heads must be 0 to {len(self.nodes) - 1}")
        require_metrics(self.metrics)

    @cached_property
    def outgoing(self) -> "Ragged":
        """node → its arcs."""
        return Ragged.of(self.tails, len(self.nodes))

    @cached_property
    def incoming(self) -> "Ragged":
        """node → the arcs that end there."""
        return Ragged.of(self.heads, len(self.nodes))


@dataclass(frozen=True, eq=False)
class Ragged:
    """Lists of different lengths, end to end: list k is ``items[starts[k]:starts[k + 1]]``."""

    starts: Ints
    items: Ints

    @classmethod
    def of(cls, keys: Ints, count: int) -> "Ragged":
        """The places of each key 0 to count - 1, in rising order."""
        sizes = np.bincount(keys, minlength=count)
        return cls(np.concatenate([[0], np.cumsum(sizes)]), np.argsort(keys, kind="stable"))

    def of_each(self, lists: Ints) -> tuple[Ints, Ints]:
        """(position in ``lists``, item) of all items of these lists, list after list."""
        sizes = self.starts[lists + 1] - self.starts[lists]
        whose = np.repeat(np.arange(len(lists)), sizes)
        before = np.cumsum(sizes) - sizes
        return whose, self.items[np.arange(len(whose)) + (self.starts[lists] - before)[whose]]


def require_metrics(metrics: Ints) -> None:
    """ValueError unless all are 1 to LARGEST_METRIC."""
    if ((metrics < 1) | (metrics > LARGEST_METRIC)).any():
        raise ValueError(f"metrics must be 1 to {LARGEST_METRIC}, not {metrics.min()} to {metrics.max()}")


def directed(node_count: int, tails: ArrayLike, heads: ArrayLike, metrics: ArrayLike) -> Arcs:
    """Arcs from plain arrays, each its own link; nodes and links are called by their index."""
    count = np.asarray(tails).size
    nodes, links = (tuple(str(index) for index in range(n)) for n in (node_count, count))
    start, end, length = (np.asarray(column, dtype=np.int64).reshape(-1) for column in (tails, heads, metrics))
    return Arcs(nodes, links, start, end, length, np.arange(count))


def both_ways(nodes: Sequence[str], links: Sequence[str], a: ArrayLike, z: ArrayLike, metrics: ArrayLike) -> Arcs:
    """Arcs of links that carry both ways: link k has arc 2 k from a to z and arc 2 k + 1 back, of equal metric."""
    ends = np.stack([np.asarray(column, dtype=np.int64).reshape(-1) for column in (a, z)], axis=1)
    twice = np.repeat(np.asarray(metrics, dtype=np.int64).reshape(-1), 2)
    link_of = np.repeat(np.arange(len(links)), 2)
    return Arcs(tuple(nodes), tuple(links), ends.ravel(), ends[:, ::-1].ravel(), twice, link_of)


def arcs_of(network: Network) -> Arcs:
    """Both arcs of each link (see ``both_ways``) with its igp_metric; nodes and links in the order of their ids."""
    nodes, links = sorted(network.nodes), sorted(network.links)
    index = {node: place for place, node in enumerate(nodes)}
    records = [network.links[link] for link in links]
    a, z = ([index[record[end]] for record in records] for end in ("a", "z"))
    return both_ways(nodes, links, a, z, [record["igp_metric"] for record in records])


def alive_arcs(arcs: Arcs, network: Network, state: FailureState) -> Bools:
    """arc → whether its link carries traffic (a link of a dead node does not); ``arcs`` from ``arcs_of(network)``."""
    living = living_links(network, state)
    return np.array([link in living for link in arcs.links], dtype=np.bool_)[arcs.link_of]


def distances(arcs: Arcs, alive: Bools, destinations: Ints | None = None, metrics: Ints | None = None) -> Ints:
    """(destination, node) → least summed metric of a way from the node to the destination, UNREACHABLE without one.

    ``destinations``: node indices, every node when None. ``metrics``: other metrics than the arcs' own. Exact: sums
    stay far below 2**53, where the floats of ``scipy.sparse.csgraph`` begin to round.
    """
    wanted = np.arange(len(arcs.nodes)) if destinations is None else destinations
    if not len(wanted):
        return np.empty((0, len(arcs.nodes)), dtype=np.int64)
    found = dijkstra(_backwards(arcs, alive, arcs.metrics if metrics is None else metrics), indices=wanted)
    return np.where(np.isinf(found), UNREACHABLE, found).astype(np.int64)


def lengths_of(arcs: Arcs, alive: Bools, metrics: Ints | None = None) -> Ints:
    """arc → its metric, UNREACHABLE when it is dead: no sum with that is a distance."""
    return np.where(alive, arcs.metrics if metrics is None else metrics, UNREACHABLE)


def _backwards(arcs: Arcs, alive: Bools, metrics: Ints) -> csr_array:
    # A sparse matrix adds up entries of the same place: of parallel arcs only the shortest is given to it.
    chosen = np.flatnonzero(alive)
    places = arcs.heads[chosen] * len(arcs.nodes) + arcs.tails[chosen]
    order = np.lexsort((metrics[chosen], places))
    first = np.flatnonzero(np.diff(places[order], prepend=-1))
    kept = chosen[order][first]
    count = len(arcs.nodes)
    return csr_array((metrics[kept].astype(np.float64), (arcs.heads[kept], arcs.tails[kept])), shape=(count, count))
