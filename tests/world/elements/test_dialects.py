"""The lines elements write, beside lines of real equipment."""

import re
from pathlib import Path
from typing import get_args

import pytest

from sim.world.elements import ios, junos
from sim.world.elements.dialects import WRITERS, port_name
from sim.world.elements.events import ElementEvent, EventKind

AT_MS = 1_715_022_000_123  # 2024-05-06T19:00:00.123Z
SAMPLES = Path(__file__).parents[3].parent / "shared" / "samples" / "syslog_golden"
KINDS: tuple[EventKind, ...] = get_args(EventKind)

IOS_PORT, JUNOS_PORT = "GigabitEthernet0/1/0", "xe-1/0/0"
IOS_LINES: list[tuple[EventKind, str, list[str]]] = [
    (
        "port_down",
        IOS_PORT,
        [
            f"<187>1440: r-kiel: May  6 19:00:00.123: %LINK-3-UPDOWN: Interface {IOS_PORT}, changed state to down",
            "<189>1441: r-kiel: May  6 19:00:00.123: %LINEPROTO-5-UPDOWN: "
            f"Line protocol on Interface {IOS_PORT}, changed state to down",
        ],
    ),
    (
        "port_up",
        IOS_PORT,
        [
            f"<187>1440: r-kiel: May  6 19:00:00.123: %LINK-3-UPDOWN: Interface {IOS_PORT}, changed state to up",
            "<189>1441: r-kiel: May  6 19:00:00.123: %LINEPROTO-5-UPDOWN: "
            f"Line protocol on Interface {IOS_PORT}, changed state to up",
        ],
    ),
    (
        "card_failed",
        "1",
        ["<187>1440: r-kiel: May  6 19:00:00.123: %OIR-3-CRASH: The module in slot 1 has crashed"],
    ),
    (
        "card_restored",
        "1",
        ["<190>1440: r-kiel: May  6 19:00:00.123: %OIR-6-INSCARD: Card inserted in slot 1, interfaces are now online"],
    ),
    (
        "probe_failed",
        "12",
        ["<190>1440: r-kiel: May  6 19:00:00.123: %TRACK-6-STATE: 12 ip sla 12 reachability Up -> Down"],
    ),
    (
        "probe_restored",
        "12",
        ["<190>1440: r-kiel: May  6 19:00:00.123: %TRACK-6-STATE: 12 ip sla 12 reachability Down -> Up"],
    ),
    (
        "power_lost",
        "",
        ["<184>1440: r-kiel: May  6 19:00:00.123: %DYING_GASP-0-POWER_LOSS: Shutdown due to power loss"],
    ),
    ("power_restored", "", ["<189>1440: r-kiel: May  6 19:00:00.123: %SYS-5-RESTART: System restarted --"]),
    (
        "port_shut",
        IOS_PORT,
        [
            f"<189>1440: r-kiel: May  6 19:00:00.123: %LINK-5-CHANGED: Interface {IOS_PORT}, "
            "changed state to administratively down"
        ],
    ),
    (
        "port_opened",
        IOS_PORT,
        [
            f"<187>1440: r-kiel: May  6 19:00:00.123: %LINK-3-UPDOWN: Interface {IOS_PORT}, changed state to up",
            "<189>1441: r-kiel: May  6 19:00:00.123: %LINEPROTO-5-UPDOWN: "
            f"Line protocol on Interface {IOS_PORT}, changed state to up",
        ],
    ),
    *(
        (kind, "", [f"<{184 + severity}>1440: r-kiel: May  6 19:00:00.123: %ALARM-{severity}-CONTACT: {text}"])
        for kind, severity, text in (
            ("mains_failed", 2, "ASSERT MAJOR External alarm contact 1 commercial power failure"),
            ("mains_restored", 5, "CLEAR MAJOR External alarm contact 1 commercial power failure"),
            ("battery_low", 1, "ASSERT CRITICAL External alarm contact 2 battery low"),
            ("battery_normal", 5, "CLEAR CRITICAL External alarm contact 2 battery low"),
            ("generator_running", 6, "INFO External alarm contact 3 generator running"),
            ("generator_stopped", 6, "INFO External alarm contact 3 generator stopped"),
            ("generator_failed", 2, "ASSERT MAJOR External alarm contact 4 generator failure"),
            ("generator_ready", 5, "CLEAR MAJOR External alarm contact 4 generator failure"),
            ("fuel_low", 3, "ASSERT MINOR External alarm contact 5 fuel low"),
            ("fuel_normal", 5, "CLEAR MINOR External alarm contact 5 fuel low"),
        )
    ),
]
JUNOS_LINES: list[tuple[EventKind, str, str]] = [
    (
        "port_down",
        JUNOS_PORT,
        "mib2d[2424]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus up(1), ifOperStatus down(2), ifName xe-1/0/0",
    ),
    (
        "port_up",
        JUNOS_PORT,
        "mib2d[2424]: SNMP_TRAP_LINK_UP: ifIndex 502, ifAdminStatus up(1), ifOperStatus up(1), ifName xe-1/0/0",
    ),
    ("card_failed", "0", "alarmd[2449]: Alarm set: FPC color=RED, class=CHASSIS, reason=FPC 0 Major Errors"),
    ("card_restored", "0", "alarmd[2449]: Alarm cleared: FPC color=RED, class=CHASSIS, reason=FPC 0 Major Errors"),
    ("probe_failed", "12", "rmopd[1320]: PING_TEST_FAILED: pingCtlOwnerIndex = access, pingCtlTestName = 12"),
    ("probe_restored", "12", "rmopd[1320]: PING_TEST_COMPLETED: pingCtlOwnerIndex = access, pingCtlTestName = 12"),
    ("power_lost", "", "alarmd[2449]: Alarm set: PEM color=RED, class=CHASSIS, reason=PEM 0 Not Powered"),
    ("power_restored", "", "alarmd[2449]: Alarm cleared: PEM color=RED, class=CHASSIS, reason=PEM 0 Not Powered"),
    (
        "port_shut",
        JUNOS_PORT,
        "mib2d[2424]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus down(2), ifOperStatus down(2), ifName xe-1/0/0",
    ),
    (
        "port_opened",
        JUNOS_PORT,
        "mib2d[2424]: SNMP_TRAP_LINK_UP: ifIndex 502, ifAdminStatus up(1), ifOperStatus up(1), ifName xe-1/0/0",
    ),
    *(
        (kind, "", f"alarmd[2449]: {text}")
        for kind, text in (
            ("mains_failed", "Alarm set: External color=RED, class=CHASSIS, reason=External-0 commercial power failure"),
            ("mains_restored", "Alarm cleared: External color=RED, class=CHASSIS, reason=External-0 commercial power failure"),
            ("battery_low", "Alarm set: External color=RED, class=CHASSIS, reason=External-1 battery low"),
            ("battery_normal", "Alarm cleared: External color=RED, class=CHASSIS, reason=External-1 battery low"),
            ("generator_running", "External-2 generator running"),
            ("generator_stopped", "External-2 generator stopped"),
            ("generator_failed", "Alarm set: External color=RED, class=CHASSIS, reason=External-3 generator failure"),
            ("generator_ready", "Alarm cleared: External color=RED, class=CHASSIS, reason=External-3 generator failure"),
            ("fuel_low", "Alarm set: External color=YELLOW, class=CHASSIS, reason=External-4 fuel low"),
            ("fuel_normal", "Alarm cleared: External color=YELLOW, class=CHASSIS, reason=External-4 fuel low"),
        )
    ),
]


@pytest.mark.parametrize(("kind", "name", "lines"), IOS_LINES)
def test_ios_says(kind: EventKind, name: str, lines: list[str]) -> None:
    written = ios.write(ElementEvent(kind, "r-kiel", AT_MS, name), 1440)
    assert [payload.decode("ascii") for payload in written] == lines


@pytest.mark.parametrize(("kind", "name", "text"), JUNOS_LINES)
def test_junos_says(kind: EventKind, name: str, text: str) -> None:
    (payload,) = junos.write(ElementEvent(kind, "r-kiel", AT_MS, name), 1440)
    assert payload.decode("ascii") == f"<28>May  6 19:00:00.123 r-kiel {text}"


def test_the_tables_above_cover_every_kind() -> None:
    assert [kind for kind, _, _ in IOS_LINES] == [kind for kind, _, _ in JUNOS_LINES] == list(KINDS)


@pytest.mark.parametrize("vendor", sorted(WRITERS))
def test_every_vendor_names_its_ports_so_that_its_own_lines_carry_them(vendor: str) -> None:
    name = port_name(vendor, 2, 1)
    for kind in ("port_down", "port_up"):
        for payload in WRITERS[vendor](ElementEvent(kind, "r-kiel", AT_MS, name), 1):
            assert name.encode() in payload


def test_a_day_of_two_figures_and_an_early_millisecond_keep_their_columns() -> None:
    (payload,) = ios.write(ElementEvent("power_lost", "r-kiel", 1_735_603_200_007), 1)
    assert b": Dec 31 00:00:00.007: " in payload


def test_junos_indices_differ_between_ports() -> None:
    names = [junos.port_name(slot, port) for slot in range(8) for port in range(16)]
    lines = [junos.write(ElementEvent("port_up", "r-kiel", AT_MS, name), 1)[0] for name in names]
    indices = [re.findall(rb"ifIndex (\d+)", line)[0] for line in lines]
    assert len(set(indices)) == len(names)


def test_junos_refuses_a_port_of_another_family() -> None:
    with pytest.raises(ValueError, match="xe-1/0/0"):
        junos.write(ElementEvent("port_down", "r-kiel", AT_MS, IOS_PORT), 1)


def _sample(path: str) -> str:
    file = SAMPLES / path / "syslog.msg"
    if not file.exists():
        pytest.skip(f"shared/samples/syslog_golden/{path} is absent")
    return file.read_text(encoding="ascii").strip()


def test_ios_has_the_shape_of_a_real_line() -> None:
    real = _sample("ios/INTERFACE_UP/default")
    event = ElementEvent("port_up", "test-switch1", 1_527_860_145_562, "FastEthernet0/2")
    assert ios.write(event, 1439)[1].decode() == real


def test_junos_has_the_shape_of_a_real_line() -> None:
    real = _sample("junos/INTERFACE_DOWN/default")
    event = ElementEvent("port_down", "vmx01", 1_500_587_159_000, "xe-0/0/0")
    ours = junos.write(event, 1)[0].decode()
    assert re.sub(r"ifIndex \d+|\.000", "#", ours).replace("#", "", 1) == re.sub(r"ifIndex \d+", "#", real).replace(
        "ifAdminStatus down(2)", "ifAdminStatus up(1)"
    )
