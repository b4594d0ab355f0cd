"""ONAP VES 7.2.1 events, one or a batch, checked in stages: version, structure, addresses, standard-defined content.

Each stage is a function ``message → reason or None``; the first reason rejects the message.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import IO, TYPE_CHECKING, Any

from ossbss.contract.assurance import Severity
from ossbss.oss.elements import ves_events
from ossbss.oss.elements.malformed import LARGEST_FILE_OCTETS, MalformedError, json_document, json_messages
from ossbss.oss.elements.notification import Measurement, Notification, Parsed
from ossbss.oss.elements.ves_measurements import measurements_of
from ossbss.oss.elements.ves_standards import content_reason, reference_reason

if TYPE_CHECKING:
    from jsonschema import Draft4Validator

EVENTS = ves_events.EVENTS
"""every word that this dialect may say"""
LARGEST_OCTETS = 1024 * 1024
"""of one message (assumption); a batch of a thousand faults has as much"""
_SEVERITY_TEXT: Mapping[Severity, tuple[str, bool]] = {
    "critical": ("CRITICAL", False),
    "major": ("MAJOR", False),
    "minor": ("MINOR", False),
    "warning": ("WARNING", False),
    "indeterminate": ("WARNING", True),
    "cleared": ("NORMAL", False),
}


def severity_to_ves(severity: Severity) -> tuple[str, bool]:
    """(eventSeverity, whether it says less than the severity). VES has no INDETERMINATE: the least that is still an
    alarm is written instead, and whoever writes it must log the loss."""
    return _SEVERITY_TEXT[severity]


def parse(payload: bytes, received_ms: int) -> Parsed:  # noqa: ARG001 — the port; VES events carry their own times
    """One event or a batch; a batch of several sources names the element on each notification."""
    try:
        message = json_document(payload, LARGEST_OCTETS)
        events = _events(message)
        for stage in STAGES:
            if reason := stage(message):
                raise MalformedError(reason)
        return _parsed([event for event in events if isinstance(event, Mapping)])
    except MalformedError as error:
        return Parsed(rejected=str(error))


def split(stream: IO[bytes]) -> Iterator[bytes]:
    """The events of a file one by one, those of a batch too: a bad one does not take the others with it."""
    yield from json_messages(stream.read(LARGEST_FILE_OCTETS + 1), _parts)


def version_reason(message: object) -> str | None:
    """VES 4 and 5 write numbers where 7 writes texts: another language, not a mistake in this one."""
    for event in _events(message):
        header = event.get("commonEventHeader") if isinstance(event, Mapping) else None
        version = header.get("version") if isinstance(header, Mapping) else None
        if isinstance(version, int | float):
            return f"VES header version {version}: a number, as VES 4 and 5 write it; 7.2.1 is read"
    return None


def structure_reason(message: object) -> str | None:
    """Where the message leaves the structure of the common event format 30.2.1."""
    for error in _validator().iter_errors(message):
        place = "/".join(str(step) for step in error.absolute_path)
        return f"{place or 'the message'}: {error.message}"
    return None


def address_reason(message: object) -> str | None:
    """The IP addresses of a registration; a zone index (``fe80::1%eth2``, RFC 4007) belongs to an IPv6 address."""
    for event in _events(message):
        fields = event.get("pnfRegistrationFields", {}) if isinstance(event, Mapping) else {}
        for name, kind in (("oamV4IpAddress", IPv4Address), ("oamV6IpAddress", IPv6Address)):
            try:
                kind(fields.get(name, "::" if kind is IPv6Address else "0.0.0.0"))
            except AddressValueError:
                return f"{name}: not an address: {fields[name]!r}"
    return None


def standards_reason(message: object) -> str | None:
    """The second check of stndDefined events: namespace, schema reference, and the content by that reference."""
    for event in _events(message):
        if isinstance(event, Mapping) and event["commonEventHeader"]["domain"] == "stndDefined":
            reason = reference_reason(event) or content_reason(event)
            if reason:
                return reason
    return None


STAGES = (version_reason, structure_reason, address_reason, standards_reason)


@cache
def _validator() -> "Draft4Validator":
    from jsonschema import Draft4Validator  # noqa: PLC0415 — waits until the first VES message

    from ossbss.oss.elements.ves_measurement_schema import MESSAGE  # noqa: PLC0415

    return Draft4Validator(MESSAGE)


def _events(message: object) -> Sequence[object]:
    if not isinstance(message, Mapping):
        raise MalformedError("not an object with event or eventList")
    batch = message.get("eventList", [])
    events = [message["event"]] if "event" in message else []
    events += batch if isinstance(batch, list) else [batch]
    if not events:
        raise MalformedError("neither event nor eventList, or an empty one")
    return events


def _parts(document: object) -> Sequence[object]:
    if isinstance(document, list):
        return document
    if isinstance(document, dict) and isinstance(document.get("eventList"), list) and document["eventList"]:
        return [{"event": event} for event in _events(document)]
    return [document]


def _parsed(events: Sequence[Mapping[str, Any]]) -> Parsed:
    sources = [str(event["commonEventHeader"]["sourceName"]) for event in events]
    shared = sources[0] if len(set(sources)) == 1 else ""
    notifications: list[Notification] = []
    measurements: list[Measurement] = []
    resynchronise = False
    for event, source in zip(events, sources, strict=True):
        found = ves_events.of_event(event, "" if shared else source)
        notifications += found.notifications
        resynchronise |= found.resynchronise
        measurements += measurements_of(event, "" if shared else source)
    return Parsed(shared, tuple(notifications), tuple(measurements), resynchronise)
