"""ECMP by hop count gives the loads that TopoHub states for the SNDlib networks, which it works out by itself.

TopoHub (https://www.topohub.org) states each arc's load in per cent of the busiest arc, rounded to two decimals, for
three demands: ``org``, SNDlib's own in both directions; ``uni``, one unit between each two nodes; ``deg``, the product
of the two nodes' degrees.
"""

import numpy as np
import pytest

from sim.world.network.routing.ecmp import ecmp_loads
from tests.world.network.routing.topohub_networks import NAMES, published

ROUNDING = 0.005 + 1e-9
"""Points: half of the last stated decimal, and the float nearest to it."""
ALREADY_BOTH_WAYS = {"cost266", "janos-us", "janos-us-ca"}


def per_cent(network, demands):
    every = np.ones(len(network.arcs.tails), dtype=bool)
    found = ecmp_loads(network.arcs, every, demands)
    assert found.unroutable == 0
    return found.loads / found.loads.max() * 100


def test_there_are_26_networks():
    assert len(NAMES) == 26


@pytest.mark.parametrize("name", NAMES)
def test_own_demands_in_both_directions(name):
    network = published(name)
    loads = per_cent(network, network.demands + network.demands.T)
    assert np.abs(loads - network.stated("org")).max() <= ROUNDING


@pytest.mark.parametrize("name", NAMES)
def test_only_three_networks_state_demands_in_both_directions_themselves(name):
    network = published(name)
    off = np.abs(per_cent(network, network.demands) - network.stated("org")).max()
    assert (off <= ROUNDING) == (name in ALREADY_BOTH_WAYS)


@pytest.mark.parametrize("name", NAMES)
def test_uniform_demand_and_the_product_of_degrees(name):
    network = published(name)
    count = len(network.arcs.nodes)
    degrees = np.bincount(network.arcs.tails, minlength=count).astype(float)
    for demand, volumes in {"uni": np.ones((count, count)), "deg": np.outer(degrees, degrees)}.items():
        assert np.abs(per_cent(network, volumes) - network.stated(demand)).max() <= ROUNDING, demand
