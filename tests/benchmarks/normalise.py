"""Lines of syslog a second of processor time, all dialects on: which dialect a line is in must be found first.

The lines are common messages of the six dialects, alarms and facts mixed, each dialect in equal parts and in an order
that changes the dialect with every line; one line in 50 is of no dialect. Every fourth line is of an event that no rule
knows, which costs most: all rules for any tag are tried. ``files``: the same through the reading of a file, with the
records that the command writes, JSON included. The bare cost of decoding the lines and of cutting each
into priority, head and text by one regular expression is the rival. ``traps``: link traps of SNMPv2c in BER, of 40
ports and each at a time of its own.
"""

import json
import re
from collections.abc import Callable
from io import BytesIO
from itertools import cycle, islice
from time import process_time

from ossbss.oss.elements import snmp
from ossbss.oss.elements.normalise import records
from ossbss.oss.elements.syslog import guess
from tests.benchmarks.harness import Result, interleaved
from tests.oss.elements.wire_samples import IF, integer, trap

LINES = 60_000
RECEIVED_MS = 1_715_022_001_000  # 2024-05-06T19:00:01Z
HEADS = {
    "ios": "<189>1440: r{n}: May  6 19:00:00.123: ",
    "iosxr": "<189>94307: r{n} RP/0/RSP0/CPU0:May  6 19:00:00.123 UTC: proc[214]: ",
    "nxos": "<189>2024 May  6 19:00:00.123 r{n} ",
    "eos": "<165>May  6 19:00:00.123 r{n} Agent: ",
    "junos": "<28>May  6 19:00:00.123 r{n} ",
    "huawei": "<188>2024-05-06 19:00:00.123 r{n} ",
}
TEXTS = {
    "ios": (
        "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down",
        "%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.2 on GigabitEthernet0/1 from FULL to DOWN, Neighbor Down: Dead timer expired",
        "%SYS-5-CONFIG_I: Configured from console by admin on vty0 (192.0.2.1)",
        "%XYZZY-6-PLUGH: a thing that no rule knows has happened on 7 of 9 things",
    ),
    "iosxr": (
        "%PKT_INFRA-LINK-3-UPDOWN : Interface TenGigE0/2/0/4, changed state to Down",
        "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Up (VRF: default) (AS: 65001)",
        "%MGBL-CONFIG-6-DB_COMMIT : Configuration committed by user 'admin'.",
        "%MGBL-XYZZY-6-PLUGH : a thing that no rule knows has happened on 7 of 9 things",
    ),
    "nxos": (
        "%ETHPORT-5-IF_DOWN_LINK_FAILURE: Interface Ethernet1/33 is down (Link failure)",
        "%BGP-5-ADJCHANGE:  bgp-65000 [8473] (default) neighbor 10.0.0.1 Down - holdtimer expired error",
        "%AUTHPRIV-6-SYSTEM_MSG: pam_unix(dcos_sshd:session): session opened for user luke by (uid=0)",
        "%XYZZY-6-PLUGH: a thing that no rule knows has happened on 7 of 9 things",
    ),
    "eos": (
        "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet28, changed state to up",
        "%BGP-5-ADJCHANGE: peer 10.0.0.1 (VRF default AS 65001) old state Established event Stop new state Idle",
        "%SYS-5-CONFIG_STARTUP: Startup config saved from system:/running-config by admin on vty3 (192.0.2.1).",
        "%XYZZY-6-PLUGH: a thing that no rule knows has happened on 7 of 9 things",
    ),
    "junos": (
        "mib2d[1]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus up(1), ifOperStatus down(2), ifName xe-0/0/0",
        "rpd[1]: RPD_ISIS_ADJDOWN: IS-IS lost L2 adjacency to second on ge-0/0/1.0, reason: Aged Out",
        "mgd[7]: UI_COMMIT: User 'luke' requested 'commit' operation (comment: hello)",
        "plughd[7]: XYZZY_PLUGH: a thing that no rule knows has happened on 7 of 9 things",
    ),
    "huawei": (
        "%%01IFNET/4/IF_STATE(l)[4997]:Interface Ethernet0/0/8 has turned into DOWN state.",
        "%%01BGP/3/STATE_CHG_UPDOWN(l)[2]:The status of the peer 10.0.0.2 changed from ESTABLISHED to IDLE. (InstanceName=A)",
        "%%01SHELL/6/CMDRECORD(s)[6]:Record command information. (Task=vt0, Ip=192.0.2.1, User=admin)",
        "%%01XYZZY/6/PLUGH(l)[8]:a thing that no rule knows has happened on 7 of 9 things",
    ),
}
CUT = re.compile(r"(?:<(\d{1,3})>)?(.{0,80}?): (.*)")
LINK_DOWN = "1.3.6.1.6.3.1.1.5.3"
NOISE = "no message of any vendor at all"


def lines(count: int) -> list[bytes]:
    """So many lines, of 100 elements; each kind of message comes in every dialect before the next kind."""
    kinds = [(HEADS[dialect] + TEXTS[dialect][kind]) for kind in range(4) for dialect in HEADS]
    texts = list(islice(cycle(kinds), count))
    return [(NOISE if n % 50 == 49 else text.format(n=n % 100)).encode() for n, text in enumerate(texts)]


def read_all(batch: list[bytes]) -> tuple[int, int]:
    """How many were read, and how many of them said an alarm."""
    read = alarms = 0
    for payload in batch:
        _, parsed = guess.parse(payload, RECEIVED_MS)
        read += parsed.rejected is None
        alarms += any(said.is_alarm for said in parsed.notifications)
    return read, alarms


def write_all(text: bytes) -> int:
    return sum(len(json.dumps(record)) for _, record in records(BytesIO(text), "syslog", RECEIVED_MS, "r"))


def bare(batch: list[bytes]) -> int:
    return sum(len(found.groups()) for payload in batch if (found := CUT.match(payload.decode())))


def traps(count: int) -> list[bytes]:
    """linkDown of one of 40 ports, with the uptime that tells them apart."""
    row = ((f"{IF}.1.{{n}}", integer), (f"{IF}.7.{{n}}", lambda _: integer(1)), (f"{IF}.8.{{n}}", lambda _: integer(2)))
    uptime = integer(123456, 0x43)
    return [trap(LINK_DOWN, *((name.format(n=n % 40), of(n % 40)) for name, of in row))
            .replace(uptime, integer(123456 + 37 * n, 0x43)) for n in range(count)]  # fmt: skip


def read_traps(batch: list[bytes]) -> int:
    return sum(snmp.parse(payload, RECEIVED_MS).rejected is None for payload in batch)


def measure(repetitions: int, count: int = LINES) -> Result:
    batch = lines(count)
    text = b"\n".join(batch)
    read, alarms = read_all(batch)
    wire = traps(count // 10)
    assert read_traps(wire) == len(wire)
    rivals: dict[str, Callable[[], Callable[[], object]]] = {
        "normalise": lambda: lambda: read_all(batch),
        "files": lambda: lambda: write_all(text),
        "bare": lambda: lambda: bare(batch),
        "traps": lambda: lambda: read_traps(wire),
    }
    seconds = interleaved(rivals, repetitions, process_time)
    figures = {"lines": count, "read": read, "alarms": alarms, "dialects": len(HEADS)}
    figures |= {f"{name}_lines_per_s": count / seconds[name] for name in rivals if name != "traps"}
    figures["traps_per_s"] = len(wire) / seconds["traps"]
    return Result("normalise", figures, {"bare_over_normalise": seconds["normalise"] / seconds["bare"]}, repetitions)
