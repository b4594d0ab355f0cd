"""What terminals show, as operations read it: whole answers, answers cut short, somebody else's, and no answers at all."""

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.assurance import CommandResult
from ossbss.oss.elements.answers import CardFacts, ChangeFacts, Done, MetricFacts, PortFacts
from ossbss.oss.elements.commands import DIALECTS, LARGEST_OCTETS, LOOKS, Action, read_answer, typed
from tests.world.remote.bench import Bench

FEW = settings(derandomize=True, phases=[Phase.generate], max_examples=300, deadline=None)
AT_MS = 1_715_022_000_000


def read(kind, dialect, payload, element="r1", reason=""):
    result = CommandResult(sender="t", message_id="m", occurred_ms=AT_MS, request_id="q", element_id=element,
                           dialect=dialect, payload=payload, reason=reason)  # fmt: skip
    return read_answer(Action(kind), result, AT_MS)


def ms(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 1_000


# Sessions as real routers print them, longer than our own: written here line by line from the layouts in the vendors'
# command references, with names and figures of our own.
IOS_PORT = """r1#show interfaces GigabitEthernet0/1/0
GigabitEthernet0/1/0 is up, line protocol is up \n  Hardware is ISR4451-X-4x1GE, address is 0012.3456.789a (bia 0012.3456.789a)
  Description: to the north
  Internet address is 192.0.2.1/30
  MTU 1500 bytes, BW 1000000 Kbit/sec, DLY 10 usec, \n     reliability 255/255, txload 11/255, rxload 3/255
  Encapsulation ARPA, loopback not set
  Keepalive not supported \n  Full Duplex, 1000Mbps, link type is auto, media type is LX
  output flow-control is off, input flow-control is off
  ARP type: ARPA, ARP Timeout 04:00:00
  Last input 00:00:00, output 00:00:00, output hang never
  Last clearing of "show interface" counters never
  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0
  Queueing strategy: fifo
  Output queue: 0/40 (size/max)
  5 minute input rate 12000000 bits/sec, 2014 packets/sec
  5 minute output rate 43000000 bits/sec, 5010 packets/sec
     88888 packets input, 7654321 bytes, 0 no buffer
     Received 12 broadcasts (0 IP multicasts)
     0 runts, 0 giants, 0 throttles \n     41 input errors, 41 CRC, 0 frame, 0 overrun, 0 ignored
     0 watchdog, 12 multicast, 0 pause input
     99999 packets output, 8765432 bytes, 0 underruns
r1#show interfaces GigabitEthernet0/1/0 transceiver
If device is externally calibrated, only calibrated values are printed.
++ : high alarm, +  : high warning, -  : low warning, -- : low alarm.
NA or N/A: not applicable, Tx: transmit, Rx: receive.
mA: milliamperes, dBm: decibels (milliwatts).

                                             Optical   Optical
             Temperature  Voltage  Current   Tx Power  Rx Power
Port         (Celsius)    (Volts)  (mA)      (dBm)     (dBm)
-----------  -----------  -------  --------  --------  --------
Gi0/1/0      38.5         3.31     17.2      -5.2      -14.9 -
r1#"""
JUNOS_COMMITS = """
admin@r1> show system commit
0   2024-05-06 18:59:12 UTC by kamau via cli
    widen the evening window
1   2024-05-02 04:10:00 UTC by root via netconf commit confirmed, rollback in 10mins
2   2024-04-30 04:10:00 UTC by root via other

admin@r1> """
JUNOS_PORT = """
admin@r1> show interfaces xe-1/0/0 extensive
Physical interface: xe-1/0/0, Enabled, Physical link is Down
  Interface index: 150, SNMP ifIndex: 502, Generation: 153
  Link-level type: Ethernet, MTU: 1514, MRU: 1522, LAN-PHY mode, Speed: 10Gbps, BPDU Error: None,
  Device flags   : Present Running Down
  Last flapped   : 2024-05-06 18:00:00 UTC (01:00:00 ago)
  Traffic statistics:
   Input  bytes  :            123456789                    0 bps
   Output bytes  :            987654321                    0 bps
   Input  packets:               123456                    0 pps
  Input errors:
    Errors: 7, Drops: 0, Framing errors: 7, Runts: 0, Policed discards: 0, L3 incompletes: 0, L2 channel errors: 0,
    L2 mismatch timeouts: 0, FIFO errors: 0, Resource errors: 0
  Output errors:
    Carrier transitions: 3, Errors: 0, Drops: 0, Collisions: 0, Aged packets: 0, FIFO errors: 0

admin@r1> show interfaces diagnostics optics xe-1/0/0
Physical interface: xe-1/0/0
    Laser bias current                        :  7.214 mA
    Laser output power                        :  0.5820 mW / -2.35 dBm
    Laser receiver power                      :  0.0001 mW / -39.21 dBm
    Laser rx power low alarm                  :  On

admin@r1> """


@pytest.mark.parametrize(("kind", "dialect", "text", "facts"), [
    ("show_port", "ios", IOS_PORT, PortFacts(True, True, 41, 12_000_000, -14.9)),
    ("show_port", "ios", IOS_PORT.replace("is up, line protocol is up", "is administratively down, line protocol is down"), PortFacts(False, False, 41, 12_000_000, -14.9)),
    ("show_port", "ios", IOS_PORT.replace("is up, line protocol is up", "is up, line protocol is down"), PortFacts(True, False, 41, 12_000_000, -14.9)),
    ("show_port", "ios", IOS_PORT.replace("\n", "\r\n"), PortFacts(True, True, 41, 12_000_000, -14.9)),
    ("show_port", "junos", JUNOS_PORT, PortFacts(True, False, 7, 0, -39.21)),
    ("show_change", "junos", JUNOS_COMMITS, ChangeFacts(ms("2024-05-06T18:59:12"), "kamau", "1")),
    ("show_change", "ios", "r1#show running-config | include Last configuration change\n! Last configuration change at 07:08:09 UTC Mon May 6 2024 by kamau\n"
     "r1#show archive\nThe maximum archive configurations allowed is 10.\nThere are currently 2 archive configurations saved.\n"
     "The next archive file will be named bootflash:run-2\n Archive #  Name\n   1        bootflash:run-0 \n   2        bootflash:run-1 <- Most Recent\n   3        \nr1#",
     ChangeFacts(ms("2024-05-06T07:08:09"), "kamau", "bootflash:run-1")),
    ("show_card", "ios", "r1#show platform\nChassis type: ISR4451-X/K9\n\nSlot      Type                State                 Insert time (ago) \n"
     "--------- ------------------- --------------------- ----------------- \n0         ISR4451-X/K9        ok                    15:57:33      \n"
     " 0/0      ISR4451-X-4x1GE     ok                    15:55:24      \n 0/1      NIM-2GE-CU-SFP      out of service        00:10:24      \n"
     "P0        XXX-XXXX-XX         ps, fail              never         \nr1#", CardFacts((("0", True), ("1", False)))),
    ("show_card", "junos", "\nadmin@r1> show chassis fpc 1\n                     Temp  CPU Utilization (%)\nSlot State            (C)  Total  Interrupt\n  1  Offline         ---Unresponsive---\n\nadmin@r1> ",
     CardFacts((("1", False),))),
    ("show_metric", "ios", "r1#show clns interface GigabitEthernet0/1/0\nGigabitEthernet0/1/0 is up, line protocol is up\n  Routing Protocol: IS-IS (core)\n    Circuit Type: level-2\n"
     "    Level-2 Metric: 1200, Priority: 64, Circuit ID: r1.01\nr1#", MetricFacts(1200)),
    ("set_metric", "junos", "\nadmin@r1> configure exclusive\nwarning: uncommitted changes will be discarded on exit\nEntering configuration mode\n\n[edit]\nadmin@r1# set x\n\n[edit]\nadmin@r1# commit confirmed 5\n"
     "error: configuration check-out failed\n\n[edit]\nadmin@r1# exit\nExiting configuration mode\n\nadmin@r1> ", Done(False, "error: configuration check-out failed")),
])  # fmt: skip
def test_answers_of_real_routers_are_understood(kind, dialect, text, facts):
    assert read(kind, dialect, text.encode()).facts == facts


def sessions():
    """Every answer of the world to every question, both vendors, with something wrong at each."""
    bench = Bench().fails(1_000, "cut_link", "east-port").fails(1_000, "fail_card", "r-farm/1").fails(1_000, "cut_link", "hub-south")
    names = {}
    for node, link in (("r-east", "east-port"), ("r-south", "hub-south")):
        for kind, about in (("show_port", link), ("show_card", f"{node}/1"), ("show_alarms", ""), ("show_change", ""), ("show_metric", link),
                            ("set_metric", link), ("shut_port", link), ("isolate", ""), ("confirm", ""), ("restart_card", f"{node}/1"), ("restart_node", "")):  # fmt: skip
            names[node, kind] = bench.types(60_000 + 5_000 * len(names), kind, node, about, metric=5, confirm_min=None)
    bench.run()
    return {key: (bench.asked[name], *bench.answer(name)) for key, name in names.items()}


SESSIONS = sessions()


@pytest.mark.parametrize("key", SESSIONS, ids=" ".join)
def test_an_answer_that_is_cut_short_anywhere_is_rejected_never_half_believed(key):
    action, _, message = SESSIONS[key]
    whole = read(action.kind, message.dialect, message.payload, key[0]).facts
    assert whole is not None
    for end in range(len(message.payload)):
        found = read(action.kind, message.dialect, message.payload[:end], key[0])
        assert (found.facts is None) == (found.rejected is not None)
        assert found.facts in (None, whole), message.payload[:end]


@pytest.mark.parametrize("key", SESSIONS, ids=" ".join)
def test_an_answer_of_another_element_is_rejected(key):
    action, _, message = SESSIONS[key]
    assert read(action.kind, message.dialect, message.payload, "r-farm").rejected


@FEW
@given(st.sampled_from(sorted(SESSIONS)), st.data())
def test_a_spoilt_answer_raises_nothing(key, data):
    action, _, message = SESSIONS[key]
    octets = bytearray(message.payload)
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(octets) - 1))
        octets[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4)) or b"\n"
    found = read(action.kind, message.dialect, bytes(octets), key[0])
    assert (found.facts is None) != (found.rejected is None)


@FEW
@given(st.sampled_from([*LOOKS, "set_metric", "restart_node", "confirm"]), st.sampled_from([*DIALECTS, "klingon"]), st.binary(max_size=400))
def test_octets_of_any_kind_are_rejected_with_a_reason(kind, dialect, octets):
    found = read(kind, dialect, octets)
    assert found.facts is None
    assert found.rejected


def test_no_answer_is_unknown_and_an_endless_one_is_too_long():
    assert read("show_port", "ios", None, reason="r1 does not answer").rejected == "no answer: r1 does not answer"
    assert "at most" in read("show_port", "ios", b"r1#" * LARGEST_OCTETS).rejected


def test_a_refused_question_is_no_fact():
    text = "r1#show platform\n                     ^\n% Invalid input detected at '^' marker.\nr1#"
    assert "Invalid input" in read("show_card", "ios", text.encode()).rejected


@pytest.mark.parametrize("count", ["2 alarms currently active", "No alarms currently active"])
def test_a_list_that_is_shorter_or_longer_than_it_says_is_rejected(count):
    """What operations believe beside the list is taken for over: so it must be whole."""
    ports = 'show interfaces | match "Physical interface|Last flapped"\nPhysical interface: xe-1/0/0, Enabled, Physical link is Up\n  Last flapped   : Never'
    text = (f"\na@r1> show chassis alarms\n{count}\nAlarm time               Class  Description\n2024-05-06 18:00:00 UTC  Major  FPC 1 Major Errors\n"
            f"\na@r1> {ports}\n\na@r1> show services rpm probe-results owner access\n\na@r1> ")  # fmt: skip
    assert "alarms of known kinds" in read("show_alarms", "junos", text.encode()).rejected
    assert read("show_alarms", "junos", text.replace(count, "1 alarms currently active").encode()).facts


# -- what is typed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dialect", "action", "lines"), [
    ("ios", Action("shut_port", port="GigabitEthernet0/1/0"), ["configure terminal revert timer 5", "interface GigabitEthernet0/1/0", "shutdown", "end"]),
    ("ios", Action("isolate", ports=(("Gi0/1/0", 10), ("Gi0/1/1", 20))), ["configure terminal revert timer 5", "interface Gi0/1/0", "isis metric 16777214 level-2",
                                                                          "interface Gi0/1/1", "isis metric 16777214 level-2", "end"]),
    ("ios", Action("rejoin", ports=(("Gi0/1/0", 10), ("Gi0/1/1", 20)), confirm_min=None), ["configure terminal", "interface Gi0/1/0", "isis metric 10 level-2",
                                                                                          "interface Gi0/1/1", "isis metric 20 level-2", "end"]),
    ("ios", Action("roll_back", checkpoint="flash:cfg-3"), ["configure replace flash:cfg-3 force revert trigger timer 5"]),
    ("junos", Action("roll_back", checkpoint="1", confirm_min=10), ["configure exclusive", "rollback 1", "commit confirmed 10", "exit"]),
    ("junos", Action("restart_card", slot="2"), ["request chassis fpc slot 2 restart"]),
    ("iosxr", Action("shut_port", port="TenGigE0/0/0/1"), ["configure exclusive", "interface TenGigE0/0/0/1 shutdown", "commit confirmed minutes 5", "end"]),
    ("eos", Action("shut_port", port="Ethernet1", confirm_min=90), ["configure session oss", "interface Ethernet1", "shutdown", "commit timer 01:30:00"]),
    ("huawei", Action("open_port", port="10GE1/0/1"), ["system-view", "interface 10GE1/0/1", "undo shutdown", "commit trial 300", "return"]),
    ("nxos", Action("set_metric", port="Ethernet1/1", metric=40), ["checkpoint oss", "configure terminal", "interface Ethernet1/1", "isis metric 40 level-2", "end"]),
])  # fmt: skip
def test_each_vendor_gets_its_own_words(dialect, action, lines):
    assert typed(action, dialect).decode().splitlines() == lines


@pytest.mark.parametrize("name", ["Gi0/1/0\nreload", "xe-1/0/0 disable", "a;b", "", "|", "x" * 200])
def test_a_name_that_is_more_than_a_name_is_never_typed(name):
    action = Action("shut_port", port=name or "\n")
    for dialect in DIALECTS:
        with pytest.raises(ValueError, match="no name that can be typed"):
            typed(action, dialect)


def test_an_action_or_a_dialect_without_words_says_so():
    with pytest.raises(ValueError, match="no words for reset_cell"):
        typed(Action("reset_cell", port="Gi0/0/0/1"), "iosxr")
    with pytest.raises(ValueError, match="no words for dialect"):
        typed(Action("show_card", slot="1"), "klingon")


def test_every_dialect_can_look_at_a_port_and_undo():
    for dialect in DIALECTS:
        assert typed(Action("show_port", port="p1"), dialect)
        assert typed(Action("roll_back", checkpoint="1"), dialect)


@pytest.mark.slow
@pytest.mark.parametrize("node", ["r-east", "r-south"], ids=["ios", "junos"])
def test_a_hundred_thousand_spoilt_answers_of_each_vendor_raise_nothing(node):
    rng = np.random.default_rng(7)
    whole = [(action, message) for (of, _), (action, _, message) in SESSIONS.items() if of == node]
    rejected = 0
    for turn in range(100_000):
        action, message = whole[turn % len(whole)]
        octets = bytearray(message.payload)
        for at in rng.integers(0, len(octets), rng.integers(1, 6)):
            octets[at : at + int(rng.integers(0, 3))] = rng.bytes(int(rng.integers(0, 4)))
        found = read(action.kind, message.dialect, bytes(octets), node)
        assert (found.facts is None) != (found.rejected is None)
        rejected += found.facts is None
    assert 10_000 < rejected < 100_000
