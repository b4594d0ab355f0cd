"""What usage of one class to one destination costs over the years: a price for each version of what was bought."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from ossbss.bss.product.calendars import Stretch, Window, stretches
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.contract.units import DAY_MS


@dataclass(frozen=True)
class Timetable:
    """The windows that a price names, day by day; what was worked out is remembered."""

    windows: Mapping[str, Window]
    zone: ZoneInfo
    _days: dict[int, list[Stretch]] = field(default_factory=dict, repr=False, compare=False)

    def between(self, start_ms: int, end_ms: int) -> Iterator[Stretch]:
        """The stretches of [start_ms, end_ms); neighbours may be of one window where a UTC day begins."""
        for day in range(start_ms // DAY_MS, -(-end_ms // DAY_MS)):
            for begins, ends, window in self._day(day):
                if begins < end_ms and ends > start_ms:
                    yield Stretch(max(begins, start_ms), min(ends, end_ms), window)

    def at(self, at_ms: int) -> str | None:
        """The window that counts at an instant."""
        return next(self.between(at_ms, at_ms + 1)).window

    def _day(self, day: int) -> list[Stretch]:
        if day not in self._days:
            self._days[day] = stretches(self.windows, self.zone, day * DAY_MS, (day + 1) * DAY_MS)
        return self._days[day]


@dataclass(frozen=True, eq=False)
class PricedVersion:
    """``price`` holds from ``from_ms`` on, until the next version, None: there is none; ``price_id`` tells it from all
    others; ``unit``: of prices that say no other."""

    from_ms: int
    name: str
    price_id: str
    price: UsagePrice | None
    timetable: Timetable
    unit: int


@dataclass(frozen=True)
class Plan:
    """Versions in order of time. ``timed``: the quantity is time, in ms, and passes through windows and versions."""

    versions: tuple[PricedVersion, ...]
    timed: bool
    remembered: list[object] = field(default_factory=list, repr=False, compare=False)
    """what ``quick`` worked out last"""

    def number_at(self, at_ms: int) -> int:
        """Of the version that is sold at an instant; -1 where none is yet."""
        return bisect_right([version.from_ms for version in self.versions], at_ms) - 1

    def price_at(self, at_ms: int) -> UsagePrice | None:
        """None where nothing is sold, or the version has no price for this usage."""
        number = self.number_at(at_ms)
        return self.versions[number].price if number >= 0 else None
