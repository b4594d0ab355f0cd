"""Distances after a change of arcs, worked out only where a changed arc was on a shortest path or now shortens one.

The two halves of Ramalingam and Reps, "An incremental algorithm for a generalization of the shortest-path problem"
(Journal of Algorithms 21, 1996), over many destinations and several failure states at once: a *cell* is one node's
distance to one destination in one state, its number the place in the flat array of distances.
"""

from dataclasses import dataclass

import numpy as np

from sim.world.network.routing.arcs import Arcs, Bools, Ints
from sim.world.network.routing.distances import UNREACHABLE


def move(arcs: Arcs, dist: Ints, before: Ints, after: Ints) -> Bools:
    """Turns distances under the lengths ``before`` into those under ``after``, in place.

    ``dist``: (state, destination, node) → distance, one C-ordered block. ``before``: arc → length, UNREACHABLE for a
    dead one. ``after``: (state, arc) → length. Returns (state, destination) → whether a changed arc was or is on its
    shortest paths; where not, neither its distances nor its shortest paths are others than before.
    """
    between = np.maximum(before, after)
    touched = np.zeros(dist.shape[:2], dtype=np.bool_)
    longer = _changes(between > before)
    cells = _used(arcs, dist, longer, before[longer[1]], touched)
    if cells.size:
        cells = _cut_off(Ground(arcs, dist, between), cells)
        _measure(Ground(arcs, dist, between), cells)
    shorter = _changes(after < between)
    if shorter[0].size:
        _shorten(Ground(arcs, dist, after), shorter)
        _used(arcs, dist, shorter, after[shorter], touched)
    return touched


def _changes(where: Bools) -> tuple[Ints, Ints]:
    """(states, arcs) that are true."""
    states, arcs = np.nonzero(where)
    return states.astype(np.int64), arcs.astype(np.int64)


@dataclass(frozen=True, eq=False)
class Ground:
    """``dist``: (state, destination, node) → distance; ``lengths``: (state, arc) → length."""

    arcs: Arcs
    dist: Ints
    lengths: Ints

    def onward(self, cells: Ints) -> tuple[Ints, Ints, Ints]:
        """For each arc that leaves these cells' nodes: (position in ``cells``, length, cell of the arc's head)."""
        return self._beyond(cells, forward=True)

    def back(self, cells: Ints) -> tuple[Ints, Ints, Ints]:
        """For each arc that ends at these cells' nodes: (position in ``cells``, length, cell of the arc's tail)."""
        return self._beyond(cells, forward=False)

    def _beyond(self, cells: Ints, *, forward: bool) -> tuple[Ints, Ints, Ints]:
        _, destinations, count = self.dist.shape
        rows, nodes = np.divmod(cells, count)
        whose, arcs = (self.arcs.outgoing if forward else self.arcs.incoming).of_each(nodes)
        ends = (self.arcs.heads if forward else self.arcs.tails)[arcs]
        return whose, self.lengths[(rows // destinations)[whose], arcs], (cells - nodes)[whose] + ends


def _used(arcs: Arcs, dist: Ints, changed: tuple[Ints, Ints], lengths: Ints, touched: Bools) -> Ints:
    """Cells of the tails of (states, arcs) of these lengths where the arc is a shortest way; marks ``touched``."""
    states, of = changed
    tails, heads = dist[states, :, arcs.tails[of]], dist[states, :, arcs.heads[of]]
    pairs, destinations = np.nonzero(tails == heads + lengths[:, np.newaxis])
    touched[states[pairs], destinations] = True
    cells: Ints = (states[pairs] * dist.shape[1] + destinations) * dist.shape[2] + arcs.tails[of[pairs]]
    return cells


def _cut_off(ground: Ground, candidates: Ints) -> Ints:
    """Of these cells, and of all whose shortest paths lead over them, those that keep no shortest path."""
    flat = ground.dist.reshape(-1)
    lost = np.zeros(flat.size, dtype=np.bool_)
    found = []
    while candidates.size:
        candidates = np.unique(candidates)
        whose, length, ahead = ground.onward(candidates)
        intact = ~lost[ahead] & (flat[candidates][whose] == length + flat[ahead])
        gone = np.delete(candidates, whose[intact])
        lost[gone] = True
        found.append(gone)
        whose, length, behind = ground.back(gone)
        candidates = behind[~lost[behind] & (flat[behind] == length + flat[gone][whose])]
    return np.concatenate(found)


def _measure(ground: Ground, cells: Ints) -> None:
    """Distances of the cells from those of all others (Bellman 1958, Ford 1956)."""
    flat = ground.dist.reshape(-1)
    flat[cells] = UNREACHABLE
    whose, length, ahead = ground.onward(cells)
    first = np.flatnonzero(np.diff(whose, prepend=-1))  # each has an arc: the one that it lost its way over
    while cells.size:
        nearest = np.minimum.reduceat(length + flat[ahead], first)
        if not (nearest < flat[cells]).any():
            break
        flat[cells] = np.minimum(nearest, UNREACHABLE)


def _shorten(ground: Ground, changed: tuple[Ints, Ints]) -> None:
    """Hands the better distances at the tails of these (states, arcs) on to all that gain by them."""
    arcs, dist, flat = ground.arcs, ground.dist, ground.dist.reshape(-1)
    states, of = changed
    offered = dist[states, :, arcs.heads[of]] + ground.lengths[changed][:, np.newaxis]
    pairs, destinations = np.nonzero(offered < dist[states, :, arcs.tails[of]])
    cells = (states[pairs] * dist.shape[1] + destinations) * dist.shape[2] + arcs.tails[of[pairs]]
    np.minimum.at(flat, cells, offered[pairs, destinations])
    while cells.size:
        cells = np.unique(cells)
        whose, length, behind = ground.back(cells)
        ways = length + flat[cells][whose]
        better = ways < flat[behind]
        cells = behind[better]
        np.minimum.at(flat, cells, ways[better])
