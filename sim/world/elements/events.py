"""What an element notices about itself: the input of every vendor's dialect."""

from dataclasses import dataclass
from typing import Literal

EventKind = Literal[
    "port_down",
    "port_up",
    "card_failed",
    "card_restored",
    "probe_failed",
    "probe_restored",
    "power_lost",
    "power_restored",
    "port_shut",
    "port_opened",
    "mains_failed",
    "mains_restored",
    "battery_low",
    "battery_normal",
    "generator_running",
    "generator_stopped",
    "generator_failed",
    "generator_ready",
    "fuel_low",
    "fuel_normal",
]
"""Each of these has its end beside it; ``port_shut`` is somebody's command, not a failure."""


@dataclass(frozen=True)
class ElementEvent:
    """One thing that happened at one element, before any vendor puts it into words.

    ``at_ms`` is by the element's own clock (milliseconds since the Unix epoch, UTC), which may be wrong.
    ``name`` is the interface for port events, the slot for card events, the probe's number for probe
    events, and empty for power events.
    """

    kind: EventKind
    hostname: str
    at_ms: int
    name: str = ""
