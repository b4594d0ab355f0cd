"""Which services suffer? Opens a service problem when an outage lasts, resolves it when a probe confirms."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ossbss.contract.assurance import Alarm
from ossbss.oss.policy import OperationsPolicy

SERVICE_DOWN = "underlyingResourceUnavailable"


@dataclass(frozen=True)
class Outage:
    """When a service went down by its alarms, how sure, and since when it is clear (None: still down)."""

    service_id: str
    began_ms: int
    uncertainty_ms: int
    ended_ms: int | None


def outages(alarms: Iterable[tuple[Alarm, int | None]]) -> dict[str, Outage]:
    """The outage of each service, from the alarms of both its ends: (raise, time of its clear or None).

    It began with the earliest raise and ended with the latest clear; it goes on while either end alarms.
    """
    by_service: dict[str, list[tuple[Alarm, int | None]]] = {}
    for alarm, cleared_ms in alarms:
        if alarm.probable_cause == SERVICE_DOWN:
            by_service.setdefault(alarm.alarmed_object, []).append((alarm, cleared_ms))
    return {service: _outage(service, ends) for service, ends in by_service.items()}


def _outage(service: str, ends: Sequence[tuple[Alarm, int | None]]) -> Outage:
    first = min((alarm for alarm, _ in ends), key=lambda a: a.occurred_ms)
    clears = [cleared for _, cleared in ends if cleared is not None]
    ended_ms = max(clears) if len(clears) == len(ends) else None
    return Outage(service, first.occurred_ms, first.occurred_uncertainty_ms, ended_ms)


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


def next_hold_ms(seen: Mapping[str, Outage], with_problem: frozenset[str], policy: OperationsPolicy) -> int | None:
    """When the next outage outlives its hold time."""
    waiting = [
        outage.began_ms + policy.service_problem_hold_ms
        for service, outage in seen.items()
        if outage.ended_ms is None and service not in with_problem
    ]
    return min(waiting, default=None)
