"""SNMPv2c notifications, decoded and off the wire: what each of them says."""

import json

import pytest

from ossbss.oss.elements import snmp
from tests.oss.elements.wire_samples import (
    RECEIVED_MS,
    files,
    integer,
    link_trap,
    messages,
    needs_samples,
    oid,
    split,
    tlv,
    trap,
)

ADJACENCY = "communicationsProtocolError"
EXPECTED = {
    "linkDown": ("INTERFACE_DOWN", "port", "ifIndex=25", "lossOfSignal", "major"),
    "linkDown-admin": ("INTERFACE_DOWN", "port", "ifIndex=25", None, None),
    "linkUp": ("INTERFACE_UP", "port", "ifIndex=25", "lossOfSignal", "cleared"),
    "coldStart": ("SYSTEM_COLD_START", "element", "", None, None),
    "bgpEstablishedNotification": ("BGP_NEIGHBOR_UP", "neighbour", "192.0.2.1", ADJACENCY, "cleared"),
    "bgpBackwardTransNotification": ("BGP_NEIGHBOR_DOWN", "neighbour", "192.0.2.1", ADJACENCY, "major"),
    "ospfNbrStateChange": ("OSPF_NEIGHBOR_DOWN", "neighbour", "10.0.0.2", ADJACENCY, "major"),
}


def said(parsed):
    (one,) = parsed.notifications
    return one.event, one.object_kind, one.object_name, one.probable_cause, one.perceived_severity


@needs_samples
def test_every_sample_says_what_the_table_says():
    found = {json.loads(message)["name"]: said(snmp.parse(message, RECEIVED_MS)) for message in messages("snmp")}
    assert found == EXPECTED


@needs_samples
def test_the_samples_own_expectations_hold():
    (path,) = files("snmp")
    for sample in json.loads(path.read_bytes())["traps"]:
        parsed, expect = snmp.parse(json.dumps(sample).encode(), RECEIVED_MS), sample["expect"]
        (one,) = parsed.notifications
        assert (one.perceived_severity == "cleared") == expect.get("clear", False)
        assert one.is_alarm or not expect.get("alarm", True) or expect.get("type") == "restart"
        assert expect.get("resource_key", one.object_name).removeprefix("peer=") == one.object_name
        assert expect.get("lastError", "") in one.text
        assert expect.get("severity", one.perceived_severity) == one.perceived_severity
        assert parsed.resynchronise == (expect.get("type") == "restart")


@needs_samples
def test_raise_and_clear_share_their_key():
    keys = {}
    for message in messages("snmp"):
        (one,) = snmp.parse(message, RECEIVED_MS).notifications
        keys[json.loads(message)["name"]] = one.key
    assert keys["linkDown"] == keys["linkUp"]
    assert keys["bgpEstablishedNotification"] == keys["bgpBackwardTransNotification"]


BGP, OSPF = "1.3.6.1.2.1.15", "1.3.6.1.2.1.14"
WIRE = [
    (link_trap(3, 1, 2), EXPECTED["linkDown"]),
    (link_trap(3, 2, 2), EXPECTED["linkDown-admin"]),
    (link_trap(3, 3, 2), EXPECTED["linkDown-admin"]),  # testing
    (link_trap(4, 1, 1), EXPECTED["linkUp"]),
    (trap("1.3.6.1.6.3.1.1.5.1"), EXPECTED["coldStart"]),
    (trap("1.3.6.1.6.3.1.1.5.3", ("1.3.6.1.2.1.2.2.1.1.7", integer(7)),
          ("1.3.6.1.2.1.31.1.1.1.1.7", tlv(4, b"xe-1/0/0"))),
     ("INTERFACE_DOWN", "port", "xe-1/0/0", "lossOfSignal", "major")),
    (trap(f"{BGP}.0.2", (f"{BGP}.3.1.7.192.0.2.1", tlv(0x40, bytes([192, 0, 2, 1]))),
          (f"{BGP}.3.1.14.192.0.2.1", tlv(4, b"\x04\x00")), (f"{BGP}.3.1.2.192.0.2.1", integer(1))),
     EXPECTED["bgpBackwardTransNotification"]),
    (trap(f"{BGP}.7.1", (f"{BGP}.3.1.14.192.0.2.1", tlv(4, b"\x00\x00")), (f"{BGP}.3.1.2.192.0.2.1", integer(6))),
     EXPECTED["bgpEstablishedNotification"]),
    *((trap(f"{OSPF}.16.2.2", (f"{OSPF}.1.1.0", tlv(0x40, bytes([10, 0, 0, 1]))),
            (f"{OSPF}.10.1.1.10.1.1.2.0", tlv(0x40, bytes([10, 1, 1, 2]))),
            (f"{OSPF}.10.1.3.10.1.1.2.0", tlv(0x40, bytes([10, 0, 0, 2]))),
            (f"{OSPF}.10.1.6.10.1.1.2.0", integer(state))), expected)
      for state, expected in (
          (1, EXPECTED["ospfNbrStateChange"]),
          (5, EXPECTED["ospfNbrStateChange"]),
          (4, ("OSPF_NEIGHBOR_TWO_WAY", "neighbour", "10.0.0.2", None, None)),
          (8, ("OSPF_NEIGHBOR_UP", "neighbour", "10.0.0.2", ADJACENCY, "cleared")))),
]  # fmt: skip


@pytest.mark.parametrize(("payload", "expected"), WIRE)
def test_off_the_wire_it_says_the_same(payload, expected):
    parsed = snmp.parse(payload, RECEIVED_MS)
    assert parsed.rejected is None
    assert said(parsed) == expected


def test_an_inform_is_read_as_a_trap():
    assert said(snmp.parse(trap("1.3.6.1.6.3.1.1.5.1", pdu=0xA6), RECEIVED_MS)) == EXPECTED["coldStart"]


def test_a_file_of_messages_back_to_back_is_cut_at_their_lengths():
    stream = link_trap(3, 1, 2) + link_trap(4, 1, 1)
    assert split("snmp", stream) == [link_trap(3, 1, 2), link_trap(4, 1, 1)]
    assert split("snmp", stream + b"\x30\x50") == [link_trap(3, 1, 2), link_trap(4, 1, 1), b"\x30\x50"]


def test_one_notification_a_line_is_cut_at_the_lines():
    lines = [b'{"snmpTrapOID": "1.3.6.1.6.3.1.1.5.1"}', b'{"snmpTrapOID": "1.3.6.1.6.3.1.1.5.2"', b"{}"]
    assert split("snmp", b"\n".join(lines)) == lines
    assert [bool(snmp.parse(line, RECEIVED_MS).rejected) for line in lines] == [False, True, True]


NOKIA, HUAWEI, ZTE = "1.3.6.1.4.1.28458.1.26", "1.3.6.1.4.1.2011.2.15.2.4.3.3", "1.3.6.1.4.1.3902.4101"


def nokia(code):
    return trap(f"{NOKIA}.3.0.1.1", (f"{NOKIA}.3.1.1.5", tlv(4, b"65182239")), (f"{NOKIA}.3.1.1.7", integer(5)),
                (f"{NOKIA}.2.1.6.5", tlv(4, b"PLMN-PLMN/BSC-1/BCF-2")), (f"{NOKIA}.3.1.1.13", integer(code)),
                (f"{NOKIA}.3.1.1.16", tlv(4, b"7407|DOOR OPEN")))  # fmt: skip


def huawei(code, category=1, restore=2):
    return trap(f"{HUAWEI}.0.1", (f"{HUAWEI}.1", integer(42)), (f"{HUAWEI}.2", integer(category)),
                (f"{HUAWEI}.4", tlv(4, b"MyDevice")), (f"{HUAWEI}.10", integer(8)), (f"{HUAWEI}.11", integer(code)),
                (f"{HUAWEI}.12", integer(restore)), (f"{HUAWEI}.28", tlv(4, b"Loss of signal")))  # fmt: skip


def zte(code, number=1):
    return trap(f"{ZTE}.1.4.1.{number}", (f"{ZTE}.1.3.1.6.50", integer(code)), (f"{ZTE}.1.3.1.24.50", tlv(4, b"9")),
                (f"{ZTE}.1.3.1.11.50", tlv(4, b"198092551")), (f"{ZTE}.1.3.1.15.50", tlv(4, b"shelf 1")))  # fmt: skip


VENDORS = [
    (nokia(1), "PLMN-PLMN/BSC-1/BCF-2", "environmentalAlarm", "critical"),
    (nokia(5), "PLMN-PLMN/BSC-1/BCF-2", "environmentalAlarm", "cleared"),
    (huawei(1), "MyDevice", "communicationsAlarm", "critical"),
    (huawei(1, category=2), "MyDevice", "communicationsAlarm", "cleared"),
    (huawei(1, restore=1), "MyDevice", "communicationsAlarm", "cleared"),
    (huawei(6), "MyDevice", "communicationsAlarm", "cleared"),
    (huawei(1, category=4), "MyDevice", None, None),  # an acknowledgement
    (zte(2), "shelf 1", "processingErrorAlarm", "critical"),
    (zte(2, number=2), "shelf 1", "processingErrorAlarm", "cleared"),
]


@pytest.mark.parametrize(("payload", "name", "event_type", "severity"), VENDORS)
def test_element_managers_alarms_are_read_by_their_own_tables(payload, name, event_type, severity):
    (one,) = snmp.parse(payload, RECEIVED_MS).notifications
    assert (one.object_name, one.event_type, one.perceived_severity) == (name, event_type, severity)


def test_the_managers_alarm_number_joins_raise_and_clear():
    (raised,), (cleared,) = (snmp.parse(nokia(code), RECEIVED_MS).notifications for code in (1, 5))
    assert raised.key == cleared.key
    assert raised.qualifier == "7407|DOOR OPEN/65182239"


AT_MS = 1_491_433_448_000  # 2017-04-06 07:04:08 at UTC+8
TIMES = [
    (tlv(4, bytes.fromhex("07e10406070408002b0800")), AT_MS, 100),
    (tlv(4, b"2017-4-6,7:4:8.0,+8:0"), AT_MS, 100),
    (tlv(4, b"2017-4-5,21:4:8.5,-2:0"), AT_MS + 500, 100),
    (tlv(4, bytes.fromhex("07e1040607040800")), RECEIVED_MS, snmp.TRANSIT_MS),  # no zone: whose seven o'clock?
    (tlv(4, bytes.fromhex("07e10d06070408002b0800")), RECEIVED_MS, snmp.TRANSIT_MS),  # a thirteenth month
    (tlv(4, b"yesterday"), RECEIVED_MS, snmp.TRANSIT_MS),
]


@pytest.mark.parametrize(("encoded", "occurred_ms", "uncertainty_ms"), TIMES)
def test_an_alarm_that_tells_its_time_happened_then_and_another_on_arrival(encoded, occurred_ms, uncertainty_ms):
    payload = trap(f"{ZTE}.1.4.1.1", (f"{ZTE}.1.3.1.3.50", encoded), (f"{ZTE}.1.3.1.6.50", integer(2)))
    (one,) = snmp.parse(payload, RECEIVED_MS).notifications
    assert (one.occurred_ms, one.occurred_uncertainty_ms) == (occurred_ms, uncertainty_ms)


ALARM_MIB = "1.3.6.1.2.1.118"


@pytest.mark.parametrize(
    ("state", "severity"), [(2, "indeterminate"), (3, "warning"), (4, "minor"), (5, "major"), (6, "critical"), (9, "indeterminate")]
)
def test_rfc_3877_tells_the_severity_by_the_state_of_the_model(state, severity):
    model = f"{ALARM_MIB}.1.1.2.1.3.0.6666"
    resource = ("1.3.6.1.2.1.2.2.1.1.25",)
    active = trap(f"{ALARM_MIB}.0.2", (f"{ALARM_MIB}.1.2.2.1.13.1", oid(f"{model}.{state}")),
                  (f"{ALARM_MIB}.1.2.2.1.10.1", oid(*resource)))  # fmt: skip
    clear = trap(f"{ALARM_MIB}.0.3", (f"{ALARM_MIB}.1.3.2.1.10.1", oid(f"{model}.1")),
                 (f"{ALARM_MIB}.1.3.2.1.8.1", oid(*resource)))  # fmt: skip
    (raised,), (ended,) = (snmp.parse(each, RECEIVED_MS).notifications for each in (active, clear))
    assert (raised.perceived_severity, raised.object_name) == (severity, "ifIndex=25")
    assert (ended.perceived_severity, ended.key) == ("cleared", raised.key)


def test_an_unknown_trap_is_a_fact_with_what_it_carried():
    (one,) = snmp.parse(trap("1.3.6.1.4.1.9999.1", ("1.3.6.1.4.1.9999.2", integer(3))), RECEIVED_MS).notifications
    assert not one.is_alarm
    assert "1.3.6.1.4.1.9999.2 = 3" in one.text


def test_a_trap_has_no_time_of_day_so_arrival_counts():
    (one,) = snmp.parse(link_trap(3, 1, 2), RECEIVED_MS).notifications
    assert (one.occurred_ms, one.occurred_uncertainty_ms) == (RECEIVED_MS, snmp.TRANSIT_MS)


@pytest.mark.parametrize("value", [tlv(0x24, tlv(0x04, b"up")), tlv(0x30, b""), tlv(0xA0, integer(1)), tlv(0x45, b"x")])
def test_a_value_that_is_not_a_primitive_of_the_protocol_is_rejected(value):
    """RFC 3417, 8: the primitive form shall be used; RFC 3416 has no other kinds."""
    parsed = snmp.parse(trap("1.3.6.1.6.3.1.1.5.3", ("1.3.6.1.2.1.2.2.1.1.1", integer(1)), ("1.3.6.1.2.1.1.5.0", value)), 0)
    assert "not an SNMPv2c notification" in parsed.rejected
