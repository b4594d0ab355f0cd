"""The hour is local, so is the day; growth compounds."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from sim.world.network.traffic.rhythm import BY_WEEKDAY, DATA, VOICE, YEAR_MS, Rhythm, factor, next_change_ms
from sim.world.people.habits import DATA_BY_HOUR, VOICE_BY_HOUR

NAIROBI_MS, KATHMANDU_MS, NEWFOUNDLAND_MS = 3 * HOUR_MS, 5 * HOUR_MS + 45 * MINUTE_MS, -(3 * HOUR_MS + 30 * MINUTE_MS)
OFFSETS = st.sampled_from([0, NAIROBI_MS, KATHMANDU_MS, NEWFOUNDLAND_MS, 14 * HOUR_MS, -12 * HOUR_MS])
generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=200)
FLAT = (1.0,) * 7


def ms(*when, offset_ms=0):
    return int(datetime(*when, tzinfo=timezone(timedelta(milliseconds=offset_ms))).timestamp() * 1000)


def test_friday_becomes_saturday_at_midnight_in_nairobi_not_in_greenwich():
    midnight_ms = ms(2024, 5, 11, offset_ms=NAIROBI_MS)
    assert midnight_ms == ms(2024, 5, 10, 21)
    before, after = factor(VOICE, np.array([midnight_ms - 1, midnight_ms]), NAIROBI_MS)
    assert before == pytest.approx(VOICE_BY_HOUR[23] * BY_WEEKDAY[4])
    assert after == pytest.approx(VOICE_BY_HOUR[0] * BY_WEEKDAY[5])
    in_greenwich = factor(VOICE, midnight_ms, 0)
    assert in_greenwich == pytest.approx(VOICE_BY_HOUR[21] * BY_WEEKDAY[4])


@generated
@given(st.integers(ms(1969, 1, 1), ms(2040, 1, 1)), OFFSETS)
def test_hour_and_weekday_are_those_of_the_local_clock(at_ms, offset_ms):
    local = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=at_ms + offset_ms)
    assert factor(DATA, at_ms, offset_ms) == pytest.approx(DATA_BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()])


@generated
@given(st.integers(ms(2024, 1, 1), ms(2030, 1, 1)), OFFSETS)
def test_the_factor_holds_until_it_is_said_to_change_and_not_longer(at_ms, offset_ms):
    rising = Rhythm(tuple(np.arange(24) / 11.5), FLAT, growth_per_year=0.3, since_ms=ms(2024, 1, 1))
    change_ms = next_change_ms(at_ms, offset_ms)
    assert 0 < change_ms - at_ms <= HOUR_MS
    now, last, then = factor(rising, np.array([at_ms, change_ms - 1, change_ms]), offset_ms)
    assert now == last != then


@pytest.mark.parametrize("rhythm", [VOICE, DATA])
@pytest.mark.parametrize("offset_ms", [0, NAIROBI_MS, KATHMANDU_MS, NEWFOUNDLAND_MS])
def test_a_week_averages_to_one_wherever_it_begins(rhythm, offset_ms):
    quarters = ms(2024, 5, 7, 13) + np.arange(7 * 96) * 15 * MINUTE_MS
    assert factor(rhythm, quarters, offset_ms).mean() == pytest.approx(1, rel=1e-12)


def test_each_year_compounds_and_the_past_was_smaller():
    since_ms = ms(2024, 1, 1)
    growing = Rhythm((1.0,) * 24, FLAT, growth_per_year=0.25, since_ms=since_ms)
    # Growth stands still within an hour; a year of 8765 hours and 49.2 minutes ends within one.
    years = factor(growing, since_ms + np.array([-2, 0, 1, 2, 10]) * YEAR_MS, 0)
    assert years == pytest.approx([0.64, 1, 1.25, 1.5625, 9.3132], rel=1e-4)
    assert factor(growing, since_ms + 400 * YEAR_MS, 0) == pytest.approx(1.25**400, rel=1e-12)
    assert (np.diff(factor(growing, since_ms + np.arange(9) * HOUR_MS, 0)) > 0).all()


def test_sites_of_several_zones_are_asked_at_once():
    at_ms = ms(2024, 5, 8, 12)
    both = factor(DATA, at_ms, np.array([0, NAIROBI_MS]))
    assert both == pytest.approx(np.array(DATA_BY_HOUR)[[12, 15]] * BY_WEEKDAY[2])
    table = factor(DATA, at_ms + np.arange(3)[:, None] * DAY_MS, np.array([[0, NAIROBI_MS]]))
    assert table.shape == (3, 2)


@pytest.mark.parametrize(
    "wrong",
    [{"by_hour": (1.0,) * 23}, {"by_hour": (1.1,) * 24}, {"by_weekday": (2.0, -1.0, *FLAT[:4], 2.0)},
     {"growth_per_year": -1.0}, {"growth_per_year": float("nan")}],
)  # fmt: skip
def test_a_rhythm_without_mean_one_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Rhythm(**wrong)
