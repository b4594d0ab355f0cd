"""What a router of the IOS family prints of itself, in the layout of IOS-XE."""

from datetime import UTC, datetime

from ossbss.contract.units import SECOND_MS
from sim.world.elements.condition import DARK_DBM, Element, Port
from sim.world.elements.events import ElementEvent

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
KEPT = 14
"""So many archived configurations (``maximum`` of the archive, whose path is ``flash:cfg``)."""


def interface(element: Element, name: str) -> str:
    port = element.ports[name]
    line = "up" if port.up else "down" if port.admin_up else "administratively down"
    return (
        f"{name} is {line}, line protocol is {'up' if port.up else 'down'} \n"
        f"  Hardware is ISR4451-X-4x1GE, address is 00d0.{abs(_sum(name)):04x}.0001\n"
        f"  Description: {port.description}\n"
        "  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec, \n"
        "     reliability 255/255, txload 1/255, rxload 1/255\n"
        "  Encapsulation ARPA, loopback not set\n"
        '  Last clearing of "show interface" counters never\n'
        f"  5 minute input rate {port.input_bps} bits/sec, {port.input_bps // 1_000} packets/sec\n"
        "  5 minute output rate 0 bits/sec, 0 packets/sec\n"
        f"     0 runts, 0 giants, 0 throttles \n"
        f"     {port.input_errors} input errors, {port.input_errors} CRC, 0 frame, 0 overrun, 0 ignored\n"
    )


def _sum(name: str) -> int:
    return sum(name.encode()) % 65_536


def transceiver(element: Element, name: str) -> str:
    port = element.ports[name]
    if port.rx_dbm is None:
        return f"Transceiver monitoring is not available for {name}\n"
    return (
        "If device is externally calibrated, only calibrated values are printed.\n"
        "++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.\n"
        "NA or N/A: not applicable, Tx: transmit, Rx: receive.\n"
        "mA: milliamperes, dBm: decibels (milliwatts).\n\n"
        "                                             Optical   Optical\n"
        "             Temperature  Voltage  Current   Tx Power  Rx Power\n"
        "Port         (Celsius)    (Volts)  (mA)      (dBm)     (dBm)\n"
        "-----------  -----------  -------  --------  --------  --------\n"
        f"{_short(name):<11}  31.2         3.29     22.4      -3.0      {_light(port)}\n"
    )


def _short(name: str) -> str:
    return name.replace("GigabitEthernet", "Gi")


def _light(port: Port) -> str:
    return f"{port.rx_dbm:.1f}" + (" --" if port.rx_dbm == DARK_DBM else "")


def clns_interface(element: Element, name: str) -> str:
    port = element.ports[name]
    state = "up" if port.up else "down" if port.admin_up else "administratively down"
    head = f"{name} is {state}, line protocol is {'up' if port.up else 'down'}\n"
    if port.metric is None:
        return f"{head}  CLNS protocol processing disabled\n"
    return (
        f"{head}  Checksums enabled, MTU 1497, Encapsulation SAP\n"
        "  Routing Protocol: IS-IS\n"
        "    Circuit Type: level-2\n"
        "    Interface number 0x1, local circuit ID 0x1\n"
        f"    Level-2 Metric: {port.metric}, Priority: 64, Circuit ID: {element.hostname}.01\n"
        f"    Number of active level-2 adjacencies: {int(port.up)}\n"
    )


def platform(element: Element) -> str:
    rows = [f" 0/{slot:<8}NIM-2GE-CU-SFP      {'ok' if ok else 'out of service':<21} 2d03h" for slot, ok in
            sorted(element.slots.items())]  # fmt: skip
    return (
        "Chassis type: ISR4451-X/K9\n\n"
        "Slot      Type                State                 Insert time (ago) \n"
        "--------- ------------------- --------------------- ----------------- \n"
        "0         ISR4451-X/K9        ok                    2d03h\n" + "\n".join(rows) + ("\n" if rows else "")
    )


_ALARMS = {
    "port_down": ("{name}", "CRITICAL", "Physical Port Link Down [1]"),
    "card_failed": ("subslot 0/{name}", "MAJOR", "Module crashed or failed [0]"),
    "mains_failed": ("External contact 1", "MAJOR", "commercial power failure [1]"),
    "battery_low": ("External contact 2", "CRITICAL", "battery low [2]"),
    "generator_failed": ("External contact 4", "MAJOR", "generator failure [4]"),
    "fuel_low": ("External contact 5", "MINOR", "fuel low [5]"),
}


def facility_alarms(element: Element) -> str:
    found = [(event, *_ALARMS[event.kind]) for event in element.alarms if event.kind in _ALARMS]
    count = {severity: sum(row[2] == severity for row in found) for severity in ("CRITICAL", "MAJOR", "MINOR")}
    rows = [f"{source.format(name=event.name):<26} {_date(event):<22} {severity:<13} {text}\n"
            for event, source, severity, text in found]  # fmt: skip
    return (
        f"System Totals  Critical: {count['CRITICAL']}  Major: {count['MAJOR']}  Minor: {count['MINOR']}\n\n"
        "Source                     Time                   Severity      Description [Index]\n"
        "------                     ------                 --------      -------------------\n" + "".join(rows)
    )


def _date(event: ElementEvent) -> str:
    at = _utc(event.at_ms)
    return f"{_MONTHS[at.month - 1]} {at:%d %Y %H:%M:%S}"


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // SECOND_MS, UTC)


def tracks(element: Element) -> str:
    """Probes that fail; the others are well."""
    failing = [event for event in element.alarms if event.kind == "probe_failed"]
    rows = [f"{event.name:<5} ip sla      {event.name:<26} reachability     Down  {_ago(element, event)}\n"
            for event in failing]  # fmt: skip
    return "Track Type        Instance                   Parameter        State Last Change\n" + "".join(rows)


def _ago(element: Element, event: ElementEvent) -> str:
    hours, rest = divmod((element.now_ms - event.at_ms) // SECOND_MS, 3_600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}"


def archive_file(number: int) -> str:
    """Where the configuration lies that ran before the change of this number, from 1."""
    return f"flash:cfg-{number}"


def archive(element: Element) -> str:
    count = len(element.changes)
    kept = range(max(1, count - KEPT + 1), count + 1)
    rows = [f"   {row:<9}{archive_file(number)}{' <- Most Recent' if number == count else ''}\n"
            for row, number in enumerate(kept, start=1)]  # fmt: skip
    return (
        f"The maximum archive configurations allowed is {KEPT}.\n"
        f"There are currently {len(kept)} archive configurations saved.\n"
        f"The next archive file will be named {archive_file(count + 1)}\n"
        " Archive #  Name\n" + "".join(rows)
    )


def last_change(element: Element) -> str:
    if not element.changes:
        return "! No configuration change since last restart\n"
    at = _utc(element.changes[-1].at_ms)
    day = f"{_DAYS[at.weekday()]} {_MONTHS[at.month - 1]} {at.day} {at.year}"
    return f"! Last configuration change at {at:%H:%M:%S} UTC {day} by {element.changes[-1].user}\n"
