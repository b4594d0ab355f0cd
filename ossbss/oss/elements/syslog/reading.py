"""The way of every dialect of syslog: payload → text → line taken apart → the first rule that fits."""

from collections.abc import Callable, Iterator

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.payload import UnreadableError, readable
from ossbss.oss.elements.syslog.rules import Line, Rule, Rules, apply, unknown

TEXT_BEFORE_TAG = 240
"""How much of the text the general rules see: they look for their words in the first 300 characters."""
TakeApart = Callable[[str, int], Line]
"""(text, received_ms) → line; UnreadableError where the text has not the dialect's shape"""


def read(
    payload: bytes, received_ms: int, take_apart: TakeApart, rules: Rules, general: tuple[Rule, ...] = ()
) -> Parsed:
    """A message by the rules of its tag, then by those for any tag; never raises."""
    try:
        line = take_apart(readable(payload), received_ms)
    except UnreadableError as reason:
        return Parsed(rejected=str(reason))
    for candidates in _candidates(line.tag, rules):
        said = apply(line, candidates)
        if said is not None:
            return said
    return apply(_with_tag(line), general) or unknown(line)


def _with_tag(line: Line) -> Line:
    """The tag's words behind the text: a mnemonic such as FAN_FAILED often says more than what follows it."""
    words = line.tag.replace("_", " ").replace("-", " ")
    return line._replace(text=f"{line.text[:TEXT_BEFORE_TAG]} ({words})")


def _candidates(tag: str, rules: Rules) -> Iterator[tuple[Rule, ...]]:
    yield rules.get(tag, ())
    yield rules.get(tag.partition("-")[0] + "-*", ())
