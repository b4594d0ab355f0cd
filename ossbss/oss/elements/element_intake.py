"""From a heap of messages to readings: each element has its turn and its bound, and what is not read is kept."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ossbss.contract.assurance import RAW_OCTETS, VendorMessage
from ossbss.contract.desk import Desk
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements import adapters
from ossbss.oss.elements.intake import FLOOD, IntakePolicy, fair
from ossbss.oss.elements.names import ElementNames, Reading


@dataclass
class Flood:
    """An element says more than is read of it: since when, when last, how much was rejected, when it was asked."""

    element_id: str
    since_ms: int
    last_ms: int
    asked_ms: int
    rejected: int = 0


class ElementIntake:
    """Reads what elements say, at most so much of one in a minute of the clock.

    What is over the bound is noted as rejected; when that is over, and now and then while it goes on, the element has
    to tell all its alarms, so that nothing is lost for good.
    """

    def __init__(self, names: Mapping[str, ElementNames], desk: Desk, policy: IntakePolicy | None = None) -> None:
        self.names, self.desk, self.policy = names, desk, policy or IntakePolicy()
        self.floods: dict[str, Flood] = {}
        """element → its flood, while it lasts"""
        self._minute = 0
        self._read: Counter[str] = Counter()

    def read(self, messages: Iterable[VendorMessage], now_ms: int) -> Iterator[tuple[VendorMessage, Reading]]:
        """The messages of one instant that are read, in turn, each with what it says."""
        if now_ms // MINUTE_MS != self._minute:
            self._minute = now_ms // MINUTE_MS
            self._read.clear()
        intake = fair(messages, self.policy, self._read)
        for message in intake.flood:
            self._reject(message, FLOOD)
        for element, count in intake.flood_of.items():
            flood = self.floods.setdefault(element, Flood(element, now_ms, now_ms, now_ms))
            flood.last_ms, flood.rejected = now_ms, flood.rejected + count
        for message in intake.taken:
            self._read[message.element_id] += 1
            reading = adapters.read(message, now_ms, self.names)
            if reading.rejected:
                self._reject(message, reading.rejected)
            yield message, reading

    def to_resynchronise(self, now_ms: int) -> list[str]:
        """Elements that have to tell all their alarms now, for some of what they said was not read."""
        found = []
        for flood in list(self.floods.values()):
            is_over = now_ms >= flood.last_ms + self.policy.over_after_ms
            if is_over or now_ms >= flood.asked_ms + self.policy.told_every_ms:
                flood.asked_ms = now_ms
                found.append(flood.element_id)
                counts = {"rejected": flood.rejected, "since_ms": flood.since_ms, "over": is_over}
                self.desk.note("elements", "element.flooded", flood.element_id, flood.last_ms, counts)
            if is_over:
                del self.floods[flood.element_id]
        return found

    def _reject(self, message: VendorMessage, reason: str) -> None:
        payload = message.payload[:RAW_OCTETS].decode("utf-8", "replace")
        body = {"reason": reason, "message_id": message.message_id, "payload": payload}
        self.desk.note("elements", "message.rejected", message.element_id, message.occurred_ms, body)
