"""Which services suffer? Opens a service problem when an outage lasts, resolves it when a probe confirms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ossbss.contract.assurance import ServiceProblemOpened, ServiceProblemResolved
from ossbss.oss.fault.records import Incident, ListedAlarm, ServiceProblem
from ossbss.oss.fault.testing import Trials
from ossbss.oss.inventory import SERVICE_DOWN
from ossbss.oss.policy import OperationsPolicy


@dataclass(frozen=True)
class Outage:
    """When a service went down by its alarms, how sure, and since when it is clear (None: still down)."""

    service_id: str
    began_ms: int
    uncertainty_ms: int
    ended_ms: int | None
    end_uncertainty_ms: int = 0


def outages(alarms: Iterable[ListedAlarm]) -> dict[str, Outage]:
    """The latest outage of each service, from the alarms of both its ends.

    Alarms of both ends that overlap are one outage: it began with the earliest raise, ended with the latest clear,
    and goes on while either end alarms. What one end last said of an earlier outage is no part of it.
    """
    by_service: dict[str, list[ListedAlarm]] = {}
    for listed in alarms:
        if listed.raised.probable_cause == SERVICE_DOWN:
            by_service.setdefault(listed.raised.alarmed_object, []).append(listed)
    return {service: _latest(service, ends) for service, ends in by_service.items()}


def _latest(service: str, ends: Sequence[ListedAlarm]) -> Outage:
    outage: Outage | None = None
    for listed in sorted(ends, key=lambda end: end.raised.occurred_ms):
        raised, ended_ms = listed.raised, listed.cleared_ms
        if outage is None or (outage.ended_ms is not None and raised.occurred_ms > outage.ended_ms):
            unsure_ms = listed.clear_uncertainty_ms or 0
            outage = Outage(service, raised.occurred_ms, raised.occurred_uncertainty_ms, ended_ms, unsure_ms)
        elif outage.ended_ms is None or ended_ms is None:
            outage = replace(outage, ended_ms=None)
        elif ended_ms > outage.ended_ms:
            outage = replace(outage, ended_ms=ended_ms, end_uncertainty_ms=listed.clear_uncertainty_ms or 0)
    assert outage is not None
    return outage


def to_open(
    seen: Mapping[str, Outage], with_problem: frozenset[str], now_ms: int, policy: OperationsPolicy
) -> list[Outage]:
    """Outages that have outlived the hold time and have no problem yet."""
    return [
        outage
        for service, outage in sorted(seen.items())
        if outage.ended_ms is None
        and service not in with_problem
        and now_ms >= outage.began_ms + policy.service_problem_hold_ms
    ]


def incident_of(service: str, incidents: dict[str, Incident], began_ms: int) -> Incident | None:
    """The latest incident with the service among its alarms that was not over when the outage began."""
    over = (i for i in reversed(incidents.values()) if any(name == service for name, _, _ in i.alarms))
    return next((i for i in over if i.closed_ms is None or i.closed_ms >= began_ms), None)


def resolved(
    problem: ServiceProblem, outage: Outage | None, incident: Incident | None, failed_ms: int | None, now_ms: int
) -> ServiceProblem:
    """The problem is over: when its alarms cleared, or now where it had none since it began.

    ``failed_ms``: the last probe that failed; without an alarm the problem ended somewhere between it and now.
    """
    by_alarm = outage is not None and outage.ended_ms is not None and outage.ended_ms >= problem.occurred_ms
    last_ms = problem.occurred_ms if failed_ms is None else failed_ms
    return replace(
        problem,
        state="resolved",
        resolved_ms=outage.ended_ms if outage and by_alarm else now_ms,
        resolved_uncertainty_ms=outage.end_uncertainty_ms if outage and by_alarm else now_ms - last_ms,
        resolved_known_ms=now_ms,
        incident_id=incident.incident_id if incident else problem.incident_id,
        root_cause_resource=incident.root_cause_resource if incident else problem.root_cause_resource,
    )


def worked_ms(starts_ms: int, tried: Trials, outage: Outage | None) -> int:
    """When a service was last known to work: by a probe, by its alarms, or before anybody watched."""
    known = (starts_ms, tried.passed_ms, outage.ended_ms if outage else None)
    return max(at_ms for at_ms in known if at_ms is not None)


def opened_message(problem: ServiceProblem, head: Mapping[str, Any]) -> ServiceProblemOpened:
    """What the BSS is told of it; ``head``: sender, message_id, occurred_ms."""
    return ServiceProblemOpened(
        **head,
        problem_id=problem.problem_id,
        service_id=problem.service_id,
        occurred_uncertainty_ms=problem.occurred_uncertainty_ms,
        root_cause_resource=problem.root_cause_resource,
    )


def resolved_message(problem: ServiceProblem, head: Mapping[str, Any]) -> ServiceProblemResolved:
    """What the BSS is told of its end, with both boundaries and how sure each is."""
    return ServiceProblemResolved(
        **head,
        problem_id=problem.problem_id,
        service_id=problem.service_id,
        opened_ms=problem.occurred_ms,
        opened_uncertainty_ms=problem.occurred_uncertainty_ms,
        occurred_uncertainty_ms=problem.resolved_uncertainty_ms or 0,
        root_cause_resource=problem.root_cause_resource,
    )


def next_hold_ms(seen: Mapping[str, Outage], with_problem: frozenset[str], policy: OperationsPolicy) -> int | None:
    """When the next outage outlives its hold time."""
    waiting = [
        outage.began_ms + policy.service_problem_hold_ms
        for service, outage in seen.items()
        if outage.ended_ms is None and service not in with_problem
    ]
    return min(waiting, default=None)
