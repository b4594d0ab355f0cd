"""Good messages to start from, input that is meant to harm, and a stream of mutations of both."""

import random
from collections.abc import Iterator
from functools import cache

from tests.oss.elements.golden import GOLDEN, SAMPLES
from tests.oss.elements.test_messages import HEADS, MESSAGES, RECEIVED_MS

__all__ = ["HOSTILE", "RECEIVED_MS", "mutations", "seeds"]

LONG = 60_000
HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b" " * LONG,
    "NUL": b"\0" * 100,
    "NUL within": b"<189>1: r1: May  6 19:00:00.123: %SYS-5-RESTART: System\0restarted",
    "escape sequence": b"<28>May  6 19:00:00 r1 rpd[1]: \x1b[2J\x1b[31mUI_COMMIT: User 'x'",
    "not UTF-8": b"<28>May  6 19:00:00 r1 rpd[1]: \xff\xfe\xc3\x28 went down",
    "overlong UTF-8": b"<28>May  6 19:00:00 r\xc0\xaf1 rpd[1]: x",
    "UTF-16": "<28>May  6 19:00:00 r1 rpd[1]: x".encode("utf-16"),
    "right to left": "<28>May  6 19:00:00 r1 rpd[1]: \u202eDOWN".encode(),
    "digits that are not ASCII": "<28>May  ٦ 19:00:00 r1 rpd[1]: x".encode(),
    "digits that are not ASCII in a stamp": "<187>2024 May  6 1९:00:00 r1 %ETHPORT-5-IF_UP: x".encode(),
    "superscript digit": "<18²>May  6 19:00:00 r1 rpd[1]: x".encode(),
    "priority too high": b"<192>May  6 19:00:00 r1 rpd[1]: x",
    "priority only": b"<28>",
    "percent signs": b"%" * LONG,
    "percent letters": b"%A" * (LONG // 2),
    "a tag without end": b"%" + b"A-" * (LONG // 2),
    "a facility without end": b"%" + b"A" * LONG,
    "brackets": b"(" * LONG,
    "open brackets after a head": b"<188>2024-05-06 19:00:00 r1 %%01IFNET/2/linkDown_active(l):" + b"(ifName=" * 7_000,
    "commas": b"<188>2024-05-06 19:00:00 r1 %%01OSPF/3/NBR_CHG_DOWN(l):(" + b"a=b, " * 12_000,
    "colons": b"<189>" + b"1: " * (LONG // 3),
    "hosts": b"<189>" + b"r: " * (LONG // 3) + b"%SYS-5-RESTART: System restarted",
    "stamps": b"<189>" + b"May  6 19:00:00 " * 3_000,
    "spaces in a stamp": b"<189>May" + b" " * LONG + b"6 19:00:00 r1 rpd[1]: x",
    "words after a tag": b"<189>1: r1: May  6 19:00:00.123: %FAN-3-X: " + b"fan fan power supply temp memory CPU usage " * 1_000,
    "not ok without end": b"<189>1: r1: May  6 19:00:00.123: %FAN-3-X: fan " + b"not " * 10_000,
    "interfaces without end": b"<189>1: r1: May  6 19:00:00.123: %LINK-3-UPDOWN: Interface " + b"Gi0/1, changed state to " * 2_000,
    "structured data without end": b"<28>1 2024-05-06T19:00:00Z r1 rpd 1 TAG [" + b'a="b" ' * 9_000,
    "a thousand lines": b"<28>May  6 19:00:00 r1 rpd[1]: x\n" * 1_000,
    "a year that is none": b"<188>0000-00-00 00:00:00 r1 %%01IFNET/4/IF_STATE(l)[1]:Interface X has turned into UP state.",
    "the first year": b"<188>0001-01-01 00:00:00+14:00 r1 %%01IFNET/4/IF_STATE(l)[1]:Interface X has turned into UP state.",
    "the last year": b"<28>9999-12-31T23:59:59.999-14:00 r1 rpd[1]: UI_COMMIT: User 'x'",
    "hour 24": b"<28>May  6 24:00:00 r1 rpd[1]: UI_COMMIT: User 'x'",
    "an offset that is none": b"<188>2024-05-06 19:00:00+99:99 r1 %%01IFNET/4/IF_STATE(l)[1]:Interface X has turned into UP state.",
    "format strings": b"<189>1: r1: May  6 19:00:00.123: %SYS-5-RESTART: %s%n{0}{}{x}",
    "JSON": b'{"event": {"commonEventHeader": {"domain": "fault"}}}',
    "deep JSON": b'{"a":' * 10_000,
    "XML bomb": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
    "TL1": b"\r\n\n   SITE 24-05-06 19:00:00\r\n*C 1 REPT ALM EQPT\r\n   \"SLOT-1:CR\"\r\n;",
}  # fmt: skip


@cache
def seeds(name: str) -> list[bytes]:
    """Good messages of a dialect (all of syslog's for ``syslog``); none for a dialect that is tested elsewhere."""
    wanted = list(HEADS) if name == "syslog" else [name]
    found = [(HEADS[dialect] + message).strip().encode() for dialect, message, *_ in MESSAGES if dialect in wanted]
    for dialect, event, *_ in GOLDEN if SAMPLES.is_dir() else ():
        if dialect in wanted:
            (path,) = (SAMPLES / "syslog_golden" / dialect / event).glob("*/syslog.msg")
            found.append(path.read_bytes().strip())
    return found


def mutations(name: str, count: int) -> Iterator[bytes]:
    """So many inputs, always the same: good messages with octets changed, cut out, doubled, joined; noise; hostile."""
    chance = random.Random(f"fuzz/{name}")
    good = [*seeds(name), *(payload[:400] for payload in HOSTILE.values())]
    for _ in range(count):
        yield _mutated(bytearray(chance.choice(good)), chance, good)


def _mutated(payload: bytearray, chance: random.Random, good: list[bytes]) -> bytes:
    for _ in range(chance.randint(0, 4)):
        at, to = sorted(chance.randint(0, len(payload)) for _ in range(2))
        match chance.randrange(6):
            case 0:
                payload[at:at] = chance.randbytes(chance.randint(1, 8))
            case 1:
                del payload[at:to]
            case 2:
                payload[at:at] = payload[at:to]
            case 3:
                payload[at:] = chance.choice(good)[at:]
            case 4 if payload:
                payload[at % len(payload)] = chance.randrange(256)
            case _:
                payload[at:to] = bytes(chance.choices(b"<>%:()[]{}=,. -/*0123456789ABDOWNUPdownup\n\t\\\"'", k=4))
    return bytes(payload)
