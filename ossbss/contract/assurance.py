"""Words of assurance: what elements say, what the OSS believes, what the BSS must know of it.

Alarms follow ITU-T X.733 (an alarm with ``perceived_severity`` 'cleared' ends the one it names); service
problems follow TM Forum TMF656. No message to the OSS names a customer or an amount of money.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ossbss.contract.ports import Message

EventType = Literal[
    "communicationsAlarm",
    "equipmentAlarm",
    "environmentalAlarm",
    "processingErrorAlarm",
    "qualityOfServiceAlarm",
]
NoticeText = Literal["fault_reported", "fault_known", "fault_mended"]
RAW_OCTETS = 1_024
"""So much of a raw message is kept beside what was understood of it: the packet size of RFC 3164, 4.1."""
Severity = Literal["critical", "major", "minor", "warning", "indeterminate", "cleared"]


@dataclass(frozen=True)
class Alarm:
    """An X.733 alarm notification in vendor-neutral words.

    Identity is (alarmed_object, probable_cause, source), as RFC 8632 has resource, type and qualifier, with the source
    in the qualifier; what else tells two alarms of one type apart stands behind the cause.
    ``occurred_uncertainty_ms`` is the width within which the true instant lies before ``occurred_ms`` (0 where the
    boundary was seen to the millisecond).
    """

    alarmed_object: str
    event_type: EventType
    probable_cause: str
    perceived_severity: Severity
    source: str
    occurred_ms: int
    occurred_uncertainty_ms: int
    known_ms: int
    text: str = ""
    qualifier: str = ""
    """such as a protocol's name; empty where object, cause and source are enough"""
    message_id: str = field(default="", compare=False)
    """of the element's message that says so; empty where the station says it itself"""
    raw: bytes = field(default=b"", compare=False, repr=False)
    """that message as it came, cut off at RAW_OCTETS"""

    @property
    def raw_text(self) -> str:
        """The message as a person reads it; octets that are not UTF-8 as ``\\xNN``."""
        return self.raw.decode("utf-8", "backslashreplace")

    @property
    def identity(self) -> tuple[str, str, str]:
        cause = f"{self.probable_cause}/{self.qualifier}" if self.qualifier else self.probable_cause
        return (self.alarmed_object, cause, self.source)


@dataclass(frozen=True, kw_only=True)
class VendorMessage(Message):
    """One message of one element in its vendor's own dialect, as received on the management network."""

    element_id: str
    dialect: str
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class PollRequest(Message):
    """The OSS asks an element manager which of its elements answer it."""

    manager_id: str


@dataclass(frozen=True, kw_only=True)
class PollReply(Message):
    """What the manager holds true at ``occurred_ms``; a manager that is lost sends none.

    ``answered``: elements that answered when the manager last asked them; silence of the others is a loss of contact,
    not a state. ``asked_ms``: element → when that was; what is left out was asked at ``occurred_ms``.
    """

    request_id: str
    manager_id: str
    answered: frozenset[str]
    asked_ms: Mapping[str, int]


TestMethod = Literal["probe", "traceroute", "loopback", "reflectometry"]
FibreEvent = Literal["break", "loss"]


@dataclass(frozen=True, kw_only=True)
class AlarmListRequest(Message):
    """The OSS asks an element manager for all alarms that these of its elements hold raised."""

    manager_id: str
    element_ids: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AlarmList(Message):
    """All that one element holds raised at ``occurred_ms``, each alarm a message in its own dialect; of an element that
    its manager does not reach there is none."""

    element_id: str
    dialect: str
    payloads: tuple[bytes, ...]


@dataclass(frozen=True, kw_only=True)
class AlarmAction(Message):
    """What an operator does to an alarm in the list (RFC 8632, set-operator-state and shelving; TMF642, commentAlarms).

    ``identity``: (alarmed_object, probable_cause, source). ``text``: why; needed for a comment. ``shelf``: needed to
    shelve; ``until_ms``: when the alarm comes off the shelf by itself (ISA-18.2), None: never.
    """

    action: Literal["acknowledge", "unacknowledge", "close", "shelve", "unshelve", "comment"]
    identity: tuple[str, str, str]
    user_id: str
    text: str = ""
    shelf: str = ""
    until_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class TestRequest(Message):
    """A test of the network itself, independent of what the elements claim.

    ``probe`` and ``traceroute`` go to a service or a node (a probe also to a link) and carry on beside the traffic.
    ``loopback`` (the port is joined to itself) and ``reflectometry`` (a pulse into the fibre, IEC 61746) are made on a
    link; while they last it carries nothing. ``from_node``: where it starts; None: for a traceroute the station, for
    a test of a link its first end.
    """

    __test__ = False  # the standard's word, not a pytest class

    method: TestMethod
    target: str
    from_node: str | None = None


@dataclass(frozen=True, kw_only=True)
class TestResult(Message):
    """``passed`` None: the test could not be made, for the ``reason`` (no management path, no reach): unknown, not
    failed.

    Passed means: probe, traceroute: it arrives; loopback: the port hears itself, so that it and its card are sound;
    reflectometry: the fibre shows nothing before its far end. Otherwise ``event`` says what it shows,
    ``distance_km`` along the fibre from ``from_node``, right to ``resolution_km``. ``hops``: the nodes that answered a
    traceroute, in order, with the one at which it started.
    """

    __test__ = False

    request_id: str
    method: TestMethod
    target: str
    passed: bool | None
    from_node: str | None = None
    hops: tuple[str, ...] = ()
    event: FibreEvent | None = None
    distance_km: float | None = None
    resolution_km: float | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Command(Message):
    """What is typed at one element, line by line, in the words of its vendor."""

    element_id: str
    dialect: str
    payload: bytes


@dataclass(frozen=True, kw_only=True)
class CommandResult(Message):
    """What the terminal showed: prompts, what was typed, what was printed.

    ``payload`` None: no answer came, for the ``reason``. What was typed may have been done all the same.
    """

    request_id: str
    element_id: str
    dialect: str
    payload: bytes | None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CapacityOrder(Message):
    """The OSS buys capacity on a dormant link of somebody else's, or gives it back. It comes without an answer: the
    network shows when it is there."""

    link_id: str
    given_back: bool = False


CrewResult = Literal[
    "arrived", "acknowledged", "repaired", "nothing_found", "wrong_skill", "no_access", "no_spare"
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class WorkOrder(Message):
    """The OSS sends a crew to a resource, or opens a ticket with the third party that owns it: then ``crew_id`` is
    that partner's id."""

    work_order_id: str
    crew_id: str
    site_id: str
    resource_id: str


@dataclass(frozen=True, kw_only=True)
class CrewReport(Message):
    """What a crew or a partner says about a work order: that it is under way (``arrived``, of a partner
    ``acknowledged``), and once how it ended.

    ``needs``: the skill (after ``wrong_skill``), the owner (``no_access``) or the part (``no_spare``) that the repair
    takes; ``ready_ms``: when that part will be there.
    """

    work_order_id: str
    crew_id: str
    site_id: str
    result: CrewResult
    needs: str | None = None
    ready_ms: int | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedWork(Message):
    """Work on a resource that takes it out of service from ``starts_ms`` until before ``ends_ms``, told beforehand."""

    resource_id: str
    starts_ms: int
    ends_ms: int


@dataclass(frozen=True, kw_only=True)
class ServiceProblemOpened(Message):
    """A service does not work since ``occurred_ms`` (TMF656). ``root_cause_resource``: the OSS's belief."""

    problem_id: str
    service_id: str
    occurred_uncertainty_ms: int
    root_cause_resource: str | None


@dataclass(frozen=True, kw_only=True)
class ServiceProblemResolved(Message):
    """The same problem ended at ``occurred_ms``, verified by a probe. Each boundary lies at most its uncertainty
    before the time that is given."""

    problem_id: str
    service_id: str
    opened_ms: int
    opened_uncertainty_ms: int
    occurred_uncertainty_ms: int
    root_cause_resource: str | None


@dataclass(frozen=True, kw_only=True)
class CustomerReport(Message):
    """Evidence from care: somebody says this service does not work. No name, no line."""

    service_id: str


@dataclass(frozen=True, kw_only=True)
class Contact(Message):
    """A customer calls care about a line."""

    subscriber_id: str
    complaint: Literal["no_service"]


@dataclass(frozen=True, kw_only=True)
class Notice(Message):
    """Care tells a customer what is known."""

    subscriber_id: str
    text_id: NoticeText


def plain(record: Any) -> Mapping[str, Any]:
    """The fields of a frozen record as plain values, for a journal body."""
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in vars(record).items()}
