"""The laws of every run, on small random ones; test_fibre_cut holds them against the shipped scenario."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.loop import laws
from tests.loop.days import managements, timelines, worlds
from tests.town import play


def check(seed, timeline, world, management):
    with tempfile.TemporaryDirectory() as folder:
        laws.check_all(play(Path(folder), timeline, seed=seed, world=world, management=management, lasts="6 h"))


@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines(4), worlds, managements)
def test_the_laws_hold_for_random_days(seed, timeline, world, management):
    check(seed, timeline, world, management)


@pytest.mark.slow
@settings(max_examples=100, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**6), timelines(6), worlds, managements)
def test_the_laws_hold_for_many_random_days(seed, timeline, world, management):
    check(seed, timeline, world, management)
