"""How long routing takes to follow a change: detection, flooding, computation, forwarding tables.

The parts are those of Francois, Filsfils, Evans, Bonaventure, "Achieving sub-second IGP convergence in large IP
networks" (2005).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from sim.world.network.routing.arcs import TwoWay
from sim.world.network.routing.paths import link_states
from sim.world.network.routing.tree import LinkStates, News, Tree, news
from sim.world.network.state import FailureState, Network, dead_nodes


@dataclass(frozen=True)
class RoutingTimers:
    """How fast routing reacts; all in ms. ValueError for a negative one.

    ``total_ms``: one figure from a change to rerouted traffic, in place of the parts; None: the parts count.
    """

    total_ms: int | None = None
    detection_ms: int = 10
    """until a living end notices that light is gone, or back (assumption)"""
    hello_dead_ms: int = 40_000
    """until neighbours miss a node that died while light still shines: RFC 2328, C.3, four hellos of 10 s"""
    adjacency_ms: int = 1_000
    """from light to a full adjacency, before a repaired link is flooded (assumption)"""
    flooding_per_hop_ms: int = 10
    """that a link-state advertisement takes from router to router (assumption)"""
    spf_ms: int = 50
    """that a router waits for more news and computes shortest paths (assumption)"""
    fib_ms: int = 200
    """until the computed paths are in its forwarding table (assumption)"""
    fast_reroute: bool = False
    """whether routers have loop-free alternates ready (RFC 5286)"""
    fast_reroute_switch_ms: int = 50
    """from detection to the alternate (usual aim: the 50 ms of ITU-T G.841)"""
    protection_switch_ms: int = 0
    """from failure to the protection path of 1+1; ITU-T G.841 allows 50 ms"""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value is not None and value < 0:
                raise ValueError(f"{name.replace('total', 'convergence')} is {value}; give 0 or more")


class Spread:
    """How the news of one change spreads: who notices which link when, and who has heard of it when."""

    def __init__(self, timers: RoutingTimers, network: Network, before: FailureState, after: FailureState) -> None:
        self.timers, self.network, self.arcs = timers, network, network.arcs
        self.state, self.before, self.after = after, link_states(network, before), link_states(network, after)
        self.news: News = news(self.arcs, self.before, self.after)
        self._floods: dict[int, _Flood] = {}
        self._turned: dict[tuple[int, int], set[int]] = {}
        self._reactions: dict[tuple[int, int, int], int] = {}

    def noticed_ms(self, link: int) -> int:
        """From the change until a living end of this changed link notices; 0 where its own metric was configured.

        A dead node without power is dark, so its neighbours lose light; one that failed itself is only missed.
        """
        came_back = link in self.before.dead_links
        if link not in self.after.dead_links:
            return self.timers.detection_ms + self.timers.adjacency_ms if came_back else 0
        return self.timers.detection_ms if self._is_dark(link) else self.timers.hello_dead_ms

    def _is_dark(self, link: int) -> bool:
        name, state = self.arcs.links[link], self.state
        record = self.network.links[name]
        broken = name in state.links or not state.groups.isdisjoint(record["shared_risk_groups"])
        carded = not (state.cards | state.restarting).isdisjoint((record["a_card"], record["z_card"]))
        return broken or carded or not self._without_power.isdisjoint((record["a"], record["z"]))

    @cached_property
    def _without_power(self) -> frozenset[str]:
        return dead_nodes(self.network, replace(self.state, nodes=frozenset()))

    def heard_ms(self, link: int, node: int) -> int:
        """From the change until this node has heard of this link; 0 where no path carries the news."""
        if link not in self._floods:
            origins = (end for end in self.arcs.ends[link] if end not in self.after.dead_nodes)
            self._floods[link] = _Flood(self.arcs, self.after, origins)
        hops = self._floods[link].hops_to(node)
        return 0 if hops is None else self.noticed_ms(link) + hops * self.timers.flooding_per_hop_ms

    def reacted_ms(self, links: Iterable[int], node: int) -> int:
        """From the change until the node forwards by the news of these links; of links that did not change, none."""
        heard = [self.heard_ms(link, node) for link in self.news.links.intersection(links)]
        return max(heard) + self.timers.spf_ms + self.timers.fib_ms if heard else 0

    def converged_ms(self, old: Tree, new: Tree, node: int) -> int:
        """From the change until the whole new path of a node carries traffic, to the root that both trees share.

        Every router on that path that now sends another way must have heard of the changed links of its own old and
        new path. (News of a link that lies on neither, but would have been its second choice, is not waited for.)
        """
        turned = self._turned_nodes(old, new)
        return max((self._turn_ms(old, new, at) for at, _ in new.walk(self.arcs, node) if at in turned), default=0)

    def _turned_nodes(self, old: Tree, new: Tree) -> set[int]:
        key = (id(old), id(new))
        if key not in self._turned:
            self._turned[key] = set(np.flatnonzero(old.link != new.link).tolist())
        return self._turned[key]

    def _turn_ms(self, old: Tree, new: Tree, node: int) -> int:
        key = (id(old), id(new), node)
        if key not in self._reactions:
            links = {link for tree in (old, new) for _, link in tree.walk(self.arcs, node)}
            self._reactions[key] = self.reacted_ms(links, node)
        return self._reactions[key]


class _Flood:
    """Hops from the ends of a link to every node, worked out no farther than somebody asks."""

    def __init__(self, arcs: TwoWay, states: LinkStates, origins: Iterable[int]) -> None:
        self.arcs, self.dead = arcs, states.dead_links
        self.hops = dict.fromkeys(origins, 0)
        self.edge = list(self.hops)

    def hops_to(self, node: int) -> int | None:
        while node not in self.hops and self.edge:
            reached, self.edge = self.edge, []
            for at in reached:
                for link, neighbour in self.arcs.around[at]:
                    if link not in self.dead and neighbour not in self.hops:
                        self.hops[neighbour] = self.hops[at] + 1
                        self.edge.append(neighbour)
        return self.hops.get(node)


def convergence_ms(
    timers: RoutingTimers, network: Network, before: FailureState, after: FailureState, old: Tree, new: Tree, node: str
) -> int:
    """From the change of state until the path of ``node`` in ``new`` carries traffic; ``old``, ``new``: the trees of
    one core node on the two states."""
    if timers.total_ms is not None:
        return timers.total_ms
    return Spread(timers, network, before, after).converged_ms(old, new, network.arcs.node_no[node])
