"""Batteries, generators and fuel: arithmetic by hand, laws for any supply, and a clock that steps as an oracle."""

from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from sim.world.network.power import Stores, Supply, advanced, full_at_start, next_threshold

H = HOUR_MS
quick = settings(derandomize=True, phases=[Phase.generate], max_examples=200)
supplies = st.builds(
    Supply, battery_ms=st.integers(0, 10 * H), age_factor_milli=st.integers(0, 1000), charge_milli=st.integers(0, 1000),
    recharge_ms=st.integers(1, 20 * H), generator=st.booleans(), fuel_ms=st.integers(1, 50 * H),
    low_milli=st.integers(0, 1000),
)  # fmt: skip
states = st.builds(lambda grid, running: {"grid": grid, "running": running and not grid}, st.booleans(), st.booleans())

TABLE = [
    # age, charge, hours that 4 h when new and full last
    (1000, 1000, 4.0), (800, 1000, 3.2), (1000, 500, 2.0), (800, 500, 1.6), (1000, 0, 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("age", "charge", "hours"), TABLE)
def test_a_battery_lasts_as_long_as_age_and_charge_allow(age, charge, hours):
    supply = Supply(age_factor_milli=age, charge_milli=charge)
    stores = replace(full_at_start(supply, 0), grid=False)
    at_ms = 0
    while (following := next_threshold(supply, stores)) is not None:
        at_ms, _ = following
        stores = advanced(supply, stores, at_ms)
    assert stores.battery_ms == 0
    assert at_ms == hours * H
    assert not stores.powered


def test_a_battery_fills_in_a_straight_line_and_no_further():
    supply = Supply(battery_ms=4 * H, charge_milli=0, recharge_ms=10 * H)
    empty = full_at_start(supply, 0)
    assert advanced(supply, empty, 5 * H).battery_ms == 2 * H
    assert advanced(supply, empty, 30 * H).battery_ms == 4 * H


def test_low_comes_before_empty():
    supply = Supply(battery_ms=100 * MINUTE_MS)
    stores = replace(full_at_start(supply, 0), grid=False)
    assert next_threshold(supply, stores) == (80 * MINUTE_MS, "battery_low")
    assert next_threshold(supply, advanced(supply, stores, 80 * MINUTE_MS)) == (100 * MINUTE_MS, "battery_empty")


@quick
@given(supplies, states, st.lists(st.integers(0, 5 * H), min_size=1, max_size=6))
def test_in_between_looks_change_nothing(supply, state, waits):
    stores = replace(full_at_start(supply, 0), **state)
    at_once = advanced(supply, stores, sum(waits))
    stepped = stores
    for wait in waits:
        stepped = advanced(supply, stepped, stepped.at_ms + wait)
    assert stepped.battery_ms == pytest.approx(at_once.battery_ms, abs=1e-3)
    assert stepped.fuel_ms == pytest.approx(at_once.fuel_ms, abs=1e-3)
    assert 0 <= stepped.battery_ms <= max(supply.capacity_ms, 0)
    assert stepped.fuel_ms >= 0


@quick
@given(supplies, st.booleans())
def test_nothing_is_empty_before_its_threshold(supply, running):
    """A clock that goes on in tenths of the way sees the same instant."""
    stores = replace(full_at_start(supply, 0), grid=False, running=running)
    for _ in range(3):
        following = next_threshold(supply, stores)
        if following is None:
            break
        at_ms, what = following
        assert at_ms > stores.at_ms
        store = "fuel_ms" if what.startswith("fuel") else "battery_ms"
        for tenth in range(1, 10):
            before = advanced(supply, stores, stores.at_ms + (at_ms - stores.at_ms) * tenth // 10)
            assert getattr(before, store) > 0
        stores = advanced(supply, stores, at_ms)
        if what.endswith("empty"):
            assert getattr(stores, store) == 0
            assert next_threshold(supply, stores) is None


def test_on_the_grid_nothing_runs_out():
    supply = Supply(generator=True)
    assert next_threshold(supply, full_at_start(supply, 0)) is None
    assert Stores(0, 0.0, 0.0).powered
