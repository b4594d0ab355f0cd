"""Loads and unroutable volume of one failure state after another: only what changed is worked out, and remembered.

What goes to one destination over its shortest paths is that destination's own; a change of arcs is followed only for
those whose shortest paths it touches (see ``incremental``), and the loads of all are added up in one fixed order. So
the answer for a state is the same, bit for bit, whichever states came before, and as ``ecmp_loads`` gives it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.world.network.routing.arcs import Arcs, Bools, Floats, Ints, require_metrics
from sim.world.network.routing.distances import distances, lengths_of
from sim.world.network.routing.ecmp import EcmpLoads, chunks, destinations_of, lost, spread, summed
from sim.world.network.routing.ecmp_compiled import COMPILING_PAYS_FROM
from sim.world.network.routing.incremental import move

_TOGETHER = 64
"""States worked out at once: enough to share the overhead of a step, few enough for a cache (assumption)."""


@dataclass(frozen=True)
class ArcState:
    """What of a network's arcs is not as built: ``dead`` arcs, and ``metrics`` as pairs (arc, its other metric)."""

    dead: frozenset[int] = frozenset()
    metrics: frozenset[tuple[int, int]] = frozenset()

    @classmethod
    def of(cls, arcs: Arcs, alive: Bools, metrics: Ints | None = None) -> "ArcState":
        """The state in which these arcs live and have these metrics, their own when None."""
        now = arcs.metrics if metrics is None else metrics
        others = np.flatnonzero(now != arcs.metrics)
        pairs = frozenset(zip(others.tolist(), now[others].tolist(), strict=True))
        return cls(frozenset(np.flatnonzero(~alive).tolist()), pairs)

    def lengths(self, arcs: Arcs) -> Ints:
        """arc → metric, UNREACHABLE for a dead one; ValueError for a metric that is none, IndexError for no arc."""
        metrics, alive = arcs.metrics.copy(), np.ones(len(arcs.tails), dtype=np.bool_)
        for arc, metric in self.metrics:
            metrics[arc] = metric
        require_metrics(metrics)
        alive[list(self.dead)] = False
        return lengths_of(arcs, alive, metrics)


@dataclass(eq=False)
class _Flows:
    """``lengths``: arc; ``dist``: (destination, node); ``loads``: (destination, arc); ``lost``: destination."""

    lengths: Ints
    dist: Ints
    loads: Floats
    lost: Floats


class Wanted(NamedTuple):
    """Rows of traffic that are routed on their own: ``destinations``: row → node; ``volumes``: (row, node) → volume."""

    destinations: Ints
    volumes: Floats


def by_destination(arcs: Arcs, demands: Floats) -> Wanted:
    """A row for each destination of ``demands``: (source, destination) → volume, as for ``ecmp_loads``."""
    destinations = destinations_of(arcs, demands)
    return Wanted(destinations, np.ascontiguousarray(demands.T[destinations]))


def flow_by_flow(arcs: Arcs, origin: Ints, target: Ints) -> Wanted:
    """A row of volume 1 for each flow from node ``origin`` to node ``target``: its loads are shares of the flow."""
    volumes = np.zeros((len(origin), len(arcs.nodes)))
    volumes[np.arange(len(origin)), origin] = 1.0
    return Wanted(target, volumes)


class Rerouting:
    """Equal-cost multipath of what is wanted over one network, whatever fails or gets another metric.

    Keeps the distances to each row's destination and what each row puts on each arc for the state last worked out,
    and the answers for the last ``remembered`` different states. Memory: 8 octets times rows times (nodes + arcs),
    twice while it works, and 8 times arcs for each state remembered.
    """

    def __init__(self, arcs: Arcs, wanted: Wanted, remembered: int = 4096) -> None:
        """``remembered``: 0 for no memory."""
        self.arcs = arcs
        self.destinations, self.volumes = wanted
        self.remembered = remembered
        self._state = ArcState()
        """The one last worked out."""
        self._worked = 0
        """Destinations times arcs gone through or about to be, the untouched as well."""
        self._memory: OrderedDict[ArcState, EcmpLoads] = OrderedDict()
        every = np.ones(len(arcs.tails), dtype=np.bool_)
        dist = distances(arcs, every, self.destinations)
        rows = len(self.destinations)
        self._now = _Flows(lengths_of(arcs, every), dist, np.zeros((rows, len(every))), np.zeros(rows))
        self._renew(self._now.lengths[np.newaxis], dist[np.newaxis], np.ones((1, rows), dtype=np.bool_),
                    self._now.loads[np.newaxis], self._now.lost[np.newaxis])  # fmt: skip

    def evaluate(self, state: ArcState) -> EcmpLoads:
        """Loads (not to be written to) and unroutable volume; a state not remembered is followed from here on."""
        if state in self._memory:
            self._memory.move_to_end(state)
            return self._memory[state]
        return self._remember(state, self._total(self._follow(state))[0])

    def by_row(self, state: ArcState) -> tuple[Floats, Bools]:
        """((row, arc) → what the row puts on the arc, row → whether all of it arrives); not to be written to."""
        if state != self._state:
            self._follow(state)
        return self._now.loads, self._now.lost == 0

    def _follow(self, state: ArcState) -> _Flows:
        self._worked += self._now.loads.size
        flows = self._moved([state])
        self._now = _Flows(flows.lengths[0], flows.dist[0], flows.loads[0], flows.lost[0])
        self._state = state
        return flows

    def evaluate_all(self, states: Iterable[ArcState]) -> list[EcmpLoads]:
        """The same for many states, each followed from where ``evaluate`` left off; quicker than one by one."""
        asked = list(states)
        found = {state: self._memory[state] for state in asked if state in self._memory}
        new = list(dict.fromkeys(state for state in asked if state not in found))
        width = max(1, self.volumes.shape[0] * max(len(self.arcs.nodes), len(self.arcs.tails)))
        self._worked += len(new) * self._now.loads.size
        size = min(_TOGETHER, chunks(_TOGETHER, width)[0].stop)
        for first in range(0, len(new), size):
            some = new[first : first + size]
            found |= zip(some, self._total(self._moved(some)), strict=True)
        for state in dict.fromkeys(asked):
            self._remember(state, found[state])
        return [found[state] for state in asked]

    def _remember(self, state: ArcState, answer: EcmpLoads) -> EcmpLoads:
        answer.loads.setflags(write=False)
        self._memory[state] = answer
        self._memory.move_to_end(state)
        while len(self._memory) > self.remembered:
            self._memory.popitem(last=False)
        return answer

    def _moved(self, states: Sequence[ArcState]) -> _Flows:
        """The flows in these states; every array has the state in front."""
        now = self._now
        lengths = np.stack([state.lengths(self.arcs) for state in states])
        count = len(states)
        dist: Ints = np.repeat(now.dist[np.newaxis], count, axis=0)
        loads: Floats = np.repeat(now.loads[np.newaxis], count, axis=0)
        left: Floats = np.repeat(now.lost[np.newaxis], count, axis=0)
        touched = move(self.arcs, dist, now.lengths, lengths)
        self._renew(lengths, dist, touched, loads, left)
        return _Flows(lengths, dist, loads, left)

    def _renew(self, lengths: Ints, dist: Ints, touched: Bools, loads: Floats, left: Floats) -> None:
        """Fills ``loads`` and ``left`` of the touched (state, destination)."""
        states, destinations = np.nonzero(touched)
        for some in chunks(len(states), max(loads.shape[2], dist.shape[2])):
            of, to = states[some], destinations[some]
            rows, volumes = dist[of, to], self.volumes[to]
            pays = self._worked >= COMPILING_PAYS_FROM
            loads[of, to] = spread(self.arcs, rows, lengths[of], volumes, compiled=pays)
            left[of, to] = lost(rows, volumes, self.destinations[to])

    def _total(self, flows: _Flows) -> list[EcmpLoads]:
        states, _, arcs = flows.loads.shape
        loads = summed(flows.loads.swapaxes(0, 1), np.zeros((states, arcs)))
        unroutable = summed(flows.lost.T, np.zeros(states))
        return [EcmpLoads(*each) for each in zip(loads, unroutable.tolist(), strict=True)]
