"""What the OSS believes, as records: incidents, service problems, actions. Each journal entry holds one whole."""

from dataclasses import dataclass
from typing import Literal

from ossbss.oss.fault.symptoms import Identity

IncidentState = Literal["undiagnosed", "diagnosed", "dispatched", "repaired", "closed"]


@dataclass(frozen=True)
class Incident:
    """One believed failure and the alarms it explains."""

    incident_id: str
    state: IncidentState
    root_cause_resource: str | None
    equivalents: tuple[str, ...]
    alarms: tuple[Identity, ...]
    occurred_ms: int
    known_ms: int
    ruled_out: tuple[str, ...] = ()
    crew_id: str | None = None
    closed_ms: int | None = None


@dataclass(frozen=True)
class ServiceProblem:
    """A service that does not work, from ``occurred_ms`` to ``resolved_ms`` by the elements' clocks."""

    problem_id: str
    service_id: str
    state: Literal["opened", "resolved"]
    occurred_ms: int
    occurred_uncertainty_ms: int
    known_ms: int
    incident_id: str | None
    root_cause_resource: str | None
    source: Literal["alarm", "probe"]
    resolved_ms: int | None = None
    resolved_known_ms: int | None = None


@dataclass(frozen=True)
class ActionRecord:
    """Something done about an incident, and what came of it."""

    action_id: str
    incident_id: str
    kind: Literal["reroute", "dispatch", "verify"]
    target: str
    state: Literal["started", "succeeded", "failed"]
    occurred_ms: int
    ended_ms: int | None = None
