"""The shipped scenario, played once for all tests of this folder: with fewer lines and cells, and as it ships."""

import pytest

from sim import Scenario
from tests.runs import FIBRE_CUT_FEWER, played


@pytest.fixture(scope="session", params=[
    pytest.param(FIBRE_CUT_FEWER, id="fewer"), pytest.param({}, id="as it ships", marks=pytest.mark.slow)
])  # fmt: skip
def fibre_cut(request, tmp_path_factory):
    return played(Scenario.load("fibre-cut", overrides=request.param), tmp_path_factory.mktemp("runs") / "fibre-cut")


@pytest.fixture(scope="session", params=["ring-everywhere", "in-band"])
def fibre_cut_variant(request, tmp_path_factory):
    scenario = Scenario.load("fibre-cut", variant=request.param, overrides=FIBRE_CUT_FEWER)
    return played(scenario, tmp_path_factory.mktemp("runs") / request.param)
