"""Syslog of the IOS family: ``<priority>sequence: host: stamp: %FACILITY-SEVERITY-MNEMONIC: text``.

Sequence, host and priority may be missing; ``*`` or ``.`` before the stamp marks a clock that is not synchronised.
"""

import re
from dataclasses import replace

from ossbss.oss.elements.names import ElementNames, Fact, Reading, reading_of
from ossbss.oss.elements.syslog_stamp import STAMP, instant

_LINE = re.compile(
    r"(?:<\d{1,3}>)?(?:\d+: )?(?:(?P<host>[\w.-]+): )?(?:\d+: )?(?P<doubt>[*.]?)" + STAMP + r"(?: [A-Z]{2,5})?: "
    r"%(?P<facility>[A-Z0-9_]+(?:-[A-Z0-9_]+)*?)-(?P<severity>[0-7])-(?P<mnemonic>[A-Z0-9_]+): (?P<text>.*)",
    re.DOTALL,
)
_FACTS: tuple[tuple[str, str, re.Pattern[str]], ...] = (
    ("LINK-UPDOWN", "port", re.compile(r"Interface (?P<name>[^,]+), changed state to (?P<state>up|down)\b")),
    ("LINEPROTO-UPDOWN", "port",
     re.compile(r"Line protocol on Interface (?P<name>[^,]+), changed state to (?P<state>up|down)\b")),
    ("OIR-CRASH", "card", re.compile(r"The module in slot (?P<name>\w+) has (?P<state>crashed)")),
    ("OIR-INSCARD", "card", re.compile(r"Card inserted in slot (?P<name>\w+), interfaces are now (?P<state>online)")),
    ("TRACK-STATE", "probe", re.compile(r"(?P<name>\d+) ip sla \d+ reachability (?:Up|Down) -> (?P<state>Up|Down)")),
    ("DYING_GASP-POWER_LOSS", "power", re.compile(r"(?P<name>)(?P<state>Shutdown) due to power loss")),
    ("SYS-RESTART", "power", re.compile(r"(?P<name>)System (?P<state>restarted)")),
    *(("ALARM-CONTACT", kind, re.compile(rf"(?P<state>ASSERT|CLEAR) \w+ External alarm contact \d+ (?P<name>){words}"))
      for kind, words in (("mains", "commercial power failure"), ("battery", "battery low"),
                          ("generator", "generator failure"), ("fuel", "fuel low"))),
)  # fmt: skip
_WELL = frozenset(("up", "Up", "online", "restarted", "CLEAR"))


def read(payload: bytes, received_ms: int, names: ElementNames) -> Reading:
    """One line as X.733; a line of another kind carries no alarm, a line of no known shape is rejected.

    'Administratively down' is somebody's decision, LINK-5-CHANGED, and so no alarm.
    """
    text = payload.decode("utf-8", "replace").strip()
    line = _LINE.fullmatch(text)
    if line is None:
        return Reading(rejected="not a line of IOS syslog: no stamp and %FACILITY-SEVERITY-MNEMONIC found")
    stamp = instant(line, received_ms, synchronised=not line["doubt"])
    if stamp is None:
        return Reading(rejected=f"no such date: {line['month']} {line['day']} {line['hour']}:{line['minute']}")
    for tag, kind, pattern in _FACTS:
        if tag == f"{line['facility']}-{line['mnemonic']}" and (said := pattern.match(line["text"])):
            reading = reading_of(Fact(kind, said["name"], said["state"] in _WELL), stamp, received_ms, names, text)
            return replace(reading, resynchronise=tag == "SYS-RESTART")
    return Reading()
