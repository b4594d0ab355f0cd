"""A file of vendor messages → records in one vocabulary, each with where it came from; no inventory, no clock."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import IO, Any, Literal

from ossbss.oss.elements.dialects import parse_by, split_by
from ossbss.oss.elements.names import qualified
from ossbss.oss.elements.notification import Measurement, Notification, Parsed

Kind = Literal["alarm", "fact", "measurement", "rejected"]
Record = Mapping[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def records(stream: IO[bytes], dialect: str, received_ms: int, element: str) -> Iterator[tuple[Kind, Record]]:
    """Everything the messages say, in their order; ``element``: who speaks where a message does not say.

    All messages are taken as received at ``received_ms`` (milliseconds since the epoch), which also tells the year of
    stamps that have none. The alarmed object is the element's own name with the vendor's name behind a slash. Parts of
    a message that could not be read are rejected one by one.
    KeyError for a dialect that is none.
    """
    parse = parse_by(dialect)
    for number, payload in enumerate(split_by(dialect)(stream), 1):
        speaks, parsed = parse(payload, received_ms)
        origin = {"dialect": speaks or dialect, "message": number}
        if parsed.rejected is not None:
            yield "rejected", _rejected(parsed.rejected, payload, received_ms, origin)
            continue
        sender = parsed.element or element
        for notification in parsed.notifications:
            source = notification.element or sender
            if notification.is_alarm:
                yield "alarm", _alarm(notification, source, received_ms, origin)
            else:
                yield "fact", _fact(notification, parsed, source, received_ms, origin)
        for measurement in parsed.measurements:
            yield "measurement", _measurement(measurement, measurement.element or sender, origin)
        for reason in parsed.rejected_parts:
            yield "rejected", _rejected(reason, payload, received_ms, origin)


def iso(at_ms: int) -> str:
    """ISO 8601 in UTC with milliseconds.

    >>> iso(1715022000123)
    '2024-05-06T19:00:00.123Z'
    """
    return (_EPOCH + timedelta(milliseconds=at_ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _alarm(said: Notification, source: str, received_ms: int, origin: Record) -> Record:
    """Named as in an alarm file (``alarmed_object``, … ``raised_at`` or ``cleared_at``), and what else is known."""
    cleared = said.perceived_severity == "cleared"
    return {
        "alarmed_object": qualified(source, said),
        "event_type": said.event_type,
        "probable_cause": said.probable_cause,
        "perceived_severity": said.perceived_severity,
        "qualifier": said.qualifier,
        "source": source,
        "state": "cleared" if cleared else "raised",
        "cleared_at" if cleared else "raised_at": iso(said.occurred_ms),
        "uncertainty_ms": said.occurred_uncertainty_ms,
        "known_at": iso(received_ms),
        "event": said.event,
        "object_kind": said.object_kind,
        "object_name": said.object_name,
        **origin,
        "text": said.text,
    }


def _fact(said: Notification, parsed: Parsed, source: str, received_ms: int, origin: Record) -> Record:
    return {
        "event": said.event,
        "object_kind": said.object_kind,
        "object_name": said.object_name,
        "qualifier": said.qualifier,
        "source": source,
        "occurred_at": iso(said.occurred_ms),
        "uncertainty_ms": said.occurred_uncertainty_ms,
        "known_at": iso(received_ms),
        "resynchronise": parsed.resynchronise,
        **origin,
        "text": said.text,
    }


def _measurement(found: Measurement, source: str, origin: Record) -> Record:
    return {
        "measured_object": found.measured_object,
        "counter": found.counter,
        "begins_at": iso(found.begins_ms),
        "granularity_ms": found.granularity_ms,
        "value": found.value,
        "suspect": found.suspect,
        "source": source,
        **origin,
    }


def _rejected(reason: str, payload: bytes, received_ms: int, origin: Record) -> Record:
    return {"reason": reason, "octets": len(payload), "known_at": iso(received_ms), **origin,
            "payload": payload.decode("utf-8", "backslashreplace")}  # fmt: skip
