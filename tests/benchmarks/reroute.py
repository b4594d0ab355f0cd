"""All-pairs shortest paths after one link failure: moved from the intact ones, or worked out anew.

Random connected networks (a random tree and as many further links, mean degree 4, metrics 1 to 100). ``ours`` moves
the distances to every destination in place (``incremental.move``) and says whose shortest paths changed; ``scipy``
works all of them out anew (``csgraph.dijkstra``, as ``csr.distances`` calls it); ``networkx`` with
``single_source_dijkstra_path_length`` from every node. From 1,000 nodes on networkx begins at a sample of 20 nodes, and
its time is scaled up by nodes over sample. The next hops follow from the distances by one comparison an arc
(``ecmp.shortest_arcs``), in all three alike, and are left out. A repetition fails another link; ours and scipy are
compared cell by cell, beforehand. Getting ready (the intact distances, networkx's graph without the link) is not timed.
Exponents: slope of log seconds over log nodes, least squares; the small sizes are overhead for the greater part.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle

import networkx as nx
import numpy as np

from sim.world.network.routing.arcs import Arcs, Bools, Ints, both_ways
from sim.world.network.routing.distances import distances, lengths_of
from sim.world.network.routing.incremental import move
from sim.world.streams import Streams
from tests.benchmarks.harness import Result, interleaved

SIZES = (50, 200, 1_000, 5_000)
SAMPLE = 20
SAMPLED_FROM = 1_000
FAILURES = 5


@dataclass
class Case:
    """``intact``: distances that every repetition of ours begins with, and ends with once more."""

    arcs: Arcs
    intact: Ints
    failing: list[int]
    turns: dict[str, "cycle[int]"] = field(init=False)

    def __post_init__(self) -> None:
        self.turns = {rival: cycle(self.failing) for rival in ("ours", "scipy", "networkx")}

    def ours(self) -> Callable[[], Ints]:
        before, after = self.lengths(), self.lengths(next(self.turns["ours"]))
        dist = self.intact.copy()[np.newaxis]

        def moved() -> Ints:
            move(self.arcs, dist, before, after[np.newaxis])
            return dist[0]

        return moved

    def scipy(self) -> Callable[[], Ints]:
        alive = self.without(next(self.turns["scipy"]))
        return lambda: distances(self.arcs, alive)

    def networkx(self) -> Callable[[], object]:
        alive = self.without(next(self.turns["networkx"]))
        order = np.argsort(-self.arcs.metrics)  # of parallel links the one given last, the shortest, stays
        chosen = order[alive[order]]
        columns = (column[chosen].tolist() for column in (self.arcs.tails, self.arcs.heads, self.arcs.metrics))
        graph = nx.DiGraph()
        graph.add_nodes_from(range(len(self.arcs.nodes)))
        graph.add_weighted_edges_from(zip(*columns, strict=True))
        return lambda: [nx.single_source_dijkstra_path_length(graph, node) for node in self.sources]

    @property
    def sources(self) -> list[int]:
        count = len(self.arcs.nodes)
        return list(range(count)) if count < SAMPLED_FROM else list(range(0, count, count // SAMPLE))

    def without(self, link: int) -> Bools:
        return self.arcs.link_of != link

    def lengths(self, failed: int = -1) -> Ints:
        return lengths_of(self.arcs, self.without(failed))


def case_of(nodes: int) -> Case:
    chance = Streams(1).get(f"benchmark/reroute/{nodes}")
    later = np.arange(1, nodes)
    tree = (later, chance.integers(0, later))
    more = chance.integers(0, nodes, size=(2, nodes))
    a, z = (np.concatenate([one, other]) for one, other in zip(tree, more, strict=True))
    a, z = a[a != z], z[a != z]
    arcs = both_ways([str(node) for node in range(nodes)], [str(k) for k in range(len(a))], a, z,
                     chance.integers(1, 101, size=len(a)))  # fmt: skip
    failing = chance.choice(len(a), FAILURES, replace=False).tolist()
    return Case(arcs, distances(arcs, np.ones(2 * len(a), dtype=bool)), failing)


def require_equal(case: Case) -> None:
    """AssertionError unless ours and scipy find the same distances, and networkx those from its first source.

    After each of the failures; after the first where all of them would take minutes.
    """
    for _ in case.failing if len(case.arcs.nodes) < SAMPLED_FROM else case.failing[:1]:
        ours, anew, (first, *_) = case.ours()(), case.scipy()(), case.networkx()()
        assert np.array_equal(ours, anew)
        assert all(anew[node, case.sources[0]] == length for node, length in first.items())


def measure(repetitions: int, sizes: tuple[int, ...] = SIZES) -> Result:
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    taken: dict[str, list[float]] = {"ours": [], "scipy": [], "networkx": []}
    for nodes in sizes:
        case = case_of(nodes)
        require_equal(case)
        seconds = interleaved({"ours": case.ours, "scipy": case.scipy, "networkx": case.networkx}, repetitions)
        seconds["networkx"] *= nodes / len(case.sources)
        for rival, second in seconds.items():
            taken[rival].append(second)
            figures[f"{rival}_{nodes}_nodes_s"] = second
        ratios |= {
            f"{rival}_over_ours_{nodes}_nodes": seconds[rival] / seconds["ours"] for rival in ("scipy", "networkx")
        }
    ratios |= {
        f"{rival}_growth_exponent": float(np.polyfit(np.log(sizes), np.log(of), 1)[0]) for rival, of in taken.items()
    }
    return Result("reroute", figures, ratios, repetitions)
