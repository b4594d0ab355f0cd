"""What a check says of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import fill
from typing import Literal

LANGUAGES = ("en", "sw")
Text = Mapping[str, str]
"""Language → the same thing said in it."""
Status = Literal["right", "not yet", "not answered", "unreadable"]

_WIDTH = 100
_STATUS: Mapping[Status, Text] = {
    "right": {"en": "✓ right.", "sw": "✓ sahihi."},
    "not yet": {"en": "✗ not yet.", "sw": "✗ bado."},
    "not answered": {"en": "… not answered yet.", "sw": "… bado hujajibu."},
    "unreadable": {"en": "? this answer cannot be read.", "sw": "? jibu hili halisomeki."},
}


@dataclass(frozen=True)
class Judged:
    """An answer judged, in every language; ``points`` of ``most`` are part marks."""

    status: Status
    text: Text
    points: int = 0
    most: int = 1

    def told(self, check_id: str, language: str) -> "Result":
        """The same, to be shown to a learner."""
        return Result(check_id, self.status, self.points, self.most, self.text[language], language)


@dataclass(frozen=True, repr=False)
class Result:
    """Shown by a notebook as its text. ``right`` says it to a program."""

    check_id: str
    status: Status
    points: int
    most: int
    text: str
    language: str

    @property
    def right(self) -> bool:
        return self.status == "right"

    def __repr__(self) -> str:
        marks = f" {self.points}/{self.most}." if self.most > 1 and self.status in ("right", "not yet") else ""
        return fill(f"{self.check_id} {_STATUS[self.status][self.language]}{marks} {self.text}", _WIDTH)


def right(text: Text, most: int = 1) -> Judged:
    return Judged("right", text, most, most)


def not_yet(hint: Text, points: int = 0, most: int = 1) -> Judged:
    return Judged("not yet", hint, points, most)


def unreadable(wanted: Text) -> Judged:
    """An answer of a kind that the check cannot judge; ``wanted`` says what it can."""
    return Judged("unreadable", wanted)


def not_answered(wanted: Text) -> Judged:
    """The place of the answer still holds None."""
    return Judged("not answered", wanted)
