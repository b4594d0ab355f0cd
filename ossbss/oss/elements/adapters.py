"""Which reader understands which dialect; a message nobody can read is rejected with its reason."""

from collections.abc import Callable, Mapping

from ossbss.contract.assurance import AlarmList, VendorMessage
from ossbss.oss.elements import ios_syslog, junos_syslog
from ossbss.oss.elements.names import ElementNames, Reading

Reader = Callable[[bytes, int, ElementNames], Reading]
"""(payload, received_ms, names) → Reading; never raises, whatever the payload."""

READERS: Mapping[str, Reader] = {"ios": ios_syslog.read, "junos": junos_syslog.read}


def read(message: VendorMessage, now_ms: int, names: Mapping[str, ElementNames]) -> Reading:
    """A message of one element in the words of the inventory; ``names``: element → what its parts are called there."""
    if message.element_id not in names:
        return Reading(rejected=f"the inventory has no element {message.element_id!r}")
    if message.dialect not in READERS:
        return Reading(rejected=f"no reader for dialect {message.dialect!r}; there are {', '.join(READERS)}")
    return READERS[message.dialect](message.payload, now_ms, names[message.element_id])


def read_list(message: AlarmList, now_ms: int, names: Mapping[str, ElementNames]) -> list[Reading]:
    """An element's own list of alarms, each of its lines as any message of that element."""
    lines = (
        VendorMessage(sender=message.sender, message_id=message.message_id, occurred_ms=message.occurred_ms,
                      element_id=message.element_id, dialect=message.dialect, payload=payload)
        for payload in message.payloads
    )  # fmt: skip
    return [read(line, now_ms, names) for line in lines]
