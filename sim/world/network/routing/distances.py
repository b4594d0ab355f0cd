"""Which arcs carry traffic, and distances over those that do."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.world.network.routing.arcs import Arcs, Bools, Ints
from sim.world.network.state import FailureState, Network, dead_links

UNREACHABLE = 2**61
"""The distance of a node that has no way, and the metric of a dead arc; a sum of two of them still fits."""


def alive_arcs(network: Network, state: FailureState) -> Bools:
    """arc of the network → whether its link carries traffic (a link of a dead node does not)."""
    arcs = network.arcs
    alive = np.ones(len(arcs.links), dtype=np.bool_)
    alive[[arcs.link_no[link] for link in dead_links(network, state)]] = False
    return alive[arcs.link_of]


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
