"""Loop-free alternates: where a router sends traffic at once when its next link is lost (RFC 5286)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from sim.world.network.routing.arcs import Arcs
from sim.world.network.routing.tree import LinkStates, Tree


@dataclass(frozen=True)
class Alternate:
    """The way out that a router has ready: over ``link`` to ``neighbour``, which forwards as it always did."""

    link: int
    neighbour: int


def alternate(arcs: Arcs, states: LinkStates, tree: Tree, router: int) -> Alternate | None:
    """The loop-free alternate of ``router`` for the first link of its path in ``tree`` (on ``states``); None: none.

    A neighbour is loop-free when its own shortest path to the destination is shorter than by way of the router
    (RFC 5286, inequality 1). One that also avoids the router's next node (inequality 3) is preferred, then the least
    metric, then the first link id. Shared ducts are not looked at: routers do not know them.
    """
    primary = int(tree.link[router])
    beyond = arcs.other_end(primary, router)
    near, far = _distances(arcs, states, (router, beyond))
    own, of_beyond = _metric(arcs, tree, router), _metric(arcs, tree, beyond)
    choices = []
    for link, neighbour in arcs.arcs_at[router]:
        if link == primary or link in states.dead_links or neighbour == router or not tree.reaches(neighbour):
            continue
        rest = _metric(arcs, tree, neighbour)
        if rest < near[neighbour] + own:
            links_only = beyond == tree.root or not rest < far[neighbour] + of_beyond
            metric = states.cost(arcs, link) // arcs.hop_scale + rest
            choices.append((links_only, metric, link, neighbour))
    return Alternate(*min(choices)[2:]) if choices else None


def _metric(arcs: Arcs, tree: Tree, node: int) -> int:
    return int(tree.cost[node]) // arcs.hop_scale


def _distances(arcs: Arcs, states: LinkStates, nodes: tuple[int, int]) -> NDArray[np.int64]:
    """Metrics from each of two neighbours to all nodes as near as the first one's neighbours can be."""
    router, _ = nodes
    limit = 2 * max(states.cost(arcs, link) for link, _ in arcs.arcs_at[router])
    rows, _ = arcs.rows(states.dead_links, states.costs)
    found = dijkstra(rows, indices=list(nodes), limit=float(limit))
    return np.where(np.isfinite(found), found // arcs.hop_scale, np.iinfo(np.int32).max).astype(np.int64)
