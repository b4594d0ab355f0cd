"""The lines of a file of any size: a line that is too long is cut, and what is cut off is never held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ossbss.bss.revenue.mediation.records import RAW_KEPT

LONGEST_LINE = 64 * 1024
"""Octets of one record (assumption: the longest that any of these layouts writes is a few thousand)."""
_CHUNK = 1024 * 1024
_BOM = b"\xef\xbb\xbf"
Source = bytes | Path | IO[bytes] | Iterable[bytes]
"""A file by its octets, its path, an open stream, or its chunks one after another."""


@dataclass(frozen=True)
class Block:
    """Lines that follow each other, without their ends. ``first``: number of the first, from 1; ``cut``: indices of
    those that were longer than allowed, of which only the beginning is kept.
    """

    first: int
    lines: list[bytes]
    cut: frozenset[int]


def blocks(source: Source, longest: int = LONGEST_LINE) -> Iterator[Block]:
    """All lines, at most about a chunk at a time; the last may lack its end."""
    first, head, over = 1, b"", False
    for chunk in chunks(source):
        lines = chunk.split(b"\n")
        lines[0] = head if over else head + lines[0]
        cut = {index for index, line in enumerate(lines) if len(line) > longest} | ({0} if over else set())
        for index in cut:
            lines[index] = lines[index][:RAW_KEPT]
        over, head = len(lines) - 1 in cut, lines.pop()
        if lines:
            yield Block(first, lines, frozenset(cut - {len(lines)}))
            first += len(lines)
    if head:
        yield Block(first, [head], frozenset({0} if over else ()))


def chunks(source: Source) -> Iterator[bytes]:
    """The octets of the source without a byte order mark, at most ``_CHUNK`` at a time (as they come, if in chunks)."""
    pieces = _pieces(source)
    start = b""
    for piece in pieces:
        start += piece
        if len(start) >= len(_BOM):
            break
    yield start.removeprefix(_BOM)
    yield from pieces


def _pieces(source: Source) -> Iterator[bytes]:
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from _pieces(stream)
    elif isinstance(source, bytes):
        yield from (source[at : at + _CHUNK] for at in range(0, len(source), _CHUNK))
    elif hasattr(source, "read"):
        yield from iter(lambda: source.read(_CHUNK), b"")
    else:
        yield from source
