"""The calendar of planned work: what is out of service on purpose is no job for a crew while its window lasts."""

from collections.abc import Iterable
from dataclasses import dataclass

from ossbss.contract.assurance import PlannedWork
from ossbss.oss.fault.records import Incident
from ossbss.oss.inventory import Inventory


@dataclass(frozen=True)
class Window:
    """Work on a resource, and all that is out of service because of it."""

    starts_ms: int
    ends_ms: int
    out_of_service: frozenset[str]


def window_of(work: PlannedWork, inventory: Inventory) -> Window:
    """The resource itself, the nodes that have no life without it, and the links that carry nothing."""
    resource = work.resource_id
    touched = {resource, *inventory.dead_nodes(resource), *inventory.down_links(resource)}
    return Window(work.starts_ms, work.ends_ms, frozenset(touched))


def suppressed(incident: Incident, windows: Iterable[Window], now_ms: int, settle_ms: int) -> bool:
    """Whether the incident is explained by work that goes on, or ended less than ``settle_ms`` ago.

    It is where its believed cause, or one that looks the same from afar, is out of service by plan, and it began
    within the window: what failed before the work began is a fault.
    """
    believed = {incident.root_cause_resource, *incident.equivalents}
    return any(
        window.starts_ms <= incident.occurred_ms and now_ms < window.ends_ms + settle_ms
        and incident.occurred_ms < window.ends_ms and not window.out_of_service.isdisjoint(believed)
        for window in windows
    )  # fmt: skip
