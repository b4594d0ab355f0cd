"""Billing cycles: local calendar months, half-open."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ossbss.contract.units import SECOND_MS


@dataclass(frozen=True)
class Period:
    """Half-open [start_ms, end_ms), Unix ms."""

    start_ms: int
    end_ms: int

    @property
    def length_ms(self) -> int:
        return self.end_ms - self.start_ms


def cycle_at(at_ms: int, zone: ZoneInfo) -> Period:
    """The calendar month, in local time, that holds the instant.

    >>> cycle_at(1714953600000, ZoneInfo("Africa/Nairobi")).length_ms // 86_400_000
    31
    """
    first = datetime.fromtimestamp(at_ms // SECOND_MS, zone).replace(day=1, hour=0, minute=0, second=0)
    after = (first + timedelta(days=32)).replace(day=1)
    return Period(int(first.timestamp()) * SECOND_MS, int(after.timestamp()) * SECOND_MS)


def local_text(at_ms: int, zone: ZoneInfo) -> str:
    """ISO 8601 with the local offset, to the second, as bills print it."""
    return datetime.fromtimestamp(at_ms // SECOND_MS, zone).isoformat()
