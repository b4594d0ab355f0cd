"""Parquet with the columns of the neutral record."""

import io

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ossbss.bss.revenue.mediation.readers import parquet
from ossbss.bss.revenue.mediation.records import CdrFileError
from tests.bss.revenue.mediation import calls


def octets(frame):
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def test_what_was_written_is_read():
    frame = calls.frame(calls.Call(1), calls.Call(2, chain="s", leg=1))
    result = parquet.read(octets(frame), "pbx", "f")
    assert result.records.equals(frame)
    bare = frame.drop("record_id", "sequence", "place_id", "element_id", "file_id")
    assert parquet.read(octets(bare), "pbx", "f").records["sequence"].to_list() == [1, 2]


def test_every_wrong_column_is_told_at_once(tmp_path):
    frame = calls.frame(calls.Call(1)).with_columns(pl.col("quantity").cast(pl.Float64), pl.col("leg").cast(pl.Int32))
    (tmp_path / "f").write_bytes(octets(frame.drop("class")))
    with pytest.raises(CdrFileError, match=r"class: expected String, found nothing.*quantity: .*Float64.*leg: .*Int32"):
        parquet.read(tmp_path / "f", "pbx", "f")


@pytest.mark.parametrize("junk", [b"", b"PAR1", b"PAR1" + b"\xff" * 64 + b"PAR1"])
def test_what_is_no_parquet_is_told(junk):
    with pytest.raises(CdrFileError, match="no Parquet"):
        parquet.read(junk, "pbx", "f")


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("quantity", -1, "negative quantity"),
        ("quantity", None, "quantity is missing"),
        ("started_ms", 2**62, "started_ms: not between 1970 and 9999"),
        ("element_id", "other", "element_id is not that of the file it came in"),
        ("subscriber_id", "x" * 100_000, "subscriber_id is longer than a record"),
    ],
)
def test_a_bad_row_is_rejected_and_the_rest_goes_on(name, value, reason):
    good, bad = calls.frame(calls.Call(1)), calls.frame(calls.Call(2))
    bad = bad.with_columns(pl.lit(value, dtype=bad.schema[name]).alias(name))
    result = parquet.read(octets(pl.concat([good, bad])), "pbx", "f")
    assert result.unrated.select("line", "state", "reason").rows() == [(2, "rejected", reason)]
    assert result.records.equals(good)


def test_a_text_that_is_not_utf_8_is_a_rejected_row():
    table = calls.frame(calls.Call(1), calls.Call(2)).to_arrow()
    texts = pa.array([b"\xff", b"a"], pa.large_binary()).view(pa.large_string())
    out = io.BytesIO()
    pq.write_table(table.set_column(table.schema.get_field_index("subscriber_id"), "subscriber_id", texts), out)
    result = parquet.read(out.getvalue(), "pbx", "f")
    assert result.unrated["reason"].to_list() == ["a text that is not UTF-8"]
    assert result.records["subscriber_id"].to_list() == ["a"]


def test_places_count_on_from_piece_to_piece(monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS", 3)
    frame = calls.frame(*(calls.Call(number) for number in range(1, 9))).drop("sequence")
    spoilt = frame.with_columns(
        pl.when(pl.int_range(pl.len()) == 6).then(-1).otherwise("quantity").cast(pl.Int64).alias("quantity")
    )
    result = parquet.read(octets(spoilt), "pbx", "f")
    assert result.records["sequence"].to_list() == [1, 2, 3, 4, 5, 6, 8]
    assert result.unrated["line"].to_list() == [7]
