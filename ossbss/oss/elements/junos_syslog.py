"""Syslog of the Junos family: ``<priority>stamp host process[pid]: TAG: text``."""

import re

from ossbss.oss.elements.names import ElementNames, Fact, Reading, reading_of
from ossbss.oss.elements.syslog_stamp import STAMP, instant, instant_iso

_HEAD = r"(?:<\d{1,3}>)?"
_REST = r" +(?P<host>\S+) +(?:(?P<process>[\w./-]+)\[\d+\]: *|(?P<daemon>[\w./-]+): +)?(?P<text>.+)"
_BSD = re.compile(_HEAD + STAMP + r"(?: [A-Z]{2,5})?:?" + _REST, re.DOTALL)
_ISO = re.compile(
    _HEAD + r"(?P<iso>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|[+-]\d{2}:\d{2}))" + _REST, re.DOTALL
)
_FACTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("port", re.compile(r"SNMP_TRAP_LINK_(?P<state>DOWN|UP): .*ifAdminStatus up\(1\), .*ifName (?P<name>\S+)")),
    ("card", re.compile(r"Alarm (?P<state>set|cleared): FPC .*reason=FPC (?P<name>\d+) ")),
    ("probe", re.compile(r"PING_TEST_(?P<state>FAILED|COMPLETED): .*pingCtlTestName = (?P<name>\S+)")),
    ("power", re.compile(r"Alarm (?P<state>set|cleared): PEM .*(?P<name>)Not Powered")),
    *((kind, re.compile(rf"Alarm (?P<state>set|cleared): External .*reason=External-\d+ (?P<name>){words}"))
      for kind, words in (("mains", "commercial power failure"), ("battery", "battery low"),
                          ("generator", "generator failure"), ("fuel", "fuel low"))),
)  # fmt: skip
_WELL = frozenset(("UP", "cleared", "COMPLETED"))


def read(payload: bytes, received_ms: int, names: ElementNames) -> Reading:
    """One line as X.733; a line of another kind carries no alarm, a line of no known shape is rejected.

    A port with ``ifAdminStatus down(2)`` was shut by somebody: no alarm.
    """
    text = payload.decode("utf-8", "replace").strip()
    bsd, iso = _BSD.fullmatch(text), _ISO.fullmatch(text)
    line = bsd or iso
    if line is None:
        return Reading(rejected="not a line of Junos syslog: no stamp, host and text found")
    stamp = instant(line, received_ms) if bsd else instant_iso(line["iso"])
    if stamp is None:
        return Reading(rejected=f"no such date: {text[:40]!r}")
    for kind, pattern in _FACTS:
        if said := pattern.match(line["text"]):
            return reading_of(Fact(kind, said["name"], said["state"] in _WELL), stamp, received_ms, names, text)
    return Reading()
