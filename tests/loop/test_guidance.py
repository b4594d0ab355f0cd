"""One crew, two faults: what it is worth that the BSS guides the OSS, seed by seed."""

import json
from statistics import fmean, stdev

import polars as pl
import pytest

from sim import Scenario, run
from sim.testbed.folder import read_tables
from sim.testbed.paired import PairedSeries


@pytest.fixture(scope="module")
def guided(tmp_path_factory):
    without_files = {"world.performance.files": False}
    return run(Scenario.load("one-crew-two-faults", overrides=without_files), tmp_path_factory.mktemp("guidance") / "run")


def sent(tables):
    return tables["actions"].filter(pl.col("kind") == "dispatch").sort("occurred_ms")["target"].to_list()


def test_with_guidance_the_crew_goes_to_the_port_first_and_less_money_is_lost(guided):
    rival = guided.folder / "variants" / "first-come"
    assert sent(guided.view.tables) == ["east-port", "farm-north"]
    assert sent(read_tables(rival)) == ["farm-north", "east-port"]
    theirs = json.loads((rival / "kpis.json").read_text())
    lost = [kpis["revenue_lost"] + kpis["credits_total"]
            for kpis in (guided.kpis, {name: kpi["value"] for name, kpi in theirs.items()})]  # fmt: skip
    assert lost[0] < lost[1]


def test_the_report_shows_both_numbers(guided):
    page = (guided.folder / "report.html").read_text()
    for name in ("money_lost", "user_hours_lost"):
        (row,) = [line for line in page.split("<tr>") if f"{name} " in line and "first-come" in line]
        assert "found: " in row
        assert row.count(";") >= 1


def test_the_interval_of_a_paired_series_is_students():
    """Ten differences with mean 3 and standard deviation 2: ± 2.262 × 2 ÷ √10 (printed table of t, 9 degrees)."""
    raw = [-1.0, 1.0, 0.5, -0.5, 2.0, -2.0, 1.5, -1.5, 0.25, -0.25]
    scale = 2 / stdev(raw)
    values = tuple(3 + scale * x for x in raw)
    series = PairedSeries("kpi", "1", "rival", tuple(range(10)), values, (0.0,) * 10)
    assert series.mean == pytest.approx(3)
    assert series.interval_95 == pytest.approx((3 - 2.262 * 2 / 10**0.5, 3 + 2.262 * 2 / 10**0.5), rel=1e-3)


@pytest.mark.slow
def test_over_thirty_seeds_guidance_loses_no_more_money_on_average(tmp_path):
    played = run(Scenario.load("one-crew-two-faults"), tmp_path / "run", paired=True)
    series = played.series["money_lost", "first-come"]
    assert len(series.seeds) == 30
    assert fmean(ours - theirs for ours, theirs in zip(series.values, series.others, strict=True)) <= 0
    page = (played.folder / "report.html").read_text()
    assert "over 30 seeds" in page
    assert "95 % interval" in page
