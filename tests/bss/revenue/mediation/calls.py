"""Usage as people tell it, and how each layout writes it: the tests' own writers."""

import csv
import io
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

import polars as pl

from ossbss.bss.revenue.mediation.enrichment import PREFIXES_SCHEMA
from ossbss.bss.revenue.mediation.readers import asterisk, csv_mapped, freeswitch, parquet, tmf635
from ossbss.bss.revenue.mediation.readers.mapping import read_mapping
from ossbss.bss.revenue.mediation.records import CDR_SCHEMA
from tests.bss import shop

NAIROBI = timezone(timedelta(hours=3))
NOON = shop.at("2024-05-06 12:00")
LATER = shop.at("2024-05-20 00:00")
PREFIXES = pl.DataFrame(
    [("2547", "on_net", 0, None), ("254", "off_net", 0, None), ("44", "international", 0, None)],
    schema=PREFIXES_SCHEMA, orient="row",
)  # fmt: skip
HOLD_MS = 3_600_000


@dataclass(frozen=True)
class Call:
    """A call of whole seconds, perhaps a part of a session."""

    number: int
    line: str = "a"
    to: str = "254700000001"
    seconds: int = 60
    at_ms: int = NOON
    chain: str | None = None
    leg: int | None = None
    last: bool = False

    def but(self, **changes):
        return replace(self, **changes)


def frame(*calls, file_id="f"):
    """CDR_SCHEMA of the calls, in their order."""
    rows = [
        (f"id-{c.number}", "pbx", file_id, c.number, c.line, c.to, "voice", None, None, c.at_ms, c.seconds * 1000,
         c.chain, c.leg, c.last if c.chain else None)
        for c in calls
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=CDR_SCHEMA, orient="row")


def stamp(at_ms):
    return datetime.fromtimestamp(at_ms / 1000, NAIROBI).strftime("%Y-%m-%d %H:%M:%S")


def lines(rows, quoting=csv.QUOTE_ALL, end="\n"):
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


MAPPING = """
header: true
delimiter: ";"
time: {column: begin, format: "%Y-%m-%d %H:%M:%S", zone: Africa/Nairobi}
quantity: {voice: {column: lasted, unit: s}}
fields:
  record_id: {column: id}
  subscriber_id: {column: who}
  destination: {column: whom}
  class: {column: what, values: {V: voice}}
  chain_id: {column: session}
  leg: {column: part}
  is_last: {column: end}
"""
HEADER = ("id", "who", "whom", "what", "begin", "lasted", "session", "part", "end")


def as_mapped(calls):
    rows = [
        (f"id-{c.number}", c.line, c.to, "V", stamp(c.at_ms), c.seconds, c.chain, c.leg, int(c.last)) for c in calls
    ]
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue().encode()


def as_asterisk(calls):
    return lines(
        ("", c.line, c.to, "out", f'"{c.line}" <{c.line}>', f"PJSIP/{c.line}-1", "PJSIP/trunk-2", "Dial", "x,30",
         stamp(c.at_ms - 5000), stamp(c.at_ms), stamp(c.at_ms + c.seconds * 1000), c.seconds + 5, c.seconds,
         "ANSWERED", "DOCUMENTATION", f"1714986000.{c.number}", "")
        for c in calls
    )  # fmt: skip


def as_freeswitch(calls):
    return lines(
        ("Ann", c.line, c.to, "default", stamp(c.at_ms - 5000), stamp(c.at_ms), stamp(c.at_ms + c.seconds * 1000),
         c.seconds + 5, c.seconds, "NORMAL_CLEARING", f"uuid-{c.number}", "", "", "PCMA", "PCMA")
        for c in calls
    )  # fmt: skip


def as_parquet(calls):
    out = io.BytesIO()
    frame(*calls).drop("element_id", "file_id").write_parquet(out)
    return out.getvalue()


def usage(c):
    """One TMF635 Usage."""
    told = {"destination": c.to, "quantity": c.seconds, "unit": "s"}
    if c.chain:
        told |= {"chain": c.chain, "leg": c.leg, "isLast": c.last}
    return {
        "id": f"id-{c.number}", "usageType": "voice", "status": "received",
        "usageDate": datetime.fromtimestamp(c.at_ms / 1000, UTC).isoformat(),
        "relatedParty": [{"id": c.line, "role": "subscriber", "@referredType": "Individual"}],
        "usageCharacteristic": [{"name": name, "value": value} for name, value in told.items()],
    }  # fmt: skip


def as_json_lines(calls):
    return b"\n".join(json.dumps(usage(c)).encode() for c in calls)


def as_json_array(calls):
    return json.dumps([usage(c) for c in calls], indent=1).encode()


def mapped(source, file_id="f"):
    return csv_mapped.read(source, "pbx", file_id, read_mapping(MAPPING, "mapping"))


READERS = {
    "mapped": (as_mapped, mapped),
    "asterisk": (as_asterisk, lambda source, file_id="f": asterisk.read(source, "pbx", file_id, "Africa/Nairobi")),
    "freeswitch": (as_freeswitch, lambda source, file_id="f": freeswitch.read(source, "pbx", file_id, "Africa/Nairobi")),
    "parquet": (as_parquet, lambda source, file_id="f": parquet.read(source, "pbx", file_id)),
    "json_lines": (as_json_lines, lambda source, file_id="f": tmf635.read(source, "pbx", file_id)),
    "json_array": (as_json_array, lambda source, file_id="f": tmf635.read(source, "pbx", file_id)),
}
"""Layout → how the calls are written, and how they are read."""
WITH_PARTS = ("mapped", "parquet", "json_lines", "json_array")
"""Layouts that tell the parts of a session."""
