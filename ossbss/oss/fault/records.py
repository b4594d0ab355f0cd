"""What the OSS believes, as records: alarms, incidents, service problems, actions. A journal entry holds one whole."""

from dataclasses import dataclass
from typing import Any, Literal

from ossbss.contract.assurance import Alarm, plain
from ossbss.oss.fault.symptoms import Identity


@dataclass(frozen=True)
class ListedAlarm:
    """An alarm in the list: raised, perhaps repeated, perhaps cleared (``cleared_ms`` by the element's clock)."""

    raised: Alarm
    repeats: int = 0
    cleared_ms: int | None = None
    clear_known_ms: int | None = None
    quiet_until_ms: int | None = None
    """The latest clear heard of: a raise that is not younger is over already."""
    clear_uncertainty_ms: int | None = None
    latest: Alarm | None = None
    """The youngest raise heard while active, where it is younger than ``raised``: its clear may still be on its way."""

    @property
    def alarm_id(self) -> str:
        """Identity and time of the raise: another raise of the same identity is another alarm."""
        return "|".join((*self.raised.identity, str(self.raised.occurred_ms)))

    def as_body(self) -> dict[str, Any]:
        """For the journal: the notification's fields and what became of it."""
        clear = {"cleared_ms": self.cleared_ms, "clear_known_ms": self.clear_known_ms,
                 "clear_uncertainty_ms": self.clear_uncertainty_ms}  # fmt: skip
        return {**plain(self.raised), "repeats": self.repeats, **clear}

    @property
    def active(self) -> bool:
        return self.cleared_ms is None


@dataclass(frozen=True)
class Cause:
    """A believed failure. ``equivalents``: other resources that would have looked exactly the same."""

    resource: str
    equivalents: tuple[str, ...]
    explains: frozenset[Identity]
    absent: frozenset[Identity]
    probability: float | None = None
    margin: float | None = None
    """log odds (natural) against the best explanation without it"""


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
    fruitless_visits: int = 0
    """how many crews have found nothing"""
    probability: float | None = None
    margin: float | None = None
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
    resolved_uncertainty_ms: int | None = None
    resolved_known_ms: int | None = None


ActionKind = Literal["reroute", "dispatch", "partner_ticket", "verify"]


@dataclass(frozen=True)
class ActionRecord:
    """Something done about an incident, and what came of it."""

    action_id: str
    incident_id: str
    kind: ActionKind
    target: str
    state: Literal["started", "succeeded", "failed"]
    occurred_ms: int
    known_ms: int
    ended_ms: int | None = None
