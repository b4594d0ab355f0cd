"""The terminal of a router of the Junos family: lines typed → what it shows, and what it was told to do.

It knows the commands that operations need, and answers anything else as the real one does. Routing is IS-IS; what is
set takes effect with ``commit``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ossbss.contract.units import MINUTE_MS
from sim.world.elements import junos_show
from sim.world.elements.condition import Element
from sim.world.elements.deeds import Configure, Confirm, Deed, Restart, RollBack, Setting
from sim.world.elements.terminals import Act, Command, converse, obey

UNKNOWN = "                 ^\nunknown command.\n"
SYNTAX = "                 ^\nsyntax error.\n"
_PORT = r"(?P<port>[a-z]{2}-\d+/\d+/\d+)"


@dataclass
class Terminal:
    """One session. ``back``: the configuration of this number was loaded, and is not yet committed."""

    element: Element
    configuring: bool = False
    settings: list[Setting] = field(default_factory=list)
    back: int | None = None
    deeds: list[Deed] = field(default_factory=list)
    asks: Deed | None = None
    gone: bool = False

    @property
    def prompt(self) -> str:
        host = self.element.hostname
        return f"\n[edit]\noss@{host}# " if self.configuring else f"\noss@{host}> "


def run(typed: str, element: Element) -> tuple[str, tuple[Deed, ...]]:
    """(what the terminal shows, what it was told to do); what is not committed when the session ends is lost."""
    terminal = Terminal(element)
    shown = converse(terminal, typed, _answer_question, _type)
    return shown, tuple(terminal.deeds)


def _answer_question(terminal: Terminal, line: str) -> str:
    deed, terminal.asks = terminal.asks, None
    if deed is None or line.strip() != "yes":
        return ""
    terminal.deeds.append(deed)
    terminal.gone = True
    host = terminal.element.hostname
    return f"\n*** FINAL System shutdown message from oss@{host} ***\n\nSystem going down IMMEDIATELY\n"


def _type(terminal: Terminal, line: str) -> str:
    if not line or line == "set cli screen-length 0":
        return ""
    unknown = SYNTAX if terminal.configuring else UNKNOWN
    shown = obey(terminal, line, terminal.configuring, _COMMANDS)
    return unknown if shown is None else shown


def _shows(show: Callable[[Element], str]) -> Act[Terminal]:
    return lambda terminal, _: show(terminal.element)


def _shows_port(show: Callable[[Element, str], str]) -> Act[Terminal]:
    return lambda t, said: show(t.element, said["port"]) if said["port"] in t.element.ports else _no(said["port"])


def _no(port: str) -> str:
    return f"error: device {port} not found\n"


def _shows_slot(terminal: Terminal, said: "re.Match[str]") -> str:
    if said["slot"] not in terminal.element.slots:
        return f"error: FPC {said['slot']} is not present\n"
    return junos_show.fpc(terminal.element, said["slot"])


def _restart_card(terminal: Terminal, said: "re.Match[str]") -> str:
    if said["slot"] not in terminal.element.slots:
        return f"error: FPC {said['slot']} is not present\n"
    terminal.deeds.append(Restart(said["slot"]))
    return 'Restart initiated, use "show chassis fpc" to verify\n'


def _reboot(terminal: Terminal, _: "re.Match[str]") -> str:
    terminal.asks = Restart()
    return "Reboot the system ? [yes,no] (no) "


def _configure(terminal: Terminal, _: "re.Match[str]") -> str:
    terminal.configuring, terminal.settings, terminal.back = True, [], None
    return "Entering configuration mode\n"


def _exit(terminal: Terminal, _: "re.Match[str]") -> str:
    terminal.configuring, terminal.settings, terminal.back = False, [], None
    return "Exiting configuration mode\n"


def _sets(kind: str) -> Act[Terminal]:
    def act(terminal: Terminal, said: "re.Match[str]") -> str:
        named = said.groupdict()
        value = int(named.get("value") or 0)
        terminal.settings.append(Setting(kind, named.get("port") or "", value))  # type: ignore[arg-type]
        return ""

    return act


def _rollback(terminal: Terminal, said: "re.Match[str]") -> str:
    if int(said["number"]) > len(terminal.element.changes):
        return f"error: rollback {said['number']} does not exist\n"
    terminal.back, terminal.settings = int(said["number"]), []
    return "load complete\n"


def _commit(terminal: Terminal, said: "re.Match[str]") -> str:
    """What was set, or loaded, takes effect; without anything new it confirms what waits."""
    timer_ms = int(said["minutes"]) * MINUTE_MS if said["minutes"] else None
    if terminal.back:
        terminal.deeds.append(RollBack(terminal.back, timer_ms))
    elif terminal.settings:
        terminal.deeds.append(Configure(tuple(terminal.settings), timer_ms))
    else:
        terminal.deeds.append(Confirm())
    terminal.back, terminal.settings = None, []
    told = f"commit confirmed will be automatically rolled back in {said['minutes']} minutes unless confirmed\n"
    return (told if timer_ms else "") + "commit complete\n"


_COMMANDS: tuple[Command[Terminal], ...] = (
    (False, f"show interfaces {_PORT} extensive", _shows_port(junos_show.interface)),
    (False, f"show interfaces diagnostics optics {_PORT}", _shows_port(junos_show.optics)),
    (False, rf"show isis interface {_PORT}\.0 detail", _shows_port(junos_show.isis_interface)),
    (False, r"show chassis fpc (?P<slot>\d+)", _shows_slot),
    (False, "show chassis alarms", _shows(junos_show.chassis_alarms)),
    (False, r'show interfaces \| match "Physical interface\|Last flapped"', _shows(junos_show.flaps)),
    (False, "show services rpm probe-results owner access", _shows(junos_show.probes)),
    (False, "show system commit", _shows(junos_show.commits)),
    (False, r"request chassis fpc slot (?P<slot>\d+) restart", _restart_card),
    (False, "request system reboot", _reboot),
    (False, "configure(?: exclusive)?", _configure),
    (True, f"set interfaces {_PORT} disable", _sets("shut")),
    (True, f"delete interfaces {_PORT} disable", _sets("open")),
    (True, rf"set protocols isis interface {_PORT}\.0 level 2 metric (?P<value>\d{{1,8}})", _sets("metric")),
    (True, "set protocols isis overload advertise-high-metrics", _sets("drain")),
    (True, "delete protocols isis overload", _sets("undrain")),
    (True, f"set poe interface {_PORT} disable", _sets("radio_off")),
    (True, f"delete poe interface {_PORT} disable", _sets("radio_on")),
    (True, r"rollback (?P<number>\d+)", _rollback),
    (True, r"commit(?: confirmed (?P<minutes>\d+))?", _commit),
    (True, "exit", _exit),
)
