"""What each failure looks like, and whom to suspect for an alarm, worked out when an alarm makes it worth while.

What separates a node from the station, or two ends of a service, lies on every way between them, and so on the one way
that is looked at here: only what that way rests on can be the cause on its own.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ossbss.oss.fault.cause.footprints import Footprints
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import Inventory


class SymptomModel(Mapping[str, frozenset[Identity]]):
    """Resource → all alarms that its failure may raise, early or late; and back again."""

    def __init__(self, inventory: Inventory, footprints: Footprints) -> None:
        self.inventory, self.footprints = inventory, footprints
        self._numbers = footprints.model.numbers
        self._causes: dict[Identity, frozenset[str]] = {}
        self._raised: dict[str, frozenset[Identity]] = {}

    def __getitem__(self, resource: str) -> frozenset[Identity]:
        if resource not in self._raised:
            each = (self.footprints.alarms(no) for no in self._numbers.numbers_of[resource])
            self._raised[resource] = frozenset[Identity]().union(*each)
        return self._raised[resource]

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers.numbers_of)

    def __len__(self) -> int:
        return len(self._numbers.numbers_of)

    def suspects(self, alarms: Iterable[int], reports: Iterable[int]) -> list[int]:
        """Candidates that any of these symptoms, or complaints of these services, speaks of."""
        objects = {self._numbers.symptoms[symptom][0] for symptom in alarms}
        objects |= {self._numbers.services[service] for service in reports}
        names = set[str]().union(*(self._behind(name) for name in objects))
        return self._numbers.called(names)

    def causes_of(self, alarms: Iterable[Identity]) -> dict[Identity, frozenset[str]]:
        """For each alarm, the resources whose failure alone raises it."""
        return {alarm: self._causes_of(alarm) for alarm in alarms}

    def _causes_of(self, alarm: Identity) -> frozenset[str]:
        if alarm not in self._causes:
            self._causes[alarm] = frozenset(r for r in self._behind(alarm[0]) if alarm in self.get(r, ()))
        return self._causes[alarm]

    def _behind(self, alarmed_object: str) -> Iterable[str]:
        """All that can make this object alarm, and perhaps more."""
        inventory = self.inventory
        if alarmed_object in inventory.links:
            return self._under_link(alarmed_object)
        if alarmed_object in inventory.services:
            service = inventory.services[alarmed_object]
            links = (*service.path, *service.backup_path, *self._numbers.way_of(alarmed_object))
            return {*self._under_ways(service.ends), *self._under_links(links), *self._cells_of.get(alarmed_object, ())}
        if alarmed_object in inventory.managers:
            return {alarmed_object, *self._under_ways((inventory.managers[alarmed_object],))}
        if alarmed_object in inventory.site_of_node:
            return self._under_ways((alarmed_object,))
        served = inventory.service_of_cell.get(alarmed_object)
        around = self._behind(served) if served else self._areas_of.get(alarmed_object, ())
        return {alarmed_object, *around}

    def _under_ways(self, nodes: Iterable[str]) -> Iterable[str]:
        """What the ways from these nodes to the station rest on; everything, where there is no way at all."""
        found: set[str] = set()
        for start in nodes:
            if start not in self._towards_station:
                return self._numbers.candidates
            found |= {duct for duct, blind in self.inventory.shares.items() if start in blind}
            found |= self._under_node(start)
            node = start
            while link := self._towards_station[node]:
                found |= self._under_link(link)
                a, z = self.inventory.links[link].ends
                node = z if node == a else a
        return found

    def _under_links(self, links: Iterable[str]) -> set[str]:
        return set[str]().union(*(self._under_link(link) for link in links))

    def _under_link(self, link_id: str) -> set[str]:
        link = self.inventory.links[link_id]
        return {link_id, *link.groups, *link.cards}.union(*(self._under_node(end) for end in link.ends))

    def _under_node(self, node: str) -> set[str]:
        site = self.inventory.site_of_node[node]
        return {node, site, *self._areas_of.get(site, ())}

    @cached_property
    def _cells_of(self) -> dict[str, list[str]]:
        cells: dict[str, list[str]] = {}
        for cell, service in self.inventory.service_of_cell.items():
            cells.setdefault(service, []).append(cell)
        return cells

    @cached_property
    def _areas_of(self) -> dict[str, set[str]]:
        areas: dict[str, set[str]] = {}
        for group, sites in self.inventory.group_sites.items():
            for site in sites:
                areas.setdefault(site, set()).add(group)
        return areas

    @cached_property
    def _towards_station(self) -> dict[str, str]:
        """Node → the first link of a way with fewest links to the station (empty at the station itself)."""
        inventory = self.inventory
        first, waiting = {inventory.station: ""}, deque([inventory.station])
        while waiting:
            node = waiting.popleft()
            for link in sorted(inventory.links_on.get(node, ())):
                a, z = inventory.links[link].ends
                beyond = z if node == a else a
                if beyond not in first:
                    first[beyond] = link
                    waiting.append(beyond)
        return first
