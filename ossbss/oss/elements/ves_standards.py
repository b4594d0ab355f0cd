"""stndDefined events of VES: whose words they speak, and 3GPP fault supervision (TS 28.532) as notifications."""

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.notification import Notification, ObjectKind, Parsed
from ossbss.oss.elements.vendor_alarm import vendor_alarm
from ossbss.oss.elements.ves_schema import TEXT, Schema, one_of

if TYPE_CHECKING:
    from jsonschema import Draft4Validator

NAMESPACE = "3GPP-FaultSupervision"
_REFERENCE = re.compile(
    r"https://forge\.3gpp\.org/rep/sa5/(?:MnS|data-models)/blob/[\w.-]+/OpenAPI/faultMnS\.yaml"
    r"#/?components/schemas/(?P<schema>\w+)"
)
_SEVERITY: Mapping[str, Severity] = {
    "CRITICAL": "critical",
    "MAJOR": "major",
    "MINOR": "minor",
    "WARNING": "warning",
    "INDETERMINATE": "indeterminate",
    "CLEARED": "cleared",
}
_EVENT_TYPES: Mapping[str, EventType | None] = {
    "COMMUNICATIONS_ALARM": "communicationsAlarm",
    "QUALITY_OF_SERVICE_ALARM": "qualityOfServiceAlarm",
    "PROCESSING_ERROR_ALARM": "processingErrorAlarm",
    "EQUIPMENT_ALARM": "equipmentAlarm",
    "ENVIRONMENTAL_ALARM": "environmentalAlarm",
    **dict.fromkeys(
        ("INTEGRITY_VIOLATION", "OPERATIONAL_VIOLATION", "PHYSICAL_VIOLATION",
         "SECURITY_SERVICE_OR_MECHANISM_VIOLATION", "TIME_DOMAIN_VIOLATION")
    ),
}  # fmt: skip
"""alarmType (TS 28.532) → X.733; the security types of X.736 have no counterpart among the five"""
_ALARM = {
    "alarmId": TEXT,
    "alarmType": one_of(*_EVENT_TYPES),
    "probableCause": {"type": ["string", "integer"]},
    "perceivedSeverity": one_of(*_SEVERITY),
}
_OPTIONAL = {"trendIndication": one_of("MORE_SEVERE", "NO_CHANGE", "LESS_SEVERE")}


def _content(*required: str) -> Schema:
    properties = {**_ALARM, **_OPTIONAL, "notificationType": TEXT, "eventTime": TEXT}
    return {"type": "object", "properties": properties, "required": list(required)}


CONTENTS: Mapping[str, Schema] = {
    "NotifyNewAlarm": _content(*_ALARM),
    "NotifyChangedAlarm": _content("alarmId", "alarmType", "probableCause", "perceivedSeverity"),
    "NotifyClearedAlarm": _content("alarmId", "alarmType", "probableCause", "perceivedSeverity"),
    "NotifyAckStateChanged": _content("alarmId"),
    "NotifyComments": _content("alarmId"),
    "NotifyAlarmListRebuilt": _content(),
    "NotifyPotentialFaultyAlarmList": _content(),
}
"""notification of TS 28.532 → what of it is needed here; other members are the standard's and pass"""


def reference_reason(event: Mapping[str, Any]) -> str | None:
    """stndDefinedNamespace must be there and not empty, schemaReference there and one that is known."""
    namespace = event["commonEventHeader"].get("stndDefinedNamespace")
    fields = event.get("stndDefinedFields")
    if fields is None:
        return "an event of domain stndDefined without stndDefinedFields"
    if not namespace:
        return "stndDefinedNamespace is missing or empty"
    if "schemaReference" not in fields:
        return "stndDefinedFields has no schemaReference"
    if namespace != NAMESPACE:
        return f"stndDefinedNamespace {namespace!r}: only {NAMESPACE} is read"
    found = _REFERENCE.fullmatch(fields["schemaReference"])
    if found is None or found["schema"] not in CONTENTS:
        return f"schemaReference {fields['schemaReference']!r}: not a schema that is known"
    return None


def content_reason(event: Mapping[str, Any]) -> str | None:
    """Where the content leaves the structure that its schema reference names."""
    for error in _validator(_schema_name(event)).iter_errors(event["stndDefinedFields"]["data"]):
        return f"data/{'/'.join(str(step) for step in error.absolute_path)}: {error.message}"
    return None


def of_3gpp(event: Mapping[str, Any], occurred_ms: int, element: str) -> Parsed:
    """A checked notification of TS 28.532. A rebuilt or doubtful alarm list is to be read anew; an acknowledgement
    or a comment does not change the alarm's state."""
    data, name = event["stndDefinedFields"]["data"], _schema_name(event)
    resource = _resource(data)
    kind: ObjectKind = "other" if resource else "element"
    if not _is_alarm(name):
        kept = Notification(_fact(name), kind, resource, occurred_ms, 0, element=element)
        return Parsed(notifications=(kept,), resynchronise=name.endswith(("Rebuilt", "FaultyAlarmList")))
    severity = "cleared" if name == "NotifyClearedAlarm" else _SEVERITY[data["perceivedSeverity"]]
    alarm = vendor_alarm(
        kind, resource, (occurred_ms, 0), severity, (data["probableCause"], data.get("specificProblem")),
        alarm_type_id=f"{data['alarmType']}/{data['probableCause']}", qualifier=data["alarmId"],
        event_type=_EVENT_TYPES[data["alarmType"]], text=str(data.get("additionalText", "")), element=element,
    )  # fmt: skip
    return Parsed(notifications=(alarm,))


def _is_alarm(name: str) -> bool:
    return "perceivedSeverity" in CONTENTS[name]["required"]


def _fact(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name.removeprefix("Notify")).upper()


def _resource(data: Mapping[str, Any]) -> str:
    """The object's instance under whichever of the names that releases of TS 28.532 gave it."""
    for name in ("objectInstance", "uri", "href"):
        if isinstance(data.get(name), str):
            return str(data[name])
    return ""


def _schema_name(event: Mapping[str, Any]) -> str:
    found = _REFERENCE.fullmatch(event["stndDefinedFields"]["schemaReference"])
    return found["schema"] if found else ""


@cache
def _validator(name: str) -> "Draft4Validator":
    from jsonschema import Draft4Validator  # noqa: PLC0415 — waits until the first such event

    return Draft4Validator(CONTENTS[name])


FACTS_3GPP = frozenset(_fact(name) for name in CONTENTS if not _is_alarm(name))
