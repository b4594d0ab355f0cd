"""Asterisk's Master.csv.

Columns in the order of ``build_csv_record`` in cdr/cdr_csv.c of github.com/asterisk/asterisk (commit 2d18de5f8f25):
16, and uniqueid and userfield where cdr.conf says loguniqueid and loguserfield. Times are local unless it says
usegmtime; an answer that never was is empty. A call is charged from its answer, for billsec.

Several calls of one channel have one uniqueid (each dialled party makes a record of its own), so the record's id is
uniqueid and dstchannel together.
"""

from collections.abc import Iterator
from typing import Literal

import polars as pl

from ossbss.bss.revenue.mediation.readers import csv_mapped
from ossbss.bss.revenue.mediation.readers.lines import Source
from ossbss.bss.revenue.mediation.readers.mapping import Counts, CsvMapping, Quantity, Time, Value
from ossbss.bss.revenue.mediation.records import Read, whole

COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield",
)  # fmt: skip
NOT_ANSWERED = ("NO ANSWER", "FAILED", "BUSY", "CONGESTION")
"""Dispositions of calls that are not charged; all but ANSWERED that Asterisk writes (``ast_cdr_disp2str``)."""
_UNIQUE_ID = r"^(?:[^/]+-)?[0-9]+\.[0-9]+/"
"""``system-seconds.number``: tells a uniqueid from a userfield that stands in its place."""


def mapping(zone: str, served: Literal["src", "accountcode"] = "src") -> CsvMapping:
    """``zone``: where the element's clock stands (UTC with usegmtime); ``served``: the column that names who pays."""
    return CsvMapping(
        header=False,
        columns=COLUMNS,
        widths=(16, 17, 18),
        time=Time(column="answer", format="%Y-%m-%d %H:%M:%S", zone=zone),
        quantity={"any": Quantity(column="billsec", unit="s")},
        fields={
            "subscriber_id": Value(column=served),
            "destination": Value(column="dst"),
            "class": Value(constant="voice"),
            "record_id": Value(column="uniqueid", beside="dstchannel"),
        },
        counts=(Counts(column="disposition", when=("ANSWERED",), unless=NOT_ANSWERED),),
    )


def read(
    source: Source, element_id: str, file_id: str, zone: str, served: Literal["src", "accountcode"] = "src"
) -> Read:
    """All records of a Master.csv, or of the file of one account."""
    return whole(parts(source, element_id, file_id, zone, served))


def parts(
    source: Source, element_id: str, file_id: str, zone: str, served: Literal["src", "accountcode"] = "src"
) -> Iterator[Read]:
    for part in csv_mapped.parts(source, element_id, file_id, mapping(zone, served)):
        yield Read(part.records.with_columns(_ID), part.unrated.with_columns(_ID))


_ID = pl.when(pl.col("record_id").str.contains(_UNIQUE_ID)).then("record_id").alias("record_id")
