"""What a router of the Junos family says: ``<priority>stamp host process[pid]: TAG: text``."""

import re

from sim.world.elements.events import ElementEvent
from sim.world.elements.stamp import stamp

_PRIORITY = 3 * 8 + 4  # facility daemon, severity warning, as in every line of the family's samples
_INTERFACE = re.compile(r"[a-z]+-(\d+)/\d+/(\d+)")
_FIRST_INDEX = 486
_INDICES_PER_SLOT = 16

_MIB2D, _ALARMD, _RMOPD = "mib2d[2424]", "alarmd[2449]", "rmopd[1320]"
_PORT = "ifIndex {index}, ifAdminStatus up(1), ifOperStatus {status}, ifName {name}"
_FPC = "FPC color=RED, class=CHASSIS, reason=FPC {name} Major Errors"
_PEM = "PEM color=RED, class=CHASSIS, reason=PEM 0 Not Powered"
_SITE = "External color={color}, class=CHASSIS, reason=External-{contact} "
_MAINS = _SITE.format(color="RED", contact=0) + "commercial power failure"
_BATTERY = _SITE.format(color="RED", contact=1) + "battery low"
_ENGINE = _SITE.format(color="RED", contact=3) + "generator failure"
_FUEL = _SITE.format(color="YELLOW", contact=4) + "fuel low"
# What the contacts of a site are called is each operator's own configuration: these names are ours.
_PING = "pingCtlOwnerIndex = access, pingCtlTestName = {name}"

_LINES: dict[str, tuple[str, str]] = {
    "port_down": (_MIB2D, "SNMP_TRAP_LINK_DOWN: " + _PORT.replace("{status}", "down(2)")),
    "port_up": (_MIB2D, "SNMP_TRAP_LINK_UP: " + _PORT.replace("{status}", "up(1)")),
    "card_failed": (_ALARMD, "Alarm set: " + _FPC),
    "card_restored": (_ALARMD, "Alarm cleared: " + _FPC),
    "probe_failed": (_RMOPD, "PING_TEST_FAILED: " + _PING),
    "probe_restored": (_RMOPD, "PING_TEST_COMPLETED: " + _PING),
    "power_lost": (_ALARMD, "Alarm set: " + _PEM),
    "power_restored": (_ALARMD, "Alarm cleared: " + _PEM),
    "port_shut": (_MIB2D, "SNMP_TRAP_LINK_DOWN: " + _PORT.replace("up(1)", "down(2)").replace("{status}", "down(2)")),
    "port_opened": (_MIB2D, "SNMP_TRAP_LINK_UP: " + _PORT.replace("{status}", "up(1)")),
    "mains_failed": (_ALARMD, "Alarm set: " + _MAINS),
    "mains_restored": (_ALARMD, "Alarm cleared: " + _MAINS),
    "battery_low": (_ALARMD, "Alarm set: " + _BATTERY),
    "battery_normal": (_ALARMD, "Alarm cleared: " + _BATTERY),
    "generator_running": (_ALARMD, "External-2 generator running"),
    "generator_stopped": (_ALARMD, "External-2 generator stopped"),
    "generator_failed": (_ALARMD, "Alarm set: " + _ENGINE),
    "generator_ready": (_ALARMD, "Alarm cleared: " + _ENGINE),
    "fuel_low": (_ALARMD, "Alarm set: " + _FUEL),
    "fuel_normal": (_ALARMD, "Alarm cleared: " + _FUEL),
}


def write(event: ElementEvent, number: int) -> tuple[bytes, ...]:  # noqa: ARG001 - this family numbers no lines
    """The line of one event, one payload without a line end; ``number`` is not shown in this dialect.

    Raises ValueError where a port event names no interface of the form ``xe-slot/pic/port``.
    """
    process, text = _LINES[event.kind]
    index = _interface_index(event.name) if event.kind.startswith("port_") else 0
    head = f"<{_PRIORITY}>{stamp(event.at_ms)} {event.hostname} {process}: "
    return ((head + text.format(name=event.name, index=index)).encode(),)


def _interface_index(name: str) -> int:
    """The SNMP ifIndex: fixed by the place in the chassis, different for up to 16 ports a slot."""
    found = _INTERFACE.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is no interface of this family; give for example xe-1/0/0")
    return _FIRST_INDEX + _INDICES_PER_SLOT * int(found[1]) + int(found[2])


def port_name(slot: int, port: int) -> str:
    """The interface's name.

    >>> port_name(1, 0)
    'xe-1/0/0'
    """
    return f"xe-{slot}/0/{port}"


def radio_name(number: int) -> str:
    """The port of a radio, on the router itself.

    >>> radio_name(2)
    'ge-0/0/2'
    """
    return f"ge-0/0/{number}"
