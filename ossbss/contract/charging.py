"""Words of charging: usage in columns, with documented dtypes and units, validated at the border.

| column | dtype | unit, meaning |
|---|---|---|
| usage_id | Int64 | the record's own number |
| element_id | String | the element that wrote it |
| file_id | String | the file it travelled in |
| sequence | Int64 | running number in the element, without gaps |
| subscriber_id | String | opaque line |
| class | String | voice, sms, data, emergency (a call that costs nothing) |
| place_id | String | cell that served it |
| started_ms | Int64 | ms since the Unix epoch, UTC, by the element's clock |
| quantity | Int64 | voice, emergency: ms; sms: messages; data: octets |
| zone | String | on_net, off_net, international; data, emergency: on_net |
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ossbss.contract.ports import Message
from ossbss.contract.units import DAY_MS

USAGE_SCHEMA: dict[str, type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "element_id": pl.String,
    "file_id": pl.String,
    "sequence": pl.Int64,
    "subscriber_id": pl.String,
    "class": pl.String,
    "place_id": pl.String,
    "started_ms": pl.Int64,
    "quantity": pl.Int64,
    "zone": pl.String,
}

CHARGEABLE_CLASSES = ("voice", "sms", "data")
USAGE_CLASSES = (*CHARGEABLE_CLASSES, "emergency")
ZONES = ("on_net", "off_net", "international")

LARGEST: Mapping[str, int] = {
    "voice": 31 * DAY_MS, "emergency": 31 * DAY_MS, "sms": 1_000_000, "data": 2**50, "content": 10**15,
}  # fmt: skip
"""The most that one record may carry, in the units of its class; more is a broken record. Assumptions: no session
outlasts the longest month, nobody sends a million messages at once, a link of 3 Gbit/s carries 2**50 octets in a month,
nobody buys content for a milliard at once.
"""


class UsageColumnsError(ValueError):
    """The columns are not those of the contract: a broken integration, not a bad record."""


def check_usage(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame, or UsageColumnsError naming every column that is missing, extra or of another dtype."""
    wrong = [
        f"{name}: expected {dtype.__name__}, found {frame.schema.get(name, 'nothing')}"
        for name, dtype in USAGE_SCHEMA.items()
        if frame.schema.get(name) != dtype
    ]
    wrong += [f"{name}: not in the contract" for name in frame.columns if name not in USAGE_SCHEMA]
    if wrong:
        raise UsageColumnsError("usage columns differ from the contract: " + "; ".join(wrong))
    return frame


@dataclass(frozen=True, kw_only=True, eq=False)
class UsageFile(Message):
    """A file of usage records fetched from one element. ``usage``: USAGE_SCHEMA columns."""

    element_id: str
    file_id: str
    usage: pl.DataFrame


@dataclass(frozen=True, kw_only=True, eq=False)
class UsageBatch(Message):
    """What collection hands to the BSS: USAGE_SCHEMA columns plus ``known_ms`` (Int64), when collected."""

    usage: pl.DataFrame
