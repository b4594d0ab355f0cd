"""Who goes where first? Crews are scarce: jobs in order of what the BSS says matters, nearest crew first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from ossbss.contract.fulfilment import ServicePriority
from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.remediation import needs_crew
from ossbss.oss.inventory import Inventory

EARTH_RADIUS_KM = 6371.0


@dataclass(frozen=True)
class Job:
    """A repair that waits. ``weight``: sum of the priorities of the services that are down."""

    incident_id: str
    resource_id: str
    site_id: str
    weight: int
    known_ms: int
    occurred_ms: int


def jobs(incidents: Iterable[Incident], priorities: Mapping[str, ServicePriority], inventory: Inventory) -> list[Job]:
    """Repairs that wait for a crew, each as heavy as the services among its alarms."""
    found = []
    for incident in incidents:
        if needs_crew(incident) and incident.root_cause_resource:
            services = {name for name, _, _ in incident.alarms} & priorities.keys()
            weight = sum(priorities[service].weight for service in services)
            site = inventory.site_of(incident.root_cause_resource)
            times = incident.known_ms, incident.occurred_ms
            found.append(Job(incident.incident_id, incident.root_cause_resource, site, weight, *times))
    return found


def assign(
    jobs: Sequence[Job], free_crews: Mapping[str, str], place_of_site: Mapping[str, tuple[float, float]]
) -> list[tuple[Job, str]]:
    """Pairs of job and crew id: heaviest job first, then first come; each takes the nearest free crew.

    ``free_crews``: crew id → site it stands at. ``place_of_site``: longitude and latitude in degrees.
    """
    free, pairs = dict(free_crews), []
    for job in sorted(jobs, key=lambda j: (-j.weight, j.known_ms, j.occurred_ms)):
        if not free:
            break
        crew = min(free, key=lambda c: (distance_km(place_of_site[free[c]], place_of_site[job.site_id]), c))
        pairs.append((job, crew))
        del free[crew]
    return pairs


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (longitude, latitude) in degrees, haversine formula."""
    (lon_a, lat_a), (lon_b, lat_b) = ([radians(x) for x in p] for p in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
