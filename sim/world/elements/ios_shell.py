"""The terminal of a router of the IOS family (IOS-XE): lines typed → what it shows, and what it was told to do.

It knows the commands that operations need, and answers anything else as the real one does. Routing is IS-IS.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ossbss.contract.units import MINUTE_MS
from sim.world.elements import ios_show
from sim.world.elements.condition import Element
from sim.world.elements.deeds import Configure, Confirm, Deed, Restart, RollBack, Setting
from sim.world.elements.terminals import Act, Command, converse, obey

INVALID = "                     ^\n% Invalid input detected at '^' marker.\n"
_PORT = r"(?P<port>GigabitEthernet\d+/\d+/\d+)"
_BACKUP = "Rollback Confirmed Change: Backing up current running config to {file}\n"


@dataclass
class Terminal:
    """One session. ``mode``: empty, ``(config)``, ``(config-if)`` or ``(config-router)``."""

    element: Element
    mode: str = ""
    port: str = ""
    timer_ms: int | None = None
    settings: list[Setting] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    asks: Deed | None = None
    """what is done when the question is answered with yes"""
    gone: bool = False

    @property
    def prompt(self) -> str:
        return f"{self.element.hostname}{self.mode}#"


def run(typed: str, element: Element) -> tuple[str, tuple[Deed, ...]]:
    """(what the terminal shows, what it was told to do); a session that ends in configuration mode leaves it."""
    terminal = Terminal(element)
    shown = converse(terminal, typed, _answer_question, _type)
    _leave(terminal)
    return shown, tuple(terminal.deeds)


def _answer_question(terminal: Terminal, line: str) -> str:
    deed, terminal.asks = terminal.asks, None
    if deed is None or line.strip().lower() not in ("", "y", "yes"):
        return ""
    terminal.deeds.append(deed)
    terminal.gone = deed == Restart()
    return "\nConnection closed by foreign host.\n" if terminal.gone else ""


def _type(terminal: Terminal, line: str) -> str:
    if not line or line == "terminal length 0":
        return ""
    shown = obey(terminal, line, bool(terminal.mode), _COMMANDS)
    return INVALID if shown is None else shown


def _shows(show: Callable[[Element], str]) -> Act[Terminal]:
    return lambda terminal, _: show(terminal.element)


def _shows_port(show: Callable[[Element, str], str]) -> Act[Terminal]:
    return lambda t, said: show(t.element, said["port"]) if said["port"] in t.element.ports else INVALID


def _reload_card(terminal: Terminal, said: "re.Match[str]") -> str:
    if said["slot"] not in terminal.element.slots:
        return "% Subslot does not exist\n"
    terminal.asks = Restart(said["slot"])
    return "Proceed with reload of module? [confirm]"


def _reload(terminal: Terminal, _: "re.Match[str]") -> str:
    terminal.asks = Restart()
    return "Proceed with reload? [confirm]"


def _configure(terminal: Terminal, said: "re.Match[str]") -> str:
    if said["minutes"] and terminal.element.unconfirmed:
        return "%Rollback Confirmed Change already active\n"
    terminal.mode, terminal.settings = "(config)", []
    terminal.timer_ms = int(said["minutes"]) * MINUTE_MS if said["minutes"] else None
    backup = _BACKUP.format(file=ios_show.archive_file(len(terminal.element.changes) + 1)) if said["minutes"] else ""
    return f"{backup}Enter configuration commands, one per line.  End with CNTL/Z.\n"


def _leave(terminal: Terminal) -> str:
    """Everything that was typed in configuration mode took effect, in this one instant."""
    if terminal.mode and terminal.settings:
        terminal.deeds.append(Configure(tuple(terminal.settings), terminal.timer_ms, keeps_timer=True))
    terminal.mode, terminal.settings = "", []
    return ""


def _interface(terminal: Terminal, said: "re.Match[str]") -> str:
    if said["port"] not in terminal.element.ports:
        return INVALID
    terminal.mode, terminal.port = "(config-if)", said["port"]
    return ""


def _sets(kind: str) -> Act[Terminal]:
    def act(terminal: Terminal, said: "re.Match[str]") -> str:
        if terminal.mode != "(config-if)":
            return INVALID
        value = int(said["value"]) if "value" in said.groupdict() else 0
        terminal.settings.append(Setting(kind, terminal.port, value))  # type: ignore[arg-type]
        return ""

    return act


def _confirm(terminal: Terminal, _: "re.Match[str]") -> str:
    if not terminal.element.unconfirmed:
        return "%No Rollback Confirmed Change pending\n"
    terminal.deeds.append(Confirm())
    return ""


def _replace(terminal: Terminal, said: "re.Match[str]") -> str:
    """Back to the archived configuration of this number, which ran before the change of that number."""
    count = len(terminal.element.changes)
    number = next((n for n in range(1, count + 1) if ios_show.archive_file(n) == said["file"]), None)
    if number is None:
        return f"%Error opening {said['file']} (No such file or directory)\n"
    if said["minutes"] and terminal.element.unconfirmed:
        return "%Rollback Confirmed Change already active\n"
    timer_ms = int(said["minutes"]) * MINUTE_MS if said["minutes"] else None
    terminal.deeds.append(RollBack(count - number + 1, timer_ms))
    backup = _BACKUP.format(file=ios_show.archive_file(count + 1)) if said["minutes"] else ""
    return f"{backup}Total number of passes: 1\nRollback Done\n\n"


_COMMANDS: tuple[Command[Terminal], ...] = (
    (False, f"show interfaces {_PORT}", _shows_port(ios_show.interface)),
    (False, f"show interfaces {_PORT} transceiver", _shows_port(ios_show.transceiver)),
    (False, f"show clns interface {_PORT}", _shows_port(ios_show.clns_interface)),
    (False, "show platform", _shows(ios_show.platform)),
    (False, "show facility-alarm status", _shows(ios_show.facility_alarms)),
    (False, "show track brief", _shows(ios_show.tracks)),
    (False, "show archive", _shows(ios_show.archive)),
    (False, r"show running-config \| include Last configuration change", _shows(ios_show.last_change)),
    (False, r"hw-module subslot 0/(?P<slot>\d+) reload", _reload_card),
    (False, "reload", _reload),
    (False, r"configure terminal(?: revert timer (?P<minutes>\d+))?", _configure),
    (False, "configure confirm", _confirm),
    (False, r"configure replace (?P<file>\S+) force(?: revert trigger timer (?P<minutes>\d+))?", _replace),
    (True, f"interface {_PORT}", _interface),
    (True, "shutdown", _sets("shut")),
    (True, "no shutdown", _sets("open")),
    (True, r"isis metric (?P<value>\d{1,8}) level-2", _sets("metric")),
    (True, "power inline never", _sets("radio_off")),
    (True, "power inline auto", _sets("radio_on")),
    (True, "end", lambda terminal, _: _leave(terminal)),
)
