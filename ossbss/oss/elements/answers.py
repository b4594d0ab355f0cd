"""What a terminal's answer says, whatever the vendor; and the session in which it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ossbss.contract.units import SECOND_MS
from ossbss.oss.elements.notification import Notification
from ossbss.oss.elements.syslog_stamp import MONTHS


class Unreadable(Exception):  # noqa: N818 - an answer that is none, with its reason
    """The answer is cut short, somebody else's, or of no known form."""


@dataclass(frozen=True)
class PortFacts:
    """``rx_dbm`` None: the optics cannot be read, or were not asked for. ``input_bps``: over the last minutes."""

    admin_up: bool
    up: bool
    input_errors: int
    input_bps: int
    rx_dbm: float | None = None
    readable: bool = True
    """False: the port's module does not answer its own router, so the card is suspect"""

    @property
    def dark(self) -> bool:
        """No light comes in: the fibre, or what stands at its far end. Below -30 dBm is noise (assumption)."""
        return self.rx_dbm is not None and self.rx_dbm <= DARK_BELOW_DBM


DARK_BELOW_DBM = -30.0
_TO_QUESTIONS = ("y", "yes")


@dataclass(frozen=True)
class CardFacts:
    """Slot → whether its card works."""

    working: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class AlarmFacts:
    """All that is wrong now by the element's own word: what the OSS believes of it beside that is over."""

    alarms: tuple[Notification, ...]


@dataclass(frozen=True)
class ChangeFacts:
    """The last change of the running configuration (None: none), and what to roll back to, to be before it."""

    at_ms: int | None
    user: str
    checkpoint: str | None


@dataclass(frozen=True)
class MetricFacts:
    metric: int


@dataclass(frozen=True)
class Done:
    """What the element said to something that it was told to do. Done is not cured: a probe has the last word."""

    accepted: bool
    said: str = ""


Facts = PortFacts | CardFacts | AlarmFacts | ChangeFacts | MetricFacts | Done


Session = Sequence[tuple[str, str]]
"""(what was typed, what was printed after it)"""
Looks = Mapping[str, Callable[[Session, int], Facts]]
"""Kind of look → what reads its answer: (session, received_ms) → facts"""


@dataclass(frozen=True)
class Answer:
    """An answer understood, or the reason why not."""

    facts: Facts | None = None
    rejected: str | None = None


def printed(shown: str, prompt: "re.Pattern[str]", element: str) -> list[tuple[str, str]]:
    """(what was typed, what was printed after it) of a session, its last prompt with an empty line.

    ``prompt``: matches a line with groups ``host`` and ``typed``. Unreadable where the session does not begin with a
    prompt of this element.
    """
    found: list[tuple[str, list[str]]] = []
    for line in shown.replace("\r\n", "\n").split("\n"):
        said = prompt.fullmatch(line)
        if said and said["host"] == element:
            found.append((said["typed"].strip(), []))
        elif said and not found:
            raise Unreadable(f"the prompt is of {said['host']!r}, not of {element!r}")
        elif found:
            found[-1][1].append(line)
        elif line.strip() and line.strip() != "[edit]":
            raise Unreadable(f"no prompt of {element!r} before {line[:60]!r}")
    if not found:
        raise Unreadable("an empty answer")
    return [(line, "\n".join(text)) for line, text in found]


def complete(session: Session, lines: Sequence[str]) -> Session:
    """The commands of a session that ended with a prompt; Unreadable where it was cut off, or lacks some.

    ``lines``: of the vendor's table for this action, answers to questions among them.
    """
    if session[-1][0] or session[-1][1].strip():
        raise Unreadable(f"cut short after {session[-1][0][:60]!r}: no prompt at the end")
    commands, wanted = session[:-1], [line for line in lines if line not in _TO_QUESTIONS]
    several = any("{each}" in line for line in lines)
    whole = bool(commands) and commands[-1][0] == wanted[-1] if several else len(commands) == len(wanted)
    if not whole:
        raise Unreadable(f"{len(commands)} commands answered, of {'several' if several else len(wanted)}")
    return commands


def of(session: Session, start: str) -> str:
    """What the command that begins so printed; Unreadable where it is not there."""
    for line, text in session:
        if line.startswith(start):
            return text
    raise Unreadable(f"no answer to {start!r}")


def found(pattern: "re.Pattern[str]", text: str, what: str) -> "re.Match[str]":
    """Unreadable where it is not there."""
    said = pattern.search(text)
    if said is None:
        raise Unreadable(f"no {what} in {text.strip()[:60]!r}")
    return said


def told(kind: str, commands: Session, refusal: "re.Pattern[str]", looks: Looks, received_ms: int) -> Facts:
    """What the commands of one action say: the facts of a look, or whether the element did what it was told to.

    ``refusal``: what it says when it will not. Unreadable where it refused a look.
    """
    refused = next((said for _, text in commands if (said := refusal.search(text))), None)
    if kind not in looks:
        return Done(refused is None, refused[0].strip() if refused else "")
    if refused:
        raise Unreadable(f"the element refused: {refused[0].strip()}")
    return looks[kind](commands, received_ms)


def utc_ms(row: "re.Match[str]") -> int:
    """The instant of groups ``time`` and ``date`` (ISO 8601), or ``year``, ``month`` (its English name), ``day``."""
    named = row.groupdict()
    try:
        date = named.get("date") or f"{row['year']}-{MONTHS.index(row['month']) + 1:02}-{int(row['day']):02}"
        at = datetime.fromisoformat(f"{date}T{row['time']}").replace(tzinfo=UTC)
        return int(at.timestamp()) * SECOND_MS
    except (ValueError, OverflowError):
        raise Unreadable(f"no such date: {row[0].strip()[:80]!r}") from None
