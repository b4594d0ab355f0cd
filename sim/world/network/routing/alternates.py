"""Loop-free alternates: where a router sends traffic at once when its next link is lost (RFC 5286)."""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass

from sim.world.network.routing.arcs import TwoWay
from sim.world.network.routing.paths import Path, path_in
from sim.world.network.routing.tree import LinkStates, Tree


@dataclass(frozen=True)
class Alternate:
    """The way out that a router has ready: over ``link`` to ``neighbour``, which forwards as it always did."""

    link: int
    neighbour: int


class Alternates:
    """The alternates that routers have ready in one state, worked out for those who ask."""

    def __init__(self, arcs: TwoWay, states: LinkStates, trees: Mapping[str, Tree]) -> None:
        """``trees``: core node → its tree on ``states``."""
        self.arcs, self.states, self.trees = arcs, states, trees
        self._rests: dict[tuple[str, str], tuple[int, Path] | None] = {}
        """(core node, router) → link to the alternate and the way from there"""

    def way_round(self, path: Path, hop: int) -> Path | None:
        """``path`` up to the router that loses its link at this hop, and from there by its alternate; None: it has
        none."""
        router, core = path.nodes[hop], path.nodes[-1]
        if (core, router) not in self._rests:
            self._rests[core, router] = self._rest(core, router)
        found = self._rests[core, router]
        if found is None:
            return None
        link, rest = found
        links = (*path.links[:hop], self.arcs.links[link])
        costs = (self.states.cost(self.arcs, self.arcs.link_no[used]) for used in links)
        metric = sum(cost // self.arcs.hop_scale for cost in costs)
        return Path(path.nodes[: hop + 1] + rest.nodes, links + rest.links, metric + rest.metric)

    def _rest(self, core: str, router: str) -> tuple[int, Path] | None:
        tree = self.trees[core]
        found = alternate(self.arcs, self.states, tree, self.arcs.node_no[router])
        rest = None if found is None else path_in(self.arcs, tree, found.neighbour)
        return None if found is None or rest is None else (found.link, rest)


def alternate(arcs: TwoWay, states: LinkStates, tree: Tree, router: int) -> Alternate | None:
    """The loop-free alternate of ``router`` for the first link of its path in ``tree`` (on ``states``); None: none.

    A neighbour is loop-free when its own shortest path to the destination is shorter than by way of the router
    (RFC 5286, inequality 1). One that also avoids the router's next node (inequality 3) is preferred, then the least
    metric, then the first link id. Shared ducts are not looked at: routers do not know them.
    """
    primary = int(tree.link[router])
    beyond = arcs.other_end(primary, router)
    choices = {link: at for link, at in arcs.around[router] if link not in states.dead_links and at != router}
    near, far = (_metrics(arcs, states, node, set(choices.values())) for node in (router, beyond))
    own, of_beyond = _metric(arcs, tree, router), _metric(arcs, tree, beyond)
    free = []
    for link, neighbour in choices.items():
        rest = _metric(arcs, tree, neighbour)
        if link != primary and rest < near[neighbour] + own:
            links_only = beyond == tree.root or not rest < far[neighbour] + of_beyond
            free.append((links_only, states.cost(arcs, link) // arcs.hop_scale + rest, link, neighbour))
    return Alternate(*min(free)[2:]) if free else None


def _metric(arcs: TwoWay, tree: Tree, node: int) -> int:
    return int(tree.cost[node]) // arcs.hop_scale


def _metrics(arcs: TwoWay, states: LinkStates, node: int, wanted: set[int]) -> dict[int, int]:
    """Metrics of the shortest paths from ``node`` to the wanted nodes (all in reach): a search that stays near."""
    found: dict[int, int] = {}
    heap = [(0, node)]
    while heap and not wanted <= found.keys():
        cost, at = heapq.heappop(heap)
        if at in found:
            continue
        found[at] = cost // arcs.hop_scale
        for link, head in arcs.around[at]:
            if head not in found and link not in states.dead_links:
                heapq.heappush(heap, (cost + states.cost(arcs, link), head))
    return found
