"""The terminal of the Junos family: actions as it wants them typed, and what it prints.

Changes end with ``commit confirmed``, so that the router itself goes back to the configuration that ran before, unless
another ``commit`` follows.
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
from ossbss.oss.elements.notification import Notification

_OVERLOAD = "protocols isis overload"
_WORDS: cli_words.Table = {
    "show_port": ("show interfaces {port} extensive", "show interfaces diagnostics optics {port}"),
    "show_cell": ("show interfaces {port} extensive",),
    "show_card": ("show chassis fpc {slot}",),
    "show_alarms": (
        "show chassis alarms",
        'show interfaces | match "Physical interface|Last flapped"',
        "show services rpm probe-results owner access",
    ),
    "show_change": ("show system commit",),
    "show_metric": ("show isis interface {port}.0 detail",),
    "restart_card": ("request chassis fpc slot {slot} restart",),
    "restart_node": ("request system reboot", "yes"),
    "shut_port": ("configure exclusive", "set interfaces {port} disable", "commit{timer}", "exit"),
    "open_port": ("configure exclusive", "delete interfaces {port} disable", "commit{timer}", "exit"),
    "set_metric": (
        "configure exclusive", "set protocols isis interface {port}.0 level 2 metric {metric}", "commit{timer}", "exit",
    ),
    "isolate": ("configure exclusive", f"set {_OVERLOAD} advertise-high-metrics", "commit{timer}", "exit"),
    "rejoin": ("configure exclusive", f"delete {_OVERLOAD}", "commit{timer}", "exit"),
    "reset_cell": (
        "configure exclusive", "set poe interface {port} disable", "commit", "delete poe interface {port} disable",
        "commit", "exit",
    ),
    "roll_back": ("configure exclusive", "rollback {checkpoint}", "commit{timer}", "exit"),
    "confirm": ("configure exclusive", "commit", "exit"),
}  # fmt: skip

_PROMPT = re.compile(r"[\w.-]{1,32}@(?P<host>[\w.-]{1,63})[>#] ?(?P<typed>.*)")
_STATE = re.compile(
    r"^Physical interface: (?P<name>\S+), (?P<admin>Enabled|Administratively down), Physical link is (?P<link>Up|Down)",
    re.M,
)
_RATE = re.compile(r"^ +Input +bytes +: +\d+ +(?P<bps>\d{1,15}) bps", re.M)
_ERRORS = re.compile(r"^ +Errors: (?P<errors>\d{1,20}), Drops:", re.M)
_LIGHT = re.compile(r"^ +Laser receiver power +: +[\d.]+ mW / (?P<rx>- Inf|-?\d{1,3}\.\d{2}) dBm", re.M)
_DARK_DBM = -40.0
"""No light at all (minus infinity) as a number."""
_FPC = re.compile(r"^ +(?P<slot>\d{1,3}) +(?P<state>Online|Offline|Present|Empty|Probed|Testing)\b", re.M)
_COUNT = re.compile(r"^(?P<count>\d{1,6}) alarms? currently active|^(?P<none>No alarms currently active)", re.M)
_ALARM = re.compile(
    r"^(?P<date>\d{4}-\d{2}-\d{2}) (?P<time>\d{2}:\d{2}:\d{2}) UTC +(?P<class>Major|Minor) +"
    r"(?:FPC (?P<slot>\d{1,3}) Major Errors|External-\d (?P<contact>[a-z ]+))\s*$",
    re.M,
)
_FLAP = re.compile(
    r"^Physical interface: (?P<name>\S+), (?P<admin>Enabled|Administratively down), Physical link is (?P<link>Up|Down)"
    r"\s*\n +Last flapped +: (?:Never|(?P<date>\d{4}-\d{2}-\d{2}) (?P<time>\d{2}:\d{2}:\d{2}) UTC)",
    re.M,
)
_TEST = re.compile(
    r"^ +Owner: access, Test: (?P<name>\S{1,64})\n(?:(?! +Owner:).*\n){0,4}? +Request timed out, "
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<day>\d{1,2}) (?P<time>\d{2}:\d{2}:\d{2}) (?P<year>\d{4})",
    re.M,
)
_COMMIT = re.compile(
    r"^(?P<number>\d{1,2}) +(?P<date>\d{4}-\d{2}-\d{2}) (?P<time>\d{2}:\d{2}:\d{2}) UTC by (?P<user>\S{1,64}) "
    r"via (?P<via>\S+)",
    re.M,
)
_METRIC = re.compile(r"^ +2 +\d+ +\d+ +(?P<metric>\d{1,8}) ", re.M)
_REFUSED = re.compile(r"^(?:error: [^\n]*|unknown command\.|syntax error\.)", re.M)


def radio_port(number: int) -> str:
    """Where the node's radio of this number (from 0) hangs: built-in ports are slot 0."""
    return f"ge-0/0/{number}"


def write(kind: str, words: Mapping[str, str], ports: Sequence[tuple[str, int]]) -> tuple[str, ...] | None:
    return cli_words.lines(_WORDS, kind, cli_words.timed(words, " confirmed {minutes}"), ports)


def read(kind: str, element: str, shown: str, received_ms: int) -> Facts:
    """Facts of an answer; Unreadable where it is none."""
    session = printed(shown, _PROMPT, element)
    if kind == "restart_node" and "System going down" in session[-1][1]:
        return Done(True, "reboot")
    commands = complete(session, _WORDS[kind])
    facts = told(kind, commands, _REFUSED, _LOOKS, received_ms)
    vain = next((c for c in commands if c[0].startswith("commit") and "commit complete" not in c[1]), None)
    return Done(False, f"{vain[0]}: {vain[1].strip()}") if vain and facts == Done(True) else facts



def _port(session: Session, _: int) -> PortFacts:
    state, *optics = (text for _, text in session)
    line = found(_STATE, state, "state of an interface")
    light = [_LIGHT.search(text) for text in optics]
    rx = next((said["rx"] for said in light if said), None)
    return PortFacts(
        admin_up=line["admin"] == "Enabled", up=line["link"] == "Up",
        input_errors=int(found(_ERRORS, state, "input errors")["errors"]),
        input_bps=int(found(_RATE, state, "input rate")["bps"]),
        rx_dbm=None if rx is None else _DARK_DBM if rx == "- Inf" else float(rx), readable=None not in light,
    )  # fmt: skip


def _card(session: Session, _: int) -> CardFacts:
    row = found(_FPC, of(session, "show chassis fpc"), "slot")
    return CardFacts(((row["slot"], row["state"] == "Online"),))


def _alarms(session: Session, received_ms: int) -> AlarmFacts:
    text = of(session, "show chassis alarms")
    rows, count = list(_ALARM.finditer(text)), found(_COUNT, text, "count of the alarms")
    if len(rows) != int(count["count"] or 0):
        raise Unreadable(f"{len(rows)} alarms of known kinds listed, and {count[0]!r}")
    probes = _TEST.finditer(of(session, "show services rpm"))
    return AlarmFacts((
        *(listed(*_what(row), utc_ms(row), SECOND_MS, row[0]) for row in rows),
        *_ports(of(session, "show interfaces"), received_ms),
        *(listed("probe", row["name"], utc_ms(row), SECOND_MS, row[0]) for row in probes),
    ))  # fmt: skip


def _ports(text: str, received_ms: int) -> list[Notification]:
    """A port that is down and was not shut; since when is unknown where it says never."""
    rows = list(_FLAP.finditer(text))
    if not rows:
        raise Unreadable("no interface in what show interfaces printed")
    return [
        listed("port", row["name"], utc_ms(row) if row["date"] else received_ms, SECOND_MS, row[0])
        for row in rows if row["admin"] == "Enabled" and row["link"] == "Down"
    ]  # fmt: skip


def _what(row: "re.Match[str]") -> tuple[str, str]:
    if row["slot"]:
        return "card", row["slot"]
    if row["contact"] in CONTACTS:
        return CONTACTS[row["contact"]], ""
    raise Unreadable(f"an alarm of no known kind: {row[0].strip()!r}")


def _change(session: Session, _: int) -> ChangeFacts:
    """Number 0 runs, number 1 ran before it."""
    rows = list(_COMMIT.finditer(of(session, "show system commit")))
    if not rows:
        raise Unreadable("no commit in what show system commit printed")
    if len(rows) == 1 and rows[0]["via"] == "other":
        return ChangeFacts(None, "", None)
    return ChangeFacts(utc_ms(rows[0]), rows[0]["user"], "1" if len(rows) > 1 else None)


def _metric(session: Session, _: int) -> MetricFacts:
    return MetricFacts(int(found(_METRIC, of(session, "show isis interface"), "metric")["metric"]))


_LOOKS: Looks = {
    "show_port": _port,
    "show_cell": _port,
    "show_card": _card,
    "show_alarms": _alarms,
    "show_change": _change,
    "show_metric": _metric,
}
