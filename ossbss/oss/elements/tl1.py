"""TL1 autonomous messages in the shape of Telcordia GR-833: header, identification, text block, terminator.

``SID DATE TIME`` / ``ALMCODE ATAG VERB`` / quoted items / ``;`` (or ``>``, when more of the same message follows). The
notification code inside an item decides, not the alarm code before the verb: CL is a clear even under ``*C``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.malformed import MalformedError, instant, within
from ossbss.oss.elements.notification import Measurement, Notification, ObjectKind, Parsed
from ossbss.oss.elements.probable_causes import probable_cause
from ossbss.oss.elements.tl1_fields import Item, columns_of, item_of, measurement_of
from ossbss.oss.elements.tl1_stamp import header_stamp, item_stamp

LARGEST_OCTETS = 65_536
"""of one message (assumption); GR-833 elements cut theirs at 4,096 and go on after ``>``"""
MOST_REASONS = 20
"""reasons kept of one message (assumption)"""
_HEADER = re.compile(
    r"\s*(?P<sid>\"[^\"]{1,40}\"|[^\s\"]{1,40})(?:\s+(?P<date>(?:\d{2}(?:\d{2})?-)?\d{1,2}-\d{1,2}))?"
    r"(?:\s+(?P<time>\d{1,2}:\d{2}:\d{2}))?\s*"
)
_IDENTIFICATION = re.compile(
    r"\s*(?P<almcode>\*C|\*\*|\*|A)\s+(?P<atag>[\w.]{1,20})\s+(?P<verb>[A-Z]+)(?P<modifiers>(?:[ -][A-Z0-9&]+)*)\s*"
)
_PARTS = re.compile(
    r"^[ \t]*/\*((?:[^*]|\*(?!/)){0,500})\*/|^[ \t]*\"((?:\\.|[^\"\\])*)\"[ \t;>]*$|^([^\n]+)$",
    re.DOTALL | re.MULTILINE,
)
"""a comment (of bounded length, lest each open one cost a scan to the end), a quoted item, a bare line"""
_RESPONSE = re.compile(r"\s*(?:M\s+\S+\s+(?:COMPLD|DENY|PRTL|DELAY|RTRV)|(?:IP|PF|OK|NA|NG|RL)\s+\S+)\s*")
_SEVERITY: Mapping[str, Severity | None] = {
    "CR": "critical",
    "MJ": "major",
    "MN": "minor",
    "WN": "warning",
    "CL": "cleared",
    "NA": None,  # not alarmed
    "NR": None,  # not reported
}
_ALARM_CODE: Mapping[str, Severity | None] = {"*C": "critical", "**": "major", "*": "minor", "A": None}
_MODIFIER: Mapping[str, tuple[ObjectKind, EventType]] = {
    "EQPT": ("card", "equipmentAlarm"),
    "COM": ("element", "equipmentAlarm"),
    "ENV": ("site", "environmentalAlarm"),
}
"""second modifier of the verb → what it speaks of; others are facilities (OC48, STM1, T1), so ports"""
_RESTART = "INITZN"


@dataclass(frozen=True)
class _Message:
    sid: str
    almcode: str
    modifiers: tuple[str, ...]
    stamp: tuple[int, int]
    lines: tuple[str, ...]


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message; ``element`` is its SID. Item by item: one that cannot be read leaves the others."""
    try:
        text = within(payload, LARGEST_OCTETS).decode("utf-8", "replace")
        return _parsed(_message(text, instant(received_ms)))
    except MalformedError as error:
        return Parsed(rejected=str(error))


def split(data: bytes) -> Iterator[bytes]:
    """The messages of a stream, each with its terminator on a line of its own, or at the end of its last line."""
    gathered: list[bytes] = []
    for line in data.splitlines(keepends=True):
        gathered.append(line)
        end = line.rstrip()
        if end in (b";", b">") or end.endswith((b'";', b'">')):
            yield b"".join(gathered)
            gathered = []
    if b"".join(gathered).strip():
        yield b"".join(gathered)


def _message(text: str, received_ms: int) -> _Message:
    lines = [line for line in text.replace("\r", "\n").split("\n") if line.strip() not in ("", ";", ">", "<")]
    header = _HEADER.fullmatch(lines[0]) if lines else None
    found = _IDENTIFICATION.fullmatch(lines[1]) if len(lines) > 1 else None
    if any(_RESPONSE.fullmatch(line) for line in lines[:2]):
        raise MalformedError("the answer to a command, not an autonomous message")
    if header is None or found is None:
        raise MalformedError("no header and identification of an autonomous message (GR-833)")
    if found["verb"] != "REPT":
        raise MalformedError(f"not a report: verb {found['verb']}")
    modifiers = tuple(re.findall(r"[A-Z0-9&]+", found["modifiers"]))
    stamp = header_stamp(header["date"], header["time"], received_ms)
    return _Message(header["sid"].strip('"'), found["almcode"], modifiers, stamp, tuple(lines[2:]))


def _parsed(message: _Message) -> Parsed:
    what = message.modifiers[0] if message.modifiers else ""
    notifications: list[Notification] = []
    measurements: list[Measurement] = []
    reasons: list[str] = []
    for line, columns in _items(message):
        try:
            if what == "PM":
                measurements.append(measurement_of(line, message.stamp[0]))
            else:
                notifications.append(_notification(message, item_of(line, what, message.modifiers[1:], columns)))
        except MalformedError as error:
            reasons.append(str(error))
    if reasons and not notifications and not measurements:
        raise MalformedError(reasons[0])
    if not notifications and what != "PM":
        notifications = [Notification(_fact(message), "element", "", *message.stamp, text=" ".join(message.modifiers))]
    return Parsed(
        message.sid, tuple(notifications), tuple(measurements), resynchronise=what == _RESTART,
        rejected_parts=tuple(reasons[:MOST_REASONS]),
    )  # fmt: skip


def _items(message: _Message) -> Iterator[tuple[str, tuple[tuple[str, ...], ...]]]:
    """(item without its outer quotes, columns in force): a comment that names columns rules the items after it."""
    columns: tuple[tuple[str, ...], ...] = ()
    for comment, quoted, bare in _PARTS.findall("\n".join(message.lines)):
        if comment:
            columns = columns_of(comment) or columns
        elif quoted:
            yield quoted.strip(), columns
        elif bare.strip() and columns:
            yield bare.strip().rstrip(";>"), columns


def _notification(message: _Message, item: Item) -> Notification:
    alarm = bool(message.modifiers) and message.modifiers[0] == "ALM"
    facility = message.modifiers[1] if len(message.modifiers) > 1 else "COM"
    kind, event_type = _MODIFIER.get(facility, ("port", "communicationsAlarm"))
    cause, by_cause = probable_cause(item.condition)
    severity = _severity(message, item) if alarm else None
    said = ", ".join(part for part in (item.condition, item.text, item.service_effect, item.unknown_code) if part)
    event = "ALARM_CLEARED" if severity == "cleared" else "ALARM_RAISED" if severity else _fact(message)
    return Notification(
        event, kind if item.aid else "element", item.aid, *item_stamp(item.date, item.time, message.stamp),
        (by_cause or event_type) if severity else None, cause if severity else None, severity,
        text=said, alarm_type_id=item.condition,
    )  # fmt: skip


def _severity(message: _Message, item: Item) -> Severity | None:
    """The item's own code; an empty one leaves it to the alarm code; one of no table is indeterminate."""
    if not item.code:
        return _ALARM_CODE[message.almcode]
    return _SEVERITY.get(item.code, "indeterminate")


def _fact(message: _Message) -> str:
    return "ELEMENT_RESTARTED" if _RESTART in message.modifiers[:1] else "_".join(("REPT", *message.modifiers[:1]))
