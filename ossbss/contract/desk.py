"""The desk at which a system writes: messages with its name and a running number, entries for the journal."""

from collections.abc import Mapping
from typing import Any

from ossbss.contract.assurance import plain
from ossbss.contract.ports import Entry, Message, Outbox


class Desk:
    """Collects what one step of a system sends and notes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.out = Outbox()
        self.sent = 0

    def clear(self) -> None:
        """Begin a new step."""
        self.out = Outbox()

    def head(self, occurred_ms: int) -> dict[str, Any]:
        """The fields every message has: sender, message_id, occurred_ms."""
        self.sent += 1
        return {"sender": self.name, "message_id": f"{self.name}-{self.sent:09d}", "occurred_ms": occurred_ms}

    def send(self, message: Message) -> None:
        self.out.messages.append(message)

    def note(self, hop: str, kind: str, subject: str, occurred_ms: int, body: Any) -> None:
        """An entry of one hop; ``body`` is a mapping or a frozen record."""
        values = body if isinstance(body, Mapping) else plain(body)
        self.out.entries.append(Entry(f"{self.name}.{hop}", kind, subject, occurred_ms, values))
