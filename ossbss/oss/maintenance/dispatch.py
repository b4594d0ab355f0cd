"""Who goes where first? Crews are scarce: jobs in order of what the BSS says matters, to the crew that is there first.

The OSS knows its crews from its policy and where each reported last; what they meet on the way only they know.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.hours import next_allowed_ms
from ossbss.contract.units import HOUR_MS
from ossbss.oss.fault.impact import Impact
from ossbss.oss.fault.records import Incident
from ossbss.oss.fault.remediation import needs_crew
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import Crew

EARTH_RADIUS_KM = 6371.0
FRUITLESS_VISITS = 3
"""An incident at which more crews than this have found nothing waits behind those with fewer (assumption): a ghost must
not keep all crews on the road."""
_SKILL_OF_GROUP = {"duct": "fibre", "cable": "submarine", "power": "power"}


@dataclass(frozen=True)
class Hindrance:
    """What a crew said that the repair of this resource takes: a skill, its owner, or a part that comes later."""

    resource_id: str
    skill: str | None = None
    partner_id: str | None = None
    ready_ms: int | None = None


@dataclass(frozen=True)
class Job:
    """A repair that waits. ``weight``: of its impact, so that a service that is down counts more than one at risk."""

    incident_id: str
    resource_id: str
    site_id: str
    weight: int
    known_ms: int
    occurred_ms: int
    skill: str | None = None
    """what it takes to mend what is believed to have failed"""
    seen: bool = False
    """the skill is no belief: a crew was there and said so"""
    partner_id: str | None = None
    """the third party that has to mend it"""
    due_ms: int | None = None
    """when the strictest contract behind it wants it mended"""
    ready_ms: int | None = None
    """when the part that it takes will be there"""
    fruitless_visits: int = 0


def jobs(
    incidents: Iterable[Incident],
    priorities: Mapping[str, ServicePriority],
    inventory: Inventory,
    hindrances: Mapping[str, Hindrance],
    impacts: Mapping[str, Impact],
) -> list[Job]:
    """Repairs that wait for a crew or a partner, each as heavy as the services that suffer.

    ``hindrances``: incident → what the last crew there said; it counts as long as the same cause is believed.
    ``impacts``: incident → whom it harms; one that is not there harms nobody.
    """
    found = []
    for incident in incidents:
        if needs_crew(incident) and incident.root_cause_resource:
            met = hindrances.get(incident.incident_id)
            known = met if met and met.resource_id == incident.root_cause_resource else None
            impact = impacts.get(incident.incident_id, Impact(incident.incident_id))
            found.append(_job(incident, incident.root_cause_resource, impact, priorities, inventory, known))
    return found


def _job(
    incident: Incident,
    resource: str,
    impact: Impact,
    priorities: Mapping[str, ServicePriority],
    inventory: Inventory,
    met: Hindrance | None,
) -> Job:
    known = (priorities[service].sla_repair_within_ms for service in impact.down if service in priorities)
    within_ms = [time_ms for time_ms in known if time_ms is not None]
    return Job(
        incident_id=incident.incident_id,
        resource_id=resource,
        site_id=inventory.site_of(resource),
        weight=impact.weight,
        known_ms=incident.known_ms,
        occurred_ms=incident.occurred_ms,
        skill=met.skill if met and met.skill else skill_for(inventory, resource),
        seen=met is not None and met.skill is not None,
        partner_id=met.partner_id if met and met.partner_id else inventory.owners.get(resource),
        due_ms=incident.occurred_ms + min(within_ms) if within_ms else None,
        ready_ms=met.ready_ms if met else None,
        fruitless_visits=incident.fruitless_visits,
    )


def skill_for(inventory: Inventory, resource: str) -> str | None:
    """What mending a resource takes, by its kind; None: nothing special."""
    if resource in inventory.links:
        return "fibre"
    if resource in inventory.groups:
        return _SKILL_OF_GROUP.get(inventory.groups[resource])
    if resource in inventory.card_slots or resource in inventory.site_of_node:
        return "ip"
    if resource in inventory.cells:
        return "radio"
    return "power" if resource in inventory.place_of_site else None


def assign(
    jobs: Sequence[Job],
    free_crews: Mapping[str, str],
    place_of_site: Mapping[str, tuple[float, float]],
    crews: Mapping[str, Crew] | None = None,
    now_ms: int = 0,
) -> list[tuple[Job, str]]:
    """Pairs of job and crew (or partner) id, to be sent now.

    The heaviest job first, then the one that is due first, then first come, and behind all of them those at which too
    many crews have found nothing; each takes the free crew with its skill
    that will be there first. Where the shift of that one has yet to begin, both wait for it: a heavier job may come.
    ``free_crews``: crew id → site it stands at. ``place_of_site``: longitude and latitude in degrees. ``crews``: what
    the policy says of them; not given: they work around the clock, at everything on land.
    """
    of = crews or {crew: Crew(crew, site) for crew, site in free_crews.items()}
    free, pairs = dict(free_crews), list[tuple[Job, str]]()
    for job in sorted((job for job in jobs if (job.ready_ms or now_ms) <= now_ms), key=_urgency):
        if job.partner_id is not None:
            pairs.append((job, job.partner_id))
            continue
        there = place_of_site[job.site_id]
        there_ms = {
            crew: _sets_out_ms(of[crew], now_ms) + _travel_ms(of[crew], place_of_site[site], there)
            for crew, site in free.items()
            if fits(job, of[crew], of.values())
        }
        if there_ms:
            crew = min(there_ms, key=lambda c: (there_ms[c], c))
            del free[crew]
            if of[crew].on_call_ms is not None or _sets_out_ms(of[crew], now_ms) == now_ms:
                pairs.append((job, crew))
    return pairs


def next_ms(jobs: Collection[Job], free_crews: Iterable[str], crews: Mapping[str, Crew], now_ms: int) -> int | None:
    """When ``assign`` may find more for these jobs though nothing happens: a shift begins, a part comes; or None."""
    begin_ms = (_sets_out_ms(crews[crew], now_ms) for crew in free_crews if crews[crew].on_call_ms is None)
    known_ms = (*(begin_ms if jobs else ()), *(job.ready_ms for job in jobs if job.ready_ms is not None))
    return min((at_ms for at_ms in known_ms if at_ms > now_ms), default=None)


def _urgency(job: Job) -> tuple[int, int, float, int, int, str]:
    due_ms = float("inf") if job.due_ms is None else job.due_ms
    in_vain = max(0, job.fruitless_visits - FRUITLESS_VISITS)
    return in_vain, -job.weight, due_ms, job.known_ms, job.occurred_ms, job.incident_id


def fits(job: Job, crew: Crew, all_crews: Iterable[Crew]) -> bool:
    """Whether to send this crew. Where nobody masters what is *believed* to be needed, anybody goes to look."""
    return crew.masters(job.skill) or not (job.seen or any(other.masters(job.skill) for other in all_crews))


def _sets_out_ms(crew: Crew, now_ms: int) -> int:
    """When a crew that is called now sets out."""
    if crew.shift is None:
        return now_ms
    begins_ms = next_allowed_ms(now_ms, (crew.shift,))
    return begins_ms if crew.on_call_ms is None else min(begins_ms, now_ms + crew.on_call_ms)


def _travel_ms(crew: Crew, here: tuple[float, float], there: tuple[float, float]) -> float:
    return distance_km(here, there) / crew.speed_km_h * HOUR_MS


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance of two (longitude, latitude) in degrees, haversine formula."""
    (lon_a, lat_a), (lon_b, lat_b) = ([radians(x) for x in p] for p in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(half))
