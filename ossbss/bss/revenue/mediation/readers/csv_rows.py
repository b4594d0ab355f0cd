"""Which columns does a line of CSV have? Whole blocks at once where lines are regular, the others one by one.

One line is one record: a quote that is not closed on its line spoils that line, never the rest of the file.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.mediation.readers.lines import LONGEST_LINE, Block
from ossbss.bss.revenue.mediation.records import RAW_KEPT

BAD_SCHEMA: dict[str, type[pl.DataType]] = {"line": pl.Int64, "reason": pl.String, "raw": pl.String}
"""``line``: number in the file, from 1; ``raw``: its text, cut."""


@dataclass(frozen=True)
class Form:
    """How columns stand in a line. ``widths``: allowed numbers of columns; ``spaced``: spaces may precede a quote."""

    widths: tuple[int, ...]
    delimiter: str = ","
    quote: str = '"'
    spaced: bool = False

    @property
    def columns(self) -> list[str]:
        return [f"column_{number}" for number in range(1, max(self.widths) + 1)]

    @property
    def quoted(self) -> str:
        """Pattern of a column in quotes (RFC 4180)."""
        sign = f"\\x{ord(self.quote):02x}"
        return f"{' *' if self.spaced else ''}{sign}(?:[^{sign}]|{sign}{sign})*{sign}"

    @property
    def regular(self) -> str:
        """Pattern of a line that every parser splits in the same way: columns in quotes, or without any."""
        sign, quote = f"\\x{ord(self.delimiter):02x}", f"\\x{ord(self.quote):02x}"
        field = f"(?:{self.quoted}|[^{quote}{sign}\\r\\n]*)"
        return f"^{field}(?:{sign}{field})*$"


@dataclass(frozen=True, eq=False)
class Rows:
    """``rows``: line (Int64) and one String column a column of the file (empty is null), in order of line; ``bad``:
    BAD_SCHEMA.
    """

    rows: pl.DataFrame
    bad: pl.DataFrame


def rows_of(block: Block, form: Form) -> Rows:
    """The rows of a block; blank lines are no records."""
    good, bad = _texts(block)
    lines = pl.DataFrame(good, schema={"line": pl.Int64, "text": pl.String}, orient="row")
    regular = lines["text"].str.contains(form.regular)
    width = lines["text"].str.replace_all(form.quoted, "").str.count_matches(form.delimiter, literal=True) + 1
    slow, more = _irregular(lines.filter(~regular | ~width.is_in(form.widths)), form)
    found = [_regular(lines.filter(regular & (width == each)), form, each) for each in form.widths]
    rows = pl.concat([frame for frame in (*found, slow) if frame.height] or [slow]).sort("line")
    return Rows(rows, pl.DataFrame([*bad, *more], schema=BAD_SCHEMA, orient="row"))


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
    schema = dict.fromkeys(form.columns[:width], pl.String)
    if not text:
        return pl.DataFrame(schema={"line": pl.Int64})
    parsed = pl.read_csv(text, has_header=False, schema=schema, separator=form.delimiter, quote_char=form.quote)
    lacking = [pl.lit(None, dtype=pl.String).alias(name) for name in form.columns[width:]]
    return parsed.with_columns(lacking).select(lines["line"], *_nulls(form))


def _irregular(lines: pl.DataFrame, form: Form) -> tuple[pl.DataFrame, list[tuple[int, str, str]]]:
    """Each on its own, with the reason where it cannot be split."""
    good, bad = [], []
    for number, text in lines.iter_rows():
        found = _split(text, form)
        if isinstance(found, str):
            bad.append((number, found, text[:RAW_KEPT]))
        else:
            good.append((number, *found, *[None] * (max(form.widths) - len(found))))
    schema = {"line": pl.Int64, **dict.fromkeys(form.columns, pl.String)}
    return pl.DataFrame(good, schema=schema, orient="row").select("line", *_nulls(form)), bad


def _split(text: str, form: Form) -> list[str] | str:
    """The columns, or what is wrong."""
    sign, quote = form.delimiter, form.quote
    reader = csv.reader([text], delimiter=sign, quotechar=quote, strict=True, skipinitialspace=form.spaced)
    try:
        columns = next(reader)
    except csv.Error as error:
        return f"broken quotes or line ends: {error}"
    return columns if len(columns) in form.widths else f"{len(columns)} columns; {_either(form.widths)} are expected"


def _nulls(form: Form) -> list[pl.Expr]:
    return [pl.when(pl.col(name) != "").then(name).alias(name) for name in form.columns]


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
