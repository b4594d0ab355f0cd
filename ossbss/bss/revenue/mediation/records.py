"""The record that every reader of CDR files gives, whatever the layout.

| column | dtype | unit, meaning |
|---|---|---|
| record_id | String | its id in the source; may be null |
| element_id, file_id | String | the element that wrote it, the file it came in |
| sequence | Int64 | the element's own number, else the record's place in the file, from 1 |
| subscriber_id | String | the served party |
| destination | String | the digits dialled, or the service; may be null |
| class | String | voice, sms, data, content, emergency |
| place_id | String | where it was served; may be null |
| zone | String | may be null: enrichment finds it from the destination |
| started_ms | Int64 | ms since the Unix epoch, UTC |
| quantity | Int64 | voice, emergency: ms; sms: messages; data: octets; content: micro-units of the event's value |
| chain_id | String | partial records of one session share it; may be null |
| leg | Int64 | which part of its session, from 1; null without a chain_id |
| is_last | Boolean | the last part of its session; null counts as false |
"""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from ossbss.errors import BadInputError

CDR_SCHEMA: dict[str, type[pl.DataType]] = {
    "record_id": pl.String,
    "element_id": pl.String,
    "file_id": pl.String,
    "sequence": pl.Int64,
    "subscriber_id": pl.String,
    "destination": pl.String,
    "class": pl.String,
    "place_id": pl.String,
    "zone": pl.String,
    "started_ms": pl.Int64,
    "quantity": pl.Int64,
    "chain_id": pl.String,
    "leg": pl.Int64,
    "is_last": pl.Boolean,
}
NEEDED = ("element_id", "file_id", "subscriber_id", "class", "started_ms", "quantity")
"""What a record must have; and a sequence or a record_id."""
CDR_CLASSES = ("voice", "sms", "data", "content", "emergency")
REFUSED_SCHEMA: dict[str, type[pl.DataType]] = {
    **CDR_SCHEMA,
    "state": pl.String,
    "reason": pl.String,
    "line": pl.Int64,
    "raw": pl.String,
}
"""A record a reader did not pass on: what could be read of it (else null), state rejected or filtered and the reason,
its line (or place) in the file from 1, and its text, cut, where it was rejected.
"""
RAW_KEPT = 1000
"""Octets kept of a rejected line (assumption: enough to know it again)."""
LATEST_MS = 253_402_300_799_999
"""The end of the year 9999, the last one that calendars of computers know."""


class CdrFileError(BadInputError):
    """The file as a whole cannot be read: another layout, missing columns, wrong dtypes. All that is wrong at once."""


@dataclass(frozen=True, eq=False)
class Read:
    """What a reader found. ``records``: CDR_SCHEMA; ``unrated``: REFUSED_SCHEMA; together every record of the file."""

    records: pl.DataFrame
    unrated: pl.DataFrame

    @property
    def counts(self) -> dict[str, int]:
        """Records in the file, passed on, rejected and filtered."""
        states = dict(self.unrated.group_by("state").len().iter_rows())
        found = {"passed": self.records.height, **{state: states.get(state, 0) for state in ("rejected", "filtered")}}
        return {"records": sum(found.values()), **found}


def whole(parts: Iterable[Read]) -> Read:
    """The parts of one file as one."""
    found = list(parts)
    records = [pl.DataFrame(schema=CDR_SCHEMA), *(part.records for part in found)]
    return Read(pl.concat(records), pl.concat([pl.DataFrame(schema=REFUSED_SCHEMA), *(p.unrated for p in found)]))


def wrong_columns(found: pl.Schema, optional: Iterable[str] = ()) -> list[str]:
    """Every column that is missing or of another dtype than CDR_SCHEMA's."""
    may_lack = set(optional)
    return [
        f"{name}: expected {dtype.__name__}, found {found.get(name, 'nothing')}"
        for name, dtype in CDR_SCHEMA.items()
        if found.get(name) != dtype and not (name in may_lack and name not in found)
    ]
