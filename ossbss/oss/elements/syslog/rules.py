"""How a rule reads the text of a message: one pattern, and the words for what it found."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from ossbss.contract.assurance import Severity
from ossbss.oss.elements.events import ENDS_TOO, MEANINGS, OTHER
from ossbss.oss.elements.notification import Notification, ObjectKind, Parsed

READ_CHARACTERS = 1_024
"""How much of a text the patterns look at: the packet size of RFC 3164, 4.1. It bounds the work on hostile text."""
ALARMING = 2
"""An unknown event is an alarm from this syslog severity on (critical, RFC 5424, 6.2.1): 3 is much used for news."""
IF = r"(?P<name>[A-Za-z][\w./:-]{0,63})"
"""The name of an interface."""
PEER = r"(?P<name>[\w.:%/-]{0,63}\w)"
"""The name or address of a neighbour."""

_SEVERITIES: Mapping[str, Severity] = {
    "critical": "critical", "major": "major", "minor": "minor", "warning": "warning", "red": "major", "yellow": "minor",
}  # fmt: skip


class Line(NamedTuple):
    """A message taken apart: who says it and when (by the element's clock), under which tag, how urgent, and what."""

    element: str
    occurred_ms: int
    uncertainty_ms: int
    tag: str
    severity: int
    """0 emergency … 7 debugging (RFC 5424, 6.2.1)"""
    text: str
    raw: str


@dataclass(frozen=True)
class Rule:
    """A pattern that is matched at the beginning of a text, with groups:

    ``down``, ``up``: took part where something was lost or came back; where neither did, it is a fact. A pattern
    without both says always the same, and the meaning of ``event`` tells whether that raises or ends an alarm.
    ``name``: the object; ``qualifier`` and ``part``: more of what tells two alarms on it apart; ``severity``: the
    vendor's word for it.
    """

    event: str
    pattern: re.Pattern[str]
    ended: str = ""
    """the word where ``up`` took part, if it is another one"""
    fact: str = ""
    """the word where neither took part, if it is another one; of a pattern without both: it is always a fact"""
    kind: ObjectKind | None = None
    """the kind of object, where it is not the one of the event"""
    means: str = ""
    """the event whose type, cause and severity apply, where those are not of ``event`` itself"""
    resynchronise: bool = False
    groups: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", frozenset(self.pattern.groupindex))

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that it may say."""
        up = (self.ended or self.event,) if "up" in self.groups else ()
        words = dict.fromkeys((self.event, *up, *((self.fact,) if self.fact else ())))
        return (*words, *(ENDS_TOO[word] for word in words if word in ENDS_TOO))


Rules = Mapping[str, tuple[Rule, ...]]
"""Tag → rules, tried in order."""


def rule(
    event: str, pattern: str, ended: str = "", fact: str = "", kind: ObjectKind | None = None, means: str = "",
    resynchronise: bool = False,
) -> Rule:  # fmt: skip
    """A rule from the text of its pattern; KeyError for a word that has no meaning."""
    for word in (event, ended, fact, means):
        if word:
            MEANINGS[word]
    return Rule(event, re.compile(pattern), ended, fact, kind, means, resynchronise)


def tagged(*entries: tuple[str, Rule]) -> Rules:
    """Rules by tag; several tags for one rule are separated by spaces."""
    found: dict[str, tuple[Rule, ...]] = {}
    for tags, one in entries:
        for tag in tags.split():
            found[tag] = (*found.get(tag, ()), one)
    return found


def words_of(rules: Iterable[Rules]) -> frozenset[str]:
    """Every event word that these rules may say."""
    return frozenset(word for table in rules for row in table.values() for one in row for word in one.words)


def apply(line: Line, rules: tuple[Rule, ...]) -> Parsed | None:
    """What the first of the rules that matches says, or None."""
    text = line.text[:READ_CHARACTERS]
    for one in rules:
        found = one.pattern.match(text)
        if found is not None:
            said = _said(line, one, found)
            return Parsed(line.element, (said, *_ended_too(said)), (), one.resynchronise)
    return None


def _ended_too(said: Notification) -> Iterable[Notification]:
    word = ENDS_TOO.get(said.event)
    if word:
        yield replace(said, event=word, probable_cause=MEANINGS[word].probable_cause)


def unknown(line: Line) -> Parsed:
    """A message of an event without a word: a fact with its tag, and an alarm of the whole element where it is urgent.

    Its severity is indeterminate, as X.733 has it for what cannot be judged; its tag is the qualifier, so that two of
    them are two alarms. Nothing ever clears it: an operator closes it.
    """
    meaning, alarming = MEANINGS[OTHER], line.severity <= ALARMING
    notification = Notification(
        OTHER, "element", "", line.occurred_ms, line.uncertainty_ms,
        event_type=meaning.event_type if alarming else None,
        probable_cause=meaning.probable_cause if alarming else None,
        perceived_severity=meaning.severity if alarming else None,
        qualifier=line.tag, text=line.raw,
    )  # fmt: skip
    return Parsed(line.element, (notification,))


def _said(line: Line, one: Rule, found: re.Match[str]) -> Notification:
    groups = one.groups
    word, ends, lasts = one.event, MEANINGS[one.event].ends, True
    if one.fact or "down" in groups or "up" in groups:
        ends = "up" in groups and found["up"] is not None
        lasts = ends or ("down" in groups and found["down"] is not None)
        word = (one.ended or word) if ends else word if lasts else (one.fact or word)
    meaning = MEANINGS[one.means or word]
    lasts = lasts and meaning.severity is not None
    severity = _severity(one, found) or meaning.severity
    return Notification(
        word,
        one.kind or meaning.object_kind,
        (found["name"] or "").strip() if "name" in groups else "",
        line.occurred_ms,
        line.uncertainty_ms,
        meaning.event_type if lasts else None,
        meaning.probable_cause if lasts else None,
        ("cleared" if ends else severity) if lasts else None,
        _qualifier(one, found, meaning.qualifier),
        line.raw,
    )


def _severity(one: Rule, found: re.Match[str]) -> Severity | None:
    return _SEVERITIES.get((found["severity"] or "").lower()) if "severity" in one.groups else None


def _qualifier(one: Rule, found: re.Match[str], of_meaning: str) -> str:
    parts = (found[group] for group in ("qualifier", "part") if group in one.groups)
    return " ".join(part.strip() for part in (of_meaning, *parts) if part)
