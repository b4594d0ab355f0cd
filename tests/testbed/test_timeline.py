"""The twin timeline: few ticks, on whole local hours or days; what goes on at once lies in lanes of its own."""

from zoneinfo import ZoneInfo

import pytest

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from sim.testbed.report.hours import tick_times
from sim.testbed.report.timeline_oss import Bar, lanes

START_MS = 1_714_942_800_000  # 2024-05-06 00:00 in Nairobi


@pytest.mark.parametrize(
    "length_ms", [10 * MINUTE_MS, 5 * HOUR_MS, 10 * HOUR_MS, 3 * DAY_MS, 45 * DAY_MS, 400 * DAY_MS]
)
def test_ticks_are_few_within_the_span_and_on_local_hours(length_ms):
    begins = START_MS + 7 * MINUTE_MS
    ticks = tick_times(begins, begins + length_ms, ZoneInfo("Africa/Nairobi"))
    assert len(ticks) <= 10
    assert all(begins <= t <= begins + length_ms and (t - START_MS) % HOUR_MS == 0 for t in ticks)
    assert len(ticks) >= 3 or length_ms < 5 * HOUR_MS


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 5), (5, 9)], [0, 0]),
        ([(0, 5), (1, 9), (5, 6)], [0, 1, 0]),
        ([(0, 9), (0, 3), (2, 4), (3, 5)], [0, 1, 2, 1]),
        ([], []),
    ],
)
def test_bars_that_overlap_get_lanes_and_others_share_one(spans, expected):
    assert lanes([Bar([(begins, ends, "red")], "") for begins, ends in spans]) == expected
