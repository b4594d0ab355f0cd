"""An alarm of a vendor in the words of X.733: its cause, its event type, its event word and what keeps it apart."""

from collections.abc import Mapping, Sequence

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.notification import AlarmRecord, Notification, ObjectKind
from ossbss.oss.elements.probable_causes import probable_cause

_BY_KIND: Mapping[ObjectKind, EventType] = {
    "port": "communicationsAlarm",
    "neighbour": "communicationsAlarm",
    "interface_group": "communicationsAlarm",
    "card": "equipmentAlarm",
    "power": "equipmentAlarm",
    "site": "environmentalAlarm",
    "probe": "qualityOfServiceAlarm",
    "service": "qualityOfServiceAlarm",
}
"""The event type where neither the cause nor the vendor tells one (assumption); of all else: processing error."""
_LINK = ("port", "lossOfSignal")
WORDS_OF_CAUSE: Mapping[tuple[ObjectKind | None, str], tuple[str, str]] = {
    ("port", "lossOfSignal"): ("INTERFACE_DOWN", "INTERFACE_UP"),
    ("card", "equipmentMalfunction"): ("CARD_FAILED", "CARD_RESTORED"),
    ("card", "replaceableUnitMissing"): ("CARD_REMOVED", "CARD_INSERTED"),
    (None, "commercialPowerFailure"): ("COMMERCIAL_POWER_FAILED", "COMMERCIAL_POWER_RESTORED"),
    (None, "lowBatteryThreshold"): ("BATTERY_LOW", "BATTERY_NORMAL"),
    (None, "generatorFailure"): ("GENERATOR_FAILED", "GENERATOR_READY"),
    (None, "lowFuel"): ("FUEL_LOW", "FUEL_NORMAL"),
    (None, "coolingFanFailure"): ("FAN_FAILED", "FAN_RESTORED"),
    (None, "temperatureUnacceptable"): ("TEMPERATURE_HIGH", "TEMPERATURE_NORMAL"),
    (None, "thresholdCrossed"): ("THRESHOLD_CROSSED", "THRESHOLD_CLEARED"),
    (None, "outOfMemory"): ("MEMORY_LOW", "MEMORY_NORMAL"),
    (None, "cpuCyclesLimitExceeded"): ("CPU_HIGH", "CPU_NORMAL"),
}
"""(kind or any, cause) → (word when raised, word when cleared), the same words as in the dialects of syslog"""
_SAME: Mapping[str, str] = {"highTemperature": "temperatureUnacceptable"}
"""M.3100's word → X.721's for the same event, so that an event has one cause in every dialect"""
_OTHERS = ("ALARM_RAISED", "ALARM_CLEARED")
ALARM_EVENTS = frozenset(word for words in (*WORDS_OF_CAUSE.values(), _OTHERS) for word in words)
"""every word that an alarm here may have"""


def vendor_alarm(
    kind: ObjectKind,
    name: str,
    stamp: tuple[int, int],
    severity: Severity,
    causes: Sequence[object],
    *,
    alarm_type_id: str = "",
    qualifier: str = "",
    event_type: EventType | None = None,
    text: str = "",
    element: str = "",
    record: AlarmRecord | None = None,
) -> Notification:
    """``causes``: the words that may name the probable cause, the best first. ``stamp``: (occurred_ms, uncertainty_ms).

    The vendor's alarm type is put before its qualifier, for several types share one cause and very many share
    ``indeterminate``; but a port without signal is one alarm whatever it is called, by trap, event or log line.
    """
    cause, by_cause = probable_cause(*causes)
    cause = _SAME.get(cause, cause)
    words = WORDS_OF_CAUSE.get((kind, cause)) or WORDS_OF_CAUSE.get((None, cause)) or _OTHERS
    apart = (qualifier,) if (kind, cause) == _LINK else (alarm_type_id, qualifier)
    return Notification(
        words[severity == "cleared"], kind, name, *stamp,
        by_cause or event_type or _BY_KIND.get(kind, "processingErrorAlarm"), cause, severity,
        "/".join(part for part in apart if part), text, alarm_type_id, element, record,
    )  # fmt: skip
