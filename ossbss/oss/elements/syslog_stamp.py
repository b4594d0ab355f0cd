"""Time stamps of syslog: BSD (RFC 3164, 4.1.2: no zone, mostly no year) and ISO 8601 (RFC 5424, 6.2.3).

A device's clock may be wrong: what it says and when it arrived are both kept, and the distance is never corrected here.
"""

import re
from datetime import UTC, datetime
from functools import lru_cache

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NUMBER_OF_MONTH = {name: number for number, name in enumerate(MONTHS, 1)}
_MONTH = "(?P<month>" + "|".join(MONTHS) + ")"
_CLOCK = r"(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?"
STAMP = _MONTH + r" {1,2}(?P<day>\d{1,2})(?: {1,2}(?P<year>\d{4}))? {1,2}" + _CLOCK
"""A pattern with named groups; a zone, where a dialect writes one, is matched by that dialect."""
YEAR_FIRST = r"(?P<year>\d{4}) {1,2}" + _MONTH + r" {1,2}(?P<day>\d{1,2}) {1,2}" + _CLOCK
YEAR_LAST = _MONTH + r" {1,2}(?P<day>\d{1,2}) {1,2}" + _CLOCK + r"(?: (?P<year>\d{4})\b)?"
NUMERIC = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2}) " + _CLOCK
ISO = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})"

HOURS_OF_ZONE = {
    "UTC": 0, "GMT": 0, "WET": 0, "Z": 0, "WEST": 1, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "SAST": 2, "EEST": 3,
    "EAT": 3, "MSK": 3, "SGT": 8, "HKT": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "EST": -5, "EDT": -4,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
}  # fmt: skip
"""Abbreviations that devices write, in the sense in which they are most used (assumption); CST and IST have several."""
YEARS = range(1900, 3000)
"""Years that a clock may show (assumption): one that was never set shows 1970 or 1993, not the year 1."""
UNKNOWN_ZONE_MS = 14 * HOUR_MS
"""The largest offset of civil time from UTC (UTC+14, IANA time zone database): the doubt of a zone not known."""
SURELY_NEAREST_MS = 180 * DAY_MS
"""Nearer than half a year: no other year brings it nearer."""
NO_STAMP_MS = DAY_MS
"""The doubt of a message without a time of its own: it may come from a buffer (assumption)."""


def instant(
    found: re.Match[str], received_ms: int, synchronised: bool = True, zone: str | None = None
) -> tuple[int, int] | None:
    """(occurred_ms, uncertainty_ms) of a stamp; None where no calendar has that date. Without a zone it is UTC.

    Without a year it is the year that brings the stamp nearest to ``received_ms``. A stamp without milliseconds
    is uncertain by a second, one of an unsynchronised clock by its distance from the time of arrival.
    """
    of_day_ms = _of_day(int(found["hour"]), int(found["minute"]), int(found["second"]))
    month, day, written = _NUMBER_OF_MONTH.get(found["month"]) or int(found["month"]), int(found["day"]), found["year"]
    here = _year(received_ms // DAY_MS)
    if of_day_ms is None or here is None:
        return None
    fraction_ms, uncertainty_ms = _fraction(found["fraction"])
    shift_ms, doubt_ms = _of_zone(zone)
    within_ms = of_day_ms + fraction_ms - shift_ms
    if written:
        day_ms = _day_ms(int(written), month, day)
        nearest = None if day_ms is None else day_ms + within_ms
    else:
        nearest = _nearest(here, month, day, within_ms, received_ms)
    if nearest is None:
        return None
    uncertainty_ms += doubt_ms
    return nearest, uncertainty_ms if synchronised else max(SECOND_MS, uncertainty_ms, abs(received_ms - nearest))


def _nearest(here: int, month: int, day: int, within_ms: int, received_ms: int) -> int | None:
    """The stamp in the year that brings it nearest to its arrival, which was in the year ``here``."""
    same = _day_ms(here, month, day)
    if same is not None and abs(same + within_ms - received_ms) < SURELY_NEAREST_MS:
        return same + within_ms
    days = (same, _day_ms(here - 1, month, day), _day_ms(here + 1, month, day))
    candidates = [day_ms + within_ms for day_ms in days if day_ms is not None]
    return min(candidates, key=lambda ms: abs(ms - received_ms), default=None)


def instant_iso(stamp: str) -> tuple[int, int] | None:
    """(occurred_ms, uncertainty_ms) of an RFC 5424 stamp with its zone; None where no calendar has that date."""
    try:
        found = datetime.fromisoformat(stamp)
        whole_ms = int(found.replace(microsecond=0).timestamp()) * SECOND_MS
    except (ValueError, OverflowError):
        return None
    if found.year not in YEARS:
        return None
    digits = re.search(r"[.,](\d+)", stamp)
    fraction_ms, resolution_ms = _fraction(digits[1] if digits else None)
    return whole_ms + fraction_ms, resolution_ms


def _fraction(digits: str | None) -> tuple[int, int]:
    """(milliseconds, uncertainty_ms) of the digits after the second: finer ones are cut off, as a clock does."""
    written = digits or ""
    return int(written.ljust(3, "0")[:3]), 0 if len(written) >= 3 else SECOND_MS


@lru_cache(maxsize=256)
def _of_zone(zone: str | None) -> tuple[int, int]:
    """(offset_ms, uncertainty_ms) of an abbreviation, or of ``+08:00``."""
    if not zone:
        return 0, 0
    if zone[0] in "+-":
        offset_ms = int(zone[1:3]) * HOUR_MS + int(zone[-2:]) * MINUTE_MS
        return (-offset_ms if zone[0] == "-" else offset_ms), 0
    hours = HOURS_OF_ZONE.get(zone)
    return (0, UNKNOWN_ZONE_MS) if hours is None else (hours * HOUR_MS, 0)


def _of_day(hour: int, minute: int, second: int) -> int | None:
    """Milliseconds since midnight; a leap second is the one that follows it."""
    if hour > 23 or minute > 59 or second > 60:
        return None
    return hour * HOUR_MS + minute * MINUTE_MS + second * SECOND_MS


@lru_cache(maxsize=4096)
def _day_ms(year: int, month: int, day: int) -> int | None:
    if year not in YEARS:
        return None
    try:
        return int(datetime(year, month, day, tzinfo=UTC).timestamp()) * SECOND_MS
    except ValueError:
        return None


@lru_cache(maxsize=16)
def _year(day: int) -> int | None:
    try:
        return datetime.fromtimestamp(day * DAY_MS // SECOND_MS, UTC).year
    except (OverflowError, ValueError, OSError):
        return None
