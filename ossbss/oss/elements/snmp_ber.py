"""SNMPv2c notifications off the wire: BER (ITU-T X.690) of the message of RFC 1901 and the PDUs of RFC 3416.

Lengths are checked before the decoder sees them: RFC 3417, 8, allows the definite form only, and a length that
points beyond the message is the oldest attack there is.
"""

from collections.abc import Iterator
from typing import IO, Any

from pyasn1.codec.ber import decoder
from pyasn1.type import namedtype, tag, univ

from ossbss.oss.elements.malformed import MalformedError
from ossbss.oss.elements.snmp_trap import Varbind

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


def _context(number: int, kind: Any, form: int = tag.tagFormatSimple) -> Any:
    return kind.subtype(implicitTag=tag.Tag(tag.tagClassContext, form, number))


def _sequence(**members: Any) -> Any:
    named = [namedtype.NamedType(name.replace("_", "-"), kind) for name, kind in members.items()]
    return univ.Sequence(componentType=namedtype.NamedTypes(*named))


_VALUE = univ.Choice(
    componentType=namedtype.NamedTypes(
        namedtype.NamedType("integer", univ.Integer()),
        namedtype.NamedType("octets", univ.OctetString()),
        namedtype.NamedType("oid", univ.ObjectIdentifier()),
        namedtype.NamedType("address", _application(0, univ.OctetString())),
        namedtype.NamedType("counter32", _application(1, univ.Integer())),
        namedtype.NamedType("gauge32", _application(2, univ.Integer())),
        namedtype.NamedType("timeticks", _application(3, univ.Integer())),
        namedtype.NamedType("opaque", _application(4, univ.OctetString())),
        namedtype.NamedType("counter64", _application(6, univ.Integer())),
        namedtype.NamedType("unspecified", univ.Null()),
        namedtype.NamedType("noSuchObject", _context(0, univ.Null())),
        namedtype.NamedType("noSuchInstance", _context(1, univ.Null())),
        namedtype.NamedType("endOfMibView", _context(2, univ.Null())),
    )
)
_PDU = _sequence(
    request_id=univ.Integer(),
    error_status=univ.Integer(),
    error_index=univ.Integer(),
    variable_bindings=univ.SequenceOf(componentType=_sequence(name=univ.ObjectIdentifier(), value=_VALUE)),
)
_DATA = univ.Choice(
    componentType=namedtype.NamedTypes(
        namedtype.NamedType("inform", _context(6, _PDU, tag.tagFormatConstructed)),
        namedtype.NamedType("trap", _context(7, _PDU, tag.tagFormatConstructed)),
    )
)
MESSAGE = _sequence(version=univ.Integer(), community=univ.OctetString(), data=_DATA)
"""the pyasn1 type of an SNMPv2c message with a trap (RFC 3416, SNMPv2-Trap-PDU) or an inform"""


def varbinds_of(payload: bytes) -> tuple[Varbind, ...]:
    """The variable bindings of one BER message; raises ``MalformedError`` for all else, SNMPv1 and v3 included."""
    _check_lengths(payload, 0, len(payload), 0)
    version = _version(payload)
    if version != _V2C:
        raise MalformedError(f"SNMP version field {version}: only SNMPv2c ({_V2C}) is read")
    try:
        message, rest = decoder.decode(payload, asn1Spec=MESSAGE)
        bindings = message["data"].getComponent()["variable-bindings"]
        found = tuple(_varbind(each) for each in bindings[:MOST_VARBINDS])
    except MalformedError:
        raise
    except Exception as error:  # the library promises no closed set of exceptions for hostile bytes
        raise MalformedError(f"not an SNMPv2c notification: {type(error).__name__}") from None
    if rest:
        raise MalformedError(f"{len(rest)} octets after the message")
    if len(bindings) > MOST_VARBINDS:
        raise MalformedError(f"{len(bindings)} variable bindings; at most {MOST_VARBINDS} are read")
    return found


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


def _varbind(binding: Any) -> Varbind:
    kind = binding["value"].getName()
    value = binding["value"].getComponent()
    oid = str(binding["name"])
    if kind in ("integer", "counter32", "gauge32", "timeticks", "counter64"):
        number = int(value)
        if not -(2**31) <= number < 2**64:
            raise MalformedError(f"{oid}: an integer beyond its range")
        return Varbind(oid, "", number)
    if kind == "oid":
        return Varbind(oid, "", str(value))
    if kind == "address":
        return Varbind(oid, "", ".".join(str(octet) for octet in bytes(value)))
    if kind in ("octets", "opaque"):
        return Varbind(oid, "", bytes(value))
    return Varbind(oid, "", None)
