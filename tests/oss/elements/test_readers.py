"""Vendor lines as alarms: the dialects' own shapes, real samples, and bytes of any kind."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.contract.assurance import VendorMessage
from ossbss.oss.elements.adapters import READERS, read
from ossbss.oss.elements.names import ElementNames

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
NAMES = ElementNames(
    "r-kiel",
    {"GigabitEthernet0/1/0": "kiel-luebeck", "xe-1/0/0": "kiel-luebeck"},
    {"1": "r-kiel/1"},
    {"12": "svc-12"},
    site="kiel",
)
MAY_6 = int(datetime(2024, 5, 6, 19, 0, 1, tzinfo=UTC).timestamp() * 1000)
STAMP_MS = MAY_6 - 877
IOS, JUNOS = "<187>1440: r-kiel: May  6 19:00:00.123: ", "<28>May  6 19:00:00.123 r-kiel "
DOWN, UP = "ifAdminStatus up(1), ifOperStatus down(2)", "ifAdminStatus up(1), ifOperStatus up(1)"

ALARMS = [
    ("ios", IOS + "%LINK-3-UPDOWN: Interface GigabitEthernet0/1/0, changed state to down",
     ("kiel-luebeck", "lossOfSignal", "major")),
    ("ios", IOS + "%LINEPROTO-5-UPDOWN: Line protocol on Interface GigabitEthernet0/1/0, changed state to up",
     ("kiel-luebeck", "lossOfSignal", "cleared")),
    ("ios", IOS + "%OIR-3-CRASH: The module in slot 1 has crashed", ("r-kiel/1", "equipmentMalfunction", "major")),
    ("ios", IOS + "%TRACK-6-STATE: 12 ip sla 12 reachability Up -> Down",
     ("svc-12", "underlyingResourceUnavailable", "critical")),
    ("ios", IOS + "%DYING_GASP-0-POWER_LOSS: Shutdown due to power loss", ("r-kiel", "powerProblem", "critical")),
    ("ios", IOS + "%SYS-5-RESTART: System restarted --", ("r-kiel", "powerProblem", "cleared")),
    ("junos", JUNOS + f"mib2d[2424]: SNMP_TRAP_LINK_DOWN: ifIndex 502, {DOWN}, ifName xe-1/0/0",
     ("kiel-luebeck", "lossOfSignal", "major")),
    ("junos", JUNOS + f"mib2d[2424]: SNMP_TRAP_LINK_UP: ifIndex 502, {UP}, ifName xe-1/0/0",
     ("kiel-luebeck", "lossOfSignal", "cleared")),
    ("junos", JUNOS + "alarmd[2449]: Alarm set: FPC color=RED, class=CHASSIS, reason=FPC 1 Major Errors",
     ("r-kiel/1", "equipmentMalfunction", "major")),
    ("junos", JUNOS + "rmopd[1320]: PING_TEST_COMPLETED: pingCtlOwnerIndex = access, pingCtlTestName = 12",
     ("svc-12", "underlyingResourceUnavailable", "cleared")),
    ("junos", JUNOS + "alarmd[2449]: Alarm set: PEM color=RED, class=CHASSIS, reason=PEM 0 Not Powered",
     ("r-kiel", "powerProblem", "critical")),
    ("ios", IOS + "%ALARM-2-CONTACT: ASSERT MAJOR External alarm contact 1 commercial power failure",
     ("kiel", "commercialPowerFailure", "major")),
    ("ios", IOS + "%ALARM-5-CONTACT: CLEAR MINOR External alarm contact 5 fuel low", ("kiel", "lowFuel", "cleared")),
    ("junos", JUNOS + "alarmd[2449]: Alarm set: External color=RED, class=CHASSIS, reason=External-1 battery low",
     ("kiel", "lowBatteryThreshold", "critical")),
    ("junos", JUNOS + "alarmd[2449]: Alarm cleared: External color=RED, class=CHASSIS, reason=External-3 generator failure",
     ("kiel", "generatorFailure", "cleared")),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "line", "expected"), ALARMS)
def test_a_line_becomes_the_alarm_of_x733(dialect, line, expected):
    (alarm,) = READERS[dialect](line.encode(), MAY_6, NAMES).alarms
    assert (alarm.alarmed_object, alarm.probable_cause, alarm.perceived_severity) == expected
    assert (alarm.source, alarm.occurred_ms, alarm.occurred_uncertainty_ms) == ("r-kiel", STAMP_MS, 0)


SILENT = [
    ("ios", IOS + "%ALARM-6-CONTACT: INFO External alarm contact 3 generator running"),
    ("junos", JUNOS + "alarmd[2449]: External-2 generator running"),
    ("ios", IOS + "%LINK-5-CHANGED: Interface GigabitEthernet0/1/0, changed state to administratively down"),
    ("ios", IOS + "%SYS-5-CONFIG_I: Configured from console by admin"),
    ("junos", JUNOS + "mib2d[1]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus down(2), "
     "ifOperStatus down(2), ifName xe-1/0/0"),
    ("junos", JUNOS + "mgd[99]: UI_COMMIT: User 'admin' requested 'commit' operation"),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "line"), SILENT)
def test_decisions_and_other_news_are_no_alarms(dialect, line):
    reading = READERS[dialect](line.encode(), MAY_6, NAMES)
    assert (reading.alarms, reading.rejected) == ((), None)


REJECTED = [
    ("ios", IOS.replace("May  6", "Feb 30") + "%SYS-5-RESTART: System restarted --", "no such date"),
    ("ios", IOS + "%LINK-3-UPDOWN: Interface Serial9, changed state to down", "no port named 'Serial9'"),
    ("ios", "hello", "not a line of IOS"),
    ("junos", "", "not a line of Junos"),
    ("junos", JUNOS + "rmopd[1320]: PING_TEST_FAILED: pingCtlOwnerIndex = a, pingCtlTestName = 99", "no probe"),
]


@pytest.mark.parametrize(("dialect", "line", "reason"), REJECTED)
def test_what_cannot_be_read_is_kept_with_its_reason(dialect, line, reason):
    assert reason in (READERS[dialect](line.encode(), MAY_6, NAMES).rejected or "")


def test_a_line_of_new_years_eve_read_after_midnight_belongs_to_the_old_year():
    received_ms = int(datetime(2025, 1, 1, 0, 0, 2, tzinfo=UTC).timestamp() * 1000)
    line = "<187>7: r-kiel: Dec 31 23:59:59.500: %SYS-5-RESTART: System restarted --"
    (alarm,) = READERS["ios"](line.encode(), received_ms, NAMES).alarms
    assert received_ms - alarm.occurred_ms == 2_500


def test_a_stamp_with_a_zone_is_read_in_that_zone():
    line = "<28>2024-05-06T22:00:01.250+03:00 r-kiel alarmd[2449]: Alarm cleared: FPC color=RED, reason=FPC 1 Major"
    (alarm,) = READERS["junos"](line.encode(), MAY_6, NAMES).alarms
    assert (alarm.occurred_ms, alarm.occurred_uncertainty_ms) == (MAY_6 + 250, 0)


def test_a_clock_that_is_not_synchronised_is_uncertain_by_its_distance():
    line = "*Mar  1 18:46:11: %SYS-5-RESTART: System restarted --"
    (alarm,) = READERS["ios"](line.encode(), MAY_6, NAMES).alarms
    assert alarm.occurred_uncertainty_ms == MAY_6 - alarm.occurred_ms > 60 * 86_400_000


@pytest.mark.parametrize("dialect", ["ios", "junos"])
@given(payload=st.binary(max_size=200))
def test_no_bytes_raise(dialect, payload):
    READERS[dialect](payload, MAY_6, NAMES)


@given(case=st.sampled_from(ALARMS), at=st.integers(0, 120), other=st.text(max_size=5))
def test_no_mutation_of_a_line_raises(case, at, other):
    dialect, line, _ = case
    READERS[dialect]((line[:at] + other + line[at + 1 :]).encode("utf-8", "replace"), MAY_6, NAMES)


def _samples(dialect: str) -> list[Path]:
    return sorted((SAMPLES / "syslog_golden" / dialect).rglob("syslog.msg"))


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="SKIPPED BY NAME: ../shared/samples is absent")
@pytest.mark.parametrize("dialect", ["ios", "junos"])
def test_every_real_sample_is_understood_and_its_stamp_agrees(dialect):
    for path in _samples(dialect):
        reading = READERS[dialect](path.read_bytes(), MAY_6, NAMES)
        assert reading.rejected is None or "the inventory of" in reading.rejected, (path, reading.rejected)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="SKIPPED BY NAME: ../shared/samples is absent")
def test_operational_downs_of_real_buffers_are_found():
    """Every LINK line of the captures that says up or down concerns a port; the parsed rows name the same ones."""
    found = 0
    for path in sorted((SAMPLES / "ios_log_buffer").glob("*.raw")):
        for line in path.read_text().splitlines():
            if "%LINK-3-UPDOWN" in line:
                name = line.split("Interface ")[1].split(",")[0]
                names = ElementNames("r", {name: "the-link"}, {}, {})
                (alarm,) = READERS["ios"](line.encode(), MAY_6, names).alarms
                assert (alarm.perceived_severity == "cleared") == line.endswith("up")
                found += 1
    assert found > 0


@pytest.mark.parametrize(
    ("element", "dialect", "reason"),
    [("r-nowhere", "ios", "no element 'r-nowhere'"), ("r-kiel", "morse", "no reader for dialect 'morse'")],
)
def test_a_message_of_an_unknown_element_or_dialect_is_rejected_with_its_reason(element, dialect, reason):
    message = VendorMessage(
        sender=element, message_id="1", occurred_ms=MAY_6, element_id=element, dialect=dialect, payload=b"x"
    )
    assert reason in (read(message, MAY_6, {"r-kiel": NAMES}).rejected or "")
