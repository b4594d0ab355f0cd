"""The values of a JSON file of any size, one by one: JSON lines, or the elements of one array."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from ossbss.bss.revenue.mediation.readers.lines import LONGEST_LINE, Source, blocks, chunks
from ossbss.bss.revenue.mediation.records import RAW_KEPT

_TOKEN = re.compile(rb'\\.|["{}\[\],]', re.DOTALL)
_SPACE = b" \t\r\n"
TOO_LONG = f"longer than {LONGEST_LINE} octets"
_UNENDED = "the file ends in the middle of it"


@dataclass(frozen=True)
class Value:
    """``place``: from 1, the line or the place in the array; ``octets``: its text, cut where ``fault`` says so."""

    place: int
    octets: bytes
    fault: str | None = None


class NotJsonError(ValueError):
    """Why a text is no JSON value as RFC 8259 has it, or not one that can be trusted."""


def values(source: Source) -> Iterator[Value]:
    """An array where the first sign is its bracket, else one value a line; blank lines are none."""
    pieces = chunks(source)
    first = next((piece for piece in pieces if piece.strip(_SPACE)), b"")
    if first.lstrip(_SPACE)[:1] == b"[":
        return _elements(chain([first.lstrip(_SPACE)[1:]], pieces))
    return _lines(chain([first], pieces))


def parsed(octets: bytes) -> object:
    """The value, decimals exact; NotJsonError also for a name twice in one object, NaN, and half a surrogate pair."""
    try:
        text = octets.decode()
        value = json.loads(text, parse_float=Decimal, parse_constant=_constant, object_pairs_hook=_object)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except NotJsonError:
        raise
    except RecursionError:
        raise NotJsonError("nested too deeply") from None
    except ValueError as error:
        raise NotJsonError(f"no JSON: {str(error)[:100]}") from None
    return value


def _constant(word: str) -> object:
    raise NotJsonError(f"{word} is no number")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotJsonError("a name stands twice in one object")
    return found


def _lines(pieces: Iterable[bytes]) -> Iterator[Value]:
    for block in blocks(pieces):
        for index, line in enumerate(block.lines):
            if line.strip(_SPACE):
                yield Value(block.first + index, line, TOO_LONG if index in block.cut else None)


@dataclass
class _Scan:
    """Where the scanner stands in an array: depth below it, in a text or not, and the element so far."""

    depth: int = 0
    quoted: bool = False
    ended: bool = False
    place: int = 1
    long: bool = False
    octets: bytearray = field(default_factory=bytearray)

    def keep(self, octets: bytes) -> None:
        if self.long or len(self.octets) + len(octets) > LONGEST_LINE:
            self.long = True
            octets = octets[: max(0, RAW_KEPT - len(self.octets))]
            del self.octets[RAW_KEPT:]
        self.octets += octets

    def out(self, fault: str | None = None) -> Iterator[Value]:
        """The element that ends here, if there is any; the next one begins."""
        octets = bytes(self.octets).strip(_SPACE)
        if octets:
            yield Value(self.place, octets, TOO_LONG if self.long else fault)
            self.place += 1
        self.octets.clear()
        self.long = False


def _elements(pieces: Iterable[bytes]) -> Iterator[Value]:
    scan, rest = _Scan(), b""
    for piece in pieces:
        octets = rest + piece
        slashes = len(octets) - len(octets.rstrip(b"\\"))
        rest = octets[len(octets) - slashes % 2 :]
        yield from _scanned(octets[: len(octets) - slashes % 2], scan)
    scan.keep(rest)
    yield from scan.out("text after the end of the array" if scan.ended else _UNENDED)


def _scanned(octets: bytes, scan: _Scan) -> Iterator[Value]:
    start = 0
    for match in _TOKEN.finditer(octets):
        sign = match[0]
        if sign == b'"':
            scan.quoted = not scan.quoted
        elif scan.quoted or len(sign) > 1 or scan.ended:
            continue
        elif sign in (b"{", b"["):
            scan.depth += 1
        elif scan.depth and sign != b",":
            scan.depth -= 1
        elif not scan.depth and sign in (b",", b"]"):
            scan.keep(octets[start : match.start()])
            yield from scan.out()
            start, scan.ended = match.end(), sign == b"]"
    scan.keep(octets[start:])
