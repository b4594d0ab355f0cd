"""A time axis that people can read: whole local hours or days, few of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ossbss.contract.units import DAY_MS, HOUR_MS


def tick_times(begins_ms: int, ends_ms: int, zone: ZoneInfo) -> list[int]:
    """At most ten whole local hours within the span, evenly apart; for long spans whole days."""
    shift_ms = int((datetime.fromtimestamp(begins_ms / 1000, zone).utcoffset() or timedelta()).total_seconds()) * 1000
    steps = [HOUR_MS * hours for hours in (1, 2, 3, 6, 12, 24)]
    days = max(1, -(-(ends_ms - begins_ms) // (9 * DAY_MS)))
    step_ms = next((step for step in steps if (ends_ms - begins_ms) // step < 10), days * DAY_MS)
    first_ms = -(-(begins_ms + shift_ms) // step_ms) * step_ms - shift_ms
    return list(range(first_ms, ends_ms + 1, step_ms))


def tick_labels(ticks: list[int], zone: ZoneInfo) -> list[str]:
    """The hour, and the date below it where a day begins and at the first."""
    times = [datetime.fromtimestamp(tick / 1000, zone) for tick in ticks]
    return [f"{t:%H:%M}\n{t:%d %b}" if t == times[0] or not t.hour else f"{t:%H:%M}" for t in times]


def date(at_ms: int) -> float:
    """Days since the epoch, matplotlib's unit of dates."""
    return at_ms / DAY_MS
