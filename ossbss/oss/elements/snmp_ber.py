"""SNMPv2c notifications off the wire: BER (ITU-T X.690) of the message of RFC 1901 and the PDUs of RFC 3416.

Lengths are checked before the decoder sees them: RFC 3417, 8, allows the definite form only, and a length that
points beyond the message is the oldest attack there is.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import IO, Any

from pyasn1.codec.ber import decoder
from pyasn1.type import tag, univ

from ossbss.oss.elements.malformed import MalformedError
from ossbss.oss.elements.snmp_trap import Value, Varbind

DEEPEST = 8
"""levels of BER; a notification has five: message, PDU, list, binding, value"""
LARGEST_OCTETS = 65_507
"""what one UDP datagram over IPv4 can carry (RFC 3417, 3.1: SNMP over UDP)"""
MOST_VARBINDS = 512
"""(assumption); RFC 3416, 3, allows any number that fits"""
_CONSTRUCTED = 0x20
_V2C = 1


def _application(number: int, kind: Any) -> Any:
    return kind.subtype(implicitTag=tag.Tag(tag.tagClassApplication, tag.tagFormatSimple, number))


def _context(number: int, kind: Any) -> Any:
    return kind.subtype(implicitTag=tag.Tag(tag.tagClassContext, tag.tagFormatSimple, number))


_NULL, _OID_TAG = univ.Null(), 0x06
_NUMBERS = {
    0x02: univ.Integer(), 0x41: _application(1, univ.Integer()), 0x42: _application(2, univ.Integer()),
    0x43: _application(3, univ.Integer()), 0x46: _application(6, univ.Integer()),
}  # fmt: skip
"""INTEGER, Counter32, Gauge32, TimeTicks, Counter64"""
_STRINGS = {
    0x04: univ.OctetString(), 0x40: _application(0, univ.OctetString()), 0x44: _application(4, univ.OctetString()),
}  # fmt: skip
"""OCTET STRING, IpAddress, Opaque"""
_ABSENT = {0x05: _NULL, 0x80: _context(0, _NULL), 0x81: _context(1, _NULL), 0x82: _context(2, _NULL)}
"""unSpecified, noSuchObject, noSuchInstance, endOfMibView"""
_LEAVES: Mapping[int, Any] = {**_NUMBERS, **_STRINGS, **_ABSENT, _OID_TAG: univ.ObjectIdentifier()}
"""Identifier → the pyasn1 type of all that a binding may hold (RFC 3416, ObjectSyntax and what stands in its place), in
the primitive form, which RFC 3417, 8, demands."""
_ADDRESS = 0x40
_SEQUENCE, _INTEGER, _STRING, _INFORM, _TRAP = 0x30, 0x02, 0x04, 0xA6, 0xA7
_MESSAGES = ([_INTEGER, _STRING, _INFORM], [_INTEGER, _STRING, _TRAP])
_PDU = [_INTEGER, _INTEGER, _INTEGER, _SEQUENCE]
"""request-id, error-status, error-index, variable-bindings (RFC 3416, 3)"""
REMEMBERED, REMEMBERED_OCTETS = 8_192, 64
"""So many encoded names and values, of so many octets at most, are known from before: elements say few new ones."""


def varbinds_of(payload: bytes) -> tuple[Varbind, ...]:
    """The variable bindings of one BER message; raises ``MalformedError`` for all else, SNMPv1 and v3 included."""
    _check_lengths(payload, 0, len(payload), 0)
    version = _version(payload)
    if version != _V2C:
        raise MalformedError(f"SNMP version field {version}: only SNMPv2c ({_V2C}) is read")
    try:
        return tuple(_varbind(payload, binding) for binding in _bindings(payload))
    except MalformedError:
        raise
    except Exception as error:  # the library promises no closed set of exceptions for hostile bytes
        raise MalformedError(f"not an SNMPv2c notification: {type(error).__name__}") from None


def messages_of(first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    """The messages of a stream that holds them back to back, ``first`` being what was read of it; one whose length is
    a lie ends the stream, and comes out with what followed, to be rejected as such."""
    while first:
        head = first + stream.read(1)
        more = head[1] & 0x7F if len(head) == 2 and head[1] > 0x80 else 0
        head += stream.read(min(more, 4))
        length = int.from_bytes(head[2:], "big") if more else head[1] if len(head) == 2 else 0
        if more > 4 or head[1:2] == b"\x80" or length > LARGEST_OCTETS:
            yield head + stream.read(LARGEST_OCTETS)
            return
        yield head + stream.read(length)
        first = stream.read(1)


def _header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """(first octet of the tag, where the contents begin, their length)"""
    if at + 2 > end:
        raise MalformedError("BER: cut off within a header")
    if data[at] & 0x1F == 0x1F:
        raise MalformedError("BER: a tag of several octets, which SNMP does not have")
    length, start = data[at + 1], at + 2
    if length == 0x80:
        raise MalformedError("BER: indefinite length; SNMP allows the definite form only (RFC 3417, 8)")
    if length > 0x80:
        octets = length & 0x7F
        if octets > 4:
            raise MalformedError(f"BER: a length of {octets} octets")
        length, start = int.from_bytes(data[start : start + octets], "big"), start + octets
    if start + length > end:
        raise MalformedError(f"BER: a length of {length} leads beyond the end")
    return data[at], start, length


def _check_lengths(data: bytes, at: int, end: int, depth: int) -> None:
    if depth > DEEPEST:
        raise MalformedError(f"BER: nested deeper than {DEEPEST} levels")
    while at < end:
        identifier, start, length = _header(data, at, end)
        if identifier & _CONSTRUCTED:
            _check_lengths(data, start, start + length, depth + 1)
        at = start + length


def _version(payload: bytes) -> int:
    """The first member of the message, so that another version is told by its name."""
    _, outer, _ = _header(payload, 0, len(payload))
    identifier, start, length = _header(payload, outer, len(payload))
    if payload[0] != 0x30 or identifier != 0x02 or not 1 <= length <= 4:
        raise MalformedError("not an SNMP message: no sequence that begins with a version")
    return int.from_bytes(payload[start : start + length], "big", signed=True)


_Member = tuple[int, int, int, int]
"""(identifier, where it begins, where its contents begin, where it ends)"""


def _members(data: bytes, at: int, end: int) -> list[_Member]:
    found = []
    while at < end:
        identifier, start, length = _header(data, at, end)
        found.append((identifier, at, start, start + length))
        at = start + length
    return found


def _bindings(payload: bytes) -> list[_Member]:
    """The envelope is of four levels with one shape each: it is walked here, its leaves are the library's."""
    (_, _, start, end), *rest = _members(payload, 0, len(payload))
    if rest:
        raise MalformedError(f"{len(payload) - end} octets after the message")
    message = _members(payload, start, end)
    if [each[0] for each in message] not in _MESSAGES:
        raise MalformedError("not an SNMPv2c notification: not version, community and a trap or inform")
    pdu = _members(payload, *message[2][2:])
    if [each[0] for each in pdu] != _PDU:
        raise MalformedError("not an SNMPv2c notification: not three numbers and a list of variable bindings")
    bindings = _members(payload, *pdu[3][2:])
    if len(bindings) > MOST_VARBINDS:
        raise MalformedError(f"{len(bindings)} variable bindings; at most {MOST_VARBINDS} are read")
    return bindings


def _varbind(payload: bytes, binding: _Member) -> Varbind:
    parts = _members(payload, *binding[2:])
    if binding[0] != _SEQUENCE or len(parts) != 2 or parts[0][0] != _OID_TAG:
        raise MalformedError("not an SNMPv2c notification: a binding that is not a name and a value")
    name, value = (payload[begins:ends] for _, begins, _, ends in parts)
    found = _leaf(value)
    oid = _leaf(name)
    assert isinstance(oid, str)
    if isinstance(found, int) and not -(2**31) <= found < 2**64:
        raise MalformedError(f"{oid}: an integer beyond its range")
    return Varbind(oid, "", found)


def _leaf(encoded: bytes) -> Value:
    return _known_leaf(encoded) if len(encoded) <= REMEMBERED_OCTETS else _decoded(encoded)


def _decoded(encoded: bytes) -> Value:
    kind = encoded[0]
    if kind not in _LEAVES:
        raise MalformedError(f"not an SNMPv2c notification: a value with identifier 0x{kind:02x}")
    value, _ = decoder.decode(encoded, asn1Spec=_LEAVES[kind])
    if kind in _NUMBERS:
        return int(value)
    if kind in _STRINGS:
        return ".".join(map(str, bytes(value))) if kind == _ADDRESS else bytes(value)
    return str(value) if kind == _OID_TAG else None


_known_leaf = lru_cache(maxsize=REMEMBERED)(_decoded)
