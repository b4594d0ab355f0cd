"""The pitfalls of syslog by their numbers in the standards' checklist (5, 6, 7), and what makes them hard."""

from datetime import UTC, datetime

import pytest

from ossbss.contract.assurance import VendorMessage
from ossbss.oss.elements.adapters import read
from ossbss.oss.elements.dialects import DIALECTS
from ossbss.oss.elements.names import ElementNames

DAY_MS = 86_400_000
MAY_6 = int(datetime(2024, 5, 6, 19, 0, 1, tzinfo=UTC).timestamp() * 1000)
NAMES = {name: ElementNames(name, {"GigabitEthernet0/1": f"link-of-{name}"}, {}, {}) for name in ("r-kiel", "r-bonn")}


def only(dialect, line, received_ms=MAY_6):
    parsed = DIALECTS[dialect].parse(line.encode(), received_ms)
    assert parsed.rejected is None, parsed.rejected
    (found,) = parsed.notifications
    return parsed.element, found


def message(element, line, dialect="ios"):
    return VendorMessage(sender=element, message_id="1", occurred_ms=MAY_6, element_id=element, dialect=dialect,
                         payload=line.encode())  # fmt: skip


ADMIN_DOWN = [
    ("ios", "<189>117: r1: May  6 19:00:00.000: %LINK-5-CHANGED: Interface Gi2, changed state to administratively down"),
    ("iosxr", "<189>1: r1 RP/0/RP0/CPU0:May  6 19:00:00.000 UTC: ifmgr[1]: %PKT_INFRA-LINK-5-CHANGED : Interface Te0/0/0/1, changed state to Administratively Down"),
    ("nxos", "<189>2024 May  6 19:00:00 r1 %ETHPORT-5-IF_DOWN_ADMIN_DOWN: Interface Ethernet1/1 is down (Administratively down)"),
    ("junos", "<28>May  6 19:00:00 r1 mib2d[1]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus down(2), ifOperStatus down(2), ifName xe-0/0/0"),
    ("huawei", "<188>2024-05-06 19:00:00 r1 %%01IFNET/2/linkDown_active(l):The interface status changes. (ifName=GE0/1/0, AdminStatus=DOWN, OperStatus=DOWN)"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "line"), ADMIN_DOWN)
def test_pitfall_5_what_somebody_shut_down_is_a_fact_and_no_alarm(dialect, line):
    _, found = only(dialect, line)
    assert (found.event, found.object_kind, found.is_alarm) == ("INTERFACE_DOWN", "port", False)


def test_pitfall_6_the_link_and_the_line_protocol_of_one_fault_are_one_alarm():
    head = "<189>1: r-kiel: May  6 19:00:00.000: "
    lines = (head + "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
             head + "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1, changed state to down",
             head + "%LINEPROTO-5-UPDOWN: Line protocol on Interface Gi0/1, changed state to up")  # fmt: skip
    alarms = [read(message("r-kiel", line), MAY_6, NAMES).alarms[0] for line in lines]
    assert len({alarm.identity for alarm in alarms}) == 1
    assert [alarm.perceived_severity for alarm in alarms] == ["major", "major", "cleared"]


@pytest.mark.parametrize(
    ("received", "year"), [("2024-05-06", 2023), ("2024-01-03", 2023), ("2024-07-31", 2024), ("2024-12-31", 2024)]
)
def test_pitfall_6_a_stamp_without_a_year_is_of_the_year_that_brings_it_nearest(received, year):
    received_ms = int(datetime.fromisoformat(received).replace(tzinfo=UTC).timestamp() * 1000)
    _, found = only(
        "eos",
        "<165>Dec 31 23:00:00 r1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Et1, changed state to up",
        received_ms,
    )
    assert found.occurred_ms == stamp(year, 12, 31, 23)


def stamp(*when):
    return int(datetime(*when, tzinfo=UTC).timestamp() * 1000)


def test_pitfall_6_a_leap_day_without_a_year_is_of_a_leap_year():
    line = "<165>Feb 29 12:00:00 r1 Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface Et1, changed state to up"
    assert only("eos", line, stamp(2025, 2, 1))[1].occurred_ms == stamp(2024, 2, 29, 12)
    assert "no such date" in DIALECTS["eos"].parse(line.encode(), stamp(2022, 3, 1)).rejected


@pytest.mark.parametrize(
    ("zone", "hours_before_utc", "doubt_h"),
    [("", 0, 0), (" UTC", 0, 0), (" EST", 5, 0), (" CEST", -2, 0), (" IST", 0, 14)],
)
def test_pitfall_6_a_zone_is_heeded_and_one_that_nobody_knows_is_doubt(zone, hours_before_utc, doubt_h):
    _, found = only("ios", f"1: May  6 19:00:00.000{zone}: %SYS-5-RESTART: System restarted")
    assert found.occurred_ms == stamp(2024, 5, 6, 19) + hours_before_utc * 3_600_000
    assert found.occurred_uncertainty_ms == doubt_h * 3_600_000


def test_pitfall_6_an_offset_of_a_huawei_stamp_is_heeded():
    _, found = only(
        "huawei",
        "<188>May 6 2024 19:00:00+08:00 r1 %%01IFPDT/4/IF_STATE(l)[1]:Interface GE0/0/1 has turned into UP state.",
    )
    assert found.occurred_ms == stamp(2024, 5, 6, 11)


@pytest.mark.parametrize("host", ["r1", "Jun", "May", "up", "1a", "10.0.0.1", "core-1.example.net"])
def test_pitfall_6_a_host_may_be_called_anything(host):
    element, found = only(
        "ios",
        f"<189>1440: {host}: Jun  1 13:35:45.562: %LINEPROTO-5-UPDOWN: Line protocol on Interface Fa0/2, changed state to up",
    )
    assert (element, found.event) == (host, "INTERFACE_UP")


def test_pitfall_6_two_elements_of_one_host_name_stay_two():
    line = "<187>1: router: May  6 19:00:00.000: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down"
    kiel, bonn = (read(message(element, line), MAY_6, NAMES).alarms[0] for element in NAMES)
    assert (kiel.source, kiel.alarmed_object) == ("r-kiel", "link-of-r-kiel")
    assert (bonn.source, bonn.alarmed_object) == ("r-bonn", "link-of-r-bonn")


BODY = "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down"
PREFIXES = [
    "",
    "<187>",
    "<187>1440: ",
    "1440: ",
    "<187>: ",
    "1440: r1: ",
    "<187>1440: r1: ",
    "<187>1440: r1: 000022: ",
    "r1: ",
]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_pitfall_6_priority_sequence_and_host_may_each_be_missing(prefix):
    element, found = only("ios", f"{prefix}May  6 19:00:00.000: {BODY}")
    assert (found.event, found.occurred_ms) == ("INTERFACE_DOWN", MAY_6 - 1_000)
    assert element == ("r1" if "r1" in prefix else "")


@pytest.mark.parametrize(
    "prefix", ["<187>May  6 19:00:05 10.1.1.1 117: ", "<187>2024-05-06T19:00:05+00:00 10.1.1.1 117: "]
)
def test_pitfall_6_a_relay_in_between_puts_its_own_time_before_which_is_not_the_elements(prefix):
    element, found = only("ios", f"{prefix}May  6 19:00:00.000: {BODY}")
    assert (element, found.occurred_ms) == ("10.1.1.1", MAY_6 - 1_000)


@pytest.mark.parametrize("cut", ["7:04: ", "1:7:04: ", "1w2d: ", "00:00:45: ", ""])
def test_pitfall_6_a_line_that_has_lost_its_beginning_or_counts_its_uptime_is_read_at_its_arrival(cut):
    element, found = only("ios", cut + BODY)
    assert (element, found.event, found.occurred_ms) == ("", "INTERFACE_DOWN", MAY_6)
    assert found.occurred_uncertainty_ms == DAY_MS


def test_pitfall_6_the_severity_of_a_huawei_tag_is_the_elements_and_not_that_of_the_priority():
    quiet = "<{}>2018-7-23 01:00:34.270.1 r1 %%01XYZZY/{}/PLUGH(l)[4997]:nothing"
    assert only("huawei", quiet.format(24, 6))[1].is_alarm is False  # priority: daemon, emergency
    assert only("huawei", quiet.format(31, 1))[1].is_alarm is True  # priority: daemon, debugging


@pytest.mark.parametrize("shift_ms", [0, 60_000, -60_000, 40 * DAY_MS, -40 * DAY_MS])
def test_pitfall_7_the_clock_of_a_device_may_be_wrong_and_both_times_are_kept(shift_ms):
    at = datetime.fromtimestamp((MAY_6 + shift_ms) / 1000, UTC)
    line = f"<187>1: r-kiel: {at:%b} {at.day:2d} {at:%H:%M:%S}.000: %LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down"
    (alarm,) = read(message("r-kiel", line), MAY_6, NAMES).alarms
    assert (alarm.known_ms, alarm.occurred_ms) == (MAY_6, MAY_6 + shift_ms)


@pytest.mark.parametrize("mark", ["*", "."])
def test_pitfall_7_a_clock_that_says_itself_that_it_is_not_synchronised_is_in_doubt_by_its_distance(mark):
    _, found = only("ios", f"1: r1: {mark}Mar  1 18:46:11.000: {BODY}")
    assert found.occurred_uncertainty_ms == MAY_6 - found.occurred_ms > 60 * DAY_MS


def test_pitfall_7_a_clock_that_was_never_set_is_read_as_it_stands():
    _, found = only("nxos", "<187>1970 Jan  1 00:00:07 r1 %ETHPORT-5-IF_UP: Interface Ethernet1/1 is up in mode trunk")
    assert found.occurred_ms == 7_000


def test_pitfall_12_a_cold_start_says_that_the_alarms_are_to_be_read_anew():
    line = "1: r1: May  6 19:00:00.000: %SNMP-5-COLDSTART: SNMP agent on host r1 is undergoing a cold start"
    assert DIALECTS["ios"].parse(line.encode(), MAY_6).resynchronise
    assert read(message("r-kiel", line), MAY_6, NAMES).resynchronise
    assert not DIALECTS["ios"].parse(line.replace("COLD", "WARM").encode(), MAY_6).resynchronise
