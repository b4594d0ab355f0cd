"""One element says ten thousand messages a minute: what becomes of the others, of what is over its bound, and after it.

The town: r-port (ios) babbles, r-south (junos) has a card failure in the midst of it. Nobody answers polls here but
where a test says so, so contact is kept by a policy that polls once a day.
"""

import json
from collections import Counter

import pytest

from ossbss.contract.assurance import Alarm, AlarmList, AlarmListRequest, VendorMessage
from ossbss.contract.desk import Desk
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.oss.elements.adapters import READERS
from ossbss.oss.elements.element_intake import ElementIntake
from ossbss.oss.elements.intake import FLOOD, IntakePolicy
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.inventory import read_inventory
from ossbss.oss.operations import Operations
from ossbss.oss.policy import OperationsPolicy
from tests.town import town

S, M = SECOND_MS, MINUTE_MS
BEGIN = 20_000 * DAY_MS  # 2024-10-04
STAMP = "Oct  4 00:{:02d}:{:02d}.000"
LINK, CARD = "east-port", "r-south/1"
MINE = [(LINK, "lossOfSignal", "r-port")]


def stamp(at_ms):
    return STAMP.format((at_ms - BEGIN) // M, (at_ms - BEGIN) // S % 60)


def ios(at_ms, state, element="r-port", number=0):
    said = f"%LINK-3-UPDOWN: Interface GigabitEthernet0/1/0, changed state to {state}"
    return message(at_ms, element, "ios", f"<187>{number + 1}: {element}: {stamp(at_ms)}: {said}", number)


def login(at_ms, number):
    said = f"%SYS-5-CONFIG_I: Configured from console by admin{number} on vty0 (192.0.2.1)"
    return message(at_ms, "r-port", "ios", f"<189>{number + 1}: r-port: {stamp(at_ms)}: {said}", number)


def card(at_ms):
    said = "alarmd[2449]: Alarm set: FPC color=RED, class=CHASSIS, reason=FPC 1 Major Errors"
    return message(at_ms, "r-south", "junos", f"<28>{stamp(at_ms)} r-south {said}", 99_999)


def message(at_ms, element, dialect, line, number):
    return VendorMessage(sender=element, message_id=f"{element}/{number:06d}", occurred_ms=at_ms, element_id=element,
                         dialect=dialect, payload=line.encode())  # fmt: skip


def told(at_ms, *lines, element="r-port", dialect="ios"):
    return AlarmList(sender="em-ios", message_id="list-1", occurred_ms=at_ms, element_id=element, dialect=dialect,
                     payloads=tuple(line.payload for line in lines))  # fmt: skip


def operations(**policy):
    return Operations(town(), OperationsPolicy(poll_period_ms=DAY_MS, **policy), BEGIN)


def babble(oss, seconds=60, a_second=167, of=login):
    """So many messages a second of one element; what the OSS wrote and sent."""
    entries, messages, number = [], [], 0
    for second in range(seconds):
        at_ms = BEGIN + second * S
        said = [of(at_ms, number + n) for n in range(a_second)]
        number += a_second
        if second == seconds // 2:
            said.append(card(at_ms))
        out = oss.step(at_ms, said)
        entries, messages = entries + out.entries, messages + out.messages
    return entries, messages


def test_the_alarm_of_another_is_listed_in_the_second_in_which_it_is_said():
    oss = operations()
    entries, _ = babble(oss)
    (raised,) = (e for e in entries if e.kind == "alarm.raised")
    assert (raised.body["alarmed_object"], raised.body["source"]) == (CARD, "r-south")
    assert raised.body["known_ms"] == raised.occurred_ms == BEGIN + 30 * S


def test_ten_thousand_messages_are_read_or_rejected_with_the_reason_and_the_message_and_counts_add_up():
    oss = operations()
    entries, _ = babble(oss)
    rejected = [e for e in entries if e.kind == "message.rejected"]
    assert Counter((e.subject, e.body["reason"]) for e in rejected) == {("r-port", FLOOD): 60 * 167 - 1_000}
    assert len({e.body["message_id"] for e in rejected}) == len(rejected)
    assert all(e.body["payload"].startswith("<189>") for e in rejected)
    over = oss.step(BEGIN + 2 * M, []).entries
    (flood,) = (e for e in over if e.kind == "element.flooded")
    assert (flood.subject, flood.body["rejected"], flood.body["over"]) == ("r-port", len(rejected), True)
    assert (flood.body["since_ms"], flood.occurred_ms) == (BEGIN + 5 * S, BEGIN + 59 * S)


def test_when_the_flood_is_over_the_element_is_asked_for_its_alarms_and_what_was_lost_is_raised():
    """The port fell in the midst of the flood: its line was rejected. A minute after the flood the list tells of it."""
    oss = operations()
    babble(oss, of=lambda at_ms, n: ios(at_ms, "down", number=n) if n == 9_000 else login(at_ms, n))
    assert not oss.watch.active.intersection(MINE)
    asked = []
    for second in range(60, 130):
        out = oss.step(BEGIN + second * S, [])
        asked += [(second, m) for m in out.messages if isinstance(m, AlarmListRequest)]
    ((second, request),) = asked
    assert (second, request.manager_id, request.element_ids) == (119, "em-ios", {"r-port"})
    fell = ios(BEGIN + 53 * S, "down", number=9_000)
    out = oss.step(BEGIN + 131 * S, [told(BEGIN + 130 * S, fell)])
    (raised,) = (e for e in out.entries if e.kind == "alarm.raised")
    assert raised.body["alarmed_object"] == LINK
    assert raised.occurred_ms == BEGIN + 53 * S
    assert oss.watch.active.intersection(MINE)


def test_a_clear_that_was_rejected_is_made_up_for_by_the_list():
    oss = operations()
    oss.step(BEGIN - 30 * S, [ios(BEGIN, "down", number=70_000)])
    babble(oss, of=lambda at_ms, n: ios(at_ms, "up", number=n) if n == 9_000 else login(at_ms, n))
    assert oss.watch.alarms[MINE[0]].active
    oss.step(BEGIN + 2 * M, [])
    oss.step(BEGIN + 2 * M + S, [told(BEGIN + 2 * M + S)])
    oss.step(BEGIN + 4 * M + 2 * S, [])  # a clear on its way would have come
    assert not oss.watch.alarms[MINE[0]].active


def test_what_an_element_says_right_after_its_flood_is_believed_at_once():
    oss = operations()
    babble(oss)
    oss.step(BEGIN + 2 * M, [])
    oss.step(BEGIN + 2 * M + S, [ios(BEGIN + M + 30 * S, "down", number=80_000)])
    assert oss.watch.active.intersection(MINE)


def test_a_flood_without_end_is_asked_for_its_alarms_every_five_minutes():
    intake = ElementIntake(read_inventory(town()).names, Desk("oss"), IntakePolicy(most_of_one=10))
    asked = []
    for minute in range(17):
        at_ms = BEGIN + minute * M
        assert len(list(intake.read([login(at_ms, n) for n in range(30)], at_ms))) == 10
        asked += [minute] * len(intake.to_resynchronise(at_ms))
    assert asked == [5, 10, 15]
    assert intake.floods["r-port"].rejected == 17 * 20
    assert intake.to_resynchronise(BEGIN + 17 * M) == ["r-port"]
    assert not intake.floods


def test_one_that_is_out_of_reach_when_its_flood_ends_is_asked_when_it_is_back():
    oss = operations()
    babble(oss)
    oss.watch.take([lost(BEGIN + 90 * S, "major")], BEGIN + 90 * S)
    assert not [m for m in oss.step(BEGIN + 2 * M, []).messages if isinstance(m, AlarmListRequest)]
    oss.watch.take([lost(BEGIN + 3 * M, "cleared")], BEGIN + 3 * M)
    (request,) = (m for m in oss.step(BEGIN + 3 * M, []).messages if isinstance(m, AlarmListRequest))
    assert request.element_ids == {"r-port"}


def lost(at_ms, severity):
    return Alarm("r-port", "communicationsAlarm", "communicationsSubsystemFailure", severity, STATION, at_ms, 0, at_ms)


def test_the_flood_of_an_element_that_nobody_knows_is_bounded_too_and_nobody_is_asked():
    oss = operations()
    entries, messages = babble(oss, of=lambda at_ms, n: message(at_ms, "r-nobody", "ios", "x", n))
    reasons = Counter(e.body["reason"] for e in entries if e.kind == "message.rejected")
    assert reasons == {FLOOD: 60 * 167 - 1_000, "the inventory has no element 'r-nobody'": 1_000}
    messages += oss.step(BEGIN + 2 * M, []).messages
    assert not [m for m in messages if isinstance(m, AlarmListRequest)]


@pytest.mark.parametrize("name", ["most_of_one", "over_after_ms", "told_every_ms"])
def test_a_bound_or_a_time_of_nothing_is_refused(name):
    with pytest.raises(ValueError, match=f"{name} is 0; give 1 or more"):
        IntakePolicy(**{name: 0})


# -- the message that an alarm came by ------------------------------------------------------------------


def entries_of(oss, *messages):
    return [e for m in messages for e in oss.step(m.occurred_ms, [m]).entries if e.kind.startswith("alarm.")]


def test_an_alarm_and_its_clear_are_told_with_the_message_that_each_came_by_and_a_repeat_is_not():
    oss = operations()
    down, again, up = (ios(BEGIN + n * S, s, number=n) for n, s in enumerate(("down", "down", "up")))
    told_of = {e.kind: e.body for e in entries_of(oss, down, again, up)}
    assert told_of["alarm.raised"]["message_id"] == "r-port/000000"
    assert told_of["alarm.cleared"]["message_id"] == "r-port/000002"
    assert told_of["alarm.raised"]["text"] == down.payload.decode()
    assert told_of["alarm.cleared"]["raw"] == up.payload.decode()  # the text is that of the raise
    assert not {"message_id", "raw"} & told_of["alarm.repeated"].keys()


def test_a_message_whose_text_is_not_the_whole_of_it_is_told_raw_and_cut_off():
    """A decoded SNMP trap: the text says what was understood; 1,024 octets of the JSON are kept beside it."""
    varbinds = [["1.3.6.1.2.1.2.2.1.1.1", "ifIndex", 1], ["1.3.6.1.2.1.31.1.1.1.1.1", "ifName", "GigabitEthernet0/1/0"],
                ["1.3.6.1.4.1.9.9", "padding", "x" * 2_000]]  # fmt: skip
    trap = json.dumps({"snmpTrapOID": "1.3.6.1.6.3.1.1.5.3", "varbinds": varbinds})
    (raised,) = entries_of(operations(), message(BEGIN, "r-port", "snmp", trap, 7))
    assert raised.body["raw"] == trap[:1_024]
    assert (raised.body["alarmed_object"], raised.body["message_id"]) == (LINK, "r-port/000007")


def test_the_clear_of_one_that_flapped_is_told_with_its_message_when_it_is_believed():
    oss = operations()
    said = [ios(BEGIN + n * S, "up" if n % 2 else "down", number=n) for n in range(6)]
    entries_of(oss, *said)
    (cleared,) = (e for e in oss.step(BEGIN + HOUR_MS, []).entries if e.kind == "alarm.cleared")
    assert cleared.body["message_id"] == "r-port/000005"


def test_what_the_station_says_itself_came_by_no_message():
    oss = Operations(town(), OperationsPolicy(), BEGIN)
    entries = [e for minute in range(1, 5) for e in oss.step(BEGIN + minute * M, []).entries if e.kind == "alarm.raised"]
    assert entries
    assert not any({"message_id", "raw"} & e.body.keys() for e in entries)


# -- a list that comes by itself, and qualifiers --------------------------------------------------------


def listed(*alarms):
    found = [{"resource": port, "alarm-type-id": kind, "alarm-type-qualifier": "", "is-cleared": cleared,
              "time-created": "2024-10-04T00:00:00Z", "last-raised": "2024-10-04T00:00:00Z",
              "last-changed": "2024-10-04T00:00:00Z", "perceived-severity": "major", "alarm-text": "x"}
             for port, kind, cleared in alarms]  # fmt: skip
    return json.dumps({"ietf-alarms:alarms": {"alarm-list": {"number-of-alarms": len(found), "alarm": found}}})


def by_list(at_ms, *alarms, element="r-east"):
    return message(at_ms, element, "rfc8632", listed(*alarms), 1)


PORTS = {"east-north": "GigabitEthernet0/1/0", "east-south": "GigabitEthernet0/1/1"}


def test_a_whole_list_that_comes_by_itself_ends_what_it_does_not_name():
    oss = operations()
    both = [(port, "al:link-alarm", False) for port in PORTS.values()]
    oss.step(BEGIN, [by_list(BEGIN, *both)])
    ids = {name: (name, "lossOfSignal", "r-east") for name in PORTS}
    assert set(ids.values()) <= oss.watch.active
    oss.step(BEGIN + M, [by_list(BEGIN + M, both[0])])
    oss.step(BEGIN + 4 * M, [])
    assert (oss.watch.alarms[ids["east-north"]].active, oss.watch.alarms[ids["east-south"]].active) == (True, False)


def test_what_a_whole_list_names_as_cleared_is_over_at_once():
    oss = operations()
    oss.step(BEGIN, [by_list(BEGIN, (PORTS["east-north"], "al:link-alarm", False))])
    oss.step(BEGIN + M, [by_list(BEGIN + M, (PORTS["east-north"], "al:link-alarm", True))])
    assert not oss.watch.alarms["east-north", "lossOfSignal", "r-east"].active


def test_a_page_of_a_list_ends_nothing():
    oss = operations()
    both = [(port, "al:link-alarm", False) for port in PORTS.values()]
    oss.step(BEGIN, [by_list(BEGIN, *both)])
    page = json.loads(listed(both[0]))
    page["ietf-alarms:alarms"]["alarm-list"]["number-of-alarms"] = 2
    oss.step(BEGIN + M, [message(BEGIN + M, "r-east", "rfc8632", json.dumps(page), 2)])
    oss.step(BEGIN + 4 * M, [])
    assert oss.watch.alarms["east-south", "lossOfSignal", "r-east"].active


NAMES = read_inventory(town()).names["r-port"]


def read(line):
    (alarm,) = READERS["ios"](f"<187>1: r-port: {STAMP.format(0, 0)}: {line}".encode(), BEGIN, NAMES).alarms
    return alarm


def test_two_protocols_with_one_neighbour_are_two_alarms():
    bgp = read("%BGP-5-ADJCHANGE: neighbor 10.0.0.2 Down Peer closed the session")
    ospf = read("%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.2 on Gi0/1/0 from FULL to DOWN, Neighbor Down: Dead timer expired")
    assert bgp.identity == ("r-port/10.0.0.2", "communicationsProtocolError/bgp", "r-port")
    assert (ospf.alarmed_object, ospf.probable_cause) == (bgp.alarmed_object, bgp.probable_cause)
    assert ospf.identity != bgp.identity


def test_a_vendors_second_word_for_a_dark_port_makes_no_second_alarm_of_it():
    oss = operations()
    document = json.loads(listed((PORTS["east-north"], "al:link-alarm", False)))
    document["ietf-alarms:alarms"]["alarm-list"]["alarm"][0]["alarm-type-qualifier"] = "upper"
    oss.step(BEGIN, [message(BEGIN, "r-east", "rfc8632", json.dumps(document), 1)])
    assert oss.watch.active == {("east-north", "lossOfSignal", "r-east")}


def test_what_failures_are_known_by_has_no_qualifier_so_that_diagnosis_knows_it():
    known = Operations(town(), OperationsPolicy(), 0).reasoning.finder.footprints.model.numbers.symptom_no
    lines = ["%LINK-3-UPDOWN: Interface GigabitEthernet0/1/0, changed state to down",
             "%OIR-3-CRASH: The module in slot 1 has crashed", "%DYING_GASP-0-POWER_LOSS: Shutdown due to power loss",
             "%ALARM-2-CONTACT: ASSERT MAJOR External alarm contact 1 commercial power failure"]  # fmt: skip
    assert all(read(line).identity in known for line in lines)
