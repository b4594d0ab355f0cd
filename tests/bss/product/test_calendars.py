"""Windows against the clock on the wall, looked at minute by minute."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.calendars import Window, clock_s, stretches, window_at
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS

ZONES = [ZoneInfo(name) for name in ("Africa/Nairobi", "Europe/Berlin", "Asia/Kathmandu")]
MINUTES = st.integers(0, 24 * 60).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
WINDOWS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.builds(
        lambda opens, closes, days, weight, month_days: Window.model_validate(
            {"from": opens, "to": closes, "days": days, "weight": weight, "month_days": month_days}
        ),
        MINUTES.filter(lambda at: at != "24:00"), MINUTES,
        st.sets(st.integers(1, 7), min_size=1).map(tuple), st.integers(1, 3), st.sets(st.integers(28, 31)).map(tuple),
    ),
)  # fmt: skip
STARTS_MS = st.integers(1711584000, 1712016000).map(lambda at_s: at_s // 60 * MINUTE_MS)
"""28 March to 2 April 2024: Berlin's clocks go forward on the 31st"""


def on_the_wall(windows: dict[str, Window], zone: ZoneInfo, at_ms: int) -> str | None:
    """The heaviest window by what the local clock shows, the day on which it opened being today or yesterday."""
    local = datetime.fromtimestamp(at_ms / 1000, zone)
    clock = local.hour * 3600 + local.minute * 60 + local.second
    holding = []
    for place, (name, window) in enumerate(windows.items()):
        past_midnight = window.closes <= window.opens
        today = window.opens <= clock and (past_midnight or clock < window.closes)
        yesterday = past_midnight and clock < window.closes
        if (today and window.opens_on(local.date())) or (
            yesterday and window.opens_on(local.date() - timedelta(days=1))
        ):
            holding.append((-window.weight, place, name))
    return min(holding)[2] if holding else None


@given(WINDOWS, st.sampled_from(ZONES), STARTS_MS)
def test_each_minute_is_in_the_window_that_the_clock_shows(windows, zone, start_ms):
    found = stretches(windows, zone, start_ms, start_ms + 2 * DAY_MS)
    at = {minute: stretch.window for stretch in found for minute in range(stretch.start_ms, stretch.end_ms, MINUTE_MS)}
    for minute, window in at.items():
        local = datetime.fromtimestamp(minute / 1000, zone)
        hour_that_comes_twice = local.utcoffset() != (local + timedelta(hours=2)).utcoffset() or local.fold
        skipped = local.utcoffset() != (local - timedelta(hours=3)).utcoffset()
        if not hour_that_comes_twice and not skipped:
            assert window == on_the_wall(windows, zone, minute), local


@given(WINDOWS, st.sampled_from(ZONES), STARTS_MS, st.integers(1, 3 * DAY_MS))
def test_no_gap_no_overlap_and_neighbours_differ(windows, zone, start_ms, length_ms):
    found = stretches(windows, zone, start_ms, start_ms + length_ms)
    assert found[0].start_ms == start_ms
    assert found[-1].end_ms == start_ms + length_ms
    for before, after in pairwise(found):
        assert before.end_ms == after.start_ms
        assert before.window != after.window


def test_a_weekend_is_one_stretch_and_a_holiday_beats_a_working_day():
    windows = {
        "work": Window(days=(1, 2, 3, 4, 5)),
        "weekend": Window(days=(6, 7)),
        "holiday": Window(dates=(date(2024, 5, 1),), weight=20),
    }
    week = stretches(windows, ZoneInfo("UTC"), 1714348800000, 1714348800000 + 7 * DAY_MS)  # Monday 29 April 2024
    assert [(s.window, (s.end_ms - s.start_ms) // DAY_MS) for s in week] == [
        ("work", 2), ("holiday", 1), ("work", 2), ("weekend", 2)]  # fmt: skip


def test_night_begins_in_the_evening_of_its_day():
    windows = {"night": Window.model_validate({"from": "22:00", "to": "06:00", "days": [5]})}
    friday_22 = int(datetime(2024, 5, 3, 22, tzinfo=UTC).timestamp()) * 1000
    at = [friday_22 - 1, friday_22, friday_22 + 8 * HOUR_MS - 1, friday_22 + 8 * HOUR_MS]
    assert [window_at(windows, ZoneInfo("UTC"), ms) for ms in at] == [None, "night", "night", None]


@pytest.mark.parametrize("wrong", ["8", "25:00", "24:01", "08:60", "0800", -1, 86_401, None, True])
def test_what_is_no_time_of_day(wrong):
    with pytest.raises(ValueError, match="no time of day; give one from 00:00 to 24:00"):
        clock_s(wrong)
