"""The network by number: arcs in rows of compressed sparse form, on which shortest paths, floods and reach run."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

LARGEST_EXACT = 2**53
"""Up to here every integer is a float64 of its own: costs stay exact in scipy's shortest paths."""


@dataclass(frozen=True, eq=False)
class Arcs:
    """Nodes and links under numbers; each link is two arcs.

    Links are numbered in the order of their ids, so that the smaller number is the first id. The cost of a link is
    ``metric × hop_scale + 1``: the order of summed costs is that of metric, then number of links.
    """

    node_ids: tuple[str, ...]
    node_no: Mapping[str, int]
    link_ids: tuple[str, ...]
    link_no: Mapping[str, int]
    ends: tuple[tuple[int, int], ...]
    """link → its two nodes"""
    costs: tuple[int, ...]
    """link → its cost with the metric of the document"""
    hop_scale: int
    arcs_at: tuple[tuple[tuple[int, int], ...], ...]
    """node → (link, neighbour), in order of links"""
    row_starts: NDArray[np.int32]
    """node → where its arcs begin; one more at the end"""
    heads: NDArray[np.int32]
    """arc → neighbour"""
    links: NDArray[np.int32]
    """arc → link"""

    def cost(self, metric: int) -> int:
        """The cost of a link of this metric."""
        return metric * self.hop_scale + 1

    def other_end(self, link: int, node: int) -> int:
        """The node at the link's other end."""
        a, z = self.ends[link]
        return z if a == node else a

    def rows(self, dead: Iterable[int], costs: Mapping[int, int]) -> tuple[csr_array, NDArray[np.int32]]:
        """The matrix of costs (nodes × nodes) without the dead links, and the link of each of its entries.

        ``costs``: link → cost, where it is not that of the document. Parallel links are entries of their own.
        """
        of_links = np.array(self.costs, dtype=np.float64)
        for link, cost in costs.items():
            of_links[link] = cost
        alive = np.ones(len(self.link_ids), dtype=bool)
        alive[list(dead)] = False
        kept = alive[self.links]
        starts = np.concatenate(([0], np.cumsum(kept)))[self.row_starts].astype(np.int32)
        links = self.links[kept]
        shape = (len(self.node_ids), len(self.node_ids))
        return csr_array((of_links[links], self.heads[kept], starts), shape=shape), links


def arcs_of(nodes: Iterable[str], links: Mapping[str, Mapping[str, Any]]) -> Arcs:
    """``links``: id → record with ``a``, ``z``, ``igp_metric``. KeyError where a link names no node;
    ValueError where metrics are too large to be summed exactly."""
    node_ids, link_ids = tuple(nodes), tuple(sorted(links))
    node_no = {node: number for number, node in enumerate(node_ids)}
    ends = tuple((node_no[links[link]["a"]], node_no[links[link]["z"]]) for link in link_ids)
    at: list[list[tuple[int, int]]] = [[] for _ in node_ids]
    for number, (a, z) in enumerate(ends):
        at[a].append((number, z))
        at[z].append((number, a))
    hop_scale = len(node_ids) + 1
    metrics = [int(links[link]["igp_metric"]) for link in link_ids]
    require_exact(max(metrics, default=0), hop_scale)
    return Arcs(
        node_ids=node_ids,
        node_no=node_no,
        link_ids=link_ids,
        link_no={link: number for number, link in enumerate(link_ids)},
        ends=ends,
        costs=tuple(metric * hop_scale + 1 for metric in metrics),
        hop_scale=hop_scale,
        arcs_at=tuple(map(tuple, at)),
        row_starts=np.concatenate(([0], np.cumsum([len(row) for row in at]))).astype(np.int32),
        heads=np.array([head for row in at for _, head in row], dtype=np.int32),
        links=np.array([link for row in at for link, _ in row], dtype=np.int32),
    )


def require_exact(metric: int, hop_scale: int) -> None:
    """ValueError for a metric with which a path through all nodes could cost more than floats tell apart."""
    if metric < 0 or (metric + 1) * hop_scale * hop_scale > LARGEST_EXACT:
        raise ValueError(f"igp_metric is {metric}; give 0 to {LARGEST_EXACT // hop_scale**2 - 1} in this network")
