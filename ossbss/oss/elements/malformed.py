"""The reason why a message cannot be read, and JSON that is read strictly."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import isfinite

DEEPEST = 32
"""levels of nesting (assumption); the deepest document of these dialects has 12"""
LONGEST_REASON = 300
"""characters (assumption): a reject tells where it hurts, the raw message is kept beside it"""
LARGEST_FILE_OCTETS = 64 * 1024 * 1024
"""of a file that may hold many messages (assumption)"""
LATEST_MS = 253_402_300_799_999
"""the end of the year 9999, the last one that calendars of computers know"""


class MalformedError(ValueError):
    """What is wrong with a message; ``str`` of it is the reason of the reject."""

    def __str__(self) -> str:
        said = super().__str__()
        return said if len(said) <= LONGEST_REASON else said[: LONGEST_REASON - 1] + "…"


def within(payload: bytes, largest_octets: int) -> bytes:
    """The payload itself, if it is no larger than its dialect allows."""
    if len(payload) > largest_octets:
        raise MalformedError(f"{len(payload)} octets; at most {largest_octets} are read")
    return payload


def instant(ms: int) -> int:
    """A time that a calendar has, in ms since 1970."""
    if not 0 <= ms <= LATEST_MS:
        raise MalformedError(f"no such time: {ms} ms since 1970")
    return ms


def json_document(payload: bytes, largest_octets: int) -> object:
    """One JSON text (RFC 8259), read strictly.

    Refused: other encodings than UTF-8, a name twice in one object (RFC 8259, 4, leaves open which one counts), NaN
    and infinity, integers beyond 64 bits, half a surrogate pair, nesting beyond ``DEEPEST``.
    """
    try:
        text = within(payload, largest_octets).decode("utf-8-sig")
        document = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except MalformedError:
        raise
    except RecursionError:
        raise MalformedError(f"nested deeper than {DEEPEST} levels") from None
    except ValueError as error:
        raise MalformedError(f"not JSON: {error}") from None
    if "\\ud" in text.lower():
        _encodable(document)
    if payload.count(b"{") + payload.count(b"[") > DEEPEST:
        _shallow(document)
    return document


def json_messages(data: bytes, parts: Callable[[object], Sequence[object]]) -> Iterator[bytes]:
    """The messages of a JSON file: one a line where each line begins one, else ``parts`` of its one document.

    What is not JSON comes out whole, to be rejected as such.
    """
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > 1 and all(line.lstrip()[:1] == b"{" for line in lines):
        yield from lines
        return
    try:
        found = parts(json_document(data, LARGEST_FILE_OCTETS))
    except MalformedError:
        yield data
        return
    if len(found) == 1:
        yield data
        return
    for each in found:
        yield json.dumps(each).encode()


def member(holder: object, name: str, where: str) -> object:
    """``holder[name]`` of a JSON object that must have it."""
    if not isinstance(holder, Mapping) or name not in holder:
        raise MalformedError(f"{where} has no {name}")
    return holder[name]


def text_of(holder: object, name: str, where: str) -> str:
    value = member(holder, name, where)
    if not isinstance(value, str):
        raise MalformedError(f"{name} of {where} is not a text: {value!r}")
    return value


def items(value: object, where: str) -> Sequence[object]:
    if not isinstance(value, list):
        raise MalformedError(f"{where} is not a list")
    return value


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise MalformedError(f"the name {next(n for n in names if names.count(n) > 1)!r} stands twice in one object")
    return found


def _constant(word: str) -> object:
    raise MalformedError(f"{word} is not a number")


def _float(digits: str) -> float:
    value = float(digits)
    if not isfinite(value):
        raise MalformedError("a number beyond the range of floating point")
    return value


def _int(digits: str) -> int:
    if len(digits) > 20 or not -(2**63) <= (value := int(digits)) < 2**64:
        raise MalformedError("an integer beyond 64 bits")
    return value


def _encodable(document: object) -> None:
    """Half a surrogate pair is no character: whoever writes it out later fails."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        raise MalformedError("half a surrogate pair") from None


def _shallow(document: object) -> None:
    level = [document]
    for _ in range(DEEPEST + 1):
        level = [inner for outer in level if isinstance(outer, dict | list)
                 for inner in (outer.values() if isinstance(outer, dict) else outer)]  # fmt: skip
        if not level:
            return
    raise MalformedError(f"nested deeper than {DEEPEST} levels")
