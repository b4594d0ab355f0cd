"""Which way was each service meant to take, and is the one that is left longer? Least metric, as routing has it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from ossbss.oss.fault.single_points import Pairs
from ossbss.oss.fault.wiring import Bools, Ints, Wiring

_AT_ONCE = 64
"""So many trees of shortest ways are held at a time."""
_NOWHERE = -9999
"""what scipy calls the node before the first"""


@dataclass(frozen=True, eq=False)
class PlannedWays:
    """On the whole network, to the first choice of each pair. ``metrics``: pair → of its way, infinite where there is
    none; ``steps``: pairs × node pairs of its way."""

    metrics: NDArray[np.float64]
    steps: csr_array
    step_no: dict[tuple[int, int], int]


def plan(wiring: Wiring, pairs: Pairs) -> PlannedWays:
    """One of the shortest ways of each pair."""
    graph = wiring.lengths(~wiring.dark)
    metrics = np.full(len(pairs.starts), np.inf)
    step_no: dict[tuple[int, int], int] = {}
    rows: list[list[int]] = [[] for _ in pairs.starts]
    for targets, of in _by_target(pairs.targets[:, 0]):
        found, before = dijkstra(graph, indices=targets, return_predecessors=True)
        for row, members in enumerate(of):
            metrics[members] = found[row, pairs.starts[members]]
            towards = before[row].tolist()
            for pair in members.tolist():
                rows[pair] = _walk(towards, int(pairs.starts[pair]), step_no)
    starts = np.cumsum([0, *map(len, rows)])
    items = np.array([step for row in rows for step in row], dtype=np.int64)
    steps = csr_array((np.ones(len(items)), items, starts), shape=(len(rows), max(len(step_no), 1)))
    return PlannedWays(metrics, steps, step_no)


def _walk(towards: list[int], node: int, step_no: dict[tuple[int, int], int]) -> list[int]:
    found = []
    while (after := towards[node]) != _NOWHERE:
        found.append(step_no.setdefault((min(node, after), max(node, after)), len(step_no)))
        node = after
    return found


def longer(ways: PlannedWays, wiring: Wiring, pairs: Pairs, lit: Bools) -> Bools:
    """Pair → its way to the first choice has a larger metric than planned, or there is none left."""
    gone = np.zeros(ways.steps.shape[1])
    for a, z in wiring.ends[~lit & ~wiring.dark].tolist():
        step = ways.step_no.get((min(a, z), max(a, z)))
        if step is not None:
            gone[step] = 1
    hit = np.flatnonzero(ways.steps @ gone)
    found = np.zeros(len(pairs.starts), dtype=bool)
    if len(hit):
        graph = wiring.lengths(lit)
        for targets, of in _by_target(pairs.targets[hit, 0]):
            metrics = dijkstra(graph, indices=targets)
            for row, members in enumerate(of):
                mine = hit[members]
                found[mine] = metrics[row, pairs.starts[mine]] > ways.metrics[mine]
    return found


def _by_target(targets: Ints) -> list[tuple[Ints, list[Ints]]]:
    """Some targets at a time, and for each the places where it stands."""
    each, which = np.unique(targets, return_inverse=True)
    order = np.argsort(which, kind="stable")
    places = np.split(order, np.searchsorted(which[order], np.arange(1, len(each))))
    return [(each[at : at + _AT_ONCE], places[at : at + _AT_ONCE]) for at in range(0, len(each), _AT_ONCE)]
