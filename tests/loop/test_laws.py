"""The laws of every run, on the shipped scenario and on small random ones."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.loop import laws
from tests.town import SPANS, play


def test_the_laws_hold_for_the_shipped_scenario_and_its_variants(fibre_cut, fibre_cut_variant):
    laws.check_all(fibre_cut)
    laws.check_all(fibre_cut_variant)


targets = st.one_of(
    st.sampled_from([("cut_link", f"{a}-{z}") for a, z in SPANS]),
    st.sampled_from([("fail_node", f"r-{site}") for site in ("north", "east", "south", "port", "farm")]),
    st.sampled_from(
        [("fail_card", "r-hub/1"), ("fail_card", "r-east/1"), ("cut_power", "south"), ("cut_duct", "duct-river")]
    ),
)
events = st.builds(
    lambda minute, what, repair: {"at": f"{minute} min", "do": what[0], "target": what[1], "repair": repair},
    st.integers(0, 300), targets, st.sampled_from(["crew", "20 min", "3 h"]),
)  # fmt: skip
worlds = st.fixed_dictionaries({
    "telemetry": st.sampled_from([{}, {"lost_milli": 300}, {"late_milli": 500}, {"doubled_milli": 500}]),
    "usage_files": st.sampled_from([{}, {"doubled_milli": 500, "corrupted_milli": 100}]),
    "callers_milli": st.sampled_from([0, 500]),
})  # fmt: skip
timelines = {n: st.lists(events, max_size=n, unique_by=lambda event: event["target"]) for n in (4, 6)}


def check(seed, timeline, world, management):
    with tempfile.TemporaryDirectory() as folder:
        laws.check_all(play(Path(folder), timeline, seed=seed, world=world, management=management, lasts="6 h"))


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines[4], worlds, st.sampled_from(["in_band", "out_of_band"]))
def test_the_laws_hold_for_random_days(seed, timeline, world, management):
    check(seed, timeline, world, management)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines[6], worlds, st.sampled_from(["in_band", "out_of_band"]))
def test_the_laws_hold_for_many_random_days(seed, timeline, world, management):
    check(seed, timeline, world, management)
