"""One event is the same event whoever tells of it: word, cause and severity through every dialect that has it."""

import json

import pytest

from ossbss.oss.elements.dialects import DIALECTS
from ossbss.oss.elements.events import MEANINGS
from ossbss.oss.elements.listed_alarms import CONTACTS, listed
from ossbss.oss.elements.vendor_alarm import WORDS_OF_CAUSE
from tests.oss.elements.test_messages import HEADS
from tests.oss.elements.test_rfc8632 import a_list, an_alarm
from tests.oss.elements.test_ves import a_fault, another
from tests.oss.elements.wire_samples import IF, RECEIVED_MS, integer, link_trap, tlv, trap

BGP, OSPF = "1.3.6.1.2.1.15", "1.3.6.1.2.1.14"


def ves(condition, kind, name="1", severity="MAJOR"):
    return json.dumps({"event": a_fault(alarmCondition=condition, alarmInterfaceA=name, eventSourceType=kind,
                                        eventSeverity=severity)})  # fmt: skip


def state(word):
    fields = {"newState": word, "oldState": "inService", "stateChangeFieldsVersion": "4.0", "stateInterface": "ge-0/0/1"}
    return json.dumps({"event": another("stateChange", fields)})


def tl1(verb, condition, code="MJ"):
    return f'\n   site-7 26-03-14 02:17:09\n** 04 REPT ALM {verb}\n   "SLOT-1:{code},{condition},SA,03-14,02-17-08"\n;\n'


def listed_by_8632(resource, cause, **changes):
    return json.dumps(a_list(an_alarm(resource=resource, **{"alarm-type-id": f"al:{cause}"}, **changes)))


CARD, ENDED = "/ietf-hardware:hardware/component[name='1']", {"is-cleared": True}
LOS, PROTO, BROKEN, MISSING = "lossOfSignal", "communicationsProtocolError", "equipmentMalfunction", "replaceableUnitMissing"
FAN, HEAT, MEMORY, CPU = "coolingFanFailure", "temperatureUnacceptable", "outOfMemory", "cpuCyclesLimitExceeded"

SAME = {
    ("INTERFACE_DOWN", LOS, "major"): {
        "ios": "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
        "iosxr": "%PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/2/0/4, changed state to Down",
        "nxos": "%ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/1 is down (Link failure)",
        "eos": "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1, changed state to down",
        "junos": "mib2d[1]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus up(1), ifOperStatus down(2), ifName xe-1/0/0",
        "huawei": "%%01IFPDT/4/IF_STATE(l)[1]:Interface GigabitEthernet0/0/1 has turned into DOWN state.",
        "snmp": link_trap(3, 1, 2),
        "ves": (ves("linkDown", "port"), state("outOfService")),
        "rfc8632": listed_by_8632("xe-1/0/0", "link-alarm"),
        "tl1": tl1("OC48", "LOS"),
    },
    ("INTERFACE_UP", LOS, "cleared"): {
        "ios": "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to up",
        "iosxr": "%PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/2/0/4, changed state to Up",
        "nxos": "%ETHPORT-5-IF_UP: Interface Ethernet1/1 is up in mode trunk",
        "eos": "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1, changed state to up",
        "junos": "mib2d[1]: SNMP_TRAP_LINK_UP: ifIndex 502, ifAdminStatus up(1), ifOperStatus up(1), ifName xe-1/0/0",
        "huawei": "%%01IFPDT/4/IF_STATE(l)[1]:Interface GigabitEthernet0/0/1 has turned into UP state.",
        "snmp": link_trap(4, 1, 1),
        "ves": (ves("linkDown", "port", severity="NORMAL"), state("inService")),
        "rfc8632": listed_by_8632("xe-1/0/0", "link-alarm", **ENDED),
        "tl1": tl1("OC48", "LOS", "CL"),
    },
    ("BGP_NEIGHBOR_DOWN", PROTO, "major"): {
        "ios": "%BGP-5-ADJCHANGE: neighbor 10.0.0.2 Down BGP Notification sent",
        "iosxr": "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Down - Interface flap (VRF: default)",
        "nxos": "%BGP-5-ADJCHANGE:  bgp-65000 [8473] (default) neighbor 10.0.0.1 Down - holdtimer expired error",
        "eos": "%BGP-5-ADJCHANGE: peer 10.0.0.1 (AS 65001) old state Established event Stop new state Idle",
        "junos": "rpd[1]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.1 (External AS 2222) changed state from Established to Idle (event RecvNotify)",
        "huawei": (
            "%%01BGP/3/STATE_CHG_UPDOWN(l)[2]:The status of the peer 10.0.0.2 changed from ESTABLISHED to IDLE. (x)",
            "%%01BGP/2/hwBgpBackwardTransition(l):The BGP FSM moves. (PeerAddress=10.0.0.2, Reason=x)",
        ),
        "snmp": trap(f"{BGP}.0.2", (f"{BGP}.3.1.7.192.0.2.1", tlv(0x40, bytes([192, 0, 2, 1])))),
    },
    ("BGP_NEIGHBOR_UP", PROTO, "cleared"): {
        "ios": "%BGP-5-ADJCHANGE: neighbor 10.0.0.2 Up",
        "iosxr": "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Up (VRF: default) (AS: 65001)",
        "nxos": "%BGP-5-ADJCHANGE:  bgp-65000 [8473] (default) neighbor 10.0.0.1 Up",
        "eos": "%BGP-5-ADJCHANGE: peer 10.0.0.1 (AS 65001) old state OpenConfirm event Established new state Established",
        "junos": "rpd[1]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.1 (External AS 2222) changed state from OpenConfirm to Established (event RecvKeepAlive)",
        "huawei": (
            "%%01BGP/3/STATE_CHG_UPDOWN(l)[2]:The status of the peer 10.0.0.2 changed from OPENCONFIRM to ESTABLISHED. (x)",
            "%%01BGP/2/hwBgpEstablished(l):The BGP FSM enters the established state. (PeerAddress=10.0.0.2)",
        ),
        "snmp": trap(f"{BGP}.0.1", (f"{BGP}.3.1.7.192.0.2.1", tlv(0x40, bytes([192, 0, 2, 1])))),
    },
    ("BGP_NEIGHBOR_STATE_CHANGED", None, None): {
        "eos": "%BGP-5-ADJCHANGE: peer 10.0.0.1 (AS 65001) old state Connect event TcpFail new state Active",
        "junos": "rpd[1]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.1 (External AS 2222) changed state from OpenSent to OpenConfirm (event RecvOpen)",
        "huawei": "%%01BGP/3/STATE_CHG_UPDOWN(l)[2]:The status of the peer 10.0.0.2 changed from IDLE to CONNECT. (x)",
    },
    ("OSPF_NEIGHBOR_DOWN", PROTO, "major"): {
        "ios": "%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.2 on GigabitEthernet0/1 from FULL to DOWN, Neighbor Down: x",
        "iosxr": "%ROUTING-OSPF-5-ADJCHG : Process 1, Nbr 10.0.0.1 on TenGigE0/0/0/0 in area 0 from FULL to DOWN, x",
        "nxos": "%OSPF-5-ADJCHANGE:  ospf-1 [5000]  Nbr 10.0.0.2 on Ethernet1/1 went DOWN",
        "eos": "%OSPF-4-OSPF_ADJACENCY_TEARDOWN: NGB 10.0.0.1, interface 10.1.1.1 adjacency dropped: x",
        "junos": "rpd[1]: RPD_OSPF_NBRDOWN: OSPF neighbor 10.0.0.2 (realm ospf-v2 xe-1/3/0.0 area 0.0.0.0) state changed from Full to Down due to x",
        "huawei": "%%01OSPF/3/NBR_CHG_DOWN(l)[1]:Neighbor event:neighbor state changed to Down. (ProcessId=1, NeighborAddress=10.1.1.1)",
        "snmp": trap(f"{OSPF}.16.2.2", (f"{OSPF}.10.1.3.10.1.1.2.0", tlv(0x40, bytes([10, 0, 0, 2]))),
                     (f"{OSPF}.10.1.6.10.1.1.2.0", integer(1))),
    },
    ("CARD_FAILED", BROKEN, "major"): {
        "ios": "%OIR-3-CRASH: The module in slot 1 has crashed",
        "nxos": "%MODULE-2-MOD_FAIL: Initialization of module 3 (serial: X) failed",
        "junos": "chassisd[1]: CHASSISD_FRU_OFFLINE_NOTICE: Taking FPC 1 offline: Error",
        "huawei": "%%01DEVM/3/hwBoardFail_active(l):Board fail. (EntPhysicalName=LPU 3)",
        "ves": ves("equipmentMalfunction", "card"),
        "rfc8632": listed_by_8632(CARD, "equipment-malfunction"),
        "tl1": tl1("EQPT", "EQPT_FAIL"),
    },
    ("CARD_REMOVED", MISSING, "major"): {
        "ios": "%OIR-6-REMCARD: Card removed from slot 1, interfaces disabled",
        "iosxr": "%PLATFORM-INV-6-OIROUT : OIR: Node 0/1/0 removed",
        "nxos": "%PLATFORM-2-MOD_REMOVE: Module 3 removed (Serial number X)",
        "eos": "%FRU-6-CARD_REMOVED: Card Linecard3 removed",
        "ves": ves("replaceableUnitMissing", "card"),
        "rfc8632": listed_by_8632(CARD, "replaceable-unit-missing"),
        "tl1": tl1("EQPT", "EQPT_MISSING"),
    },
    ("TEMPERATURE_HIGH", HEAT, "major"): {
        "ios": "%PLATFORM_ENV-1-TEMP: Abnormal temperature detected",
        "ves": (ves("temperatureUnacceptable", "other"), ves("highTemperature", "other")),
        "rfc8632": listed_by_8632("shelf 1", "high-temperature"),
        "tl1": tl1("EQPT", "HITEMP"),
    },
    ("FAN_FAILED", FAN, "major"): {
        "ios": "%ENVMON-3-FAN_FAILED: Fan 3 not rotating",
        "iosxr": "%PLATFORM-ENVMON-2-FANTRAY_FAIL : Fan tray 0 failed",
        "ves": ves("coolingFanFailure", "other"),
        "rfc8632": listed_by_8632("fan 3", "cooling-fan-failure"),
        "tl1": tl1("EQPT", "COOLINGFANFAILURE"),
    },
}  # fmt: skip
ROWS = [
    (*meaning, dialect, payload)
    for meaning, told in SAME.items()
    for dialect, payloads in told.items()
    for payload in (payloads if isinstance(payloads, tuple) else (payloads,))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}-{row[3]}")
def test_an_event_has_one_word_one_cause_and_one_severity_in_every_dialect(row):
    event, cause, severity, dialect, payload = row
    raw = payload if isinstance(payload, bytes) else (HEADS.get(dialect, "") + payload).encode()
    parsed = DIALECTS[dialect].parse(raw, RECEIVED_MS)
    assert parsed.rejected is None
    found = parsed.notifications[0]
    assert (found.event, found.probable_cause, found.perceived_severity) == (event, cause, severity)
    meaning = MEANINGS[event]
    assert found.event_type == meaning.event_type
    assert (meaning.probable_cause, "cleared" if meaning.ends else meaning.severity) == (cause, severity)


@pytest.mark.parametrize("event", [event for event, cause, _ in SAME if cause in (LOS, PROTO)])
def test_no_dialect_that_has_the_event_is_left_out(event):
    told = next(dialects for (word, *_), dialects in SAME.items() if word == event)
    assert set(told) == {name for name, dialect in DIALECTS.items() if event in dialect.events}


@pytest.mark.parametrize("words", WORDS_OF_CAUSE.values(), ids=lambda words: words[0])
def test_a_cause_that_a_message_states_leads_to_the_word_whose_cause_it_is(words):
    """In the structured dialects the cause is given and the word follows, in syslog it is the other way round."""
    (stated,) = [cause for (_, cause), pair in WORDS_OF_CAUSE.items() if pair == words]
    raised, ended = (MEANINGS.get(word) for word in words)
    if words != ("THRESHOLD_CROSSED", "THRESHOLD_CLEARED"):  # of no dialect of syslog
        assert raised.probable_cause == ended.probable_cause == stated
        assert ended.ends
        assert not raised.ends


@pytest.mark.parametrize("kind", ["port", "card", "probe", *CONTACTS.values()])
def test_an_alarm_that_an_element_lists_is_the_one_that_it_told_of(kind):
    found = listed(kind, "1", 1_000, 0, " text ")
    meaning = MEANINGS[found.event]
    assert (found.probable_cause, found.perceived_severity) == (meaning.probable_cause, meaning.severity)
    assert (found.event_type, found.object_kind, found.text) == (meaning.event_type, meaning.object_kind, "text")


def test_a_severity_that_the_message_itself_states_goes_before_that_of_the_table():
    (found,) = DIALECTS["tl1"].parse(tl1("OC48", "LOS", "MN").encode(), RECEIVED_MS).notifications
    assert (found.event, found.perceived_severity) == ("INTERFACE_DOWN", "minor")
    name = (f"{IF}.2.25", tlv(4, b"Gi0/1"))
    (told,) = DIALECTS["snmp"].parse(trap("1.3.6.1.6.3.1.1.5.3", name), RECEIVED_MS).notifications
    assert told.perceived_severity == MEANINGS["INTERFACE_DOWN"].severity  # a link trap has none
