"""The structure of VES 7.2.1 (common event format 30.2.1) in our own words, for the domains that the OSS reads.

Written from the standard's names and value sets; a test holds its verdicts against the official schema's. Of the
domains mobileFlow, sipSignaling and voiceQuality, and of the blocks ipmi, additionalObjects and jsonObjects, only the
presence is described: the OSS has no use for them.
"""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
INTEGER: Schema = {"type": "integer"}
ANY_OBJECT: Schema = {"type": "object"}
HASH_MAP: Schema = {"type": "object", "additionalProperties": TEXT}


def one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def list_of(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def record(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def each(kind: Schema, names: str) -> dict[str, Schema]:
    return dict.fromkeys(names.split(), kind)


def numbered(identifier: str, numbers: str, required: str = "") -> Schema:
    """An object that a text identifies and whose other members are numbers."""
    return record({identifier: TEXT, **each(NUMBER, required)}, each(NUMBER, numbers))


SEVERITIES = one_of("CRITICAL", "MAJOR", "MINOR", "WARNING", "NORMAL")
DOMAINS = (
    "fault", "heartbeat", "measurement", "mobileFlow", "notification", "other", "perf3gpp", "pnfRegistration",
    "sipSignaling", "stateChange", "stndDefined", "syslog", "thresholdCrossingAlert", "voiceQuality",
)  # fmt: skip
HEADER = record(
    {
        **each(TEXT, "eventId eventName reportingEntityName sourceName"),
        **each(NUMBER, "lastEpochMicrosec startEpochMicrosec"),
        "domain": one_of(*DOMAINS),
        "priority": one_of("High", "Medium", "Normal", "Low"),
        "sequence": INTEGER,
        "version": one_of("4.0", "4.0.1", "4.1"),
        "vesEventListenerVersion": one_of("7.0", "7.0.1", "7.1", "7.1.1", "7.2", "7.2.1"),
    },
    {
        **each(TEXT, "eventType nfcNamingCode nfNamingCode nfVendorName reportingEntityId sourceId"),
        **each(TEXT, "stndDefinedNamespace timeZoneOffset"),
        "internalHeaderFields": ANY_OBJECT,
    },
)
FAULT = record(
    {
        **each(TEXT, "alarmCondition eventSourceType specificProblem"),
        "eventSeverity": SEVERITIES,
        "faultFieldsVersion": one_of("4.0"),
        "vfStatus": one_of(
            "Active", "Idle", "Preparing to terminate", "Ready to terminate", "Requesting termination"
        ),
    },
    {"alarmAdditionalInformation": HASH_MAP, **each(TEXT, "alarmInterfaceA eventCategory")},
)  # fmt: skip
COUNTER = record({"criticality": one_of("CRIT", "MAJ"), "hashMap": HASH_MAP, "thresholdCrossed": TEXT})
THRESHOLD = record(
    {
        "additionalParameters": list_of(COUNTER),
        "alertAction": one_of("CLEAR", "CONT", "SET"),
        "alertType": one_of("CARD-ANOMALY", "ELEMENT-ANOMALY", "INTERFACE-ANOMALY", "SERVICE-ANOMALY"),
        **each(TEXT, "alertDescription collectionTimestamp eventStartTimestamp"),
        "eventSeverity": SEVERITIES,
        "thresholdCrossingFieldsVersion": one_of("4.0"),
    },
    {
        "additionalFields": HASH_MAP,
        "associatedAlertIdList": list_of(TEXT),
        **each(TEXT, "alertValue dataCollector elementType interfaceName networkService possibleRootCause"),
    },
)
HEARTBEAT = record(
    {"heartbeatFieldsVersion": one_of("3.0"), "heartbeatInterval": INTEGER}, {"additionalFields": HASH_MAP}
)
_STATE = one_of("inService", "maintenance", "outOfService")
STATE_CHANGE = record(
    {"newState": _STATE, "oldState": _STATE, "stateChangeFieldsVersion": one_of("4.0"), "stateInterface": TEXT},
    {"additionalFields": HASH_MAP},
)
STANDARD_DEFINED = record({"data": ANY_OBJECT, "stndDefinedFieldsVersion": one_of("1.0")}, {"schemaReference": TEXT})
REGISTRATION = record(
    {"pnfRegistrationFieldsVersion": one_of("2.0", "2.1")},
    {
        "additionalFields": HASH_MAP,
        **each(TEXT, "lastServiceDate macAddress manufactureDate modelNumber oamV4IpAddress oamV6IpAddress"),
        **each(TEXT, "serialNumber softwareVersion unitFamily unitType vendorName"),
    },
)
SYSLOG = record(
    {**each(TEXT, "eventSourceType syslogMsg syslogTag"), "syslogFieldsVersion": one_of("4.0")},
    {
        "additionalFields": HASH_MAP,
        **each(TEXT, "eventSourceHost syslogMsgHost syslogProc syslogSData syslogSdId syslogTs"),
        **each(INTEGER, "syslogFacility syslogPri"),
        **each(NUMBER, "syslogProcId syslogVer"),
        "syslogSev": one_of("Alert", "Critical", "Debug", "Emergency", "Error", "Info", "Notice", "Warning"),
    },
)
NAMED_MAPS = list_of(record({"name": TEXT, "hashMap": HASH_MAP}))
NOTIFICATION = record(
    {**each(TEXT, "changeIdentifier changeType"), "notificationFieldsVersion": one_of("2.0")},
    {
        "additionalFields": HASH_MAP,
        "arrayOfNamedHashMap": NAMED_MAPS,
        **each(TEXT, "changeContact newState oldState stateInterface"),
    },
)
