"""Traffic that only passes through: flows between nodes, over equal-cost shortest paths, and the arcs they use."""

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from sim.world.network.routing.arcs import Arcs, Bools, Floats
from sim.world.network.routing.reroute import ArcState, Rerouting, flow_by_flow


class Transit:
    """The ``demands`` of a network document as flows; KeyError for a node that there is not.

    ``mean_bps``: flow → its mean rate. After a change of the network only flows that it touches are routed anew.
    """

    def __init__(self, demands: list[dict[str, Any]], arcs: Arcs) -> None:
        index = {node: number for number, node in enumerate(arcs.nodes)}
        ends = np.array([(index[d["a"]], index[d["z"]]) for d in demands], dtype=np.int64).reshape(-1, 2)
        self.mean_bps: Floats = np.array([d["bps"] for d in demands], dtype=np.float64)
        self._rerouting = Rerouting(arcs, flow_by_flow(arcs, ends[:, 0], ends[:, 1]), remembered=0)

    def use(self, state: ArcState) -> tuple[csr_array, Bools]:
        """(flow × arc: the share of the flow that the arc carries, flow → whether there is a way at all)."""
        shares, joined = self._rerouting.by_row(state)
        return csr_array(shares), joined
