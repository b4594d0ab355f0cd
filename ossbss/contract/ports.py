"""The two doors of every system, and the words that pass through them.

``System`` is the asynchronous door: the testbed (or a live integration) hands over the messages of one
instant and takes what comes out. ``OnlineCharging`` is the synchronous door a network asks before it
serves. Neither side ever reads a clock: time is an argument.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Message:
    """Anything that crosses a border. ``occurred_ms`` is when it happened by the sender's clock;
    the receiver learns it at the ``now_ms`` of the step that hands it over."""

    sender: str
    message_id: str
    occurred_ms: int


@dataclass(frozen=True)
class Entry:
    """One line of the journal: what a system said it did. ``body`` holds plain values, whole records."""

    source: str
    kind: str
    subject: str
    occurred_ms: int
    body: Mapping[str, Any]


@dataclass
class Outbox:
    """What one step of a system gives back: messages for others, and entries for the journal."""

    messages: list[Message] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)

    def extend(self, other: "Outbox") -> None:
        self.messages += other.messages
        self.entries += other.entries


class System(Protocol):
    """A system of the operator: OSS, BSS, or anybody's own behind the same door."""

    name: str

    def step(self, now_ms: int, inbox: Sequence[Message]) -> Outbox:
        """Take the messages of one instant, sorted by (occurred_ms, sender, message_id)."""
        ...

    @property
    def next_wakeup_ms(self) -> int | None:
        """When it wants to be stepped without a message; None: only messages wake it."""
        ...

    def tables(self) -> Mapping[str, pl.DataFrame]:
        """The columns this system owns, for the run folder (names as in the run-folder table)."""
        ...


class OnlineCharging(Protocol):
    """Charging as a network asks for it: requests of one hour, sorted by (time, id), answered at once."""

    def grant(self, requests: pl.DataFrame) -> pl.DataFrame:
        """CHARGING_REQUESTS_SCHEMA in, CHARGING_GRANTS_SCHEMA out, one row for each request."""
        ...
