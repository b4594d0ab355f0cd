"""What does a CSV layout mean? A document that says which column is what, in which unit, in which time zone."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from zoneinfo import available_timezones

import polars as pl
from pydantic import AfterValidator, Field

from ossbss.bss.revenue.mediation.records import CDR_CLASSES
from ossbss.documents import Document, DocumentError, Mistake, Strict, check, listing, nearest, read

CdrClass = Literal["voice", "sms", "data", "content", "emergency"]
FieldName = Literal[
    "record_id", "subscriber_id", "destination", "class", "place_id", "zone", "sequence", "chain_id", "leg", "is_last"
]
Unit = Literal[
    "ms", "s", "min", "messages", "octets", "KB", "KiB", "MB", "MiB", "GB", "GiB", "micros", "currency"
]  # fmt: skip
_TIME, _VOLUME = ("ms", "s", "min"), ("octets", "KB", "KiB", "MB", "MiB", "GB", "GiB")
UNITS: Mapping[str, int] = {
    "ms": 1, "s": 1_000, "min": 60_000, "messages": 1, "octets": 1, "KB": 10**3, "KiB": 2**10, "MB": 10**6,
    "MiB": 2**20, "GB": 10**9, "GiB": 2**30, "micros": 1, "currency": 10**6,
}  # fmt: skip
"""How many of the record's own units each is."""
UNITS_OF_CLASS: Mapping[str, tuple[str, ...]] = {
    "voice": _TIME, "emergency": _TIME, "sms": ("messages",), "data": _VOLUME, "content": ("micros", "currency"),
}  # fmt: skip
EPOCHS: Mapping[str, int] = {"unix_s": 1_000, "unix_ms": 1}
"""Time formats that are a number since 1970, UTC, and how many ms each counts."""
Column = Annotated[str | int, Field(union_mode="left_to_right")]


def _sign(text: str) -> str:
    if len(text) != 1 or not text.isascii() or text in "\r\n\0":
        raise ValueError("it must be one ASCII character, such as ','")
    return text


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no such time zone; {nearest(name, available_timezones()) or 'such as Africa/Nairobi'}")
    return name


def _time_format(text: str) -> str:
    """A pattern must give back the time that was written with it."""
    if text in EPOCHS:
        return text
    at = pl.Series(["2024-11-28T17:46:39Z"]).str.to_datetime(time_unit="ms", time_zone="UTC")
    try:
        back = at.dt.to_string(text).str.strptime(pl.Datetime("ms"), text, strict=False).dt.epoch("ms")
    except pl.exceptions.PolarsError:
        back = pl.Series([None])
    if back[0] != at.dt.epoch("ms")[0]:
        raise ValueError("a time written so cannot be read back to the second; such as '%Y-%m-%d %H:%M:%S', or unix_s")
    return text


class Value(Strict):
    """Where a field comes from: a column, or the same for every record."""

    column: Column | None = None
    """The column's name in the header or in ``columns``, or its place from 1."""
    constant: str | None = None
    """One text for all records."""
    beside: Column | None = None
    """A second column, joined with a slash: ids that are unique only together."""
    values: dict[str, str] = Field(default_factory=dict)
    """What the file writes → what it means; a value that is not listed is a mistake of the record."""


class Time(Strict):
    """When the record started."""

    column: Column
    """Name or place of the column."""
    format: Annotated[str, AfterValidator(_time_format)]
    """strftime pattern, or unix_s or unix_ms."""
    zone: Annotated[str, AfterValidator(_zone)] = "UTC"
    """Time zone of local times; of no use where the pattern reads an offset (%z)."""
    twice: Literal["earlier", "later", "reject"] = "earlier"
    """A local time that the clock shows twice, in autumn: which of the two it is. One that it never shows is rejected.
    """


class Quantity(Strict):
    """How much."""

    column: Column
    """Name or place of the column."""
    unit: Unit
    """In which unit the file counts."""


class Counts(Strict):
    """A record that does not count is filtered, with its reason."""

    column: Column
    """Name or place of the column."""
    when: tuple[str, ...] = ()
    """Values of records that count; empty: every value that is not empty."""
    unless: tuple[str, ...] = ()
    """Values of records that do not count; where this is given, a value in neither list is rejected."""


class CsvMapping(Strict):
    """A CSV layout."""

    header: bool
    """Whether the first line names the columns."""
    columns: tuple[str, ...] = ()
    """Names of the columns in order, where there is no header."""
    widths: tuple[Annotated[int, Field(ge=1, le=500)], ...] = ()
    """Allowed numbers of columns, where it is not the number of names."""
    delimiter: Annotated[str, AfterValidator(_sign)] = ","
    """One character."""
    quote: Annotated[str, AfterValidator(_sign)] = '"'
    """One character."""
    spaced: bool = False
    """Whether spaces may stand before a quote."""
    time: Time
    """When the record started."""
    quantity: dict[CdrClass | Literal["any"], Quantity] = Field(min_length=1)
    """How much, by class; ``any`` for all classes that are not named."""
    fields: dict[FieldName, Value]
    """Where the other fields come from; subscriber_id and class are needed."""
    counts: tuple[Counts, ...] = ()
    """Which records count; all of them where nothing is said."""


def read_mapping(text: str, source: str) -> CsvMapping:
    """The mapping in ``text`` (YAML); DocumentError with every mistake."""
    document = read(text, source)
    mapping = check(document, CsvMapping)
    if mistakes := list(_mistakes(document, mapping)):
        raise DocumentError(source, mistakes)
    return mapping


def columns_used(mapping: CsvMapping) -> Iterator[tuple[tuple[str | int, ...], str | int]]:
    """(path in the document, column) of everything that the mapping reads."""
    yield ("time", "column"), mapping.time.column
    yield from ((("quantity", name, "column"), each.column) for name, each in mapping.quantity.items())
    yield from ((("counts", index, "column"), each.column) for index, each in enumerate(mapping.counts))
    for name, each in mapping.fields.items():
        pair = (("column", each.column), ("beside", each.beside))
        yield from ((("fields", name, key), column) for key, column in pair if column is not None)


def place_of(column: str | int, names: tuple[str, ...] | list[str]) -> int | None:
    """Place from 1, or None where no column has the name."""
    return column if isinstance(column, int) else names.index(column) + 1 if column in names else None


def _mistakes(document: Document, mapping: CsvMapping) -> Iterator[Mistake]:
    yield from _of_fields(document, mapping)
    yield from _of_columns(document, mapping)
    if mapping.delimiter == mapping.quote:
        yield document.mistake(("delimiter",), "delimiter and quote are the same character")
    classes = _classes(mapping)
    for known, quantity in mapping.quantity.items():
        name = str(known)
        own = [name] if name != "any" else [c for c in classes if c not in mapping.quantity]
        allowed = [unit for unit in UNITS if all(unit in UNITS_OF_CLASS.get(each, UNITS) for each in own)]
        if quantity.unit not in allowed:
            problem = f"{quantity.unit!r} does not measure {' and '.join(own)}; {listing(allowed)} may stand here"
            yield document.mistake(("quantity", name, "unit"), problem)
    for name in classes:
        if name in CDR_CLASSES and not {name, "any"}.intersection(mapping.quantity):
            yield document.mistake(("quantity",), f"no quantity for class {name!r}", "name it, or any")


def _of_fields(document: Document, mapping: CsvMapping) -> Iterator[Mistake]:
    for needed in ("subscriber_id", "class"):
        if needed not in mapping.fields:
            yield document.mistake(("fields",), f"{needed} is missing: every record needs one")
    for field, value in mapping.fields.items():
        if (value.column is None) == (value.constant is None):
            yield document.mistake(("fields", field), "give either a column or a constant")
    for name in _classes(mapping):
        if name not in CDR_CLASSES:
            problem = f"{name!r} is no class; allowed: {listing(CDR_CLASSES)}"
            yield document.mistake(("fields", "class"), problem, nearest(name, CDR_CLASSES))


def _of_columns(document: Document, mapping: CsvMapping) -> Iterator[Mistake]:
    if mapping.header and mapping.columns:
        yield document.mistake(("columns",), "the header names the columns", "remove this, or say header: false")
    most = max(mapping.widths or (len(mapping.columns),))
    if not mapping.header and not most:
        yield document.mistake(("columns",), "without a header, columns or widths must say what a line holds")
    for path, column in columns_used(mapping):
        if isinstance(column, int) and (column < 1 or (most and column > most)):
            span = f"from 1 to {most}" if most else "from 1"
            yield document.mistake(path, f"{column} is no place of a column; they count {span}")
        elif isinstance(column, str) and not mapping.header and column not in mapping.columns:
            problem = f"{column!r} is not among the columns: {listing(mapping.columns, column)}"
            yield document.mistake(path, problem, nearest(column, mapping.columns))


def _classes(mapping: CsvMapping) -> list[str]:
    """Classes that the mapping can give, as far as it says."""
    value = mapping.fields.get("class", Value())
    return list(dict.fromkeys([value.constant] if value.constant is not None else value.values.values()))
