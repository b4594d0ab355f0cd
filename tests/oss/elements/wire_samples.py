"""Samples of the structured dialects, what their dialects' parsers are, and BER written by an encoder of our own."""

from io import BytesIO
from pathlib import Path

import pytest

from ossbss.oss.elements import pm_xml, rfc8632, snmp, tl1, ves

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
RECEIVED_MS = 1_773_500_000_000  # 2026-03-14T14:53:20Z
DIALECTS = {"snmp": snmp, "ves": ves, "rfc8632": rfc8632, "tl1": tl1, "pm_xml": pm_xml}
needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="SKIPPED BY NAME: ../shared/samples is absent")


def files(folder: str, pattern: str = "*") -> list[Path]:
    return sorted(path for path in (SAMPLES / folder).rglob(pattern) if path.is_file())


def split(dialect: str, data: bytes) -> list[bytes]:
    return list(DIALECTS[dialect].split(BytesIO(data)))


def messages(dialect: str) -> list[bytes]:
    """Every sample message of a dialect."""
    paths = {
        "snmp": files("snmp"),
        "ves": files("ves", "*.json"),
        "rfc8632": files("rfc8632"),
        "tl1": files("tl1", "*.txt"),
        "pm_xml": files("pm_3gpp", "*.xml"),
    }[dialect]
    return [message for path in paths for message in split(dialect, path.read_bytes())]


def tlv(identifier: int, content: bytes) -> bytes:
    """BER with the shortest definite length."""
    if len(content) < 128:
        return bytes([identifier, len(content)]) + content
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([identifier, 0x80 | len(size)]) + size + content


def integer(value: int, identifier: int = 0x02) -> bytes:
    return tlv(identifier, value.to_bytes(value.bit_length() // 8 + 1, "big", signed=True))


def oid(text: str) -> bytes:
    first, second, *rest = (int(arc) for arc in text.split("."))
    out = b""
    for arc in (first * 40 + second, *rest):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        out += bytes(reversed(digits))
    return tlv(0x06, out)


def trap(trap_oid: str, *bindings: tuple[str, bytes], version: int = 1, pdu: int = 0xA7) -> bytes:
    """An SNMPv2c message: sysUpTime.0, snmpTrapOID.0, then ``bindings`` of (OID, encoded value)."""
    rows = (("1.3.6.1.2.1.1.3.0", integer(123456, 0x43)), ("1.3.6.1.6.3.1.1.4.1.0", oid(trap_oid)), *bindings)
    varbinds = tlv(0x30, b"".join(tlv(0x30, oid(name) + value) for name, value in rows))
    body = tlv(pdu, integer(7) + integer(0) + integer(0) + varbinds)
    return tlv(0x30, integer(version) + tlv(0x04, b"public") + body)


IF = "1.3.6.1.2.1.2.2.1"


def link_trap(number: int, admin: int, operational: int) -> bytes:
    """linkDown (3) or linkUp (4) of ifIndex 25."""
    return trap(
        f"1.3.6.1.6.3.1.1.5.{number}",
        (f"{IF}.1.25", integer(25)), (f"{IF}.7.25", integer(admin)), (f"{IF}.8.25", integer(operational)),
    )  # fmt: skip
