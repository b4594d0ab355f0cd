"""What lies between a vendor's name and an object of the inventory: units of a port, and a card that was exchanged."""

from datetime import UTC, datetime

import pytest

from ossbss.oss.elements.adapters import READERS
from ossbss.oss.elements.names import ElementNames

MAY_6 = int(datetime(2024, 5, 6, 19, 0, 1, tzinfo=UTC).timestamp() * 1000)
PORTS = {"GigabitEthernet0/0/1": "kiel-luebeck", "xe-1/0/0": "kiel-ploen", "ge-0/0/7.20": "a-leased-line"}
NAMES = ElementNames("r-kiel", link_of_port=PORTS, card_of_slot={"1": "r-kiel/1"}, service_of_probe={})
IOS, JUNOS = "<187>1440: r-kiel: May  6 19:00:00.123: ", "<28>May  6 19:00:00.123 r-kiel "


def heard(dialect, line):
    return READERS[dialect](line.encode(), MAY_6, NAMES)


def link_line(dialect, name, state):
    if dialect == "ios":
        return f"{IOS}%LINEPROTO-5-UPDOWN: Line protocol on Interface {name}, changed state to {state}"
    status = "up(1)" if state == "up" else "down(2)"
    trap = f"SNMP_TRAP_LINK_{state.upper()}"
    return f"{JUNOS}mib2d[1]: {trap}: ifIndex 7, ifAdminStatus up(1), ifOperStatus {status}, ifName {name}"


@pytest.mark.parametrize("state", ["down", "up"])
@pytest.mark.parametrize(
    ("dialect", "name"), [("ios", "GigabitEthernet0/0/1.100"), ("ios", "Gi0/0/1.100"), ("junos", "xe-1/0/0.0")]
)
def test_a_subinterface_that_is_down_says_nothing_of_its_ports_link(dialect, name, state):
    reading = heard(dialect, link_line(dialect, name, state))
    assert (reading.alarms, reading.rejected) == ((), None)


@pytest.mark.parametrize("name", ["GigabitEthernet0/0/1", "Gi0/0/1"])
def test_the_port_itself_does(name):
    (alarm,) = heard("ios", link_line("ios", name, "down")).alarms
    assert (alarm.alarmed_object, alarm.probable_cause, alarm.qualifier) == ("kiel-luebeck", "lossOfSignal", "")


def test_a_subinterface_that_is_in_the_inventory_is_a_link_of_its_own():
    (alarm,) = heard("junos", link_line("junos", "ge-0/0/7.20", "down")).alarms
    assert (alarm.alarmed_object, alarm.probable_cause, alarm.qualifier) == ("a-leased-line", "lossOfSignal", "")


def test_another_alarm_of_a_subinterface_is_one_of_the_ports_link_and_names_the_unit():
    line = JUNOS + "eswd[1]: ESWD_BPDU_BLOCK_ERROR_DISABLED: xe-1/0/0.0: bpdu-block disabled port"
    two = [line, line.replace("xe-1/0/0.0", "xe-1/0/0.7")]
    alarms = [alarm for each in two for alarm in heard("junos", each).alarms]
    assert {alarm.alarmed_object for alarm in alarms} == {"kiel-ploen"}
    assert [alarm.qualifier for alarm in alarms] == ["xe-1/0/0.0", "xe-1/0/0.7"]
    assert len({alarm.identity for alarm in alarms}) == 2
    assert "lossOfSignal" not in {alarm.probable_cause for alarm in alarms}


@pytest.mark.parametrize("name", ["GigabitEthernet0/0/9.100", "GigabitEthernet0/0/1.x", "GigabitEthernet0/0/1."])
def test_a_name_whose_port_the_inventory_has_not_is_rejected(name):
    assert "no port named" in heard("ios", link_line("ios", name, "down")).rejected


@pytest.mark.parametrize("before", ["%OIR-3-CRASH: The module in slot 1 has crashed", "%OIR-6-REMCARD: Card removed from slot 1"])
def test_a_card_that_is_put_in_ends_whatever_was_said_of_the_one_before(before):
    (raised,) = heard("ios", IOS + before).alarms
    ended = heard("ios", IOS + "%OIR-6-INSCARD: Card inserted in slot 1, interfaces are now online").alarms
    assert {alarm.perceived_severity for alarm in ended} == {"cleared"}
    assert raised.identity in {alarm.identity for alarm in ended}
    assert {alarm.probable_cause for alarm in ended} == {"replaceableUnitMissing", "equipmentMalfunction"}


def test_a_card_that_is_back_at_work_was_not_missing():
    (ended,) = heard("ios", IOS + "%IOSXE_OIR-6-ONLINECARD: Card (fpc) online in slot 1").alarms
    assert (ended.probable_cause, ended.perceived_severity) == ("equipmentMalfunction", "cleared")
