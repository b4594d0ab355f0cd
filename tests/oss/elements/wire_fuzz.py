"""Inputs for fuzzing: mutations of samples, of octets and of structure, and inputs made from scratch."""

import json
import random
from collections.abc import Iterator

from tests.oss.elements.test_ves import mutated
from tests.oss.elements.wire_samples import link_trap, messages, oid, tlv, trap

TOKENS = {
    "snmp": [b"\x30\x80", b"\x02\x09" + b"\xff" * 9, b"\x06\x02\x80\x80", b"\xa7", b"\x40\x04", b"\x46", b"\x05\x00"],
    "ves": [b"NaN", b"1e999", b"-0", b'"event":', b"[[[[", b"null", b"true", b"18446744073709551616", b"\\ud800", b"NORMAL"],
    "rfc8632": [b"NaN", b"null", b"true", b'"cleared"', b"6", b'"status-change":[]', b"9999-12-31T23:59:60Z", b"+14:00"],
    "tl1": [b'"', b'\\"', b":", b",", b"/*", b"*/", b";", b">", b"\r\n", b"REPT PM", b"CL", b"00-00", b"*C"],
    "pm_xml": [b"<!DOCTYPE a>", b"<r p='1'>", b"</measInfo>", b"<measInfo>", b"&#0;", b"&lt;", b"PT0S", b"NIL", b"<suspect/>", b"9" * 400],
}  # fmt: skip
WORDS = {
    "ves": ["event", "eventList", "commonEventHeader", "faultFields", "domain", "fault", "sequence", 0, 1.5, None, True],
    "rfc8632": ["ietf-alarms:alarms", "alarm-list", "alarm", "resource", "is-cleared", "perceived-severity", "major", 5, None],
}  # fmt: skip


def inputs(dialect: str, count: int, seed: int) -> Iterator[bytes]:
    """``count`` inputs, the same for one seed."""
    chance = random.Random(f"{dialect}/{seed}")
    samples = messages(dialect)
    if dialect == "snmp":
        samples += [link_trap(3, 1, 2), link_trap(4, 1, 1), *wire_traps()]
    for _ in range(count):
        kind = chance.randrange(10)
        if kind < 6:
            yield octets_changed(chance.choice(samples), TOKENS[dialect], chance)
        elif kind < 9 and dialect in ("ves", "rfc8632", "snmp"):
            yield structure_changed(chance.choice(samples), chance)
        else:
            yield from_scratch(dialect, chance)


def wire_traps() -> list[bytes]:
    bindings = [("1.3.6.1.2.1.15.3.1.14.192.0.2.1", tlv(4, b"\x04\x00")), ("1.3.6.1.2.1.15.3.1.2.192.0.2.1", tlv(2, b"\x01"))]
    return [trap("1.3.6.1.2.1.15.0.2", *bindings), trap("1.3.6.1.4.1.2011.2.15.2.4.3.3.0.1", ("1.3.6.1.4.1.2011.2.15.2.4.3.3.11", tlv(2, b"\x01")))]


def octets_changed(sample: bytes, tokens: list[bytes], chance: random.Random) -> bytes:
    """One to three changes: a flipped octet, a token put in, a piece taken out or doubled, an end cut off."""
    data = bytearray(sample)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data) + 1)
        piece = slice(at, at + chance.randint(1, 40))
        change = chance.randrange(6)
        if change == 0 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif change == 1:
            data[at:at] = chance.choice(tokens)
        elif change == 2:
            del data[piece]
        elif change == 3:
            data[at:at] = data[piece]
        elif change == 4:
            data[piece] = chance.choice(tokens)
        elif chance.random() < 0.3:
            del data[at:]
    return bytes(data)


def structure_changed(sample: bytes, chance: random.Random) -> bytes:
    if sample[:1] == b"\x30":
        return octets_changed(sample, TOKENS["snmp"], chance)
    return json.dumps(mutated(json.loads(sample), chance)).encode()


def from_scratch(dialect: str, chance: random.Random) -> bytes:
    """Octets of any kind, or a small sentence in the dialect's own words."""
    if chance.random() < 0.3:
        return chance.randbytes(chance.randrange(200))
    if dialect in WORDS:
        return json.dumps(value(WORDS[dialect], chance, 5)).encode()
    if dialect == "snmp":
        return trap(f"1.3.6.1.{chance.choice(['6.3.1.1.5', '2.1.15.0', '4.1.28458'])}.{chance.randrange(6)}",
                    *[(f"1.3.6.1.2.1.2.2.1.{chance.randrange(9)}.{chance.randrange(2**31)}", anything(chance)) for _ in range(3)])  # fmt: skip
    if dialect == "tl1":
        tokens = [*TOKENS["tl1"], b"SLOT-1", b"LOS", b"MJ", b" ", b"\n"]
        return b"   NE 26-03-14 19:00:06\r\n*C 1 REPT ALM EQPT\r\n   " + b"".join(chance.choices(tokens, k=chance.randrange(30)))
    names = [b"fileHeader", b"measData", b"measInfo", b"managedElement", b"measValue", b"r", b"granPeriod", b"fileFooter"]
    body = b"".join(b"<%s p='1'>%s" % (name, b"</%s>" % name if chance.random() < 0.7 else b"") for name in chance.choices(names, k=8))
    return b'<measCollecFile xmlns="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec">' + body + b"</measCollecFile>"


def anything(chance: random.Random) -> bytes:
    if chance.random() < 0.2:
        return oid("1.3.6.1." + ".".join(str(chance.randrange(2**32)) for _ in range(5)))
    return tlv(chance.choice([2, 4, 5, 6, 0x40, 0x41, 0x43, 0x44, 0x46, 0x80]), chance.randbytes(chance.randrange(12)))


def value(words, chance: random.Random, depth: int):
    kind = chance.randrange(4) if depth else 0
    if kind == 1:
        return {str(chance.choice(words)): value(words, chance, depth - 1) for _ in range(chance.randrange(4))}
    if kind == 2:
        return [value(words, chance, depth - 1) for _ in range(chance.randrange(3))]
    return chance.choice(words)
