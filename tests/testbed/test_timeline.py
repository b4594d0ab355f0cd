"""Ticks of the twin timeline fall on whole local hours or days, and are few."""

from zoneinfo import ZoneInfo

import pytest

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from sim.testbed.report.timeline import tick_times

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
