"""The SNDlib networks as TopoHub ships them: arcs of hop-count metric, demands, and the loads that it states itself."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import topohub

from sim.world.network.routing.arcs import Arcs, Floats, both_ways

NAMES = tuple(sorted(path.stem for path in (Path(topohub.__file__).parent / "data" / "sndlib").glob("*.json")))


@dataclass(frozen=True)
class Published:
    """``demands``: (source, destination) → volume as in the file. ``edges``: in the order of the links."""

    arcs: Arcs
    demands: Floats
    edges: list[dict[str, Any]]

    def stated(self, demand: str) -> Floats:
        """Per cent of the busiest arc, arc by arc, of the named demand: org (the file's), uni or deg."""
        return np.array([edge[way][demand] for edge in self.edges for way in ("ecmp_fwd", "ecmp_bwd")])


def published(name: str) -> Published:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # TopoHub leaves closing its file to the garbage collector
        topology = topohub.get(f"sndlib/{name}")
    index = {record["id"]: place for place, record in enumerate(topology["nodes"])}
    edges = topology["edges"]
    a, z = ([index[edge[end]] for edge in edges] for end in ("source", "target"))
    links = [f"{edge['source']}-{edge['target']}" for edge in edges]
    arcs = both_ways([str(node) for node in index], links, a, z, [1] * len(edges))
    demands = np.zeros((len(index), len(index)))
    for source, targets in topology["graph"]["demands"].items():
        for target, volume in targets.items():
            demands[index[int(source)], index[int(target)]] += volume
    return Published(arcs, demands, edges)
