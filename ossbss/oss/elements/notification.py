"""What a vendor's message says, in its vendor's names: the port that every dialect fills.

A dialect is a module with a function ``parse(payload, received_ms) → Parsed``. It never raises, whatever the payload:
what it cannot read is rejected with the reason. Names are resolved afterwards, against the inventory or not at all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ossbss.contract.assurance import EventType, Severity

ObjectKind = Literal[
    "port", "card", "probe", "element", "power", "site", "neighbour", "process", "interface_group", "service", "other"
]  # fmt: skip


@dataclass(frozen=True)
class StatusChange:
    """One entry of an alarm's history (RFC 8632, status-change); only here may a severity be ``cleared``."""

    at_ms: int
    perceived_severity: Severity
    text: str


OperatorState = Literal["none", "ack", "closed", "shelved", "un-shelved"]


@dataclass(frozen=True)
class AlarmRecord:
    """What an element that keeps an alarm list tells of an alarm beyond its state (RFC 8632)."""

    root_cause_resource: tuple[str, ...] = ()
    impacted_resource: tuple[str, ...] = ()
    status_changes: tuple[StatusChange, ...] = ()
    """oldest first"""
    operator_state: OperatorState = "none"
    """the latest one; it neither clears the alarm nor raises it"""
    shelf_name: str = ""
    """empty: not shelved"""


@dataclass(frozen=True)
class Notification:
    """One thing that a message says.

    An alarm when ``perceived_severity`` is given (``cleared`` ends it); else a fact of which fault management takes no
    alarm: an administrative state, a login, a session log.
    """

    event: str
    """what happened, the same word in every dialect: INTERFACE_DOWN, BGP_NEIGHBOR_DOWN, CARD_FAILED, …"""
    object_kind: ObjectKind
    object_name: str
    """as the vendor writes it; empty for the element itself"""
    occurred_ms: int
    occurred_uncertainty_ms: int
    event_type: EventType | None = None
    probable_cause: str | None = None
    perceived_severity: Severity | None = None
    qualifier: str = ""
    """what tells two alarms of one type on one resource apart (RFC 8632, alarm-type-qualifier)"""
    text: str = ""
    alarm_type_id: str = ""
    """the vendor's own name of the alarm, where it has one (RFC 8632 alarm-type-id, TL1 condition type)"""
    element: str = ""
    """whose it is, where one message speaks for several elements; empty: of the message's sender"""
    record: AlarmRecord | None = None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What identifies the alarm beside its source: (element, resource, probable cause, qualifier)."""
        return (self.element, self.object_name, self.probable_cause or "", self.qualifier)

    @property
    def is_alarm(self) -> bool:
        return self.perceived_severity is not None


@dataclass(frozen=True)
class Measurement:
    """One counter of one measured object in one granularity period; ``value`` None where the element gave none."""

    measured_object: str
    counter: str
    begins_ms: int
    granularity_ms: int
    value: float | None
    suspect: bool
    """the element itself doubts it (3GPP TS 32.435): never to be held against a threshold"""
    element: str = ""
    """whose it is, where one message speaks for several elements; empty: of the message's sender"""


@dataclass(frozen=True)
class Parsed:
    """A message understood, or the reason why not.

    ``element``: what the message calls its sender; empty where it does not say. ``resynchronise``: what is known of
    that element's alarms is void, they are to be read anew (cold start, rebuilt alarm list).
    ``complete``: the alarms are all that the element has, so that what is not among them is no longer there.
    ``rejected_parts``: why parts of a message that was otherwise understood were left out.
    """

    element: str = ""
    notifications: tuple[Notification, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    resynchronise: bool = False
    rejected: str | None = None
    complete: bool = False
    rejected_parts: tuple[str, ...] = ()


Parse = Callable[[bytes, int], Parsed]
"""(payload, received_ms) → Parsed"""
