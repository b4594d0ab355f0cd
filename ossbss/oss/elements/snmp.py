"""SNMPv2c notifications: BER as received, or the decoded JSON form of collectors.

A notification carries no time of day, so an alarm occurred when it was received, at most ``TRANSIT_MS`` earlier.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

from ossbss.contract.assurance import Severity
from ossbss.contract.units import SECOND_MS
from ossbss.oss.elements.malformed import (
    LARGEST_FILE_OCTETS,
    MalformedError,
    instant,
    json_document,
    json_messages,
    within,
)
from ossbss.oss.elements.notification import Notification, Parsed
from ossbss.oss.elements.probable_causes import EVENT_TYPE
from ossbss.oss.elements.snmp_trap import Trap, Varbind, trap_of, trap_of_json
from ossbss.oss.elements.snmp_vendor import enterprise_alarm
from ossbss.oss.elements.vendor_alarm import ALARM_EVENTS, vendor_alarm

LARGEST_OCTETS = 65_507
"""what one UDP datagram over IPv4 can carry"""
TRANSIT_MS = SECOND_MS
"""from the element to the station (assumption): a datagram that is not sent again"""

_IF = "1.3.6.1.2.1.2.2.1"
_IF_NAME = "1.3.6.1.2.1.31.1.1.1.1"
_SNMP_TRAPS = "1.3.6.1.6.3.1.1.5"
_BGP, _OSPF = "1.3.6.1.2.1.15", "1.3.6.1.2.1.14"
_TRAP_ADDRESS = "1.3.6.1.6.3.18.1.3.0"
_UP, _DOWN, _TESTING = 1, 2, 3
_BGP_ERRORS = {
    1: "message header error", 2: "OPEN message error", 3: "UPDATE message error", 4: "hold timer expired",
    5: "finite state machine error", 6: "cease",
}  # fmt: skip
"""error codes of a BGP NOTIFICATION (RFC 4271, 4.5)"""
_OSPF_STATES = ("", "down", "attempt", "init", "twoWay", "exchangeStart", "exchange", "loading", "full")
"""ospfNbrState (RFC 4750)"""
_TWO_WAY, _FULL = 4, 8

EVENTS = ALARM_EVENTS | {
    "SYSTEM_COLD_START", "SYSTEM_WARM_START", "INTERFACE_DOWN", "BGP_NEIGHBOR_DOWN", "BGP_NEIGHBOR_UP",
    "OSPF_NEIGHBOR_DOWN", "OSPF_NEIGHBOR_UP", "OSPF_NEIGHBOR_TWO_WAY", "AUTHENTICATION_FAILURE", "EVENT", "TRAP",
}  # fmt: skip
"""every word that this dialect may say"""

Stamp = tuple[int, int]


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One notification in whichever of the two forms; ``element`` where an agent address stands in it."""
    try:
        trap = _trap(within(payload, LARGEST_OCTETS))
        return _parsed(trap, (instant(received_ms), TRANSIT_MS))
    except MalformedError as error:
        return Parsed(rejected=str(error))


def split(stream: IO[bytes]) -> Iterator[bytes]:
    """BER messages back to back; or JSON: one notification, a list of them (also under ``traps``), or one a line."""
    first = stream.read(1)
    if first == b"\x30":
        from ossbss.oss.elements.snmp_ber import messages_of  # noqa: PLC0415 — pyasn1 waits until BER comes

        yield from messages_of(first, stream)
        return
    yield from json_messages(first + stream.read(LARGEST_FILE_OCTETS), _traps)


def _traps(document: object) -> Sequence[object]:
    traps = document.get("traps", document) if isinstance(document, dict) else document
    return traps if isinstance(traps, list) else [document]


def _trap(payload: bytes) -> Trap:
    if payload.lstrip()[:1] == b"{":
        return trap_of_json(json_document(payload, LARGEST_OCTETS))
    from ossbss.oss.elements.snmp_ber import varbinds_of  # noqa: PLC0415 — pyasn1 waits until BER comes

    return trap_of(varbinds_of(payload))


def _parsed(trap: Trap, stamp: Stamp) -> Parsed:
    element = trap.text(_TRAP_ADDRESS, "snmpTrapAddress")
    if trap.oid in (f"{_SNMP_TRAPS}.1", f"{_SNMP_TRAPS}.2"):
        event = "SYSTEM_WARM_START" if trap.oid.endswith("2") else "SYSTEM_COLD_START"
        restart = Notification(event, "element", "", *stamp)
        return Parsed(element, (restart,), resynchronise=True)
    read = _STANDARD.get(trap.oid)
    found = read(trap, stamp) if read else enterprise_alarm(trap, stamp)
    if found is None:
        found = Notification("TRAP", "element", "", *stamp, text=f"{trap.oid}{_listed(trap.varbinds)}")
    return Parsed(element or trap.text(f"{_OSPF}.1.1", "ospfRouterId"), (found,))


def _listed(varbinds: tuple[Varbind, ...]) -> str:
    return "".join(f"; {each.name or each.oid} = {each.text}" for each in varbinds[:20])[:1000]


def _link(trap: Trap, stamp: Stamp) -> Notification:
    """IF-MIB linkDown, linkUp. Down by the operator's will or for a test is no alarm: RFC 8632 has the link alarm
    for 'operationally down while administratively up'."""
    index = trap.number(f"{_IF}.1", "ifIndex")
    name = trap.text(_IF_NAME, "ifName") or trap.text(f"{_IF}.2", "ifDescr")
    if index is None and not name:
        raise MalformedError("a link trap without ifIndex and without a name")
    admin, operational = trap.number(f"{_IF}.7", "ifAdminStatus"), trap.number(f"{_IF}.8", "ifOperStatus")
    down = trap.oid == f"{_SNMP_TRAPS}.3"
    text = f"ifIndex {index}, ifAdminStatus {admin}, ifOperStatus {operational}"
    name = name or f"ifIndex={index}"
    if down and admin in (_DOWN, _TESTING):
        return Notification("INTERFACE_DOWN", "port", name, *stamp, text=text + ": administratively down or tested")
    severity: Severity = "major" if down else "cleared"
    return vendor_alarm("port", name, stamp, severity, ("lossOfSignal",), text=text)


def _bgp(trap: Trap, stamp: Stamp) -> Notification:
    """BGP4-MIB (RFC 4273): established ends what a backward transition raised; the peer is in the index too."""
    state = trap.find(f"{_BGP}.3.1.2", "bgpPeerState")
    peer = trap.text(f"{_BGP}.3.1.7", "bgpPeerRemoteAddr")
    if not re.fullmatch(r"[\d.]+", peer):
        peer = state.oid.removeprefix(f"{_BGP}.3.1.2").lstrip(".") if state else ""
    if not peer:
        raise MalformedError("a BGP trap that names no peer")
    text = f"bgpPeerState {state.text if state else '?'}, bgpPeerLastError {_bgp_error(trap)}"
    if trap.oid in _BGP_UP:
        return _adjacency("BGP_NEIGHBOR_UP", peer, stamp, "cleared", text)
    return _adjacency("BGP_NEIGHBOR_DOWN", peer, stamp, "major", text)


def _bgp_error(trap: Trap) -> str:
    """``0x0400 hold timer expired`` of two octets, or of the four digits that a decoder made of them."""
    found = trap.find(f"{_BGP}.3.1.14", "bgpPeerLastError")
    digits = "" if found is None else found.value.hex() if isinstance(found.value, bytes) else found.text
    if not re.fullmatch(r"[0-9a-fA-F]{4}", digits):
        return "not told"
    return f"0x{digits} {_BGP_ERRORS.get(int(digits[:2], 16), 'none' if digits == '0000' else 'unknown')}"


def _ospf(trap: Trap, stamp: Stamp) -> Notification:
    """OSPF-TRAP-MIB (RFC 4750) ospfNbrStateChange. Two-way is a state to rest in between two routers that are not
    designated, and one to fall back to: it neither raises nor clears."""
    state = trap.number(f"{_OSPF}.10.1.6", "ospfNbrState")
    neighbour = trap.text(f"{_OSPF}.10.1.3", "ospfNbrRtrId") or trap.text(f"{_OSPF}.10.1.1", "ospfNbrIpAddr")
    if state is None or not 1 <= state <= _FULL or not neighbour:
        raise MalformedError("ospfNbrStateChange without a neighbour or without a state of 1 to 8")
    address = trap.text(f"{_OSPF}.10.1.1", "ospfNbrIpAddr")
    text = f"ospfNbrState {_OSPF_STATES[state]}({state}), ospfNbrIpAddr {address}"
    if state == _TWO_WAY:
        return Notification("OSPF_NEIGHBOR_TWO_WAY", "neighbour", neighbour, *stamp, text=text)
    severity: Severity = "cleared" if state == _FULL else "major"
    event = "OSPF_NEIGHBOR_UP" if state == _FULL else "OSPF_NEIGHBOR_DOWN"
    return _adjacency(event, neighbour, stamp, severity, text)


def _refused(trap: Trap, stamp: Stamp) -> Notification:
    return Notification("AUTHENTICATION_FAILURE", "element", "", *stamp, text=_listed(trap.varbinds).lstrip("; "))


def _adjacency(event: str, peer: str, stamp: Stamp, severity: Severity, text: str) -> Notification:
    """The qualifier is the protocol's name, for one neighbour may speak several."""
    protocol = event.partition("_")[0].lower()
    return Notification(
        event, "neighbour", peer, *stamp, EVENT_TYPE[_ADJACENCY_LOST], _ADJACENCY_LOST, severity, protocol, text
    )


_ADJACENCY_LOST = "communicationsProtocolError"
"""of the causes of X.721 the one for a protocol between two nodes (assumption: the RFCs name none)"""
_BGP_UP = (f"{_BGP}.0.1", f"{_BGP}.7.1")
_STANDARD: Mapping[str, Callable[[Trap, Stamp], Notification]] = {
    f"{_SNMP_TRAPS}.3": _link,
    f"{_SNMP_TRAPS}.4": _link,
    f"{_SNMP_TRAPS}.5": _refused,
    **dict.fromkeys((*_BGP_UP, f"{_BGP}.0.2", f"{_BGP}.7.2"), _bgp),
    f"{_OSPF}.16.2.2": _ospf,
}
"""trap OID → its reader; 15.7.1 and 15.7.2 are the BGP traps of RFC 1657, which agents still send"""
