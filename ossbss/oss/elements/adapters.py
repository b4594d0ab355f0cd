"""Which reader understands which dialect."""

from collections.abc import Callable, Mapping

from ossbss.oss.elements import ios_syslog, junos_syslog
from ossbss.oss.elements.names import ElementNames, Reading

Reader = Callable[[bytes, int, ElementNames], Reading]
"""(payload, received_ms, names) → Reading; never raises, whatever the payload."""

READERS: Mapping[str, Reader] = {"ios": ios_syslog.read, "junos": junos_syslog.read}
