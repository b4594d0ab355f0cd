"""What the OSS believes, as records: alarms, incidents, service problems, actions. A journal entry holds one whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ossbss.contract.assurance import Alarm, Severity
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.fault.test_catalogue import ActiveTest, Method

OperatorState = Literal["none", "ack", "closed", "shelved", "un-shelved", "commented"]
"""RFC 8632, operator-state; a comment is kept beside them."""
HISTORY = 32
"""Entries kept of each history, the oldest dropped (RFC 8632, default of max-alarm-status-changes)."""
RANKS: Mapping[str, int] = {"cleared": 1, "indeterminate": 2, "warning": 3, "minor": 4, "major": 5, "critical": 6}
"""RFC 8632, severity"""


@dataclass(frozen=True)
class StatusChange:
    """The resource's life cycle (RFC 8632, status-change): the only place where ``cleared`` is a severity."""

    at_ms: int
    """by the element's clock"""
    perceived_severity: Severity
    text: str


@dataclass(frozen=True)
class OperatorChange:
    """The operator's life cycle (RFC 8632, operator-state-change): who, when, what and why."""

    at_ms: int
    state: OperatorState
    user_id: str
    text: str = ""


@dataclass(frozen=True)
class ListedAlarm:
    """An alarm in the list, a state and not a message: raised, perhaps repeated, perhaps cleared (``cleared_ms`` by the
    element's clock). Three life cycles apart: that of the resource, the operator's, and what hides it for a time.
    """

    raised: Alarm
    repeats: int = 0
    flaps: int = 0
    """how often it was raised anew since it began"""
    cleared_ms: int | None = None
    clear_known_ms: int | None = None
    quiet_until_ms: int | None = None
    """The latest clear heard of: a raise that is not younger is over already."""
    clear_uncertainty_ms: int | None = None
    latest: Alarm | None = None
    """The youngest raise heard while active, where it is younger than ``raised``: its clear may still be on its way."""
    began: Alarm | None = None
    """The raise with which it began, where it was raised anew since, flapping; ``raised`` is the latest then."""
    toggles: tuple[int, ...] = ()
    """when it was last raised or cleared, by the element's clock, as many as are needed to tell whether it flaps"""
    status_changes: tuple[StatusChange, ...] = ()
    operator_changes: tuple[OperatorChange, ...] = ()
    operator_state: Literal["none", "ack", "closed"] = "none"
    """a shelf and comments stand beside it"""
    flapping_until_ms: int | None = None
    """its clears are held off until then, or longer where it goes on to change"""
    suppressed_until_ms: int | None = None
    """planned work explains it until then"""
    held_until_ms: int | None = None
    """what its element says is not believed until then, or until it has told all its alarms"""
    shelf: str | None = None
    shelved_until_ms: int | None = None
    """None on a shelf: until somebody takes it off"""
    unknown_since_ms: int | None = None
    """since then its element is out of reach and nobody knows whether it goes on"""
    gone_ms: int | None = None
    """its element, asked for all its alarms then, did not name it"""
    gone_at_ms: int | None = None
    """when that is believed: a clear on its way must have arrived"""
    ended_by: Alarm | None = None
    """the clear that ended it"""

    @property
    def alarm_id(self) -> str:
        """Identity and time of the raise: another raise of the same identity is another alarm, unless it flaps."""
        return "|".join((*self.raised.identity, str((self.began or self.raised).occurred_ms)))

    def but(self, **changes: Any) -> "ListedAlarm":
        """As ``dataclasses.replace``, at a fraction of its time: it is done for every line that an element writes."""
        other = object.__new__(ListedAlarm)
        other.__dict__.update(self.__dict__, **changes)
        return other

    def as_body(self, kind: str) -> dict[str, Any]:
        """For the journal: the notification's fields and what became of it.

        Where it is raised or cleared with the message that did so: ``message_id``, and ``raw`` where that is not the
        ``text`` already.
        """
        first = self.began or self.raised
        clear = {"cleared_ms": self.cleared_ms, "clear_known_ms": self.clear_known_ms,
                 "clear_uncertainty_ms": self.clear_uncertainty_ms}  # fmt: skip
        marks = {"operator_state": self.operator_state, "shelf": self.shelf, "flapping": self.flapping,
                 "suppressed": self.suppressed_until_ms is not None, "held": self.held_until_ms is not None,
                 "unknown": self.unknown_since_ms is not None}  # fmt: skip
        severity = self.perceived_severity
        body = {**vars(first), "perceived_severity": severity, "repeats": self.repeats, "flaps": self.flaps,
                **clear, **marks}  # fmt: skip
        del body["message_id"], body["raw"]
        said = first if kind == "raised" else self.ended_by if kind == "cleared" else None
        if said is not None and said.message_id:
            raw = said.raw_text
            body |= {"message_id": said.message_id} | ({} if raw == first.text else {"raw": raw})
        return body

    @property
    def active(self) -> bool:
        """The resource's own state, whatever the operator, planned work or flapping make of it."""
        return self.cleared_ms is None

    @property
    def flapping(self) -> bool:
        return self.flapping_until_ms is not None

    @property
    def presented(self) -> bool:
        """Whether it stands before the operator and goes on to correlation."""
        on = self.cleared_ms is None or self.flapping_until_ms is not None
        return on and self.suppressed_until_ms is None and self.held_until_ms is None and self.shelf is None

    @property
    def perceived_severity(self) -> Severity:
        """As last heard while it was raised; clearing does not change it (RFC 8632, is-cleared)."""
        return (self.latest or self.raised).perceived_severity

    @property
    def due_ms(self) -> int | None:
        """When time alone changes it next."""
        times = (self.flapping_until_ms, self.suppressed_until_ms, self.held_until_ms, self.shelved_until_ms,
                 self.gone_at_ms)  # fmt: skip
        if times == _NEVER:
            return None
        return min(at_ms for at_ms in times if at_ms is not None)


_NEVER = (None,) * 5


@dataclass(frozen=True)
class Cause:
    """A believed failure. ``equivalents``: other resources that would have looked exactly the same; ``kind``: in which
    way it has failed (``CandidateKind``); ``complaints``: services whose complaints it explains."""

    resource: str
    equivalents: tuple[str, ...]
    explains: frozenset[Identity]
    absent: frozenset[Identity]
    probability: float | None = None
    margin: float | None = None
    """log odds (natural) against the best explanation without it"""
    suspects: tuple[tuple[str, str, float], ...] = ()
    """(resource, kind of candidate, share) of all that may stand in its place, itself first; an empty resource:
    nothing has failed"""
    kind: str | None = None
    complaints: frozenset[str] = frozenset()


IncidentState = Literal["undiagnosed", "diagnosed", "dispatched", "repaired", "closed"]


@dataclass(frozen=True)
class Incident:
    """One believed failure, the alarms it explains, and the services whose complaints it explains."""

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
    suspects: tuple[tuple[str, str, float], ...] = ()
    """as of its cause"""
    mode: str | None = None
    """in which way its cause is wrong, where tests have told"""
    crew_id: str | None = None
    closed_ms: int | None = None
    kind: str | None = None
    """in which way the root cause has failed: a node named for its ``routing`` is not a node that is dead"""
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True)
class TestRecord:
    """A test that was made about an incident. ``cause_before``, ``cause_after``: the likeliest cause without and with
    what it showed (empty: none); ``bits_milli``: what it was expected to tell, in thousandths of a bit."""

    __test__ = False

    test_id: str
    incident_id: str
    method: Method
    target: str
    from_node: str
    cost_milli: int
    bits_milli: int
    occurred_ms: int
    known_ms: int | None = None
    outcome: str | None = None
    cause_before: str | None = None
    cause_after: str | None = None
    distance_m: int | None = None
    """along the fibre from ``from_node``"""

    @property
    def test(self) -> ActiveTest:
        return ActiveTest(self.method, self.target, self.from_node)


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


ActionKind = Literal[
    "reroute", "dispatch", "partner_ticket", "verify", "roll_back", "open_port", "restart_card", "reset_cell",
    "restart_node", "drain", "fail_over", "isolate", "plan_metric", "buy_capacity", "undo",
]  # fmt: skip
ActionState = Literal["awaiting_approval", "started", "verifying", "succeeded", "failed", "rolled_back"]


@dataclass(frozen=True)
class ActionRecord:
    """Something done about an incident, and what came of it. ``attempt``: the how manieth of its kind there."""

    action_id: str
    incident_id: str
    kind: ActionKind
    target: str
    state: ActionState
    occurred_ms: int
    known_ms: int
    ended_ms: int | None = None
    attempt: int = 1
    reason: str = ""
    """why it failed, or was not verified"""
