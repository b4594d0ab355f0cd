"""Time stamps of syslog: BSD (RFC 3164, 4.1.2: no zone, mostly no year) and ISO 8601 (RFC 5424, 6.2.3)."""

import re
from datetime import UTC, datetime

from ossbss.contract.units import SECOND_MS

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
STAMP = (
    r"(?P<month>" + "|".join(MONTHS) + r") +(?P<day>\d{1,2})(?: +(?P<year>\d{4}))?"
    r" +(?P<hour>\d{2}):(?P<minute>\d{2}):(?P<second>\d{2})(?:\.(?P<fraction>\d{1,6}))?"
)
"""A pattern with named groups; a zone, where a dialect writes one, is matched by that dialect."""


def instant(found: re.Match[str], received_ms: int, synchronised: bool = True) -> tuple[int, int] | None:
    """(occurred_ms, uncertainty_ms) of a stamp read as UTC; None where no calendar has that date.

    Without a year it is the year that brings the stamp nearest to ``received_ms``. A stamp without milliseconds
    is uncertain by a second, one of an unsynchronised clock by its distance from the time of arrival.
    """
    try:
        here = datetime.fromtimestamp(received_ms // SECOND_MS, UTC).year
    except (OverflowError, ValueError, OSError):
        return None
    years = [int(found["year"])] if found["year"] else [here - 1, here, here + 1]
    candidates = [ms for year in years if (ms := _ms(found, year)) is not None]
    if not candidates:
        return None
    nearest = min(candidates, key=lambda ms: abs(ms - received_ms))
    resolution_ms = _fraction(found["fraction"])[1]
    return nearest, resolution_ms if synchronised else max(SECOND_MS, abs(received_ms - nearest))


def instant_iso(stamp: str) -> tuple[int, int] | None:
    """(occurred_ms, uncertainty_ms) of an RFC 5424 stamp with its zone; None where no calendar has that date."""
    try:
        found = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    digits = re.search(r"[.,](\d+)", stamp)
    fraction_ms, resolution_ms = _fraction(digits[1] if digits else None)
    return int(found.replace(microsecond=0).timestamp()) * SECOND_MS + fraction_ms, resolution_ms


def _fraction(digits: str | None) -> tuple[int, int]:
    """(milliseconds, uncertainty_ms) of the digits after the second: finer ones are cut off, as a clock does."""
    written = digits or ""
    return int(written.ljust(3, "0")[:3]), 0 if len(written) >= 3 else SECOND_MS


def _ms(found: re.Match[str], year: int) -> int | None:
    fraction_ms, _ = _fraction(found["fraction"])
    try:
        whole = datetime(year, MONTHS.index(found["month"]) + 1, int(found["day"]), int(found["hour"]),
                         int(found["minute"]), int(found["second"]), tzinfo=UTC)  # fmt: skip
    except ValueError:
        return None
    return int(whole.timestamp()) * SECOND_MS + fraction_ms
