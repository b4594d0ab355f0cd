"""From when on, and until when: a local date, or an instant with its offset."""

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from ossbss.contract.units import NEVER_MS, SECOND_MS

YEARS = range(1900, 3000)


def effective(value: object) -> object:
    """The date or instant that a text says; ValueError for anything else."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value or " " in value else date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is no date; give 2014-01-01, or 2014-01-01T06:00:00+03:00") from None
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{value} is an instant without an offset; give 2014-01-01T06:00:00+03:00")
    if value is not None and not isinstance(value, date):
        raise ValueError(f"{value!r} is no date; give 2014-01-01, or 2014-01-01T06:00:00+03:00")
    if value is not None and value.year not in YEARS:
        raise ValueError(f"{value} is in no year from {YEARS[0]} to {YEARS[-1]}")
    return value


def _given(value: object) -> object:
    if value is None:
        raise ValueError("nothing stands here; give a date such as 2014-01-01")
    return effective(value)


_SCHEMA = {
    "type": "string", "pattern": r"^\d{4}-\d\d-\d\d", "examples": ["2014-01-01", "2014-01-01T06:00:00+03:00"],
    "x-written": "date or instant",
}  # fmt: skip
Effective = Annotated[Any, BeforeValidator(effective), WithJsonSchema(_SCHEMA)]
Since = Annotated[Any, BeforeValidator(_given), WithJsonSchema(_SCHEMA)]
"""It must be given."""


def instant_ms(at: date | datetime, zone: ZoneInfo) -> int:
    """Unix ms of an instant, or of a date's local midnight."""
    whole = at if isinstance(at, datetime) else datetime.combine(at, time(), zone)
    return round(whole.timestamp() * SECOND_MS)


def span_ms(valid_from: date | None, valid_until: date | None, zone: ZoneInfo) -> tuple[int, int]:
    """[from, until) in Unix ms; NEVER_MS and its negative where there is no end."""
    return (
        -NEVER_MS if valid_from is None else instant_ms(valid_from, zone),
        NEVER_MS if valid_until is None else instant_ms(valid_until, zone),
    )


def _known_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{value!r} is no time zone of the IANA database; give for example Africa/Nairobi") from None
    return value


TimeZoneName = Annotated[str, AfterValidator(_known_zone)]
