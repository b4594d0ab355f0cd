"""The terminal of the IOS family (IOS-XE): actions as it wants them typed, and what it prints.

Changes are typed within ``configure terminal revert timer``, so that the router itself goes back to the running
configuration that was before, unless ``configure confirm`` follows.
"""

import re
from collections.abc import Mapping, Sequence

from ossbss.contract.units import SECOND_MS
from ossbss.oss.elements import cli_words
from ossbss.oss.elements.answers import (
    AlarmFacts,
    CardFacts,
    ChangeFacts,
    Done,
    Facts,
    Looks,
    MetricFacts,
    PortFacts,
    Session,
    Unreadable,
    complete,
    found,
    of,
    printed,
    told,
    utc_ms,
)
from ossbss.oss.elements.listed_alarms import CONTACTS, listed
from ossbss.oss.inventory import HIGHEST_METRIC

_WORDS: cli_words.Table = {
    "show_port": ("show interfaces {port}", "show interfaces {port} transceiver"),
    "show_cell": ("show interfaces {port}",),
    "show_card": ("show platform",),
    "show_alarms": ("show facility-alarm status", "show track brief"),
    "show_change": ("show running-config | include Last configuration change", "show archive"),
    "show_metric": ("show clns interface {port}",),
    "restart_card": ("hw-module subslot 0/{slot} reload", "y"),
    "restart_node": ("reload", "y"),
    "shut_port": ("configure terminal{timer}", "interface {port}", "shutdown", "end"),
    "open_port": ("configure terminal{timer}", "interface {port}", "no shutdown", "end"),
    "set_metric": ("configure terminal{timer}", "interface {port}", "isis metric {metric} level-2", "end"),
    "isolate": ("configure terminal{timer}", "interface {each}", f" isis metric {HIGHEST_METRIC} level-2", "end"),
    "rejoin": ("configure terminal{timer}", "interface {each}", " isis metric {planned} level-2", "end"),
    "reset_cell": ("configure terminal", "interface {port}", "power inline never", "power inline auto", "end"),
    "roll_back": ("configure replace {checkpoint} force{timer}",),
    "confirm": ("configure confirm",),
}

_PROMPT = re.compile(r"(?P<host>[\w.-]{1,63}?)(?:\([a-z-]{1,20}\))?[#>](?P<typed>.*)")
_STATE = re.compile(r"^\S+ is (?P<line>administratively down|up|down), line protocol is (?P<protocol>up|down)", re.M)
_RATE = re.compile(r"^ +5 minute input rate (?P<bps>\d{1,15}) bits/sec", re.M)
_ERRORS = re.compile(r"^ +(?P<errors>\d{1,20}) input errors,", re.M)
_LIGHT = re.compile(r"^Gi\S+ +\S+ +\S+ +\S+ +-?[\d.]+ +(?P<rx>-?\d{1,3}\.\d)(?: (?:--|-|\+|\+\+))?\s*$", re.M)
_SLOT = re.compile(r"^ 0/(?P<slot>\d{1,3}) +\S+ +(?P<state>\S+(?: \S+)*?)  +\S+ *$", re.M)
_TOTALS = re.compile(r"^System Totals +Critical: (?P<critical>\d+) +Major: (?P<major>\d+) +Minor: (?P<minor>\d+)", re.M)
_ALARM = re.compile(
    r"^(?P<source>\S+(?: \S+)*?) {2,}(?P<month>[A-Z][a-z]{2}) (?P<day>\d{2}) (?P<year>\d{4}) "
    r"(?P<time>\d{2}:\d{2}:\d{2}) +(?P<severity>CRITICAL|MAJOR|MINOR) +(?P<text>.+) \[\d+\]\s*$",
    re.M,
)
_TRACK = re.compile(
    r"^(?P<name>\d{1,9}) +ip sla +\S+ +reachability +(?P<state>Up|Down) +(?P<h>\d{2,5}):(?P<m>\d{2}):(?P<s>\d{2})", re.M
)
_CHANGE = re.compile(
    r"^! Last configuration change at (?P<time>\d{2}:\d{2}:\d{2}) UTC [A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) "
    r"(?P<day>\d{1,2}) (?P<year>\d{4}) by (?P<user>\S{1,64})",
    re.M,
)
_NO_CHANGE = re.compile(r"^! No configuration change since last restart", re.M)
_RECENT = re.compile(r"^ +\d+ +(?P<file>\S+) <- Most Recent", re.M)
_METRIC = re.compile(r"^ +Level-2 Metric: (?P<metric>\d{1,8}),", re.M)
_REFUSED = re.compile(r"^%.*(?:Invalid|Incomplete|Error|does not exist|already|pending)[^\n]*", re.M | re.I)


def radio_port(number: int) -> str:
    """Where the node's radio of this number (from 0) hangs: built-in ports are slot 0."""
    return f"GigabitEthernet0/0/{number}"


def write(kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]) -> tuple[str, ...] | None:
    timer = " revert trigger timer {minutes}" if kind == "roll_back" else " revert timer {minutes}"
    return cli_words.lines(_WORDS, kind, cli_words.timed(words, timer), ports)


def read(kind: str, element: str, shown: str, received_ms: int) -> Facts:
    """Facts of an answer; Unreadable where it is none."""
    session = printed(shown, _PROMPT, element)
    if kind == "restart_node" and "Connection closed" in session[-1][1]:
        return Done(True, "reload")
    commands = complete(session, _WORDS[kind])
    return told(kind, commands, _REFUSED, _LOOKS, received_ms)



def _port(session: Session, _: int) -> PortFacts:
    state, *optics = (text for _, text in session)
    line = found(_STATE, state, "state of an interface")
    light = [_LIGHT.search(text) for text in optics]
    return PortFacts(
        admin_up=line["line"] != "administratively down", up=line["line"] == line["protocol"] == "up",
        input_errors=int(found(_ERRORS, state, "input errors")["errors"]),
        input_bps=int(found(_RATE, state, "input rate")["bps"]),
        rx_dbm=next((float(said["rx"]) for said in light if said), None), readable=None not in light,
    )  # fmt: skip


def _card(session: Session, _: int) -> CardFacts:
    rows = list(_SLOT.finditer(of(session, "show platform")))
    if not rows:
        raise Unreadable("no slot in what show platform printed")
    return CardFacts(tuple((row["slot"], row["state"].split(",")[0] == "ok") for row in rows))


def _alarms(session: Session, received_ms: int) -> AlarmFacts:
    text = of(session, "show facility-alarm status")
    rows, totals = list(_ALARM.finditer(text)), found(_TOTALS, text, "totals of the alarms")
    if len(rows) != sum(int(totals[name]) for name in ("critical", "major", "minor")):
        raise Unreadable(f"{len(rows)} alarms listed, and {totals[0]!r}")
    alarms = [listed(*_what(row), utc_ms(row), SECOND_MS, row[0]) for row in rows]
    for row in _TRACK.finditer(of(session, "show track brief")):
        ago_ms = (int(row["h"]) * 3_600 + int(row["m"]) * 60 + int(row["s"])) * SECOND_MS
        if row["state"] == "Down":
            alarms.append(listed("probe", row["name"], received_ms - ago_ms, 2 * SECOND_MS, row[0]))
    return AlarmFacts(tuple(alarms))


def _what(row: "re.Match[str]") -> tuple[str, str]:
    if row["source"].startswith("subslot 0/"):
        return "card", row["source"].removeprefix("subslot 0/")
    if row["text"] in CONTACTS:
        return CONTACTS[row["text"]], ""
    if row["text"] == "Physical Port Link Down":
        return "port", row["source"]
    raise Unreadable(f"an alarm of no known kind: {row[0].strip()!r}")


def _change(session: Session, _: int) -> ChangeFacts:
    text, archive = of(session, "show running-config"), _RECENT.search(of(session, "show archive"))
    if _NO_CHANGE.search(text):
        return ChangeFacts(None, "", None)
    last = found(_CHANGE, text, "last change")
    return ChangeFacts(utc_ms(last), last["user"], archive["file"] if archive else None)


def _metric(session: Session, _: int) -> MetricFacts:
    return MetricFacts(int(found(_METRIC, of(session, "show clns interface"), "metric")["metric"]))


_LOOKS: Looks = {
    "show_port": _port,
    "show_cell": _port,
    "show_card": _card,
    "show_alarms": _alarms,
    "show_change": _change,
    "show_metric": _metric,
}
