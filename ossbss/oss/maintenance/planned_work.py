"""The calendar of planned work: alarms that it explains are kept from the operator while its window lasts.

They stay in the list and change state as any other; at the end of the window what is still raised is presented.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ossbss.contract.assurance import PlannedWork
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import Inventory


@dataclass(frozen=True)
class Window:
    """Work on a resource, all that is out of service because of it, and the alarms that this raises."""

    resource_id: str
    starts_ms: int
    ends_ms: int
    out_of_service: frozenset[str]
    expected: frozenset[Identity]

    def covers(self, identity: Identity) -> bool:
        """Whether the work explains such an alarm: one that the whole resource raises when it fails, or about what is
        out of service with it. What rests on two resources is explained only by work that takes both."""
        return identity in self.expected or identity[0] in self.out_of_service


def window_of(work: PlannedWork, inventory: Inventory, symptoms: Mapping[str, frozenset[Identity]]) -> Window:
    """The resource itself, the nodes that have no life without it, and the links that carry nothing.

    ``symptoms``: resource → what its failure looks like.
    """
    resource = work.resource_id
    touched = {resource, *inventory.dead_nodes(resource), *inventory.down_links(resource)}
    return Window(resource, work.starts_ms, work.ends_ms, frozenset(touched), symptoms.get(resource, frozenset()))


def suppressed_until_ms(
    identity: Identity, raised: tuple[int, int], windows: Iterable[Window], settle_ms: int
) -> int | None:
    """Until when an alarm is explained by work; None: it is not. ``raised``: when, and how far off that may be.

    It is where it was raised within a window that covers it: what failed before the work began is a fault. A window
    counts for ``settle_ms`` more, as clears take their time, and is followed by another that has begun by then.
    """
    at_ms, unsure_ms = raised
    until_ms: int | None = None
    for window in sorted((w for w in windows if w.covers(identity)), key=lambda w: (w.starts_ms, w.ends_ms)):
        within = window.starts_ms <= at_ms + unsure_ms and at_ms < window.ends_ms
        if within or (until_ms is not None and window.starts_ms <= until_ms):
            until_ms = max(until_ms or 0, window.ends_ms + settle_ms)
    return until_ms


def resource_of(identities: Iterable[Identity], windows: Iterable[Window], at_ms: int) -> str | None:
    """The resource whose planned work explains one of these alarms, raised then."""
    names = list(identities)
    during = (w for w in windows if w.starts_ms <= at_ms < w.ends_ms and any(w.covers(i) for i in names))
    return next((window.resource_id for window in during), None)
