"""Traffic that only passes through: flows between nodes, over equal-cost shortest paths, and the arcs they use."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from sim.world.network.routing.csr import UNREACHABLE, Arcs, Bools, Floats, Ints, distances, lengths_of
from sim.world.network.routing.ecmp import spread


@dataclass(frozen=True, eq=False)
class Transit:
    """Of each flow: the nodes it joins (indices of ``Arcs.nodes``) and its mean rate."""

    origin: Ints
    target: Ints
    mean_bps: Floats


def transit_of(demands: list[dict[str, Any]], arcs: Arcs) -> Transit:
    """The ``demands`` of a network document; KeyError for a node that there is not."""
    index = {node: number for number, node in enumerate(arcs.nodes)}
    ends = np.array([(index[d["a"]], index[d["z"]]) for d in demands], dtype=np.int64).reshape(-1, 2)
    return Transit(ends[:, 0], ends[:, 1], np.array([d["bps"] for d in demands], dtype=np.float64))


def transit_use(transit: Transit, arcs: Arcs, alive: Bools, metrics: Ints) -> tuple[csr_array, Bools]:
    """(flow × arc: the share of the flow that the arc carries, flow → whether there is a way at all)."""
    targets, of_flow = np.unique(transit.target, return_inverse=True)
    lengths = lengths_of(arcs, alive, metrics)
    dist = distances(arcs, alive, targets, metrics)[of_flow]
    starting = np.zeros(dist.shape)
    flows = np.arange(len(of_flow))
    starting[flows, transit.origin] = 1.0
    return csr_array(spread(arcs, dist, lengths, starting)), dist[flows, transit.origin] < UNREACHABLE
