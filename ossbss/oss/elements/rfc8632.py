"""Alarm lists and alarm notifications of RFC 8632 (YANG module ietf-alarms) in JSON (RFC 7951).

Converted at the border: the list keeps a last severity and says ``is-cleared`` beside it, the rest of the OSS follows
X.733, where an alarm that ended has the severity ``cleared``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, get_args

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.malformed import (
    LARGEST_FILE_OCTETS,
    MalformedError,
    instant,
    items,
    json_document,
    json_messages,
    member,
    text_of,
)
from ossbss.oss.elements.notification import (
    AlarmRecord,
    Notification,
    ObjectKind,
    OperatorState,
    Parsed,
    StatusChange,
)
from ossbss.oss.elements.severity_tables import TABLES
from ossbss.oss.elements.syslog_stamp import instant_iso
from ossbss.oss.elements.vendor_alarm import ALARM_EVENTS, vendor_alarm

LARGEST_OCTETS = 16 * 1024 * 1024
"""of one alarm list (assumption): about 20,000 alarms"""
MOST_REASONS = 20
"""reasons kept of one list (assumption)"""
_DATE_AND_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})"
)  # fmt: skip
"""yang:date-and-time (RFC 6991)"""
_INTERFACE = re.compile(
    r"(?:(?:[A-Za-z]*Eth(?:ernet)?|TenGigE|HundredGigE|Serial|Bundle-Ether|Port-channel)\s?\d+(?:/\d+)*(?:[.:]\d+)?"
    r"|[a-z]{2}-\d+/\d+/\d+(?::\d+)?(?:\.\d+)?)"
)
_IN_MODEL = re.compile(
    r"/ietf-(?:interfaces:interfaces(?:-state)?/interface|hardware:hardware/component)"
    r"\[(?:[\w-]+:)?name=(?P<quote>['\"])(?P<name>[^'\"]+)(?P=quote)\].*"
)
"""an instance-identifier of an interface (RFC 8343) or a component (RFC 8348)"""
_OPERATOR_STATES: Mapping[str, OperatorState] = {state: state for state in get_args(OperatorState)}
_X733 = "ietf-alarms-x733:"

EVENTS = ALARM_EVENTS | {"ALARM_INVENTORY_CHANGED", "OPERATOR_ACTION"}
"""every word that this dialect may say"""

Node = Mapping[str, object]


def parse(payload: bytes, received_ms: int) -> Parsed:
    """A list (then ``complete``, unless a part of it was rejected) or one notification."""
    try:
        message = json_document(payload, LARGEST_OCTETS)
        return _parsed(_plain(message), instant(received_ms))
    except MalformedError as error:
        return Parsed(rejected=str(error))


def split(stream: IO[bytes]) -> Iterator[bytes]:
    """The lists and notifications of a JSON file; a list is one message, for it is complete only as a whole."""
    data = stream.read(LARGEST_FILE_OCTETS + 1)
    yield from json_messages(data, lambda found: found if isinstance(found, list) else [found])


def _plain(message: object) -> Node:
    """Member names without the module's prefix, which RFC 7951 wants at the top and allows below."""
    if not isinstance(message, Mapping):
        raise MalformedError("not an object")
    return {str(name).removeprefix("ietf-alarms:"): value for name, value in message.items()}


def _parsed(message: Node, received_ms: int) -> Parsed:
    envelope = message.get("ietf-restconf:notification")
    if envelope is not None:
        message = _plain(envelope)
    if "alarm-notification" in message:
        return Parsed(notifications=(_notified(_plain(message["alarm-notification"])),))
    if "alarm-inventory-changed" in message:
        return Parsed(notifications=(Notification("ALARM_INVENTORY_CHANGED", "element", "", received_ms, 0),))
    alarms = _plain(message["alarms"]) if "alarms" in message else message
    active = _members(alarms, "alarm-list", "alarm")
    shelved = _members(alarms, "shelved-alarms", "shelved-alarm")
    if active is None and shelved is None:
        raise MalformedError("neither alarms, alarm-list, shelved-alarms nor alarm-notification")
    return _listed(active, shelved, _is_whole(alarms))


def _is_whole(alarms: Node) -> bool:
    """The container with as many alarms as it says; one entry that somebody asked for comes without it."""
    holder = _plain(alarms["alarm-list"]) if "alarm-list" in alarms else None
    listed = items(holder.get("alarm", []), "alarm") if holder is not None else ()
    return holder is not None and holder.get("number-of-alarms", len(listed)) == len(listed)


def _members(alarms: Node, holder: str, name: str) -> Sequence[object] | None:
    """The entries of a list; a container without any has none, in RFC 7951 it may leave the list out."""
    if holder in alarms:
        return items(_plain(alarms[holder]).get(name, []), name)
    return items(alarms[name], name) if name in alarms else None


def _listed(active: Sequence[object] | None, shelved: Sequence[object] | None, whole: bool) -> Parsed:
    notifications, reasons, keys = [], [], set()
    for entry, on_shelf in [*((each, False) for each in active or ()), *((each, True) for each in shelved or ())]:
        try:
            found = _entry(node := _plain(entry), on_shelf)
            key = (found.object_name, found.alarm_type_id, str(node.get("alarm-type-qualifier", "")))
            if key in keys and found.record:
                raise MalformedError(f"{key} stands twice in the list")
        except MalformedError as error:
            reasons.append(str(error))
            continue
        keys.add(key)
        notifications.append(found)
    if reasons and not notifications:
        return Parsed(rejected=reasons[0], rejected_parts=tuple(reasons[1:MOST_REASONS]))
    whole = whole and not reasons and all(each.record for each in notifications)
    return Parsed("", tuple(notifications), complete=whole, rejected_parts=tuple(reasons[:MOST_REASONS]))


def _entry(entry: Node, on_shelf: bool) -> Notification:
    """One alarm of a list, or an operator's action that was notified inside its entry."""
    if "operator-action" in entry:
        action = _plain(entry["operator-action"])
        stamp = _when(action, "time", "operator-action")
        text = f"{_operator_state(action)} by {text_of(action, 'operator', 'operator-action')}"
        kind, name = _resource(entry)
        return Notification("OPERATOR_ACTION", kind, name, *stamp, text=text, alarm_type_id=_type_of(entry))
    cleared = member(entry, "is-cleared", "an alarm")
    if not isinstance(cleared, bool):
        raise MalformedError(f"is-cleared is a boolean, not {cleared!r}")
    severity = _severity(entry, "an alarm", clear_is_legal=False)
    changes = _changes(entry)
    raised, changed, _ = (_when(entry, name, "an alarm") for name in ("last-raised", "last-changed", "time-created"))
    stamp = changed if cleared else raised
    latest: Severity = "cleared" if cleared else severity
    if changes:
        stamp, change = changes[-1]
        if change.perceived_severity != latest:
            raise MalformedError(f"the latest status-change says {change.perceived_severity}, the alarm {latest}")
    record = AlarmRecord(
        *_related(entry), tuple(change for _, change in changes), _latest_operator_state(entry),
        text_of(entry, "shelf-name", "a shelved alarm") if on_shelf and "shelf-name" in entry else "",
    )  # fmt: skip
    return _notification(entry, latest, stamp, record)


def _notified(notification: Node) -> Notification:
    """A state change: here ``cleared`` is a severity."""
    severity = _severity(notification, "alarm-notification", clear_is_legal=True)
    stamp = _when(notification, "time", "alarm-notification")
    return _notification(notification, severity, stamp, AlarmRecord(*_related(notification)))


def _notification(node: Node, severity: Severity, stamp: tuple[int, int], record: AlarmRecord) -> Notification:
    kind, name = _resource(node)
    type_id = _type_of(node)
    return vendor_alarm(
        kind, name, stamp, severity, (node.get(_X733 + "probable-cause-string"), type_id.rpartition(":")[2]),
        alarm_type_id=type_id, event_type=_event_type(node), record=record,
        text=text_of(node, "alarm-text", "an alarm"),
        qualifier=text_of(node, "alarm-type-qualifier", "an alarm") if "alarm-type-qualifier" in node else "",
    )  # fmt: skip


def _event_type(node: Node) -> EventType | None:
    """Of the X.733 augmentation (ietf-alarms-x733), where the list has it."""
    word = node.get(_X733 + "event-type")
    plain = f"{word}".replace("-", "").lower() if isinstance(word, str) else ""
    return next((event for event in get_args(EventType) if event.lower() == plain), None)


def _resource(node: Node) -> tuple[ObjectKind, str]:
    """(kind, name): what an instance-identifier of the standard models or an interface's usual name tells."""
    resource = text_of(node, "resource", "an alarm")
    found = _IN_MODEL.fullmatch(resource)
    if found:
        return ("port" if "ietf-interfaces" in resource else "card"), found["name"]
    return ("port" if _INTERFACE.fullmatch(resource[:80]) else "other"), resource


def _type_of(node: Node) -> str:
    return text_of(node, "alarm-type-id", "an alarm")


def _severity(node: Node, where: str, clear_is_legal: bool) -> Severity:
    """By name, or by the number of the enumeration."""
    given = member(node, "perceived-severity", where)
    table = TABLES["rfc8632"]
    found = table.get(given) if isinstance(given, int) and not isinstance(given, bool) else None
    if isinstance(given, str):
        found = next((name for name in table.values() if name == given), None)
    if found is None:
        raise MalformedError(f"perceived-severity of {where}: no such severity: {given!r}")
    if found == "cleared" and not clear_is_legal:
        raise MalformedError("cleared as perceived-severity of an alarm: legal in a status change only (RFC 8632)")
    return found


def _changes(entry: Node) -> list[tuple[tuple[int, int], StatusChange]]:
    """[(stamp, change)], oldest first whatever the order of the list."""
    found = []
    for each in items(entry.get("status-change", []), "status-change"):
        change = _plain(each)
        stamp = _when(change, "time", "status-change")
        severity = _severity(change, "status-change", clear_is_legal=True)
        found.append((stamp, StatusChange(stamp[0], severity, text_of(change, "alarm-text", "status-change"))))
    return sorted(found, key=lambda each: each[0][0])


def _latest_operator_state(entry: Node) -> OperatorState:
    latest_ms, latest = -1, _OPERATOR_STATES["none"]
    for each in items(entry.get("operator-state-change", []), "operator-state-change"):
        change = _plain(each)
        at_ms, state = _when(change, "time", "operator-state-change")[0], _operator_state(change)
        if at_ms > latest_ms:
            latest_ms, latest = at_ms, state
    return latest


def _operator_state(change: Node) -> OperatorState:
    state = text_of(change, "state", "operator-state-change")
    if state not in _OPERATOR_STATES:
        raise MalformedError(f"no such operator state: {state!r}")
    return _OPERATOR_STATES[state]


def _related(node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(root cause resources, impacted resources)"""
    found = []
    for name in ("root-cause-resource", "impacted-resource"):
        values = items(node.get(name, []), name)
        if not all(isinstance(each, str) for each in values):
            raise MalformedError(f"{name} is a list of texts")
        found.append(tuple(str(each) for each in values))
    return found[0], found[1]


def _when(node: Node, name: str, where: str) -> tuple[int, int]:
    """(ms, uncertainty_ms) of a date-and-time, which has a zone."""
    text = text_of(node, name, where)
    stamp = instant_iso(text) if _DATE_AND_TIME.fullmatch(text) else None
    if stamp is None:
        raise MalformedError(f"{name} of {where}: not a date and time: {text!r}")
    return instant(stamp[0]), stamp[1]
