"""The network by number: every link as two directed arcs, on which paths, floods, reach and loads are worked out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

LARGEST_METRIC = 2**24 - 2
"""RFC 5305, 3: a wide metric of 2**24 - 1 takes the link out of the normal shortest paths."""
LARGEST_EXACT = 2**53
"""Up to here every integer is a float64 of its own: sums stay exact in scipy's shortest paths."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """The directed arcs of a network, in the order in which they were given.

    ``nodes``: number → id. ``links``: number → id. ``tails``, ``heads``: arc → node. ``metrics``: arc → IGP metric,
    1 to LARGEST_METRIC. ``link_of``: arc → link. Parallel links have arcs of their own.
    ValueError where they do not fit together.
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
    def node_no(self) -> dict[str, int]:
        """id → number"""
        return {node: number for number, node in enumerate(self.nodes)}

    @cached_property
    def link_no(self) -> dict[str, int]:
        """id → number"""
        return {link: number for number, link in enumerate(self.links)}

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


@dataclass(frozen=True, eq=False)
class TwoWay(Arcs):
    """Arcs of links that carry both ways: link k has arc 2 k from its first end to its second and arc 2 k + 1 back.

    The cost of a link is ``metric × hop_scale + 1``: the order of summed costs is that of metric, then number of links.
    """

    @property
    def hop_scale(self) -> int:
        """What one unit of metric costs, more than the links of any path."""
        return len(self.nodes) + 1

    def cost(self, metric: int) -> int:
        """The cost of a link of this metric; ValueError where a path through all nodes could not be summed exactly."""
        most = LARGEST_EXACT // self.hop_scale**2 - 1
        if not 1 <= metric <= min(LARGEST_METRIC, most):
            raise ValueError(f"igp_metric is {metric}; give 1 to {min(LARGEST_METRIC, most)} in this network")
        return metric * self.hop_scale + 1

    @cached_property
    def costs(self) -> tuple[int, ...]:
        """link → its cost with the metric of the document"""
        return tuple(map(self.cost, self.metrics[::2].tolist()))

    @cached_property
    def ends(self) -> tuple[tuple[int, int], ...]:
        """link → its two nodes"""
        return tuple(zip(self.tails[::2].tolist(), self.heads[::2].tolist(), strict=True))

    @cached_property
    def around(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """node → (link, neighbour), in order of links"""
        pairs = list(zip(self.link_of.tolist(), self.heads.tolist(), strict=True))
        starts, items = self.outgoing.starts.tolist(), self.outgoing.items.tolist()
        return tuple(
            tuple(pairs[arc] for arc in items[starts[node] : starts[node + 1]]) for node in range(len(self.nodes))
        )

    def other_end(self, link: int, node: int) -> int:
        """The node at the link's other end."""
        a, z = self.ends[link]
        return z if a == node else a

    def rows(self, dead: Iterable[int], costs: Mapping[int, int]) -> tuple[csr_array, Ints]:
        """The matrix of costs (nodes × nodes) without the dead links, and the link of each of its entries.

        ``costs``: link → cost, where it is not that of the document. Parallel links are entries of their own.
        """
        of_links = np.array(self.costs, dtype=np.float64)
        for link, cost in costs.items():
            of_links[link] = cost
        alive = np.ones(len(self.links), dtype=bool)
        alive[list(dead)] = False
        arcs = self.outgoing.items
        kept = alive[self.link_of[arcs]]
        starts = np.concatenate(([0], np.cumsum(kept)))[self.outgoing.starts].astype(np.int32)
        links = self.link_of[arcs][kept]
        shape = (len(self.nodes), len(self.nodes))
        return csr_array((of_links[links], self.heads[arcs][kept].astype(np.int32), starts), shape=shape), links


def require_metrics(metrics: Ints) -> None:
    """ValueError unless all are 1 to LARGEST_METRIC."""
    if ((metrics < 1) | (metrics > LARGEST_METRIC)).any():
        raise ValueError(f"metrics must be 1 to {LARGEST_METRIC}, not {metrics.min()} to {metrics.max()}")


def directed(node_count: int, tails: ArrayLike, heads: ArrayLike, metrics: ArrayLike) -> Arcs:
    """Arcs from plain arrays, each its own link; nodes and links are called by their number."""
    count = np.asarray(tails).size
    nodes, links = (tuple(str(number) for number in range(n)) for n in (node_count, count))
    start, end, length = (np.asarray(column, dtype=np.int64).reshape(-1) for column in (tails, heads, metrics))
    return Arcs(nodes, links, start, end, length, np.arange(count))


def both_ways(nodes: Sequence[str], links: Sequence[str], a: ArrayLike, z: ArrayLike, metrics: ArrayLike) -> TwoWay:
    """Arcs of links from ``a`` to ``z`` and back, of equal metric."""
    ends = np.stack([np.asarray(column, dtype=np.int64).reshape(-1) for column in (a, z)], axis=1)
    twice = np.repeat(np.asarray(metrics, dtype=np.int64).reshape(-1), 2)
    link_of = np.repeat(np.arange(len(links)), 2)
    return TwoWay(tuple(nodes), tuple(links), ends.ravel(), ends[:, ::-1].ravel(), twice, link_of)


def arcs_of(nodes: Iterable[str], links: Mapping[str, Mapping[str, Any]]) -> TwoWay:
    """``links``: id → record with ``a``, ``z``, ``igp_metric``. Nodes and links are numbered in the order of their
    ids, so that the smaller number is the first id. KeyError where a link names no node."""
    node_ids, link_ids = sorted(nodes), sorted(links)
    number = {node: place for place, node in enumerate(node_ids)}
    a, z = ([number[links[link][end]] for link in link_ids] for end in ("a", "z"))
    return both_ways(node_ids, link_ids, a, z, [int(links[link]["igp_metric"]) for link in link_ids])
