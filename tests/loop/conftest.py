"""The shipped scenario, played once for all tests of this folder."""

import pytest

from sim import Scenario, run


@pytest.fixture(scope="session")
def fibre_cut(tmp_path_factory):
    return run(Scenario.load("fibre-cut"), tmp_path_factory.mktemp("runs") / "fibre-cut")


@pytest.fixture(scope="session", params=["ring-everywhere", "in-band"])
def fibre_cut_variant(request, tmp_path_factory):
    scenario = Scenario.load("fibre-cut", variant=request.param, overrides={"population.subscribers": 1500})
    return run(scenario, tmp_path_factory.mktemp("runs") / request.param)
