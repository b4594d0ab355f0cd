"""The way of every dialect of syslog: payload → text → line taken apart → the first rule that fits."""

from collections.abc import Callable

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.general import GENERAL, WORDS
from ossbss.oss.elements.syslog.payload import UnreadableError, readable
from ossbss.oss.elements.syslog.rules import Line, Rule, Rules, apply, unknown

TEXT_BEFORE_TAG = 240
"""How much of the text the general rules see: they look for their words in the first 300 characters."""
TakeApart = Callable[[str, int], Line]
"""(text, received_ms) → line; UnreadableError where the text has not the dialect's shape"""


def read(
    payload: bytes, received_ms: int, take_apart: TakeApart, rules: Rules, general: tuple[Rule, ...] = ()
) -> Parsed:
    """A message by the rules of its tag, of its facility, for any tag of the dialect, of plain words; never raises."""
    try:
        line = take_apart(readable(payload), received_ms)
    except UnreadableError as reason:
        return Parsed(rejected=str(reason))
    of_tag, of_facility = rules.get(line.tag), rules.get(line.tag.partition("-")[0] + "-*")
    said = apply(line, of_tag) if of_tag else None
    if said is None and of_facility:
        said = apply(line, of_facility)
    return said or apply(line, general) or _in_plain_words(line) or unknown(line)


def _in_plain_words(line: Line) -> Parsed | None:
    """By the rules for any tag of any dialect, with the tag's words behind the text.

    A mnemonic such as FAN_FAILED often says more than what follows it.
    """
    text = f"{line.text[:TEXT_BEFORE_TAG]} ({line.tag.replace('_', ' ').replace('-', ' ')})"
    small = text.lower()
    return apply(line._replace(text=text), GENERAL) if any(word in small for word in WORDS) else None
