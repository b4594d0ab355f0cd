"""CSV of any layout, read by its mapping document."""

from collections.abc import Iterator

from ossbss.bss.revenue.mediation.readers.csv_records import Layout, records_of
from ossbss.bss.revenue.mediation.readers.csv_rows import Form, header_of, rows_of
from ossbss.bss.revenue.mediation.readers.lines import Block, Source, blocks
from ossbss.bss.revenue.mediation.readers.mapping import CsvMapping, columns_used, place_of
from ossbss.bss.revenue.mediation.records import CdrFileError, Read, whole
from ossbss.mistakes import listing, nearest


def read(source: Source, element_id: str, file_id: str, mapping: CsvMapping) -> Read:
    """All records of a file; CdrFileError where its header lacks columns of the mapping."""
    return whole(parts(source, element_id, file_id, mapping))


def parts(source: Source, element_id: str, file_id: str, mapping: CsvMapping) -> Iterator[Read]:
    """The same, piece by piece: what is held does not grow with the file."""
    lines = blocks(source)
    names = mapping.columns
    if mapping.header:
        names, lines = _header(lines, file_id, mapping)
    widths = mapping.widths or (len(names),)
    places = {place_of(column, list(names)) or 0 for _, column in columns_used(mapping)}
    form = Form(widths, tuple(sorted(places)), mapping.delimiter, mapping.quote, mapping.spaced)
    layout = Layout(mapping, names, form, element_id, file_id)
    yield from (records_of(rows_of(block, form), layout) for block in lines)


def _header(lines: Iterator[Block], file_id: str, mapping: CsvMapping) -> tuple[tuple[str, ...], Iterator[Block]]:
    found, rest = header_of(lines, Form((1,), (1,), mapping.delimiter, mapping.quote, mapping.spaced))
    if isinstance(found, str):
        raise CdrFileError(f"{file_id}: {found}")
    names = tuple(name.strip() for name in found)
    wanted = [column for _, column in columns_used(mapping)]
    wrong = [_missing(column, names) for column in dict.fromkeys(wanted)
             if (place_of(column, names) or len(names) + 1) > len(names)]  # fmt: skip
    wrong += [f"{name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1 and n in wanted})]
    if wrong:
        raise CdrFileError(f"{file_id}: the header does not fit the mapping: {'; '.join(wrong)}")
    return names, rest


def _missing(column: str | int, names: tuple[str, ...]) -> str:
    hint = nearest(str(column), names)
    return f"no column {column!r} (there are: {listing(names, str(column))}{'; ' + hint if hint else ''})"
