"""What a router of the Junos family prints of itself."""

from datetime import UTC, datetime

from ossbss.contract.units import SECOND_MS
from sim.world.elements.condition import DARK_DBM, Element, Port

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INSTALLED_MS = 1_577_836_800_000
"""2020-01-01 (assumption)."""
KEPT = 50
"""So many configurations (0 to 49) can be rolled back to."""


def _head(port: Port) -> str:
    return (
        f"Physical interface: {port.name}, {'Enabled' if port.admin_up else 'Administratively down'}, "
        f"Physical link is {'Up' if port.up else 'Down'}\n"
    )


def interface(element: Element, name: str) -> str:
    port = element.ports[name]
    return _head(port) + (
        f"  Interface index: 150, SNMP ifIndex: {486 + list(element.ports).index(name)}, Generation: 153\n"
        f"  Description: {port.description}\n"
        "  Link-level type: Ethernet, MTU: 1514, Speed: 10Gbps, Loopback: Disabled, Source filtering: Disabled\n"
        f"  Device flags   : Present Running{'' if port.up else ' Down'}\n"
        "  Traffic statistics:\n"
        f"   Input  bytes  :                    0 {port.input_bps:>20} bps\n"
        f"   Output bytes  :                    0 {0:>20} bps\n"
        "  Input errors:\n"
        f"    Errors: {port.input_errors}, Drops: 0, Framing errors: {port.input_errors}, Runts: 0, "
        "Policed discards: 0, L3 incompletes: 0\n"
    )


def optics(element: Element, name: str) -> str:
    port = element.ports[name]
    if port.rx_dbm is None:
        return ""
    dark = port.rx_dbm == DARK_DBM
    light = "0.0000 mW / - Inf dBm" if dark else f"{10 ** (port.rx_dbm / 10):.4f} mW / {port.rx_dbm:.2f} dBm"
    return (
        f"Physical interface: {name}\n"
        "    Laser bias current                        :  22.400 mA\n"
        "    Laser output power                        :  0.5010 mW / -3.00 dBm\n"
        "    Module temperature                        :  31 degrees C / 88 degrees F\n"
        f"    Laser receiver power                      :  {light}\n"
        f"    Laser rx power low alarm                  :  {'On' if dark else 'Off'}\n"
    )


def isis_interface(element: Element, name: str) -> str:
    port = element.ports[name]
    if port.metric is None:
        return ""
    return (
        "IS-IS interface database:\n"
        f"{name}.0\n"
        "  Index: 69, State: 0x6, Circuit id: 0x1, Circuit type: 2\n"
        "  LSP interval: 100 ms, CSNP interval: 5 s\n"
        "  Level Adjacencies Priority Metric Hello (s) Hold (s) Designated Router\n"
        f"    2  {int(port.up):>11}       64 {port.metric:>6}     9.000       27\n"
    )


def fpc(element: Element, slot: str) -> str:
    works = element.slots[slot]
    figures = "     31     10          0    9      9      9    2048       20         25" if works else ""
    return (
        "                     Temp  CPU Utilization (%)   CPU Utilization (%)  Memory    Utilization (%)\n"
        "Slot State            (C)  Total  Interrupt      1min   5min   15min  DRAM (MB) Heap     Buffer\n"
        f"{slot:>3}  {'Online' if works else 'Offline':<12}{figures}\n"
    )


_ALARMS = {
    "card_failed": ("Major", "FPC {name} Major Errors"),
    "mains_failed": ("Major", "External-0 commercial power failure"),
    "battery_low": ("Major", "External-1 battery low"),
    "generator_failed": ("Major", "External-3 generator failure"),
    "fuel_low": ("Minor", "External-4 fuel low"),
}


def chassis_alarms(element: Element) -> str:
    found = [(event, *_ALARMS[event.kind]) for event in element.alarms if event.kind in _ALARMS]
    if not found:
        return "No alarms currently active\n"
    rows = [f"{_stamp(event.at_ms)}  {colour:<6} {text.format(name=event.name)}\n" for event, colour, text in found]
    return f"{len(found)} alarms currently active\nAlarm time               Class  Description\n" + "".join(rows)


def _stamp(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms // SECOND_MS, UTC):%Y-%m-%d %H:%M:%S} UTC"


def flaps(element: Element) -> str:
    """``show interfaces`` with all but two lines of each port left out."""
    down_ms = {event.name: event.at_ms for event in element.alarms if event.kind == "port_down"}
    return "".join(_head(port) + _flapped(element, down_ms.get(port.name)) for port in element.ports.values())


def _flapped(element: Element, at_ms: int | None) -> str:
    if at_ms is None:
        return "  Last flapped   : Never\n"
    seconds = (element.now_ms - at_ms) // SECOND_MS
    ago = f"{seconds // 3_600:02}:{seconds % 3_600 // 60:02}:{seconds % 60:02}"
    return f"  Last flapped   : {_stamp(at_ms)} ({ago} ago)\n"


def probes(element: Element) -> str:
    """Probes that fail; the others are well."""
    return "".join(
        f"    Owner: access, Test: {event.name}\n"
        "    Probe type: icmp-ping, Test size: 1 probes\n"
        "    Probe results:\n"
        f"      Request timed out, {_long(event.at_ms)}\n"
        "    Results over current test:\n"
        "      Probes sent: 1, Probes received: 0, Loss percentage: 100.000000\n"
        for event in element.alarms if event.kind == "probe_failed"
    )  # fmt: skip


def _long(at_ms: int) -> str:
    at = datetime.fromtimestamp(at_ms // SECOND_MS, UTC)
    return f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at.day:2d} {at:%H:%M:%S} {at.year}"


def commits(element: Element) -> str:
    """Newest first; number 0 is the configuration that runs, the last that with which the router was installed."""
    newest = list(reversed(element.changes))[: KEPT - 1]
    rows = [_commit(row, change.at_ms, f"{change.user} via cli") for row, change in enumerate(newest)]
    return "".join([*rows, _commit(len(rows), _INSTALLED_MS, "root via other")])


def _commit(row: int, at_ms: int, who: str) -> str:
    return f"{row:<4}{_stamp(at_ms)} by {who}\n"
