"""TL1 autonomous messages in the shape of Telcordia GR-833: header, identification, text block, terminator.

``SID DATE TIME`` / ``ALMCODE ATAG VERB`` / quoted items / ``;`` (or ``>``, when more of the same message follows). The
notification code inside an item decides, not the alarm code before the verb: CL is a clear even under ``*C``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.malformed import MalformedError, instant, within
from ossbss.oss.elements.notification import Measurement, Notification, ObjectKind, Parsed
from ossbss.oss.elements.tl1_fields import Item, columns_of, item_of, measurement_of
from ossbss.oss.elements.tl1_stamp import header_stamp, item_stamp
from ossbss.oss.elements.vendor_alarm import ALARM_EVENTS, vendor_alarm

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
_BARE = re.compile(r"\s*[^\s:\"]+:(?:CR|MJ|MN|CL|NA|NR),.*")
"""an item that its element left without quotes"""
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


def split(stream: IO[bytes]) -> Iterator[bytes]:
    """The messages of a stream, each with its terminator on a line of its own, or at the end of its last line; one
    that grows beyond the limit without any is given so, to be rejected."""
    gathered = b""
    while read := stream.readline(LARGEST_OCTETS + 1):
        for line in read.splitlines(keepends=True):
            gathered += line
            end = line.rstrip()
            if end in (b";", b">") or end.endswith((b'";', b'">')) or len(gathered) > LARGEST_OCTETS:
                yield gathered
                gathered = b""
    if gathered.strip():
        yield gathered


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
            if not line:
                raise MalformedError("an item whose quote is not closed")
            if what == "PM":
                measurements.append(measurement_of(line, message.stamp[0]))
            else:
                notifications.append(_notification(message, item_of(line, what, message.modifiers[1:], columns)))
        except MalformedError as error:
            reasons.append(str(error))
    if reasons and not notifications and not measurements:
        raise MalformedError(reasons[0])
    if not notifications and what == "ALM":
        raise MalformedError("a report of alarms without an item")
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
        elif bare.lstrip().startswith('"'):
            yield "", columns
        elif bare.strip() and (columns or _BARE.fullmatch(bare)):
            yield bare.strip().rstrip(";>"), columns


def _notification(message: _Message, item: Item) -> Notification:
    alarm = bool(message.modifiers) and message.modifiers[0] == "ALM"
    facility = message.modifiers[1] if len(message.modifiers) > 1 else "COM"
    kind, event_type = _MODIFIER.get(facility, ("port", "communicationsAlarm"))
    severity = _severity(message, item) if alarm else None
    text = ", ".join(part for part in (item.condition, item.text, item.service_effect, item.unknown_code) if part)
    kind, stamp = kind if item.aid else "element", item_stamp(item.date, item.time, message.stamp)
    if severity is None:
        return Notification(_fact(message), kind, item.aid, *stamp, text=text, alarm_type_id=item.condition)
    return vendor_alarm(
        kind, item.aid, stamp, severity, (item.condition,),
        alarm_type_id=item.condition, event_type=event_type, text=text,
    )  # fmt: skip


def _severity(message: _Message, item: Item) -> Severity | None:
    """The item's own code; an empty one leaves it to the alarm code; one of no table is indeterminate."""
    if not item.code:
        return _ALARM_CODE[message.almcode]
    return _SEVERITY.get(item.code, "indeterminate")


def _fact(message: _Message) -> str:
    return _FACTS.get(message.modifiers[0] if message.modifiers else "", "REPT")


_FACTS = {
    _RESTART: "SYSTEM_COLD_START",
    **{word: f"REPT_{word}" for word in ("ALM", "EVT", "DBCHG", "SW", "RMV", "RST")},
}
"""first modifier of the verb → word of a report that is no alarm"""
EVENTS = ALARM_EVENTS | {"REPT", *_FACTS.values()}
"""every word that this dialect may say"""
