"""What each failure would look like, worked out when an alarm makes it worth while: footprints by need, remembered."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.fault.symptoms import Identity, footprint, of_the_site
from ossbss.oss.inventory import Inventory


class SymptomModel(Mapping[str, frozenset[Identity]]):
    """Resource → all alarms that its failure may raise, early or late, in order of preference; and back again.

    What separates a node from the station, or two ends of a service, lies on every way between them, and so on the
    one way that is looked at here: only what that way rests on can be the cause.
    """

    def __init__(self, inventory: Inventory) -> None:
        self.inventory = inventory
        self._order = {resource: number for number, resource in enumerate(inventory.resources)}
        self._late: dict[str, frozenset[Identity]] = {}
        self._early: dict[str, frozenset[Identity]] = {}
        self._causes: dict[Identity, frozenset[str]] = {}

    def __getitem__(self, resource: str) -> frozenset[Identity]:
        if resource not in self._late:
            if resource not in self._order:
                raise KeyError(resource)
            self._late[resource] = footprint(self.inventory, resource)
            self._early[resource] = of_the_site(self.inventory, resource)
        return self._late[resource] | self._early[resource]

    def __iter__(self) -> Iterator[str]:
        return iter(self._order)

    def __len__(self) -> int:
        return len(self._order)

    def causes_of(self, alarms: Iterable[Identity]) -> dict[Identity, frozenset[str]]:
        """For each alarm, the resources whose failure raises it."""
        return {alarm: self._causes_of(alarm) for alarm in alarms}

    def around(self, alarms: Iterable[Identity]) -> dict[str, frozenset[Identity]]:
        """What to hold against these alarms: the footprints with one of them at least, in order of preference.

        A site that tells of its power is not yet expected to be dead; and of the causes that a site can tell of, only
        those are expected that some site tells of.
        """
        present = frozenset(alarms)
        told = frozenset(cause for _, cause, _ in present) & SITE_CAUSES
        late = not told or any(cause not in SITE_CAUSES for _, cause, _ in present)
        found = frozenset[str]().union(*self.causes_of(present).values())
        return {r: self._expected(r, told, late) for r in sorted(found, key=self._order.__getitem__)}

    def _expected(self, resource: str, told: frozenset[str], late: bool) -> frozenset[Identity]:
        early = frozenset(alarm for alarm in self._early[resource] if alarm[1] in told)
        return self._late[resource] | early if late else early

    def _causes_of(self, alarm: Identity) -> frozenset[str]:
        if alarm not in self._causes:
            self._causes[alarm] = frozenset(r for r in self._suspects(alarm[0]) if alarm in self[r])
        return self._causes[alarm]

    def _suspects(self, alarmed_object: str) -> Iterable[str]:
        """All that can make this object alarm, and perhaps more."""
        inventory = self.inventory
        if alarmed_object in inventory.links:
            return self._under_link(alarmed_object)
        if alarmed_object in inventory.services:
            ends = inventory.services[alarmed_object].ends
            return self._under_ways(ends)
        if alarmed_object in inventory.managers:
            return {alarmed_object, *self._under_ways((inventory.managers[alarmed_object],))}
        if alarmed_object in inventory.site_of_node:
            return self._under_ways((alarmed_object,))
        if alarmed_object in inventory.place_of_site:
            return {alarmed_object, *self._areas_of.get(alarmed_object, ())}
        return {alarmed_object} & self._order.keys()

    def _under_ways(self, nodes: Iterable[str]) -> Iterable[str]:
        """What the ways from these nodes to the station rest on; everything, where there is no way at all."""
        found: set[str] = set()
        for start in nodes:
            if start not in self._towards_station:
                return self._order
            found |= {duct for duct, blind in self.inventory.shares.items() if start in blind}
            found |= self._under_node(start)
            node = start
            while link := self._towards_station[node]:
                found |= self._under_link(link)
                a, z = self.inventory.links[link].ends
                node = z if node == a else a
        return found

    def _under_link(self, link_id: str) -> set[str]:
        link = self.inventory.links[link_id]
        return {link_id, *link.groups, *link.cards}.union(*(self._under_node(end) for end in link.ends))

    def _under_node(self, node: str) -> set[str]:
        site = self.inventory.site_of_node[node]
        return {node, site, *self._areas_of.get(site, ())}

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
