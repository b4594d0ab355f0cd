"""The backbone under load: what cells and transit ask of links and cells, and what they get while nothing changes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_array, csr_array, eye_array

from sim.world.network.routing.distances import alive_arcs
from sim.world.network.routing.paths import Path
from sim.world.network.routing.reroute import ArcState
from sim.world.network.state import MILLI, FailureState, Network, loss_milli_of_path
from sim.world.network.traffic.rhythm import Rhythm, factor
from sim.world.network.traffic.sharing import by_precedence, link_loads
from sim.world.network.traffic.throughput import PPM, WHOLE
from sim.world.network.traffic.transit import Transit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
FlowClass = Literal["transit", "data"]

UNLIMITED_BPS = 1e18
"""The capacity of what has none stated."""
_FULL = 1 - 1e-9
"""From this share of its capacity on a link is full; less is the rounding of floats."""


@dataclass(frozen=True)
class TrafficPlan:
    """How transit rises and falls, and who gives way when something is full.

    ``precedence``: 0 is served first, equal numbers share. ``weight``: what one bit per second that a class asks for
    counts against one of the other.
    """

    rhythm: Rhythm = field(default_factory=Rhythm)
    precedence: Mapping[FlowClass, int] = field(default_factory=lambda: {"transit": 0, "data": 0})
    weight: Mapping[FlowClass, float] = field(default_factory=lambda: {"transit": 1.0, "data": 1.0})


class Use(NamedTuple):
    """``shares``: (transit flows, then cells) × (arcs, then cells) → the share of the flow that is carried there;
    ``joined``: flow → whether it has a way; ``arriving``: cell → the share of its packets that bad lines let through;
    ``spoilt``: arc → the share of its packets that the line loses.
    """

    shares: csr_array
    joined: Bools
    arriving: Floats
    spoilt: Floats


class Got(NamedTuple):
    """``cell_ppm``: cell → the share of what its sessions ask for that arrives, in millionths; ``carried_bps``: (arcs,
    then cells) → rate, of a cell what arrives; ``discarded_bps``: what each of them had no room for."""

    cell_ppm: Ints
    carried_bps: Floats
    discarded_bps: Floats


class Backbone:
    """Links and cells shared among cells' data (from the core to people) and transit: weighted max-min, by class.

    Every user of a class is alike, as a flow weighs what it asks for. Packets that bad lines lose are sent all the
    same and do not arrive (that senders would slow down is left out: an assumption). Transit follows the equal-cost
    shortest paths of the network's state at once, cells the paths that are in use.
    """

    def __init__(self, network: Network, plan: TrafficPlan, utc_offset_ms: int) -> None:
        self.network, self.plan, self.utc_offset_ms = network, plan, utc_offset_ms
        self.arcs = network.arcs
        self.cells = tuple(network.cells)
        self.transit = Transit(network.document.get("demands", []), self.arcs)
        links = [network.links[link].get("capacity_bps", UNLIMITED_BPS) for link in self.arcs.links]
        cells = [network.cells[cell].get("capacity_bps", UNLIMITED_BPS) for cell in self.cells]
        self.capacity_bps = np.concatenate([np.array(links, dtype=np.float64)[self.arcs.link_of], cells])
        flows = (len(self.transit.mean_bps), len(self.cells))
        self.precedence = np.repeat([plan.precedence["transit"], plan.precedence["data"]], flows)
        self.class_weight = np.repeat([plan.weight["transit"], plan.weight["data"]], flows)

    def get(self, use: Use, at_ms: int, asked_bps: Floats) -> Got:
        """What everybody gets from ``at_ms`` until the hour or the use changes; ``asked_bps``: of each cell."""
        transit_bps = self.transit.mean_bps * factor(self.plan.rhythm, at_ms, self.utc_offset_ms)
        offered = np.concatenate([transit_bps, asked_bps]) * use.joined
        weight = np.maximum(offered, 1.0) * self.class_weight
        rate = by_precedence(use.shares, self.capacity_bps, offered, weight, self.precedence)
        got, wanted = rate[len(transit_bps) :], offered[len(transit_bps) :]
        share = np.divide(got, wanted, out=np.ones(len(got)), where=wanted > 0)
        ppm = np.minimum(WHOLE, np.rint(share * use.arriving * PPM)).astype(np.int64)
        carried = link_loads(use.shares, rate)
        discarded = self._discarded(use, carried, offered - rate)
        carried[len(self.arcs.tails) :] *= use.arriving
        return Got(ppm, carried, discarded)

    def _discarded(self, use: Use, carried_bps: Floats, short_bps: Floats) -> Floats:
        """What each flow did not get, laid to the full arcs and cells on its way, as much to each as passes there."""
        full = (carried_bps >= self.capacity_bps * _FULL).astype(np.float64)
        passing = use.shares @ full
        each = np.divide(short_bps, passing, out=np.zeros_like(short_bps), where=passing > 0)
        return link_loads(use.shares, each) * full

    def use(self, state: FailureState, paths: Mapping[str, Path | None]) -> Use:
        """Who uses what; ``paths``: cell → the path in use, None while it is out of service."""
        alive, metrics = alive_arcs(self.network, state), self.arcs.metrics.copy()
        for link, metric in state.metrics:
            metrics[self.arcs.link_of == self.arcs.link_no[link]] = metric
        transit, joined = self.transit.use(ArcState.of(self.arcs, alive, metrics))
        ways = [list(self._downlink(paths[cell])) for cell in self.cells]
        rows = np.repeat(np.arange(len(ways)), [len(way) for way in ways])
        arcs = np.array([arc for way in ways for arc in way], dtype=np.int64)
        down = csr_array((np.ones(len(rows)), (rows, arcs)), (len(self.cells), len(self.arcs.tails)))
        shares = block_array([[transit, None], [down, eye_array(len(self.cells))]], format="csr")
        served = np.array([paths[cell] is not None for cell in self.cells], dtype=np.bool_)
        lost = [loss_milli_of_path(state, path.links) if (path := paths[cell]) else 0.0 for cell in self.cells]
        return Use(csr_array(shares), np.concatenate([joined, served]), 1 - np.array(lost) / MILLI, self._spoilt(state))

    def _spoilt(self, state: FailureState) -> Floats:
        of_links = np.zeros(len(self.arcs.links))
        for link, loss_milli in state.lossy:
            of_links[self.arcs.link_no[link]] = loss_milli / MILLI
        return of_links[self.arcs.link_of]

    def _downlink(self, path: Path | None) -> Iterator[int]:
        """The arcs from the core node to the cell's; a path runs the other way. Link k is arc 2 k from a to z."""
        for node, link in zip(path.nodes, path.links, strict=False) if path else ():
            yield 2 * self.arcs.link_no[link] + (self.network.links[link]["z"] != node)


def is_limited(network: Network) -> bool:
    """Whether there is anything to share: a capacity of a link or cell, or transit."""
    records = (*network.links.values(), *network.cells.values())
    return bool(network.document.get("demands")) or any("capacity_bps" in record for record in records)
