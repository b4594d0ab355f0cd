"""A baseline, as many alarm systems have it: neighbouring alarms are one problem, of their nearest common parent.

The tree is that of shortest ways to the management station; one alarm alone is taken for noise.
"""

from collections.abc import Iterable
from itertools import pairwise

import networkx as nx

from ossbss.oss.fault.cause.answer import Answer, Named
from ossbss.oss.fault.cause.beliefs import CandidateKind
from ossbss.oss.fault.cause.evidence import active_since
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import Inventory


class NearestParent:
    """Groups alarms of neighbouring nodes and names the node or link nearest to them on the way to the station."""

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self.graph: nx.Graph[str] = nx.Graph()
        self.graph.add_nodes_from(inventory.site_of_node)
        self.graph.add_edges_from((*link.ends, {"link": name}) for name, link in inventory.links.items())
        self._ways = nx.single_source_shortest_path(self.graph, inventory.station)

    def diagnose(self, case: Case) -> Answer:
        """One cause for each group of at least two alarms."""
        since, _ = active_since(case.records)
        places = {alarm: self._nodes(alarm) for alarm in since}
        foreign = tuple(sorted(alarm for alarm, nodes in places.items() if not nodes))
        groups = self._groups({alarm: nodes for alarm, nodes in places.items() if nodes})
        found = [named for group in groups if len(group) > 1 and (named := self._blamed(group, places, case))]
        alone = tuple(alarm for group in groups if len(group) == 1 for alarm in group)
        return Answer(tuple(found), 0.0, (*sorted(alone), *foreign))

    def _nodes(self, alarm: Identity) -> frozenset[str]:
        """Where the alarmed object is; of a service the end that is farther from the station."""
        thing, inventory = alarm[0], self.inventory
        if thing in inventory.links:
            return frozenset(inventory.links[thing].ends)
        if thing in inventory.card_slots:
            return frozenset((inventory.card_slots[thing][0],))
        if thing in inventory.services:
            ends = inventory.services[thing].ends
            return frozenset((max(ends, key=lambda end: (len(self._ways.get(end, ())), end)),))
        return inventory.nodes_at.get(thing, frozenset((thing,) if thing in inventory.site_of_node else ()))

    def _groups(self, places: dict[Identity, frozenset[str]]) -> list[list[Identity]]:
        joined: nx.Graph[Identity | str] = nx.Graph()
        for alarm, nodes in sorted(places.items()):
            joined.add_edges_from((alarm, near) for node in nodes for near in (node, *self.graph[node]))
        parts = nx.connected_components(joined)
        return sorted(sorted(a for a in part if isinstance(a, tuple)) for part in parts)

    def _blamed(self, group: list[Identity], places: dict[Identity, frozenset[str]], case: Case) -> Named | None:
        ways = [self._way(node) for alarm in group for node in places[alarm] if node in self._ways]
        shared = [step for step in ways[0] if all(step in way for way in ways)] if ways else []
        kept = [step for step in shared if step not in case.ruled_out and step != self.inventory.station]
        if not kept:
            return None
        kind: CandidateKind = "link" if kept[-1] in self.inventory.links else "node"
        return Named(kept[-1], kind, (), None, None, frozenset(group), frozenset())

    def _way(self, node: str) -> list[str]:
        """Nodes and links from the station to this node."""
        nodes = self._ways[node]
        links: Iterable[str] = (self.graph.edges[pair]["link"] for pair in pairwise(nodes))
        return [nodes[0], *(step for pair in zip(links, nodes[1:], strict=True) for step in pair)]
