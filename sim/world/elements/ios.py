"""What a router of the IOS family says: ``<priority>sequence: host: stamp: %FACILITY-SEVERITY-MNEMONIC: text``."""

from sim.world.elements.events import ElementEvent
from sim.world.elements.stamp import stamp

_LOCAL7 = 23  # the syslog facility of IOS unless configured otherwise

# (facility, severity 0 emergency .. 7 debugging, mnemonic, text) of each line of each event
_Line = tuple[str, int, str, str]
_LINES: dict[str, tuple[_Line, ...]] = {
    "port_down": (
        ("LINK", 3, "UPDOWN", "Interface {name}, changed state to down"),
        ("LINEPROTO", 5, "UPDOWN", "Line protocol on Interface {name}, changed state to down"),
    ),
    "port_up": (
        ("LINK", 3, "UPDOWN", "Interface {name}, changed state to up"),
        ("LINEPROTO", 5, "UPDOWN", "Line protocol on Interface {name}, changed state to up"),
    ),
    "card_failed": (("OIR", 3, "CRASH", "The module in slot {name} has crashed"),),
    "card_restored": (("OIR", 6, "INSCARD", "Card inserted in slot {name}, interfaces are now online"),),
    "probe_failed": (("TRACK", 6, "STATE", "{name} ip sla {name} reachability Up -> Down"),),
    "probe_restored": (("TRACK", 6, "STATE", "{name} ip sla {name} reachability Down -> Up"),),
    "power_lost": (("DYING_GASP", 0, "POWER_LOSS", "Shutdown due to power loss"),),
    "power_restored": (("SYS", 5, "RESTART", "System restarted --"),),
    "port_shut": (("LINK", 5, "CHANGED", "Interface {name}, changed state to administratively down"),),
    "port_opened": (
        ("LINK", 3, "UPDOWN", "Interface {name}, changed state to up"),
        ("LINEPROTO", 5, "UPDOWN", "Line protocol on Interface {name}, changed state to up"),
    ),
    "mains_failed": (("ALARM", 2, "CONTACT", "ASSERT MAJOR External alarm contact 1 commercial power failure"),),
    "mains_restored": (("ALARM", 5, "CONTACT", "CLEAR MAJOR External alarm contact 1 commercial power failure"),),
    "battery_low": (("ALARM", 1, "CONTACT", "ASSERT CRITICAL External alarm contact 2 battery low"),),
    "battery_normal": (("ALARM", 5, "CONTACT", "CLEAR CRITICAL External alarm contact 2 battery low"),),
    "generator_running": (("ALARM", 6, "CONTACT", "INFO External alarm contact 3 generator running"),),
    "generator_stopped": (("ALARM", 6, "CONTACT", "INFO External alarm contact 3 generator stopped"),),
    "generator_failed": (("ALARM", 2, "CONTACT", "ASSERT MAJOR External alarm contact 4 generator failure"),),
    "generator_ready": (("ALARM", 5, "CONTACT", "CLEAR MAJOR External alarm contact 4 generator failure"),),
    "fuel_low": (("ALARM", 3, "CONTACT", "ASSERT MINOR External alarm contact 5 fuel low"),),
    "fuel_normal": (("ALARM", 5, "CONTACT", "CLEAR MINOR External alarm contact 5 fuel low"),),
}
# What the contacts of a site are called is each operator's own configuration: these names are ours.


def write(event: ElementEvent, number: int) -> tuple[bytes, ...]:
    """The lines of one event, each a payload of its own without a line end.

    ``number`` is the sequence number of the first line; each further line takes the next one, so the
    caller's counter moves by the count of lines.
    """
    return tuple(_line(event, number + offset, line) for offset, line in enumerate(_LINES[event.kind]))


def _line(event: ElementEvent, number: int, line: _Line) -> bytes:
    facility, severity, mnemonic, text = line
    head = f"<{_LOCAL7 * 8 + severity}>{number}: {event.hostname}: {stamp(event.at_ms)}: "
    return (head + f"%{facility}-{severity}-{mnemonic}: " + text.format(name=event.name)).encode()


def port_name(slot: int, port: int) -> str:
    """The interface's name.

    >>> port_name(1, 0)
    'GigabitEthernet0/1/0'
    """
    return f"GigabitEthernet0/{slot}/{port}"


def radio_name(number: int) -> str:
    """The port of a radio, on the router itself.

    >>> radio_name(2)
    'GigabitEthernet0/0/2'
    """
    return f"GigabitEthernet0/0/{number}"
