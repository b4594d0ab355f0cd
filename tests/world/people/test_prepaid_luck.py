"""How often people do things, against the shares that their habits state."""

from dataclasses import replace
from math import sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.contract.units import HOUR_MS
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.credit.luck import LUCK_SCHEMA, draw_luck
from sim.world.people.credit.people import Hour, PrepaidPeople
from sim.world.streams import Streams
from tests.world.people.hours import places

LINES = 4000
MIDNIGHT_MS = 1_714_942_800_000  # 2024-05-06T00:00+03:00


def a_day(habits, dry):
    """Kinds, lines and hours of what people do on a day on which nobody tells them anything."""
    people = PrepaidPeople(places(LINES), habits, Streams(5))
    people.is_dry[:] = dry
    people.balance_micros[:] = 0
    hours = [Hour.of(n, MIDNIGHT_MS + n * HOUR_MS, 3 * HOUR_MS) for n in range(24)]
    assert [hour.local_hour for hour in hours] == list(range(24))
    return pl.concat([people.acts(hour) for hour in hours])


def off(found, expected, count):
    """Standard errors between a share and what it should be."""
    return (found - expected) / sqrt(expected * (1 - expected) / count)


@pytest.mark.parametrize(("dry", "share"), [(True, 0.9), (False, 0.3)])
def test_such_a_share_tops_up_within_a_day(dry, share):
    day = a_day(PrepaidHabits(), dry).filter(kind="topup")
    assert abs(off(day["subscriber_id"].n_unique() / LINES, share, LINES)) < 4
    most = day.group_by("subscriber_id").len()["len"].max()
    assert most == 3 if dry else most <= 3
    by_hour = day.group_by((pl.col("at_ms") - MIDNIGHT_MS) // HOUR_MS).len()
    assert by_hour.filter(pl.col("at_ms").is_between(2, 4))["len"].sum() < by_hour.filter(at_ms=19)["len"].item()


def test_amounts_come_by_weight():
    day = a_day(PrepaidHabits(dry_tops_up_milli=1000, most_top_ups_per_day=24), True).filter(kind="topup")
    assert day.height == 24 * LINES
    for amount, share in {10: 0.30, 20: 0.30, 50: 0.25, 100: 0.12, 250: 0.03}.items():
        assert abs(off(day.filter(amount_micros=amount * 1_000_000).height / day.height, share, day.height)) < 4


def test_bundles_are_tried_as_often_as_stated_and_by_weight():
    habits = PrepaidHabits(bundles={"small": 3, "large": 1}, bundles_per_day=0.3)
    day = a_day(habits, False).filter(kind="purchase")
    assert abs(day.height / LINES - 0.3) < 4 * sqrt(0.3 / LINES)
    assert abs(off(day.filter(offering_id="large").height / day.height, 0.25, day.height)) < 4
    assert day.filter(pl.col("amount_micros").is_not_null()).is_empty()


def test_who_sells_bundles_moves_no_other_luck():
    one, other = (
        draw_luck(50, habits, 19, np.random.default_rng(1))
        for habits in (PrepaidHabits(), PrepaidHabits(bundles={"small": 1}, bundles_per_day=0))
    )
    assert one.drop("bundle").equals(other.drop("bundle"))
    assert dict(one.schema) == LUCK_SCHEMA


def test_luck_is_that_of_the_line_whoever_else_pays_ahead():
    everybody, half = places(100), places(100)
    half["cell-port"] = half["cell-port"].with_columns(
        payment=pl.when(pl.int_range(pl.len()) % 2 == 0).then(pl.lit("prepaid")).otherwise(pl.lit("postpaid"))
    )
    habits = PrepaidHabits(bundles={"b": 1}, bundles_per_day=5)
    hour = Hour.of(3, MIDNIGHT_MS + 3 * HOUR_MS, 0)
    all_of_them, some = (PrepaidPeople(of, habits, Streams(1)) for of in (everybody, half))
    drop = ["line"]
    acts, fewer = all_of_them.acts(hour).drop(drop), some.acts(hour).drop(drop)
    assert 0 < fewer.height < acts.height
    assert acts.filter(pl.col("subscriber_id").is_in(fewer["subscriber_id"].to_list())).equals(fewer)
    opened, fewer = all_of_them.opening(1).drop(drop), some.opening(1).drop(drop)
    assert opened.filter(pl.col("subscriber_id").is_in(fewer["subscriber_id"].to_list())).equals(fewer)


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 23))
def test_a_greater_share_only_adds_to_those_who_top_up(less, more, local_hour):
    less, more = sorted((less, more))
    found = []
    for milli in (less, more):
        people = PrepaidPeople(places(200), replace(PrepaidHabits(), dry_tops_up_milli=milli), Streams(1))
        people.is_dry[:] = True
        found.append(set(people.acts(Hour(0, MIDNIGHT_MS, local_hour, 1)).filter(kind="topup")["subscriber_id"]))
    assert found[0] <= found[1]


@pytest.mark.parametrize(
    ("habits", "said"),
    [
        ({"low_tops_up_milli": 1001}, "low_tops_up_milli is 1001; give 0 to 1000"),
        ({"opening": {10: 0}}, "opening: give at least one amount a weight above 0"),
        ({"top_ups": {}}, "top_ups: give"),
        ({"bundles": {"x": 0}}, "bundles: give at least one a weight above 0, or leave them out"),
        ({"bundles_per_day": 11}, "bundles_per_day is 11; give 0 to 10"),
        ({"most_top_ups_per_day": -1}, "give 0 or more"),
    ],
)
def test_habits_that_nobody_can_have(habits, said):
    with pytest.raises(ValueError, match=said):
        PrepaidHabits(**habits)
