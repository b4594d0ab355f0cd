"""Dates of TL1: years of four digits, of two, or none; no zone, so read as UTC; whole seconds."""

import re
from datetime import UTC, datetime

from ossbss.contract.units import SECOND_MS

_DATE = re.compile(r"(?:(?P<year>\d{2}(?:\d{2})?)-)?(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_TIME = re.compile(r"(?P<hour>\d{1,2})[-:](?P<minute>\d{2})(?:[-:](?P<second>\d{2}))?")
_PIVOT = 69
"""two digits from 69 on are of the last century (POSIX, strptime %y)"""

Stamp = tuple[int, int]


def header_stamp(date: str | None, clock: str | None, received_ms: int) -> Stamp:
    """(occurred_ms, uncertainty_ms) of a header; what is missing or impossible is the time of arrival."""
    if not clock:
        return received_ms, SECOND_MS
    today = datetime.fromtimestamp(received_ms // SECOND_MS, UTC)
    return item_stamp(date or today.strftime("%m-%d"), clock, (received_ms, SECOND_MS))


def item_stamp(date: str, clock: str, other: Stamp) -> Stamp:
    """The stamp of an item, ``other`` (the header's) where it has none or none that a calendar has. Without a year it
    is the one that brings it nearest to ``other``."""
    found, hours = _DATE.fullmatch(date.strip()), _TIME.fullmatch(clock.strip())
    if found is None or hours is None:
        return other
    here = datetime.fromtimestamp(other[0] // SECOND_MS, UTC).year
    years = [_year(found["year"])] if found["year"] else [here - 1, here, here + 1]
    candidates = [ms for year in years if (ms := _ms(year, found, hours)) is not None]
    if not candidates:
        return other
    return min(candidates, key=lambda ms: abs(ms - other[0])), SECOND_MS if hours["second"] else 60 * SECOND_MS


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= _PIVOT else 2000)


def _ms(year: int, date: re.Match[str], clock: re.Match[str]) -> int | None:
    try:
        when = datetime(year, int(date["month"]), int(date["day"]), int(clock["hour"]), int(clock["minute"]),
                        int(clock["second"] or 0), tzinfo=UTC)  # fmt: skip
    except ValueError:
        return None
    ms = int(when.timestamp()) * SECOND_MS
    return ms if ms >= 0 else None
