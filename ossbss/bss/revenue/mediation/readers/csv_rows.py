"""Which columns does a line of CSV have? Whole blocks at once where lines are regular, the others one by one.

One line is one record: a quote that is not closed on its line spoils that line, never the rest of the file.
"""

import csv
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.mediation.readers.lines import LONGEST_LINE, Block
from ossbss.bss.revenue.mediation.records import RAW_KEPT

BAD_SCHEMA: dict[str, type[pl.DataType]] = {"line": pl.Int64, "reason": pl.String, "raw": pl.String}
"""``line``: number in the file, from 1; ``raw``: its text, cut."""


@dataclass(frozen=True)
class Form:
    """How columns stand in a line. ``widths``: allowed numbers of columns; ``used``: places from 1 of those wanted;
    ``spaced``: spaces may precede a quote.
    """

    widths: tuple[int, ...]
    used: tuple[int, ...]
    delimiter: str = ","
    quote: str = '"'
    spaced: bool = False

    def names(self, width: int) -> dict[str, type[pl.DataType]]:
        """``column_N`` of the wanted columns that a line of this width has."""
        return {f"column_{place}": pl.String for place in self.used if place <= width}

    def regular(self, width: int) -> str:
        """Pattern of a line that every parser splits in the same way (RFC 4180, on one line)."""
        sign, quote = f"\\x{ord(self.delimiter):02x}", f"\\x{ord(self.quote):02x}"
        quoted = f"{' *' if self.spaced else ''}{quote}(?:[^{quote}]|{quote}{quote})*{quote}"
        field = f"(?:{quoted}|[^{quote}{sign}\\r\\n]*)"
        return f"^{field}(?:{sign}{field}){{{width - 1}}}$"


@dataclass(frozen=True, eq=False)
class Rows:
    """``rows``: line (Int64), and the wanted columns as String (empty is null), in order of line; ``bad``: BAD_SCHEMA;
    ``lines``: line and text of all rows.
    """

    rows: pl.DataFrame
    bad: pl.DataFrame
    lines: pl.DataFrame


def rows_of(block: Block, form: Form) -> Rows:
    """The rows of a block; blank lines are no records."""
    good, bad = _texts(block)
    lines = rest = pl.DataFrame(good, schema={"line": pl.Int64, "text": pl.String}, orient="row")
    found = []
    for width in sorted(form.widths, reverse=True):
        regular = rest["text"].str.contains(form.regular(width))
        found.append(_regular(rest.filter(regular), form, width))
        rest = rest.filter(~regular)
    slow, more = _irregular(rest, form)
    rows = pl.concat([frame for frame in (*found, slow) if frame.height] or [slow]).sort("line")
    return Rows(rows, pl.DataFrame([*bad, *more], schema=BAD_SCHEMA, orient="row"), lines)


def shown(line: bytes) -> str:
    """A line for people, cut, whatever octets it has."""
    return line[:RAW_KEPT].decode("utf-8", "replace")


def _texts(block: Block) -> tuple[list[tuple[int, str]], list[tuple[int, str, str]]]:
    good, bad = [], []
    for number, line in enumerate(block.lines, start=block.first):
        octets = line.removesuffix(b"\r")
        if number - block.first in block.cut:
            bad.append((number, f"a line longer than {LONGEST_LINE} octets", shown(octets)))
        elif b"\0" in octets:
            bad.append((number, "an octet NUL in the line", shown(octets)))
        elif octets and not octets.isspace():
            try:
                good.append((number, octets.decode()))
            except UnicodeDecodeError as error:
                bad.append((number, f"not UTF-8 at octet {error.start + 1}", shown(octets)))
    return good, bad


def _regular(lines: pl.DataFrame, form: Form, width: int) -> pl.DataFrame:
    """Polars splits them all at once; all have one width."""
    text = "\n".join(lines["text"]).encode()
    if form.spaced:
        text = text.replace(f"{form.delimiter} {form.quote}".encode(), f"{form.delimiter}{form.quote}".encode())
    names = form.names(width)
    if not text:
        return pl.DataFrame(schema={"line": pl.Int64, **names})
    schema = {f"column_{place}": pl.String for place in range(1, width + 1)}
    parsed = pl.read_csv(
        b"\n" + text,  # a text that begins with "x^" would be taken for a compressed one
        skip_rows=1, has_header=False, schema=schema, columns=list(names), separator=form.delimiter,
        quote_char=form.quote,
    )  # fmt: skip
    return parsed.select(lines["line"], *_nulls(form, names))


def _irregular(lines: pl.DataFrame, form: Form) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    """Each on its own, with the reason where it cannot be split."""
    good, bad = [], []
    for number, text in lines.iter_rows():
        found = _split(text, form)
        if isinstance(found, str):
            bad.append((number, found, text[:RAW_KEPT]))
        else:
            good.append((number, *(found[place - 1] if place <= len(found) else None for place in form.used)))
    names = form.names(max(form.widths))
    frame = pl.DataFrame(good, schema={"line": pl.Int64, **names}, orient="row")
    return frame.select("line", *_nulls(form, names)), bad


def _split(text: str, form: Form) -> list[str] | str:
    """The columns, or what is wrong."""
    sign, quote = form.delimiter, form.quote
    reader = csv.reader([text], delimiter=sign, quotechar=quote, strict=True, skipinitialspace=form.spaced)
    try:
        columns = next(reader)
    except csv.Error as error:
        return f"broken quotes or line ends: {error}"
    return columns if len(columns) in form.widths else f"{len(columns)} columns; {_either(form.widths)} are expected"


def _nulls(form: Form, there: Collection[str]) -> list[pl.Expr]:
    """All wanted columns: null where they are empty, and where the line is too short to have them."""
    none = pl.lit(None, dtype=pl.String)
    return [
        (pl.when(pl.col(name) != "").then(name) if name in there else none).alias(name)
        for name in form.names(max(form.widths))
    ]


def _either(widths: Sequence[int]) -> str:
    return " or ".join(map(str, sorted(widths)))


def header_of(blocks: Iterator[Block], form: Form) -> tuple[list[str] | str, Iterator[Block]]:
    """The names in the first line (or what is wrong with it), and the rest of the file."""
    block = next(blocks, Block(1, [b""], frozenset()))
    first = block.lines[0].removesuffix(b"\r")
    found: list[str] | str = "the first line is too long" if 0 in block.cut else _names(first, form)
    cut = frozenset(index - 1 for index in block.cut if index)
    return found, _after(Block(block.first + 1, block.lines[1:], cut), blocks)


def _names(line: bytes, form: Form) -> list[str] | str:
    try:
        text = line.decode()
        return next(csv.reader([text], delimiter=form.delimiter, quotechar=form.quote, strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        return f"the first line names no columns: {error}"


def _after(block: Block, rest: Iterator[Block]) -> Iterator[Block]:
    yield block
    yield from rest
