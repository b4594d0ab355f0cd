"""What every dialect of syslog asks of a payload before it looks at it: its size, its letters, its priority."""

import re
from collections.abc import Iterator
from typing import IO

LONGEST_OCTETS = 65_536
"""The largest message that is read: a UDP datagram is no larger (RFC 768); RFC 5424, 6.1 asks for 2,048 at least."""
HIGHEST_PRIORITY = 191
"""23 facilities after kernel × 8 severities (RFC 3164, 4.1.1)."""
CONTINUED_LINES = 32
"""How many lines that follow a ``--`` at the end of a line belong to it at most (assumption)."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PRIORITY = re.compile(r"<(\d{1,3})>")
_BEGINS = re.compile(rb"<\d|[*.]?\d+: |%|[*.]?[A-Z][a-z]{2} [ \d]\d |\d{4}[- ]|RP/\d")


class UnreadableError(ValueError):
    """Why a payload is no message."""


def readable(payload: bytes) -> str:
    """The text without the line end and the NUL that some senders add.

    Octets that are not UTF-8 stay visible as ``\\xNN``. UnreadableError: too long, or with control characters, which
    would hide what a person reads.
    """
    if len(payload) > LONGEST_OCTETS:
        raise UnreadableError(f"{len(payload)} octets; a message has at most {LONGEST_OCTETS}")
    text = payload.decode("utf-8", "backslashreplace").strip(" \t\r\n\0")
    if not text.isprintable() and (found := _CONTROL.search(text)):
        raise UnreadableError(f"control character U+{ord(found[0]):04X} at {found.start()}")
    return text


def priority(text: str) -> tuple[int | None, int]:
    """(severity, where the rest begins): severity 0 emergency … 7 debugging, None without a priority.

    UnreadableError for a priority that no facility has.
    """
    found = _PRIORITY.match(text)
    if found is None:
        return None, 0
    value = int(found[1])
    if value > HIGHEST_PRIORITY:
        raise UnreadableError(f"priority {value}; the highest is {HIGHEST_PRIORITY}")
    return value % 8, found.end()


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """A file's messages, one a line; those that end with ``--`` go on until a line that begins like a message.

    A line that is too long is given cut, one octet longer than what is read, and so is rejected. Empty lines are left
    out. Never more than a message in memory.
    """
    open_message, continued = b"", 0
    for line in _bounded(stream):
        goes_on = open_message and continued < CONTINUED_LINES and not _BEGINS.match(line)
        if goes_on and len(open_message) + len(line) < LONGEST_OCTETS:
            open_message, continued = open_message + b"\n" + line, continued + 1
            continue
        if open_message:
            yield open_message
        open_message, continued = (line, 0) if line.endswith(b" --") else (b"", 0)
        if not open_message:
            yield line
    if open_message:
        yield open_message


def _bounded(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(LONGEST_OCTETS + 1):
        whole = line.endswith(b"\n") or len(line) <= LONGEST_OCTETS
        if line.strip():
            yield line.rstrip(b"\r\n")
        while not whole and (rest := stream.readline(LONGEST_OCTETS + 1)):
            whole = rest.endswith(b"\n")
