"""The date of a BSD syslog line (RFC 3164, 4.1.2), with the milliseconds that routers can add."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# English whatever the locale of the machine, so not strftime.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def stamp(at_ms: int) -> str:
    """The instant (milliseconds since the Unix epoch) in UTC; the day is padded with a space, the year absent.

    >>> stamp(1715022000123)
    'May  6 19:00:00.123'
    """
    at = _EPOCH + timedelta(milliseconds=at_ms)
    return f"{_MONTHS[at.month - 1]} {at.day:2d} {at:%H:%M:%S}.{at.microsecond // 1000:03d}"
