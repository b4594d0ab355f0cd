"""The rejected lines of a file for people, as CSV beside it: line number, reason, text."""

import csv
from pathlib import Path

import polars as pl

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
COLUMNS = ("line", "reason", "text")


def safe_cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula (OWASP, CSV Injection).

    >>> safe_cell("=1+1")
    "'=1+1"
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def write_rejects(unrated: pl.DataFrame, file: Path) -> Path | None:
    """Write the rejected of a reader's ``unrated`` to ``FILE.rejects.csv``; None, and no file, where there are none."""
    rejected = unrated.filter(pl.col("state") == "rejected").sort("line")
    if rejected.is_empty():
        return None
    beside = file.with_name(f"{file.name}.rejects.csv")
    with beside.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for line, reason, raw in rejected.select("line", "reason", "raw").iter_rows():
            writer.writerow((line, safe_cell(reason), safe_cell(_one_line(raw or ""))))
    return beside


def _one_line(text: str) -> str:
    """Control characters shown, so that a cell is one line; a tab and a carriage return at the front stay for
    ``safe_cell`` to see."""
    head = text[: len(text) - len(text.lstrip("\t\r"))]
    return head + "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[len(head) :])
