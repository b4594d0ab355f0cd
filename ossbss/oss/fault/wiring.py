"""The network by number as redundancy sees it: who is joined to whom, and what fails together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ossbss.oss.inventory import Inventory

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Wiring:
    """``ends``: links × 2 node numbers. ``dark``: link → never lit. ``bundles``: for each card, duct or cable with two
    links or more, these, and the nodes that all of them meet at; one with a single link fails as that link does.
    ``houses``: for each site or power area with two nodes or more, these, and the links that end there."""

    inventory: Inventory
    node_no: dict[str, int]
    link_no: dict[str, int]
    ends: Ints
    metrics: Ints
    dark: Bools
    bundles: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    houses: tuple[tuple[Ints, frozenset[int]], ...]

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """link → 64 bits of its own, which look as if drawn by chance and are always the same"""
        return tuple(int.from_bytes(blake2b(link.encode(), digest_size=8).digest(), "big") for link in self.link_no)

    @cached_property
    def end_pairs(self) -> list[list[int]]:
        """``ends`` as plain numbers"""
        found: list[list[int]] = self.ends.tolist()
        return found

    @cached_property
    def around(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """node → (link, node at its other end)"""
        found: list[list[tuple[int, int]]] = [[] for _ in self.node_no]
        for link, (a, z) in enumerate(self.end_pairs):
            found[a].append((link, z))
            found[z].append((link, a))
        return tuple(map(tuple, found))

    def effect(self, failed: Collection[str]) -> tuple[Bools, Bools]:
        """(node → without life, link → carries something) when these have failed; other ids change nothing."""
        dead, lit = np.zeros(len(self.node_no), dtype=bool), ~self.dark
        for resource in failed:
            dead[[self.node_no[node] for node in self.inventory.dead_nodes(resource)]] = True
            lit[[self.link_no[link] for link in self.inventory.down_links(resource)]] = False
        return dead, lit

    def parts(self, lit: Bools) -> Ints:
        """node → number of the part of the network that these links join it to; a dead node has no such links."""
        heads, link_of, starts = self._arcs
        kept = lit[link_of]
        rows = np.concatenate(([0], np.cumsum(kept)))[starts].astype(np.int32)
        graph = csr_array((np.ones(int(rows[-1])), heads[kept], rows), shape=(len(starts) - 1,) * 2)
        # Not by strong parts: scipy never comes back from those where two links join the same nodes.
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)

    @cached_property
    def _arcs(self) -> tuple[NDArray[np.int32], Ints, Ints]:
        """(head, link, first arc of each node): every link both ways, by tail"""
        tails = self.ends.T.ravel()
        order = np.argsort(tails, kind="stable")
        counts = np.bincount(tails, minlength=len(self.node_no)) if len(tails) else np.zeros(len(self.node_no))
        starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
        heads = self.ends[:, ::-1].T.ravel()[order].astype(np.int32)
        return heads, np.tile(np.arange(len(self.ends)), 2)[order], starts

    def lengths(self, lit: Bools) -> csr_array:
        """node × node: the least metric of the links between them"""
        ends, metrics = self.ends[lit], self.metrics[lit]
        tails, heads = np.concatenate((ends, ends[:, ::-1])).reshape(-1, 2).T
        both = np.tile(metrics, 2)
        order = np.lexsort((both, heads, tails))
        tails, heads, both = tails[order], heads[order], both[order]
        first = np.ones(len(tails), dtype=bool)
        first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
        size = len(self.node_no)
        return csr_array((both[first].astype(float), (tails[first], heads[first])), shape=(size, size))


def wire(inventory: Inventory) -> Wiring:
    """Number the inventory."""
    nodes, links = ({name: no for no, name in enumerate(sorted(known))}
                    for known in (inventory.site_of_node, inventory.links))  # fmt: skip
    known = [inventory.links[link] for link in links]
    ends = [tuple(nodes[end] for end in link.ends) for link in known]
    held = _held((holder, links[link.link_id]) for link in known for holder in (*link.cards, *link.groups))
    areas = {inventory.dead_nodes(place) for place in (*inventory.nodes_at, *inventory.group_sites)}
    return Wiring(
        inventory=inventory,
        node_no=nodes,
        link_no=links,
        ends=np.array(ends, dtype=np.int64).reshape(-1, 2),
        metrics=np.array([link.metric for link in known], dtype=np.int64),
        dark=np.array([link.dormant for link in known], dtype=bool),
        bundles=tuple((members, tuple(sorted(set(ends[members[0]]).intersection(*(ends[m] for m in members)))))
                      for members in sorted(set(held)) if len(members) > 1),
        houses=tuple((np.array(sorted(nodes[n] for n in area)),
                      frozenset(links[link] for n in area for link in inventory.links_on.get(n, ())))
                     for area in sorted(areas, key=sorted) if len(area) > 1),
    )  # fmt: skip


def _held(pairs: Iterable[tuple[str, int]]) -> list[tuple[int, ...]]:
    found: dict[str, set[int]] = {}
    for holder, link in pairs:
        found.setdefault(holder, set()).add(link)
    return [tuple(sorted(members)) for members in found.values()]
