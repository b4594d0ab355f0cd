"""What is to be done? The runbook: the network reroutes itself; else a crew goes; a probe has the last word."""

from collections.abc import Iterable
from dataclasses import replace

from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import Inventory


def needs_crew(incident: Incident) -> bool:
    """A believed physical failure stays until somebody mends it, even where traffic found another way."""
    return incident.state == "diagnosed" and incident.root_cause_resource is not None


def probe_targets(inventory: Inventory, incident: Incident) -> frozenset[str]:
    """What must answer before the incident may close: the nodes and links of its cause, and its services."""
    services = frozenset(name for name, _, _ in incident.alarms if name in inventory.services)
    cause = incident.root_cause_resource
    if cause is None:
        return services
    return services | inventory.dead_nodes(cause) | inventory.down_links(cause)


def may_close(incident: Incident, active: set[Identity], failing: Iterable[str]) -> bool:
    """Closed only when its alarms are gone *and* every probe passed; never on 'repaired' alone. What no alarm tells of
    is not over for want of alarms: somebody must have mended it, or looked and found nothing."""
    if not incident.alarms and incident.state in ("diagnosed", "dispatched"):
        return False
    return active.isdisjoint(incident.alarms) and not tuple(failing)


def rule_out(incident: Incident) -> Incident:
    """The crew found nothing there: this cause is wrong, its incident goes back to diagnosis. What looks the same from
    afar is not ruled out by a look at one place."""
    wrong = (incident.root_cause_resource,) if incident.root_cause_resource else ()
    visits = incident.fruitless_visits + 1
    return replace(reopened(incident), ruled_out=(*incident.ruled_out, *wrong), fruitless_visits=visits)


def reopened(incident: Incident) -> Incident:
    """Back to diagnosis: something is still wrong, and what was believed does not explain it."""
    return replace(incident, state="undiagnosed", root_cause_resource=None, kind=None, equivalents=(), suspects=(),
                   mode=None, crew_id=None)  # fmt: skip
