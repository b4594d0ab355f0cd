"""Hostile messages: too large, too deep, bombs, lengths that lie, numbers that are none. Each is a reject with its reason."""

import json
import subprocess
import sys

import pytest

from ossbss.oss.elements import pm_xml, rfc8632, snmp, tl1, ves
from ossbss.oss.elements.malformed import LONGEST_REASON
from tests.oss.elements.test_rfc8632 import a_list, an_alarm
from tests.oss.elements.test_ves import a_fault
from tests.oss.elements.wire_samples import DIALECTS, RECEIVED_MS, integer, link_trap, tlv, trap

FAULT = json.dumps({"event": a_fault()}).encode()
HOSTILE = {
    "duplicate key": FAULT.replace(b'"sequence": 0', b'"sequence": 0, "sequence": 1'),
    "NaN": FAULT.replace(b'"sequence": 0', b'"sequence": NaN'),
    "infinity": FAULT.replace(b'"sequence": 0', b'"sequence": -Infinity'),
    "a float beyond all": FAULT.replace(b"1700000840000999", b"1e999"),
    "an integer of 5,000 digits": FAULT.replace(b"1700000840000999", b"9" * 5_000),
    "an integer of 25 digits": FAULT.replace(b"1700000840000999", b"9" * 25),
    "a time that no calendar has": FAULT.replace(b"1700000840000999", b"1700000840000999000"),
    "a time before 1970": FAULT.replace(b"1700000840000999", b"-1"),
    "a text for a number": FAULT.replace(b"1700000840000999", b'"soon"'),
    "a list for an object": b'{"event": {"commonEventHeader": []}}',
    "deeper than any message": b'{"event": ' + b'{"a": ' * 60 + b"1" + b"}" * 60 + b"}",
    "deeper than the parser": b"[" * 200_000,
    "not UTF-8": FAULT.replace(b"agg-17", b"\xff\xfe"),
    "half a surrogate pair": FAULT.replace(b"agg-17", b"\\ud800"),
    "nothing": b"",
    "null": b"null",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_json_is_rejected_by_every_dialect_that_reads_json(name):
    for dialect in (ves, rfc8632, snmp):
        rejected = dialect.parse(HOSTILE[name], RECEIVED_MS).rejected
        assert 0 < len(rejected or "") <= LONGEST_REASON


def test_the_message_that_these_were_made_from_is_readable():
    assert ves.parse(FAULT, RECEIVED_MS).rejected is None
    assert ves.parse(FAULT.replace(b"agg-17", b"\\ud83d\\ude00"), RECEIVED_MS).element == "😀"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_larger_than_the_stated_limit_is_not_even_looked_at(dialect):
    module = DIALECTS[dialect]
    parsed = module.parse(b"\x30" + b"A" * module.LARGEST_OCTETS, RECEIVED_MS)
    assert f"at most {module.LARGEST_OCTETS} are read" in (parsed.rejected or "")


GOOD = link_trap(3, 1, 2)
BER = {
    "indefinite length": (b"\x30\x80" + GOOD[2:] + b"\0\0", "indefinite length"),
    "a length beyond the end": (b"\x30\x7f" + GOOD[2:4], "leads beyond the end"),
    "a length of nine octets": (b"\x30\x89" + b"\xff" * 9 + GOOD[2:], "a length of 9 octets"),
    "an inner length beyond its parent": (tlv(0x30, integer(1) + b"\x04\x7f" + GOOD[9:20]), "leads beyond the end"),
    "cut off": (GOOD[:-3], "leads beyond the end"),
    "one octet": (b"\x30", "cut off"),
    "octets after the message": (GOOD + b"\x05\x00", "octets after the message"),
    "nested without end": (b"\x30\x84\x00\x00\x10\x00" * 30 + b"\x00" * 9000, "BER"),
    "a tag of several octets": (b"\x3f\x81\x01\x00", "a tag of several octets"),
    "SNMPv1": (trap("1.3.6.1.6.3.1.1.5.1", version=0), "SNMP version field 0"),
    "SNMPv3": (trap("1.3.6.1.6.3.1.1.5.1", version=3), "SNMP version field 3"),
    "a get request": (trap("1.3.6.1.6.3.1.1.5.1", pdu=0xA0), "not an SNMPv2c notification"),
    "an integer of a thousand octets": (trap("1.3.6.1.6.3.1.1.5.3", ("1.3.6.1.2.1.2.2.1.1.25", tlv(2, b"\x7f" * 1000))), "beyond its range"),
    "an object identifier without an end": (trap("1.3.6.1.6.3.1.1.5.3", ("1.3.6.1.2.1.2.2.1.1.25", tlv(6, b"\x2b" + b"\xff" * 900))), "not an SNMPv2c"),
    "more bindings than are read": (trap("1.3.6.1.6.3.1.1.5.1", *[("1.3.6.1.4.1.1.1", integer(1))] * 600), "602 variable bindings"),
    "no trap OID": (GOOD.replace(b"\x06\x0a\x2b\x06\x01\x06\x03\x01\x01\x04\x01\x00", b"\x06\x0a\x2b\x06\x01\x06\x03\x01\x01\x04\x01\x01"), "no snmpTrapOID"),
}  # fmt: skip


@pytest.mark.parametrize("name", BER)
def test_ber_that_lies_is_rejected(name):
    payload, reason = BER[name]
    assert reason in (snmp.parse(payload, RECEIVED_MS).rejected or "")


def test_long_lengths_written_longer_than_needed_are_legal_ber():
    """X.690, 8.1.3.5, note 2: the sender may use more octets than the least."""
    assert GOOD[:2] == b"\x30" + bytes([len(GOOD) - 2])
    assert snmp.parse(b"\x30\x83\x00\x00" + GOOD[1:], RECEIVED_MS).rejected is None


BODY = (
    '<measCollecFile xmlns="http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec">'
    '<fileHeader><fileSender localDn="{}"/></fileHeader><fileFooter/></measCollecFile>'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
XML = {
    "a bomb of entities": (f'<!DOCTYPE b [<!ENTITY l0 "ha">{LAUGHS}]>' + BODY.format("&l9;"), "document types and entities are refused"),
    "one entity, quadratic": ('<!DOCTYPE b [<!ENTITY a "' + "a" * 50_000 + '">]>' + BODY.format("&a;" * 1_000), "document types and entities are refused"),
    "a file of the station": ('<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.format("&x;"), "document types and entities are refused"),
    "a document type elsewhere": ('<!DOCTYPE b SYSTEM "http://192.0.2.1/x.dtd">' + BODY.format(""), "document types and entities are refused"),
    "an entity of nobody": (BODY.format("&x;"), "not XML"),
    "deeper than any file": (BODY.format("")[:-len("</measCollecFile>")] + "<a>" * 50_000, "nested deeper than"),
    "another document": ("<html/>", "root html"),
    "cut off": (BODY.format("")[:-5], "not XML"),
    "an encoding of nobody": ('<?xml version="1.0" encoding="klingon"?>' + BODY.format(""), "not XML"),
    "nothing": ("", "not XML"),
}  # fmt: skip


@pytest.mark.parametrize("name", XML)
def test_hostile_xml_is_rejected(name):
    text, reason = XML[name]
    assert reason in (pm_xml.parse(text.encode(), RECEIVED_MS).rejected or "")


TL1 = {
    "an open quote": b'   NE 26-03-14 20:41:30\n*C 3 REPT ALM EQPT\n   "40G-1-10:CL,EQPT' + b"x" * 60_000,
    "open comments": b"   NE 26-03-14 20:41:30\n*C 3 REPT ALM EQPT\n" + b"/*\n" * 20_000,
    "open quotes": b"   NE 26-03-14 20:41:30\n*C 3 REPT ALM EQPT\n" + b'"\n' * 30_000,
    "a header of blanks": b"NE" + b" " * 60_000 + b"x\n*C 3 REPT ALM EQPT\n;",
    "an AID of colons": b'   NE 26-03-14 20:41:30\n*C 3 REPT ALM EQPT\n   "' + b":" * 60_000 + b'"\n;',
}


@pytest.mark.parametrize("name", TL1)
def test_hostile_tl1_is_read_in_one_pass(name):
    """Inputs at which a pattern that looks back would take minutes."""
    assert tl1.parse(TL1[name], RECEIVED_MS).rejected


def test_one_bad_alarm_among_thousands_costs_itself_only():
    alarms = [an_alarm(resource=f"xe-{n}/0/0") for n in range(3_000)]
    alarms[1_500]["perceived-severity"] = "cleared"
    parsed = rfc8632.parse(json.dumps(a_list(*alarms)).encode(), RECEIVED_MS)
    assert (len(parsed.notifications), len(parsed.rejected_parts), parsed.complete) == (2_999, 1, False)


LIBRARIES = ("jsonschema", "pyasn1", "defusedxml")


@pytest.mark.parametrize("modules", ["ossbss", "sim", "ossbss.oss.elements.snmp, ossbss.oss.elements.ves, ossbss.oss.elements.rfc8632, ossbss.oss.elements.tl1, ossbss.oss.elements.pm_xml"])  # fmt: skip
def test_the_libraries_of_the_dialects_wait_until_a_message_needs_them(modules):
    code = f"import sys, {modules}; print([name for name in {LIBRARIES!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
