"""Mistakes in what people write: where, what is wrong, what is allowed and the mend, on one line each."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher, get_close_matches

from ossbss.errors import BadInputError

SCREEN = 20
"""mistakes told at once: more do not fit one screen"""
WIDTH = 190
_LIST_WIDTH, _SHORT_LIST_WIDTH = 100, 60


@dataclass(frozen=True)
class Mistake:
    """One mistake: where (dotted key, line), what is wrong and what is allowed, and the mend where one is near.

    ``source``: the other file, or the option of the command, in which it stands; empty for the document itself.
    """

    place: str
    line: int | None
    problem: str
    mend: str = ""
    source: str = ""

    def __str__(self) -> str:
        where = " ".join(part for part in (self.source, f"line {self.line}" if self.line else "") if part)
        head = f"{where}: {short(self.place, 60)}: " if where else f"{short(self.place, 60)}: "
        tail = f" → {short(self.mend, 90)}" if self.mend else ""
        return head + short(self.problem, max(40, WIDTH - len(head) - len(tail))) + tail


class MistakenError(ValueError):
    """What a check says of one value, and the mend."""

    def __init__(self, problem: str, mend: str = "") -> None:
        super().__init__(problem)
        self.mend = mend


class DocumentError(BadInputError):
    """All mistakes of one document."""

    def __init__(self, source: str, mistakes: Iterable[Mistake]) -> None:
        self.source = source
        self.mistakes = sorted(mistakes, key=lambda m: (m.source, m.line or 0, m.place))
        count = len(self.mistakes)
        lines = [f"{source}: {count} mistake{'s' if count > 1 else ''}", *(f"  {m}" for m in self.mistakes[:SCREEN])]
        super().__init__("\n".join(lines + ([f"  … and {count - SCREEN} more"] if count > SCREEN else [])))


def short(text: str, most: int) -> str:
    """The text on one line of printable characters, cut at ``most``."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= most else line[: most - 1] + "…"


def shown(value: object) -> str:
    """What was found, as the person who wrote it would know it again."""
    if isinstance(value, str):
        return short(repr(value), 50)
    if isinstance(value, dict):
        return "keys with values"
    if isinstance(value, list | tuple):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return "nothing" if value is None else short(f"{value:f}" if isinstance(value, Decimal) else str(value), 50)


def nearest(word: str, allowed: Iterable[str]) -> str:
    """``did you mean …?`` with the nearest allowed spelling, or nothing where none is near."""
    near = get_close_matches(word, list(allowed), n=1)
    return f"did you mean {near[0]!r}?" if near else ""


def listing(allowed: Collection[str], word: str = "") -> str:
    """The allowed names; where they are many, those most like ``word`` and how many more there are."""
    whole = ", ".join(allowed)
    if len(whole) <= _LIST_WIDTH:
        return whole or "none"
    ranked = sorted(allowed, key=lambda name: -SequenceMatcher(None, name, word).ratio()) if word else list(allowed)
    told = ranked[:1]
    for name in ranked[1:]:
        if len(", ".join([*told, name])) > _SHORT_LIST_WIDTH:
            break
        told.append(name)
    return f"{', '.join(told)} … and {len(ranked) - len(told)} more"
