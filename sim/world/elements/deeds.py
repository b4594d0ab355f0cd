"""What somebody at the terminal has told an element to do, whatever its vendor."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Setting:
    """One statement of the configuration. ``drain``: every link of the node has the highest metric."""

    kind: Literal["shut", "open", "metric", "drain", "undrain", "radio_off", "radio_on"]
    port: str = ""
    value: int = 0


@dataclass(frozen=True)
class Configure:
    """All at one instant. ``confirm_within_ms``: what is not confirmed by then is taken back. ``keeps_timer``: an
    earlier change that waits for its confirmation goes on waiting."""

    settings: tuple[Setting, ...]
    confirm_within_ms: int | None = None
    keeps_timer: bool = False


@dataclass(frozen=True)
class RollBack:
    """Take back the last so many changes, back to the configuration that ran before them."""

    changes: int
    confirm_within_ms: int | None = None


@dataclass(frozen=True)
class Confirm:
    """What waits for its confirmation stays."""


@dataclass(frozen=True)
class Restart:
    """Of the card in a slot, or of the whole node (empty)."""

    slot: str = ""


Deed = Configure | RollBack | Confirm | Restart
