"""FreeSWITCH's mod_cdr_csv.

Columns of ``default_template`` in src/mod/event_handlers/mod_cdr_csv/mod_cdr_csv.c of github.com/signalwire/freeswitch
(commit 723ec41e32b6): 13, with a space before the last; and of the template ``example`` of its vanilla configuration
(conf/vanilla/autoload_configs/cdr_csv.conf.xml): two more for the codecs. Times are local; an answer that never was is
empty. A call is charged from its answer, for billsec; one that was not answered is filtered.

With both legs logged (``legs`` ab) a call makes two records, each with a uuid of its own: log leg a only.
"""

from collections.abc import Iterator
from typing import Literal

from ossbss.bss.revenue.mediation.readers import csv_mapped
from ossbss.bss.revenue.mediation.readers.lines import Source
from ossbss.bss.revenue.mediation.readers.mapping import Counts, CsvMapping, Quantity, Time, Value
from ossbss.bss.revenue.mediation.records import Read, whole

COLUMNS = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp", "end_stamp",
    "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec", "write_codec",
)  # fmt: skip
Served = Literal["caller_id_number", "accountcode"]


def mapping(zone: str, served: Served = "caller_id_number") -> CsvMapping:
    """``zone``: where the element's clock stands; ``served``: the column that names who pays."""
    return CsvMapping(
        header=False,
        columns=COLUMNS,
        widths=(13, 15),
        spaced=True,
        time=Time(column="answer_stamp", format="%Y-%m-%d %H:%M:%S", zone=zone),
        quantity={"any": Quantity(column="billsec", unit="s")},
        fields={
            "subscriber_id": Value(column=served),
            "destination": Value(column="destination_number"),
            "class": Value(constant="voice"),
            "record_id": Value(column="uuid"),
        },
        counts=(Counts(column="answer_stamp"),),
    )


def read(source: Source, element_id: str, file_id: str, zone: str, served: Served = "caller_id_number") -> Read:
    """All records of a Master.csv, or of the file of one account."""
    return whole(parts(source, element_id, file_id, zone, served))


def parts(
    source: Source, element_id: str, file_id: str, zone: str, served: Served = "caller_id_number"
) -> Iterator[Read]:
    yield from csv_mapped.parts(source, element_id, file_id, mapping(zone, served))
