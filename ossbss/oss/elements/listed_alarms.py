"""Alarms as an element lists them when it is asked, in the words of X.733 and M.3100."""

from collections.abc import Mapping

from ossbss.oss.elements.events import MEANINGS
from ossbss.oss.elements.notification import Notification

_WORDS: Mapping[str, str] = {
    "port": "INTERFACE_DOWN", "card": "CARD_FAILED", "probe": "PROBE_FAILED", "mains": "COMMERCIAL_POWER_FAILED",
    "battery": "BATTERY_LOW", "generator": "GENERATOR_FAILED", "fuel": "FUEL_LOW",
}  # fmt: skip
CONTACTS: Mapping[str, str] = {
    "commercial power failure": "mains",
    "battery low": "battery",
    "generator failure": "generator",
    "fuel low": "fuel",
}
"""What the external contacts of a site are called → kind; each operator's own configuration."""


def listed(kind: str, name: str, occurred_ms: int, uncertainty_ms: int, text: str) -> Notification:
    """An alarm that stands in an element's list; ``kind``: port, card, probe, or one of the site's contacts."""
    event = _WORDS[kind]
    meaning = MEANINGS[event]
    return Notification(
        event, meaning.object_kind, name, occurred_ms, uncertainty_ms, meaning.event_type, meaning.probable_cause,
        meaning.severity, text=text.strip(),
    )  # fmt: skip
