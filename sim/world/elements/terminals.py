"""What terminals have in common, whatever the vendor: a prompt, lines that are typed, questions, and an end."""

import re
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from sim.world.elements.deeds import Deed


class Terminal(Protocol):
    """One session. ``asks``: what is done when the question that stands there is answered with yes; ``gone``: the
    connection has ended."""

    asks: Deed | None
    gone: bool

    @property
    def prompt(self) -> str: ...


T = TypeVar("T", bound=Terminal)
Act = Callable[[T, "re.Match[str]"], str]
"""(session, the line with its parts) → what is shown"""
Command = tuple[bool, str, Act[T]]
"""(whether in configuration mode, what is typed, what it does)"""


def converse(terminal: T, typed: str, answer: Callable[[T, str], str], execute: Callable[[T, str], str]) -> str:
    """All that the terminal shows while these lines are typed at it, one after the other."""
    shown = terminal.prompt
    for line in typed.splitlines():
        if terminal.gone:
            break
        shown += f"{line}\n"
        shown += answer(terminal, line) if terminal.asks else execute(terminal, line.strip())
        shown += "" if terminal.gone or terminal.asks else terminal.prompt
    return shown


def obey(terminal: T, line: str, configuring: bool, commands: Iterable[Command[T]]) -> str | None:
    """What the first command of the mode that is typed so does; None where there is none."""
    for mode, pattern, act in commands:
        if mode == configuring and (said := re.fullmatch(pattern, line)):
            return act(terminal, said)
    return None
