"""Failure states a second on germany50, beside the ngraph package: two random links down, 1,000 draws.

A state's answer is the load of every arc and the volume that finds no way, for the 662 demands of SNDlib's germany50
over hop-count shortest paths, split evenly per next hop (ECMP). Draws that repeat an earlier one are evaluated once,
by everybody. ``together`` and ``one_by_one`` are ``Rerouting.evaluate_all`` and ``.evaluate``, beginning with an empty
memory. ``ngraph`` is its own leanest way: ``place_demands`` of expanded demands and resolved ids on a context built
once, one flow graph and one pair of masks a state, policy SHORTEST_PATHS_ECMP over capacities that nothing fills (it
admits what fits; without a bottleneck that is plain ECMP), no entries a demand, loads read from ``edge_flow_view``.
``ngraph_analysis`` is its documented call a state, ``demand_placement_analysis``, with the same preparation; that adds
a result a demand and gives no loads. Building networks, demands and the intact state is timed for nobody.
All loads and volumes are compared, to 1e-9 of the total demand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from sim.world.network.routing.arcs import Arcs, Floats
from sim.world.network.routing.ecmp import EcmpLoads
from sim.world.network.routing.reroute import ArcState, Rerouting, by_destination
from sim.world.streams import Streams
from tests.benchmarks.harness import Result, interleaved
from tests.world.network.routing.topohub_networks import published

DRAWS = 1_000
LINKS_DOWN = 2


@dataclass(frozen=True)
class Case:
    """``cuts``: the different draws, each the links that are down."""

    arcs: Arcs
    demands: Floats
    cuts: list[tuple[int, ...]]

    @property
    def states(self) -> list[ArcState]:
        """Both arcs of each cut link are dead."""
        return [ArcState(frozenset(2 * link + way for link in cut for way in (0, 1))) for cut in self.cuts]

    def together(self) -> Callable[[], list[EcmpLoads]]:
        rerouting, states = Rerouting(self.arcs, by_destination(self.arcs, self.demands)), self.states
        return lambda: rerouting.evaluate_all(states)

    def one_by_one(self) -> Callable[[], list[EcmpLoads]]:
        rerouting, states = Rerouting(self.arcs, by_destination(self.arcs, self.demands)), self.states
        return lambda: [rerouting.evaluate(state) for state in states]

    def ngraph(self) -> Callable[[], list[EcmpLoads]]:
        rival = self.rival
        return lambda: [rival.placed(cut) for cut in self.cuts]

    def ngraph_analysis(self) -> Callable[[], list[Any]]:
        rival = self.rival
        return lambda: [rival.analysed(cut) for cut in self.cuts]

    @cached_property
    def rival(self) -> "Ngraph":
        return Ngraph(self.arcs, self.demands)


class Ngraph:
    """The same network and demands in ngraph's words; ModuleNotFoundError where the extra bench is not installed."""

    def __init__(self, arcs: Arcs, demands: Floats) -> None:
        from ngraph import FlowPolicyPreset, Link, Network, Node, TrafficDemand
        from ngraph.analysis.functions import build_demand_placement_inputs

        names = [f"n{node}" for node in arcs.nodes]
        self.network = Network()
        for name in names:
            self.network.add_node(Node(name=name))
        self.links = []
        for tail, head in zip(arcs.tails[::2], arcs.heads[::2], strict=True):
            link = Link(source=names[tail], target=names[head], capacity=1e9, cost=1.0)
            self.network.add_link(link)
            self.links.append(link.id)
        # Pairwise: in its mode "combine" ngraph gives each demand nodes and a search of its own, and is 25 times slower.
        how = {"flow_policy": FlowPolicyPreset.SHORTEST_PATHS_ECMP, "mode": "pairwise"}
        # Names are regular expressions there: without anchors n1 would also be n10.
        self.demands = [
            TrafficDemand(f"^{names[s]}$", f"^{names[t]}$", float(demands[s, t]), **how).to_dict()
            for s, t in np.argwhere(demands)
        ]
        self.context, self.expansion, self.ids = build_demand_placement_inputs(self.network, self.demands)
        self.volumes = [demand.volume for demand in self.expansion.demands]

    def placed(self, cut: tuple[int, ...]) -> EcmpLoads:
        """``loads`` in ngraph's order of edges, see ``order``."""
        import netgraph_core
        from ngraph.analysis.placement import place_demands

        flows = netgraph_core.FlowGraph(self.context.multidigraph)
        masks = self.context.build_node_mask(set()), self.context.build_edge_mask({self.links[link] for link in cut})
        of = self.expansion.demands
        summary = place_demands(of, self.volumes, flows, self.context, *masks, resolved_ids=self.ids).summary
        return EcmpLoads(np.array(flows.edge_flow_view()), summary.total_demand - summary.total_placed)

    def analysed(self, cut: tuple[int, ...]) -> Any:
        from ngraph.analysis.functions import demand_placement_analysis

        ready = {"context": self.context, "expansion": self.expansion, "resolved_ids": self.ids}
        return demand_placement_analysis(self.network, set(), {self.links[link] for link in cut}, self.demands, **ready)

    @cached_property
    def order(self) -> list[int]:
        """arc → ngraph's edge."""
        place = {}
        for edge, outside in enumerate(self.context.multidigraph.ext_edge_ids_view()):
            known = self.context.edge_mapper.decode_ext_id(int(outside))
            if known is not None:
                place[2 * self.links.index(known.link_id) + (known.direction != "fwd")] = edge
        return [place[arc] for arc in range(len(place))]


def case_of(draws: int) -> Case:
    """The network, its demands as they stand in the file, and the different ones among so many draws."""
    network = published("germany50")
    chance = Streams(1).get("benchmark/failure-states")
    links = len(network.arcs.links)
    cuts = [tuple(sorted(chance.choice(links, LINKS_DOWN, replace=False).tolist())) for _ in range(draws)]
    return Case(network.arcs, network.demands, list(dict.fromkeys(cuts)))


def require_equal(case: Case) -> None:
    """AssertionError unless all rivals find the same loads and the same unroutable volume in every state."""
    total = case.demands.sum()
    for ours, single, theirs in zip(case.together()(), case.one_by_one()(), case.ngraph()(), strict=True):
        assert (ours.loads == single.loads).all()
        assert ours.unroutable == single.unroutable
        assert np.abs(theirs.loads[case.rival.order] - ours.loads).max() <= 1e-9 * total
        assert abs(theirs.unroutable - ours.unroutable) <= 1e-9 * total
    for ours, theirs in zip(case.together()(), case.ngraph_analysis()(), strict=True):
        assert abs(theirs.summary.total_demand - theirs.summary.total_placed - ours.unroutable) <= 1e-9 * total


def measure(repetitions: int, draws: int = DRAWS) -> Result:
    case = case_of(draws)
    require_equal(case)
    rivals = {
        "together": case.together,
        "one_by_one": case.one_by_one,
        "ngraph": case.ngraph,
        "ngraph_analysis": case.ngraph_analysis,
    }
    seconds = interleaved(rivals, repetitions)
    rates = {name: len(case.cuts) / taken for name, taken in seconds.items()}
    figures = {"demands": int((case.demands > 0).sum()), "draws": draws, "different_states": len(case.cuts)}
    figures |= {f"{name}_states_per_s": rate for name, rate in rates.items()}
    ratios = {
        "together_over_ngraph_speed": rates["together"] / rates["ngraph"],
        "together_over_ngraph_analysis_speed": rates["together"] / rates["ngraph_analysis"],
        "one_by_one_over_ngraph_speed": rates["one_by_one"] / rates["ngraph"],
    }
    return Result("failure_states", figures, ratios, repetitions)
