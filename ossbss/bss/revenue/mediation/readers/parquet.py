"""Parquet with the columns of CDR_SCHEMA by name."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ossbss.bss.revenue.mediation.readers.typed import ROWS_SCHEMA, read_of
from ossbss.bss.revenue.mediation.records import (
    CDR_SCHEMA,
    NEEDED,
    RAW_KEPT,
    CdrFileError,
    Read,
    whole,
    wrong_columns,
)
from ossbss.bss.revenue.mediation.validation import Rule, with_verdict

_ROWS = 262_144
_LARGEST_GROUP_OCTETS = 2**30
"""Of one row group, unpacked (assumption: ten times what writers make)."""
_GIVEN = ("element_id", "file_id")
OPTIONAL = tuple(name for name in CDR_SCHEMA if name not in NEEDED)


def read(source: bytes | Path | IO[bytes], element_id: str, file_id: str) -> Read:
    """All records; CdrFileError where it is no Parquet, or with every column that is missing or of another dtype.

    element_id and file_id may be columns too; a record that says otherwise than the arguments is rejected. A sequence
    that is null is the record's place in the file.
    """
    return whole(parts(source, element_id, file_id))


def parts(source: bytes | Path | IO[bytes], element_id: str, file_id: str) -> Iterator[Read]:
    given = {"element_id": element_id, "file_id": file_id}
    with _readable(file_id):
        file = _opened(source, file_id)
        place = 0
        for batch in file.iter_batches(_ROWS, columns=[n for n in file.schema_arrow.names if n in CDR_SCHEMA]):
            frame = _frame(batch)
            yield _read(frame, given, place)
            place += frame.height


def look(path: Path, file_id: str) -> None:
    """CdrFileError as ``read`` gives it, as far as columns and sizes tell."""
    with _readable(file_id):
        _opened(path, file_id).close()


@contextmanager
def _readable(file_id: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise CdrFileError(f"{file_id}: this is no Parquet that can be read: {error}") from None


def _opened(source: bytes | Path | IO[bytes], file_id: str) -> pq.ParquetFile:
    file = pq.ParquetFile(BytesIO(source) if isinstance(source, bytes) else source)
    found = pl.DataFrame(pl.from_arrow(file.schema_arrow.empty_table())).schema
    wrong = wrong_columns(found, (*OPTIONAL, *_GIVEN))
    sizes = [file.metadata.row_group(index).total_byte_size for index in range(file.metadata.num_row_groups)]
    if sizes and max(sizes) > _LARGEST_GROUP_OCTETS:
        wrong.append(f"a row group of {max(sizes)} octets; at most {_LARGEST_GROUP_OCTETS} are read")
    if wrong:
        raise CdrFileError(f"{file_id}: columns differ from CDR_SCHEMA: {'; '.join(wrong)}")
    return file


def _frame(batch: pa.RecordBatch) -> pl.DataFrame:
    """The batch, and ``spoilt``: whether a text of the row is not UTF-8, which Parquet does not prevent; it is null."""
    columns, spoilt = {}, pl.repeat(value=False, n=batch.num_rows, eager=True)
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        columns[name] = column
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            texts = [_decoded(octets) for octets in column.cast(pa.large_binary()).to_pylist()]
            spoilt |= pl.Series([text is False for text in texts], dtype=pl.Boolean)
            columns[name] = pa.array([text or None for text in texts], pa.large_string())
    return pl.DataFrame(pl.from_arrow(pa.table(columns))).with_columns(spoilt.alias("spoilt"))


def _decoded(octets: bytes | None) -> str | bool | None:
    """False where it is no UTF-8."""
    try:
        return None if octets is None else octets.decode()
    except UnicodeDecodeError:
        return False


def _read(frame: pl.DataFrame, given: dict[str, str], place: int) -> Read:
    lacking = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in CDR_SCHEMA.items() if name not in frame.columns]
    line = pl.int_range(place + 1, place + frame.height + 1, dtype=pl.Int64).alias("line")
    rows = frame.with_columns(*lacking, line, pl.lit(None, dtype=pl.String).alias("verdict"))
    rules = [Rule(pl.col("spoilt"), "rejected: a text that is not UTF-8")]
    rules += [_same(name, value) for name, value in given.items()]
    named = with_verdict(rows, rules).with_columns(
        *(pl.lit(value).alias(name) for name, value in given.items()),
        pl.col("sequence").fill_null(pl.col("line")),
        pl.lit(None, dtype=pl.String).alias("raw"),
    )
    found = read_of(named.select(*ROWS_SCHEMA))
    return Read(found.records, _with_raw(found.unrated, named)) if found.unrated.height else found


def _with_raw(refused: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """With what stood in them, as JSON."""
    fields = pl.struct("subscriber_id", "destination", "class", "started_ms", "quantity")
    own = rows.join(refused, on="line", how="semi")
    raw = own.select("line", fields.struct.json_encode().str.slice(0, RAW_KEPT).alias("raw"))
    return refused.drop("raw").join(raw, on="line", how="left", maintain_order="left").select(refused.columns)


def _same(name: str, value: str) -> Rule:
    return Rule(pl.col(name) != value, f"rejected: {name} is not that of the file it came in")
