"""Clauses over many seeds, conditions, and a folder that is written whole or not at all."""

import polars as pl
import pytest

from sim.testbed.expect_schema import ClauseSpec
from sim.testbed.expectations import Evidence, compare, judge
from sim.testbed.folder import Content, write
from sim.testbed.kpis import KPIS, Scored
from sim.testbed.paired import PairedSeries, _series
from sim.testbed.view import RunView


def verdict(relation, values, undefined=""):
    clause = ClauseSpec.model_validate({"kpi": "incidents", relation: "rival", "seeds": max(2, len(values))})
    series = PairedSeries("incidents", "1", "rival", tuple(range(len(values))), values, (0,) * len(values), undefined)
    (found,) = judge([clause], Evidence({}, pl.DataFrame(), 0, "KES", {}, {("incidents", "rival"): series}))
    return found


WIDE, NARROW = (-30.0, -1.0, 10.0), (-3.0, -2.0, -2.5)


@pytest.mark.parametrize(
    ("relation", "values", "holds"),
    [
        ("at_most", WIDE, True), ("below", WIDE, False), ("below", NARROW, True), ("at_least", NARROW, False),
        ("above", tuple(-x for x in WIDE), False), ("above", tuple(-x for x in NARROW), True),
        ("at_least", tuple(-x for x in WIDE), True),
    ],
)  # fmt: skip
def test_strictly_below_or_above_needs_the_whole_interval(relation, values, holds):
    assert verdict(relation, values).holds is holds


def test_an_undefined_kpi_is_a_verdict_with_its_reason():
    runs = [{"mttd_s": {"value": 1.0, "unit": "s"}}, {"mttd_s": {"value": None, "unit": "s", "reason": "no fault"}}]
    series = _series("mttd_s", "rival", (1, 2), runs, runs)
    assert series.undefined == "mttd_s is undefined in 2 of 4 runs: no fault"
    found = verdict("at_most", (), series.undefined)
    assert (found.holds, found.found) == (False, series.undefined)


@pytest.mark.parametrize(("condition", "holds"), [("<= 1.5", True), (" >= -2 ", True), ("!= 1.5", False)])
def test_a_condition_is_read(condition, holds):
    assert compare(1.5, condition) is holds


@pytest.mark.parametrize("condition", ["<= 1.2.3", "<= .", "1", "=< 2", ""])
def test_what_is_no_condition_is_refused(condition):
    with pytest.raises(ValueError, match="no condition"):
        compare(1, condition)


def test_the_busiest_ten_minutes_begin_when_they_like():
    minutes = [9, 10, 11, 30]
    journal = pl.DataFrame({"at_ms": [m * 60_000 for m in minutes], "kind": ["alarm.raised"] * 4})
    peak = next(kpi for kpi in KPIS if kpi.name == "alarm_rate_peak_10min")
    for rows, most in ((journal, 3), (journal.head(0), 0)):
        assert peak.formula(Scored(RunView({"journal": rows}, None, {}, 0, 0))) == most


def test_a_failure_leaves_no_draft_and_the_earlier_run(tmp_path):
    folder = tmp_path / "run"
    write(folder, {"": Content({}, {"a.txt": "first"}, {})})
    with pytest.raises(AttributeError):
        write(folder, {"": Content({"broken": None}, {}, {})})
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert (folder / "a.txt").read_text() == "first"
