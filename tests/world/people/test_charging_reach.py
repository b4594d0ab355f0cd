"""Which requests found the charging system, column against loop."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.people.charging_reach import reachable

PLACES = ("a", "b", "c")


def asked(*rows):
    return pl.DataFrame(list(rows), schema={"place_id": pl.String, "at_ms": pl.Int64}, orient="row")


OUTAGES = {"a": [(10, 20), (20, 30), (50, None)], "b": [(15, 16)]}
CASES = [
    ("a", 9, True), ("a", 10, False), ("a", 19, False), ("a", 20, False), ("a", 29, False), ("a", 30, True),
    ("a", 49, True), ("a", 50, False), ("a", 10**15, False),
    ("b", 14, True), ("b", 15, False), ("b", 16, True),
    ("c", 15, True),
]  # fmt: skip


@pytest.mark.parametrize(("place", "at_ms", "expected"), CASES)
def test_the_interval_holds_its_beginning_and_not_its_end(place, at_ms, expected):
    assert reachable(asked((place, at_ms)), OUTAGES).to_list() == [expected]


@pytest.mark.parametrize("outages", [{}, {"a": []}])
def test_without_an_outage_everybody_is_answered(outages):
    assert reachable(asked(("a", 1), ("b", 2)), outages).to_list() == [True, True]
    assert reachable(asked(), outages).dtype == pl.Boolean


@pytest.mark.parametrize("outages", [{}, OUTAGES])
def test_nobody_asks(outages):
    found = reachable(asked(), outages)
    assert (found.name, found.dtype, found.len()) == ("reachable", pl.Boolean, 0)


def test_other_columns_and_the_order_of_requests_are_let_alone():
    requests = asked(("b", 15), ("a", 31), ("a", 5), ("b", 15), ("a", 12)).with_columns(pl.lit(1).alias("request_id"))
    assert reachable(requests, OUTAGES).to_list() == [False, True, True, False, False]


@st.composite
def outages(draw):
    """Place → disjoint intervals in order, some touching, the last perhaps open."""
    found = {}
    for place in draw(st.sets(st.sampled_from(PLACES))):
        edges, at = [], draw(st.integers(0, 20))
        for gap, length in draw(st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9)), max_size=5)):
            edges.append((at + gap, at + gap + length))
            at += gap + length
        if edges and draw(st.booleans()):
            edges[-1] = (edges[-1][0], None)
        found[place] = edges
    return found


def by_loop(requests, outages):
    return [
        not any(down <= at and (up is None or at < up) for down, up in outages.get(place, ()))
        for place, at in requests
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 90)), max_size=30), outages())
def test_law_the_column_is_what_a_loop_over_requests_and_intervals_says(requests, outages):
    assert reachable(asked(*requests), outages).to_list() == by_loop(requests, outages)
