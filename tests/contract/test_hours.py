"""Hours of a week: against a walk minute by minute, and against the calendar of the standard library."""

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.hours import Hours, meet, working_spans
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS

STARTS = int(datetime(2024, 5, 6, tzinfo=UTC).timestamp() * 1000)
hours = st.builds(
    lambda begin, end, days, offset: Hours(begin * 10 * MINUTE_MS, end * 10 * MINUTE_MS, days, offset * HOUR_MS),
    st.integers(0, 143), st.integers(0, 143), st.frozensets(st.integers(0, 6), min_size=1), st.integers(-11, 14),
)  # fmt: skip


def by_the_calendar(rule, at_ms):
    """Whether the wall clock and the weekday of the place say so."""
    local = datetime.fromtimestamp(at_ms / 1000, timezone(timedelta(milliseconds=rule.utc_offset_ms)))
    of_day = ((local.hour * 60 + local.minute) * 60 + local.second) * 1000
    if rule.from_ms < rule.until_ms:
        return local.weekday() in rule.days and rule.from_ms <= of_day < rule.until_ms
    late = local.weekday() in rule.days and of_day >= rule.from_ms
    return late or ((local.weekday() - 1) % 7 in rule.days and of_day < rule.until_ms)


@settings(derandomize=True, phases=[Phase.generate], max_examples=80, deadline=None)
@given(st.lists(hours, max_size=2), st.lists(hours, max_size=1), st.integers(0, 1_000), st.integers(0, 200))
def test_work_is_done_in_the_allowed_minutes_and_in_the_first_of_them(within, banned, start, needs):
    """Oracle: a walk in steps of ten minutes, in which nothing changes. Work of no length waits for the first."""
    step, start_ms = 10 * MINUTE_MS, STARTS + start * 10 * MINUTE_MS

    def allowed(at_ms):
        return all(by_the_calendar(h, at_ms) for h in within) and not any(by_the_calendar(h, at_ms) for h in banned)

    week = [start_ms + n * step for n in range(8 * 144)]
    if not any(map(allowed, week)):
        assert not meet(within, banned)
        with pytest.raises(ValueError, match="never meet"):
            working_spans(start_ms, needs * step, within, banned)
        return
    spans = working_spans(start_ms, needs * step, within, banned)
    walked, at_ms = [], start_ms
    while len(walked) < max(needs, 1):
        walked += [at_ms] if allowed(at_ms) else []
        at_ms += step
    if needs:
        assert [at for begin, end in spans for at in range(begin, end, step)] == walked
        assert all(end < begin for (_, end), (begin, _) in itertools.pairwise(spans))
    else:
        assert spans == [(walked[0], walked[0])]


def test_hours_that_end_where_they_begin_are_whole_days():
    assert working_spans(STARTS, 3 * DAY_MS, (Hours(8 * HOUR_MS, 8 * HOUR_MS),)) == [(STARTS, STARTS + 3 * DAY_MS)]
