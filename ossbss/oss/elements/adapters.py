"""A message of a managed element in the words of the inventory; what nobody can read is rejected with its reason."""

from collections.abc import Callable, Mapping

from ossbss.contract.assurance import AlarmList, VendorMessage
from ossbss.oss.elements.dialects import DIALECTS
from ossbss.oss.elements.names import ElementNames, Reading, reading_of
from ossbss.oss.elements.notification import Parse

KEPT_OCTETS = 65_536
"""of a rejected message (assumption: any line whole)"""
Reader = Callable[[bytes, int, ElementNames], Reading]
"""(payload, received_ms, names) → Reading; never raises, whatever the payload."""


def _reader(parse: Parse) -> Reader:
    return lambda payload, received_ms, names: reading_of(parse(payload, received_ms), received_ms, names)


READERS: Mapping[str, Reader] = {name: _reader(dialect.parse) for name, dialect in DIALECTS.items()}


def read(message: VendorMessage, now_ms: int, names: Mapping[str, ElementNames]) -> Reading:
    """A message of one element in the words of the inventory; ``names``: element → what its parts are called there."""
    if message.element_id not in names:
        return Reading(rejected=f"the inventory has no element {message.element_id!r}")
    if message.dialect not in READERS:
        return Reading(rejected=f"no reader for dialect {message.dialect!r}; there are {', '.join(READERS)}")
    return READERS[message.dialect](message.payload, now_ms, names[message.element_id])


def rejection(message: VendorMessage, reason: str) -> dict[str, str]:
    """What is noted of a message that was rejected: why, and the message, of a long one its head."""
    return {"reason": reason, "payload": message.payload[:KEPT_OCTETS].decode("utf-8", "replace")}


def read_list(message: AlarmList, now_ms: int, names: Mapping[str, ElementNames]) -> list[Reading]:
    """An element's own list of alarms, each of its lines as any message of that element."""
    lines = (
        VendorMessage(sender=message.sender, message_id=message.message_id, occurred_ms=message.occurred_ms,
                      element_id=message.element_id, dialect=message.dialect, payload=payload)
        for payload in message.payloads
    )  # fmt: skip
    return [read(line, now_ms, names) for line in lines]
