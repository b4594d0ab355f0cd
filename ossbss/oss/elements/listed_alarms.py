"""Alarms as an element lists them when it is asked, in the words of X.733 and M.3100."""

from collections.abc import Mapping

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.notification import Notification, ObjectKind

_WORDS: Mapping[str, tuple[str, ObjectKind, EventType, str, Severity]] = {
    "port": ("INTERFACE_DOWN", "port", "communicationsAlarm", "lossOfSignal", "critical"),
    "card": ("CARD_FAILED", "card", "equipmentAlarm", "equipmentMalfunction", "major"),
    "probe": ("PROBE_FAILED", "probe", "qualityOfServiceAlarm", "underlyingResourceUnavailable", "critical"),
    "mains": ("COMMERCIAL_POWER_FAILED", "site", "environmentalAlarm", "commercialPowerFailure", "major"),
    "battery": ("BATTERY_LOW", "site", "environmentalAlarm", "lowBatteryThreshold", "critical"),
    "generator": ("GENERATOR_FAILED", "site", "environmentalAlarm", "generatorFailure", "major"),
    "fuel": ("FUEL_LOW", "site", "environmentalAlarm", "lowFuel", "minor"),
}
CONTACTS: Mapping[str, str] = {
    "commercial power failure": "mains",
    "battery low": "battery",
    "generator failure": "generator",
    "fuel low": "fuel",
}
"""What the external contacts of a site are called → kind; each operator's own configuration."""


def listed(kind: str, name: str, occurred_ms: int, uncertainty_ms: int, text: str) -> Notification:
    """An alarm that stands in an element's list; ``kind``: port, card, probe, or one of the site's contacts."""
    event, object_kind, event_type, cause, severity = _WORDS[kind]
    return Notification(
        event=event, object_kind=object_kind, object_name=name, occurred_ms=occurred_ms,
        occurred_uncertainty_ms=uncertainty_ms, event_type=event_type, probable_cause=cause,
        perceived_severity=severity, text=text.strip(),
    )  # fmt: skip
