"""Spare parts: in vans, in depots, on order, used. What is taken somewhere is missing there."""

from collections import Counter
from collections.abc import Callable, Mapping

from sim.world.people.field_force import Part

Shelf = tuple[str, str]
"""('van', crew) or ('depot', site)"""


class Spares:
    """Counts of parts. Law: what was there at first + what was ordered = on shelves + on order + used."""

    def __init__(self, vans: Mapping[str, Mapping[Part, int]], depots: Mapping[str, Mapping[Part, int]]) -> None:
        """``vans``: crew → part → number; ``depots``: site → part → number."""
        self.shelves: dict[Shelf, Counter[Part]] = {("van", crew): Counter(of) for crew, of in vans.items()}
        self.shelves |= {("depot", site): Counter(of) for site, of in depots.items()}
        self.used: Counter[Part] = Counter()
        self.ordered: Counter[Part] = Counter()
        self.on_order: dict[str, tuple[Part, int]] = {}
        """fault → (part, when it is delivered where the fault is): kept for this fault alone"""

    def find(self, crew: str, part: Part, distance_km: Callable[[str], float]) -> Shelf | None:
        """The crew's own van, or the nearest depot that has one (``distance_km`` of a site from where it is needed)."""
        if self.shelves[("van", crew)][part]:
            return "van", crew
        depots = [shelf for shelf, stock in self.shelves.items() if shelf[0] == "depot" and stock[part]]
        return min(depots, key=lambda shelf: (distance_km(shelf[1]), shelf[1]), default=None)

    def take(self, shelf: Shelf, part: Part) -> None:
        """ValueError where there is none."""
        if not self.shelves[shelf][part]:
            raise ValueError(f"no {part} in {shelf[0]} {shelf[1]}")
        self.shelves[shelf][part] -= 1
        self.used[part] += 1

    def order(self, fault: str, part: Part, due_ms: int) -> int:
        """When the part for this fault is delivered; one that is on order already is not ordered again."""
        if fault not in self.on_order:
            self.ordered[part] += 1
        return self.on_order.setdefault(fault, (part, due_ms))[1]

    def delivered(self, fault: str, now_ms: int) -> bool:
        """Whether a part waits where the fault is; it is used with that."""
        if fault not in self.on_order or self.on_order[fault][1] > now_ms:
            return False
        part, _ = self.on_order.pop(fault)
        self.used[part] += 1
        return True
