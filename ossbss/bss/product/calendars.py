"""When does a price hold? Windows of local clock time; of those that hold at an instant the heaviest counts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema

from ossbss.contract.units import SECOND_MS
from ossbss.documents import Strict

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
DAY_S = 86_400


def clock_s(value: object) -> int:
    """Seconds since local midnight of ``08:00``, ``17:03:30``, ``24:00``; ValueError for anything else.

    >>> clock_s("24:00"), clock_s("00:01:05")
    (86400, 65)
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= DAY_S:
        return value
    parts = value.split(":") if isinstance(value, str) else []
    if len(parts) in (2, 3) and all(part.isascii() and part.isdigit() and len(part) == 2 for part in parts):
        hours, minutes, seconds = (*map(int, parts), 0)[:3]
        total = 3600 * hours + 60 * minutes + seconds
        if total <= DAY_S and minutes < 60 and seconds < 60:
            return total
    raise ValueError(f"{value!r} is no time of day; give one from 00:00 to 24:00, in quotes, such as '08:00'")


CLOCK_SCHEMA = {
    "type": "string", "pattern": r"^\d\d:\d\d(:\d\d)?$", "examples": ["08:00", "24:00"],
    "x-written": "time of day in quotes",
}  # fmt: skip
Clock = Annotated[int, BeforeValidator(clock_s), WithJsonSchema(CLOCK_SCHEMA)]
IsoDay = Annotated[int, Field(ge=1, le=7)]


class Window(Strict):
    """Local hours [from, to) of some days. Where ``to`` is not after ``from`` it ends on the day after, and days,
    months and dates are those of the day on which it opens."""

    opens: Clock = Field(default=0, alias="from", json_schema_extra={"default": "00:00"})
    """local time"""
    closes: Clock = Field(default=DAY_S, alias="to", json_schema_extra={"default": "24:00"})
    """the first instant that is no longer in it"""
    days: tuple[IsoDay, ...] = Field(default=EVERY_DAY, min_length=1)
    """ISO 8601: 1 is Monday, 7 is Sunday"""
    months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()
    """only in these; all where none is given"""
    month_days: tuple[Annotated[int, Field(ge=1, le=31)], ...] = ()
    """only on these days of the month; all where none is given"""
    dates: tuple[date, ...] = ()
    """only on these, as holidays are"""
    weight: int = 10
    """of two windows that hold the heavier counts, of two equally heavy the first"""

    def opens_on(self, day: date) -> bool:
        return (
            day.isoweekday() in self.days
            and (not self.months or day.month in self.months)
            and (not self.month_days or day.day in self.month_days)
            and (not self.dates or day in self.dates)
        )


ALWAYS = Window()


class Stretch(NamedTuple):
    """The time [start_ms, end_ms) in which one window counts; None: no window holds."""

    start_ms: int
    end_ms: int
    window: str | None


def stretches(windows: Mapping[str, Window], zone: ZoneInfo, start_ms: int, end_ms: int) -> list[Stretch]:
    """The time [start_ms, end_ms) as stretches in order, without a gap; neighbours differ in their window."""
    held = sorted(_held(windows, zone, start_ms, end_ms))
    cuts = sorted({start_ms, end_ms, *(at for opens, closes, *_ in held for at in (opens, closes))})
    found: list[Stretch] = []
    for begins, ends in pairwise(at for at in cuts if start_ms <= at <= end_ms):
        holding = [(-weight, place, name) for opens, closes, weight, place, name in held if opens <= begins < closes]
        name = min(holding)[2] if holding else None
        same = bool(found) and found[-1].window == name
        found.append(Stretch(found.pop().start_ms if same else begins, ends, name))
    return found


def window_at(windows: Mapping[str, Window], zone: ZoneInfo, at_ms: int) -> str | None:
    """The window that counts at an instant."""
    return stretches(windows, zone, at_ms, at_ms + 1)[0].window


def _held(
    windows: Mapping[str, Window], zone: ZoneInfo, start_ms: int, end_ms: int
) -> Iterator[tuple[int, int, int, int, str]]:
    """(opens, closes, weight, place, name) of every window that opens on a day of this time, or the day before."""
    first, last = (datetime.fromtimestamp(at_ms // SECOND_MS, zone).date() for at_ms in (start_ms, end_ms))
    for ahead in range(-1, (last - first).days + 1):
        day = first + timedelta(days=ahead)
        for place, (name, window) in enumerate(windows.items()):
            if window.opens_on(day):
                later = window.closes <= window.opens
                opens, closes = _at_ms(day, window.opens, zone), _at_ms(day, window.closes + later * DAY_S, zone)
                yield opens, closes, window.weight, place, name


def _at_ms(day: date, clock: int, zone: ZoneInfo) -> int:
    """The instant at which the clocks of the zone show this; ``clock`` may be past midnight."""
    local = datetime.combine(day + timedelta(days=clock // DAY_S), time(), zone) + timedelta(seconds=clock % DAY_S)
    return int(local.timestamp()) * SECOND_MS
