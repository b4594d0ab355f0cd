"""VES events of the fault domains as notifications; their structure has been checked before."""

from collections.abc import Callable, Mapping
from typing import Any

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.malformed import MalformedError, instant
from ossbss.oss.elements.notification import Notification, ObjectKind, Parsed
from ossbss.oss.elements.vendor_alarm import ALARM_EVENTS, vendor_alarm
from ossbss.oss.elements.ves_schema import DOMAINS
from ossbss.oss.elements.ves_standards import FACTS_3GPP, of_3gpp

Event = Mapping[str, Any]
_SEVERITY: Mapping[str, Severity] = {
    "CRITICAL": "critical",
    "MAJOR": "major",
    "MINOR": "minor",
    "WARNING": "warning",
    "NORMAL": "cleared",
}
_KINDS: Mapping[str, ObjectKind] = {
    "card": "card",
    "slotThreshold": "card",
    "port": "port",
    "portThreshold": "port",
    "router": "port",
    "switch": "port",
}
"""eventSourceType → kind of what alarmInterfaceA names; a router or switch names one of its interfaces"""
_CATEGORIES: Mapping[str, EventType] = {
    "link": "communicationsAlarm",
    "routing": "communicationsAlarm",
    "signaling": "communicationsAlarm",
    "license": "processingErrorAlarm",
}
"""eventCategory, where the cause itself has no event type (assumption; VES has no X.733 event types)"""
_ALERT_KINDS: Mapping[str, ObjectKind] = {
    "CARD-ANOMALY": "card",
    "ELEMENT-ANOMALY": "element",
    "INTERFACE-ANOMALY": "port",
    "SERVICE-ANOMALY": "service",
}


def of_event(event: Event, element: str) -> Parsed:
    """The notifications of one event; ``element`` where the message speaks for several."""
    header = event["commonEventHeader"]
    domain = header["domain"]
    if f"{domain}Fields" not in event and domain not in ("heartbeat", "syslog"):
        raise MalformedError(f"an event of domain {domain} without {domain}Fields")
    occurred_ms = instant(int(header["lastEpochMicrosec"] // 1000))
    if domain == "stndDefined":
        return of_3gpp(event, occurred_ms, element)
    read = _READERS.get(domain)
    if domain in ("measurement", "perf3gpp"):
        return Parsed()
    if read is None:
        return Parsed(notifications=(Notification(_fact(domain), "element", "", occurred_ms, 0, element=element),))
    return Parsed(notifications=(read(event, occurred_ms, element),))


def _began(event: Event, occurred_ms: int, severity: Severity) -> int:
    """startEpochMicrosec, when the fault began, which it keeps until its clear; a clear happens at the latest time."""
    if severity == "cleared":
        return occurred_ms
    return instant(int(event["commonEventHeader"]["startEpochMicrosec"] // 1000))


def _fact(domain: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in domain).upper()


def _fault(event: Event, occurred_ms: int, element: str) -> Notification:
    fields = event["faultFields"]
    severity = _SEVERITY[fields["eventSeverity"]]
    name = fields.get("alarmInterfaceA", "")
    details = fields.get("alarmAdditionalInformation", {})
    return vendor_alarm(
        _KINDS.get(fields["eventSourceType"], "other") if name else "element", name,
        (_began(event, occurred_ms, severity), 0), severity,
        (details.get("probableCause"), fields["alarmCondition"]), alarm_type_id=fields["alarmCondition"],
        event_type=_CATEGORIES.get(fields.get("eventCategory", "")), text=fields["specificProblem"], element=element,
    )  # fmt: skip


def _threshold(event: Event, occurred_ms: int, element: str) -> Notification:
    """SET raises, CONT says that it goes on, CLEAR ends; a severity of NORMAL ends too."""
    fields = event["thresholdCrossingAlertFields"]
    severity = "cleared" if fields["alertAction"] == "CLEAR" else _SEVERITY[fields["eventSeverity"]]
    name = fields.get("interfaceName", "")
    crossed = "; ".join(
        f"{counter['criticality']} threshold {counter['thresholdCrossed']}, "
        + ", ".join(f"{key} {value}" for key, value in counter["hashMap"].items())
        for counter in fields["additionalParameters"]
    )
    kind = _ALERT_KINDS[fields["alertType"]] if name else "element"
    return vendor_alarm(
        kind, name, (_began(event, occurred_ms, severity), 0), severity, ("thresholdCrossed",),
        alarm_type_id=event["commonEventHeader"]["eventName"], text=f"{fields['alertDescription']}: {crossed}",
        element=element,
    )  # fmt: skip


def _state(event: Event, occurred_ms: int, element: str) -> Notification:
    """Out of service is an alarm, in service its end, maintenance somebody's decision."""
    fields = event["stateChangeFields"]
    name, text = fields["stateInterface"], f"{fields['oldState']} → {fields['newState']}"
    kind: ObjectKind = "port" if name else "element"
    if fields["newState"] == "maintenance":
        return Notification("MAINTENANCE_MODE_STARTED", kind, name, occurred_ms, 0, text=text, element=element)
    down = fields["newState"] == "outOfService"
    severity: Severity = "major" if down else "cleared"
    cause = "lossOfSignal" if name else "unavailable"  # as of a link trap: all dialects say this of a port that is down
    return vendor_alarm(kind, name, (occurred_ms, 0), severity, (cause,), text=text, element=element)


_READERS: Mapping[str, Callable[[Event, int, str], Notification]] = {
    "fault": _fault,
    "thresholdCrossingAlert": _threshold,
    "stateChange": _state,
}
EVENTS = ALARM_EVENTS | FACTS_3GPP | {"MAINTENANCE_MODE_STARTED"} | {
    _fact(domain) for domain in DOMAINS if domain not in (*_READERS, "measurement", "perf3gpp", "stndDefined")
}  # fmt: skip
"""every word that this dialect may say"""
