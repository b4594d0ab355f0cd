"""CSV by a mapping document: what it gives, what it refuses and why, and what is wrong with the document."""

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.readers import csv_mapped
from ossbss.bss.revenue.mediation.readers.mapping import read_mapping
from ossbss.bss.revenue.mediation.records import CDR_SCHEMA, REFUSED_SCHEMA, CdrFileError
from ossbss.documents import DocumentError
from tests.bss import shop
from tests.bss.revenue.mediation import calls

PLAIN = """
header: false
columns: [who, whom, what, begin, much, number]
time: {column: begin, format: "%Y-%m-%d %H:%M:%S", zone: Africa/Nairobi}
quantity: {voice: {column: much, unit: s}, data: {column: much, unit: KB}, sms: {column: 5, unit: messages},
           content: {column: much, unit: currency}}
fields:
  subscriber_id: {column: who}
  destination: {column: whom}
  class: {column: what}
  sequence: {column: number}
"""
GOOD = "a,2547,voice,2024-05-06 12:00:00,60,7"


def read(text, mapping=PLAIN):
    octets = text if isinstance(text, bytes) else text.encode()
    return csv_mapped.read(octets, "pbx", "f", read_mapping(mapping, "m"))


def test_a_good_line_is_a_record_of_the_documented_columns():
    result = read(GOOD)
    assert dict(result.records.schema) == CDR_SCHEMA
    assert dict(result.unrated.schema) == REFUSED_SCHEMA
    (row,) = result.records.rows(named=True)
    assert row == dict.fromkeys(CDR_SCHEMA) | {
        "element_id": "pbx", "file_id": "f", "sequence": 7, "subscriber_id": "a", "destination": "2547",
        "class": "voice", "started_ms": shop.at("2024-05-06 12:00"), "quantity": 60_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (GOOD.replace("60", "-60"), "negative quantity"),
        (GOOD.replace("60", "9223372036854775"), None),
        (GOOD.replace("60", "9223372036854776"), "quantity beyond 64 bits"),
        (GOOD.replace("60", "1" + "0" * 19), "quantity beyond 64 bits"),
        (GOOD.replace("60", "1" + "0" * 40), "quantity: no decimal number"),
        (GOOD.replace("60", "1e3"), "quantity: no decimal number"),
        (GOOD.replace("60", "٦٠"), "quantity: no decimal number"),
        (GOOD.replace("60", "=60"), "quantity: no decimal number"),
        (GOOD.replace("60", "0.0005"), "quantity finer than one unit of the record"),
        (GOOD.replace("60", ""), "quantity: empty"),
        (GOOD.replace("2024-05-06 12", "2024-13-06 12"), "begin: no time written as %Y-%m-%d %H:%M:%S"),
        (GOOD.replace("2024-05-06 12:00:00", ""), "begin: empty"),
        (GOOD.replace("2024", "1824"), "begin: not between 1970 and 9999"),
        (GOOD.replace("2024", "+92024"), "begin: not between 1970 and 9999"),
        (GOOD.replace(",7", ",seven"), "sequence is not a whole number of 64 bits"),
        (GOOD.replace(",7", ",99999999999999999999"), "sequence is not a whole number of 64 bits"),
        (GOOD.replace("a,", ",", 1), "subscriber_id: empty"),
        (GOOD + ",x", "7 columns; 6 are expected"),
        (GOOD.removesuffix(",7"), "5 columns; 6 are expected"),
        (GOOD.replace("2547", 'x"y'), None),
        (GOOD.replace("2547", '"x"y'), "broken quotes"),
        (GOOD.replace("2547", '"x'), "broken quotes"),
        (GOOD.replace("2547", "25\r47"), "broken quotes or line ends"),
        (GOOD.replace("2547", "25\x0047"), "an octet NUL"),
        (GOOD.replace("a,", "é,", 1).encode("latin-1"), "not UTF-8 at octet 1"),
        (GOOD.replace("voice", "fax"), "quantity: empty"),
    ],
)  # fmt: skip
def test_a_bad_line_is_rejected_with_its_reason_and_the_rest_goes_on(line, reason):
    octets = line if isinstance(line, bytes) else line.encode()
    result = read(b"\r\n".join([GOOD.encode(), octets, b"", b"  ", GOOD.encode()]))
    assert result.counts == {"records": 3, "passed": 3 - bool(reason), "rejected": bool(reason), "filtered": 0}
    if reason:
        refused = result.unrated.row(0, named=True)
        assert refused["reason"].startswith(reason)
        assert (refused["state"], refused["line"], refused["element_id"]) == ("rejected", 2, "pbx")


@pytest.mark.parametrize(
    ("what", "much", "quantity"),
    [("voice", "1.5", 1500), ("voice", "0", 0), ("voice", "-0", 0), ("data", "2", 2000), ("data", "0.001", 1),
     ("sms", "3", 3), ("content", "9.99", 9_990_000)],
)  # fmt: skip
def test_quantities_are_exact_in_the_units_of_their_class(what, much, quantity):
    line = GOOD.replace("voice", what).replace("60", much)
    assert read(line).records["quantity"].to_list() == [quantity]


@pytest.mark.parametrize(
    ("clock", "twice", "utc"),
    [
        ("2024-10-27 02:30:00", "earlier", "2024-10-27T00:30:00Z"),
        ("2024-10-27 02:30:00", "later", "2024-10-27T01:30:00Z"),
        ("2024-10-27 02:30:00", "reject", None),
        ("2024-03-31 02:30:00", "earlier", None),
        ("2024-03-31 02:30:00", "later", None),
        ("2024-07-01 02:30:00", "reject", "2024-07-01T00:30:00Z"),
    ],
)
def test_a_time_that_the_clock_shows_twice_or_never_is_read_as_the_mapping_says(clock, twice, utc):
    mapping = PLAIN.replace("zone: Africa/Nairobi", f"zone: Europe/Paris, twice: {twice}")
    result = read(GOOD.replace("2024-05-06 12:00:00", clock), mapping)
    stamps = pl.from_epoch(result.records["started_ms"], "ms").dt.strftime("%Y-%m-%dT%H:%M:%SZ").to_list()
    assert stamps == ([utc] if utc else [])
    assert utc or "shown by the clocks of Europe/Paris" in result.unrated["reason"][0]


@pytest.mark.parametrize(
    ("form", "text"),
    [("unix_s", "1714986000"), ("unix_ms", "1714986000000"), ("%d/%m/%Y %I:%M:%S %p", "06/05/2024 12:00:00 PM"),
     ("%Y-%m-%dT%H:%M:%S%z", "2024-05-06T09:00:00+0000"), ("%Y%m%d%H%M%S", "20240506120000")],
)  # fmt: skip
def test_formats_of_time(form, text):
    mapping = PLAIN.replace("%Y-%m-%d %H:%M:%S", form)
    assert read(GOOD.replace("2024-05-06 12:00:00", text), mapping).records["started_ms"].to_list() == [1714986000000]


def test_what_does_not_count_is_filtered_and_what_nobody_knows_is_rejected():
    mapping = PLAIN + "counts: [{column: whom, when: [DONE], unless: [BUSY]}]\n"
    result = read("\n".join(GOOD.replace("2547", word) for word in ("DONE", "BUSY", "BUSY ", "")), mapping)
    assert result.unrated.select("line", "state", "reason").rows() == [
        (2, "filtered", "whom is BUSY, which does not count"),
        (3, "rejected", "whom: a value that is not known"),
        (4, "rejected", "whom: a value that is not known"),
    ]


cells = st.text(st.sampled_from("a,;\" 'é=\t") | st.characters(exclude_characters="\n\r\0", exclude_categories=["Cs"]), max_size=6)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=6), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
       st.sampled_from(["\n", "\r\n"]))  # fmt: skip
def test_what_a_csv_writer_writes_is_what_is_read(pairs, quoting, end):
    out = io.StringIO()
    rows = [(f"x{who}", whom, "sms", "2024-05-06 12:00:00", 1, n) for n, (who, whom) in enumerate(pairs)]
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(rows)
    result = read(out.getvalue())
    assert result.unrated.is_empty()
    assert result.records.select("subscriber_id", "destination").rows() == [(who, whom or None) for who, whom, *_ in rows]


@pytest.mark.parametrize("magic", ["x^", "x\x01", "PK", "BZh9"])
def test_a_line_that_begins_as_a_compressed_file_does_is_read_as_it_stands(magic):
    result = read(f"{magic},2547,sms,2024-05-06 12:00:00,1,1\n")
    assert result.records["subscriber_id"].to_list() == [magic]


@given(st.lists(st.binary(max_size=40), max_size=6))
def test_no_octets_break_the_reader_and_every_line_that_is_not_blank_is_counted(junk):
    junk = [line.replace(b"\n", b"") for line in junk]
    result = read(b"\n".join([GOOD.encode(), *junk, GOOD.encode()]))
    assert result.counts["records"] == 2 + sum(bool(line.removesuffix(b"\r").strip()) for line in junk)
    assert result.counts["passed"] >= 2


def test_a_header_that_lacks_columns_names_them_all():
    text = calls.as_mapped([calls.Call(1)]).replace(b"whom", b"whim").replace(b"lasted", b"last")
    with pytest.raises(CdrFileError, match=r"no column 'lasted' .*did you mean 'last'.*no column 'whom'"):
        calls.mapped(text)


def test_below_a_header_a_line_that_is_too_long_is_the_one_that_is_rejected():
    header, good = calls.as_mapped([calls.Call(1)]).splitlines()
    result = calls.mapped(b"\n".join([header, good, b"x" * 70_000, good]))
    assert result.unrated.select("line", "sequence", "reason").rows() == [(3, 2, "a line longer than 65536 octets")]
    assert result.records["sequence"].to_list() == [1, 3]


def test_a_file_as_wide_as_a_mapping_may_say():
    mapping = PLAIN + "widths: [500, 6]\n"
    result = read("\n".join([GOOD, GOOD + ",x" * 494, GOOD + ",x" * 493, GOOD + ',"y"' * 494]), mapping)
    assert result.counts == {"records": 4, "passed": 3, "rejected": 1, "filtered": 0}


def test_every_mistake_of_a_mapping_is_told_at_once():
    text = """
header: false
columns: [who, begin, much]
delimiter: ";;"
time: {column: begin, format: "%Y-%m-%d", zone: Africa/Nirobi}
quantity: {voice: {column: much, unit: hours}}
fields: {subscriber: {column: who}}
"""
    with pytest.raises(DocumentError) as told:
        read_mapping(text, "m")
    assert {m.place for m in told.value.mistakes} == {
        "delimiter", "time.format", "time.zone", "quantity.voice.unit", "fields.subscriber",
    }  # fmt: skip
    assert "Africa/Nairobi" in str(told.value)


def test_what_does_not_fit_together_is_told_at_once():
    text = """
header: false
columns: [who, begin, much]
quote: ","
time: {column: beginn, format: unix_s}
quantity: {voice: {column: 4, unit: KB}}
fields: {class: {constant: data}, zone: {column: who, constant: on_net}}
"""
    with pytest.raises(DocumentError) as told:
        read_mapping(text, "m")
    assert sorted(m.place for m in told.value.mistakes) == [
        "delimiter", "fields", "fields.zone", "quantity", "quantity.voice.column", "quantity.voice.unit",
        "time.column",
    ]  # fmt: skip
