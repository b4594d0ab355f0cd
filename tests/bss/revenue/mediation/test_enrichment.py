"""The zone of a destination: the longest prefix of its time."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.mediation.enrichment import PREFIXES_SCHEMA, check_prefixes, with_zone


def prefixes(*rows):
    return pl.DataFrame(rows, schema=PREFIXES_SCHEMA, orient="row")


def zones(table, *calls):
    """Zones of (destination, started_ms[, zone, class])."""
    rows = [(n, to, at, *(more or (None, "voice"))) for n, (to, at, *more) in enumerate(calls)]
    schema = {"row": pl.UInt32, "destination": pl.String, "started_ms": pl.Int64, "zone": pl.String, "class": pl.String}
    return with_zone(pl.DataFrame(rows, schema=schema, orient="row"), table)["zone"].to_list()


TABLE = prefixes(("254", "off_net", 0, None), ("2547", "on_net", 0, 100), ("2547", "mobile", 100, None), ("1", "far", 50, 60))


@pytest.mark.parametrize(
    ("call", "zone"),
    [
        (("254700", 99), "on_net"),
        (("254700", 100), "mobile"),
        (("+254700", 100), "mobile"),
        (("254200", 5), "off_net"),
        (("254", 5), "off_net"),
        (("25", 5), None),
        (("1", 49), None),
        (("1", 50), "far"),
        (("1", 60), None),
        (("", 5), None),
        ((None, 5), None),
        (("254700", 5, "given", "voice"), "given"),
        ((None, 5, None, "data"), "on_net"),
        (("254200", 5, None, "emergency"), "off_net"),
    ],
)
def test_the_longest_prefix_of_its_time(call, zone):
    assert zones(TABLE, call) == [zone]


def test_the_empty_prefix_is_every_destination():
    assert zones(prefixes(("", "rest", 0, None), ("2", "two", 0, None)), ("9", 1), ("2", 1), ("", 1)) == ["rest", "two", "rest"]


def test_all_that_makes_a_zone_uncertain_is_told_at_once():
    table = prefixes(("1", "x", 0, 10), ("1", "y", 5, 20), ("2", "x", 9, 9), ("3", None, 0, None))
    with pytest.raises(ValueError, match=r"1 rows lack.*'1' is in two zones.*'2' ends before it begins"):
        check_prefixes(table)
    with pytest.raises(ValueError, match="prefixes have columns"):
        check_prefixes(table.drop("zone"))


terms = st.lists(
    st.tuples(st.text("12", max_size=3), st.sampled_from("xyz"), st.integers(0, 3), st.integers(1, 3)),
    max_size=8, unique_by=lambda term: (term[0], term[2]),
)  # fmt: skip


@given(terms, st.lists(st.tuples(st.text("123", max_size=4), st.integers(0, 6)), min_size=1, max_size=5))
def test_row_by_row_it_is_what_a_person_would_look_up(listed, calls):
    table = [(prefix, zone, begins * 3, begins * 3 + lasts) for prefix, zone, begins, lasts in listed]

    def looked_up(to, at):
        fits = [(len(p), zone) for p, zone, begins, ends in table if to.startswith(p) and begins <= at < ends]
        return max(fits)[1] if fits else None

    assert zones(prefixes(*table), *calls) == [looked_up(to, at) for to, at in calls]
