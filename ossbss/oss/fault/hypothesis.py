"""If this were wrong, what would be dark, dead and out of reach? The inventory alone answers; nothing is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from typing import Literal

from ossbss.oss.inventory import HIGHEST_METRIC, Inventory

Mode = Literal["failed", "shut", "isolated", "metric", "lossy", "mains"]


@dataclass(frozen=True)
class Hypothesis:
    """One thing that may be wrong; an empty resource: nothing is.

    ``failed``: the resource is gone, of a cell: it sleeps. ``shut``: somebody closed the ports of a node or card, or
    the port at a link's first end. ``isolated``: a node's routing is cut off. ``metric``: a link has a wrong weight,
    taken as the highest. ``lossy``: a link loses packets. ``mains``: a site or power area lives on its stores.
    """

    resource: str = ""
    mode: Mode = "failed"


NOTHING_WRONG = Hypothesis()
Way = tuple[tuple[str, ...], tuple[str, ...]]
"""nodes from the first to the last, links between them"""


@dataclass(frozen=True, eq=False)
class Effects:
    """What follows from a hypothesis."""

    hypothesis: Hypothesis
    inventory: Inventory

    @cached_property
    def shut_ports(self) -> frozenset[tuple[str, str]]:
        """(link, node at whose end it is closed)."""
        named, inventory = self.hypothesis.resource, self.inventory
        if self.hypothesis.mode != "shut":
            return frozenset()
        if named in inventory.links:
            return frozenset(((named, inventory.links[named].ends[0]),))
        node = inventory.card_slots[named][0] if named in inventory.card_slots else named
        links = (inventory.links[link] for link in inventory.links_on.get(named, ()))
        return frozenset((link.link_id, node) for link in links if node in link.ends)

    @cached_property
    def dead_nodes(self) -> frozenset[str]:
        if self.hypothesis.mode != "failed" or not self.hypothesis.resource:
            return frozenset()
        return self.inventory.dead_nodes(self.hypothesis.resource) - {self.inventory.station}

    @cached_property
    def dark_links(self) -> frozenset[str]:
        """Without light: what their ports show."""
        if self.hypothesis.mode == "failed" and self.hypothesis.resource:
            return self.inventory.down_links(self.hypothesis.resource)
        return frozenset(link for link, _ in self.shut_ports)

    @cached_property
    def dead_links(self) -> frozenset[str]:
        """That carry no traffic."""
        cut_off = self.hypothesis.resource if self.hypothesis.mode == "isolated" else ""
        return self.dark_links | self.inventory.links_on.get(cut_off, frozenset())

    @cached_property
    def broken_fibres(self) -> frozenset[str]:
        """Links whose fibre itself is cut."""
        named = self.hypothesis.resource
        if self.hypothesis.mode != "failed" or named not in {*self.inventory.links, *self.inventory.groups}:
            return frozenset()
        at = self.inventory.links_on.get(named, frozenset())
        return frozenset(link for link in at if link == named or named in self.inventory.links[link].groups)

    @cached_property
    def _neighbours(self) -> Mapping[str, list[tuple[int, str, str]]]:
        found: dict[str, list[tuple[int, str, str]]] = {node: [] for node in self.inventory.site_of_node}
        for link in self.inventory.links.values():
            if link.link_id in self.dead_links or link.dormant or not self.dead_nodes.isdisjoint(link.ends):
                continue
            wrong = self.hypothesis.mode == "metric" and link.link_id == self.hypothesis.resource
            a, z = link.ends
            metric = HIGHEST_METRIC if wrong else link.metric
            found[a].append((metric, link.link_id, z))
            found[z].append((metric, link.link_id, a))
        return found

    @cached_property
    def _home(self) -> frozenset[str]:
        """All that is joined to the station."""
        reached, new = {self.inventory.station}, [self.inventory.station]
        while new:
            for _, _, node in self._neighbours[new.pop()]:
                if node not in reached:
                    reached.add(node)
                    new.append(node)
        return frozenset(reached)

    def is_managed(self, node: str) -> bool:
        """Whether operations could have something done there."""
        inventory, named = self.inventory, self.hypothesis.resource
        manager = inventory.manager_of_node[node]
        if node in self.dead_nodes or (named == manager and self.hypothesis.mode == "failed"):
            return False
        return self.is_reached(node) and self.is_reached(inventory.managers[manager])

    def is_reached(self, node: str) -> bool:
        """Whether it answers the station itself, whatever its manager does."""
        if node in self.dead_nodes:
            return False
        if node in self.inventory.in_band_nodes:
            return node in self._home
        failed = self.hypothesis.resource if self.hypothesis.mode == "failed" else ""
        return node not in self.inventory.shares.get(failed, frozenset())

    def way(self, start: str, end: str) -> Way | None:
        """The best path that routing would find: least metric, fewest links, first in the order of link ids."""
        if start in self.dead_nodes or end in self.dead_nodes:
            return None
        ahead: list[tuple[int, int, tuple[str, ...], tuple[str, ...]]] = [(0, 0, (), (start,))]
        seen: set[str] = set()
        while ahead:
            metric, hops, links, nodes = heappop(ahead)
            if nodes[-1] == end:
                return nodes, links
            if nodes[-1] in seen:
                continue
            seen.add(nodes[-1])
            for weight, link, node in self._neighbours[nodes[-1]]:
                if node not in seen:
                    heappush(ahead, (metric + weight, hops + 1, (*links, link), (*nodes, node)))
        return None
