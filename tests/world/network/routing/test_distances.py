"""Arcs, which of them live, and distances, against networkx."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.routing.arcs import LARGEST_METRIC, directed
from sim.world.network.routing.distances import UNREACHABLE, alive_arcs, distances
from sim.world.network.routing.paths import paths_to
from sim.world.network.state import FailureState, living_links
from tests.world.network.plans import failing, german_network
from tests.world.network.routing.graphs import graph_of, masks, networks, oracle_distances

LAWS = settings(derandomize=True, phases=[Phase.generate], max_examples=150, deadline=None)


@LAWS
@given(st.data(), networks())
def test_distances_are_those_of_networkx(data, arcs):
    alive = data.draw(masks(arcs))
    expected = np.full((len(arcs.nodes),) * 2, UNREACHABLE)
    for (destination, node), length in oracle_distances(graph_of(arcs, alive)).items():
        expected[destination, node] = length
    assert np.array_equal(distances(arcs, alive), expected)
    some = np.arange(len(arcs.nodes))[::-2]
    assert np.array_equal(distances(arcs, alive, some), expected[some])


def test_the_shorter_of_two_parallel_links_counts_and_their_sum_does_not():
    arcs = directed(2, [0, 0], [1, 1], [5, 3])
    assert distances(arcs, np.array([True, True]))[1, 0] == 3
    assert distances(arcs, np.array([True, False]))[1, 0] == 5
    assert distances(arcs, np.array([True, True]), metrics=np.array([2, 3]))[1, 0] == 2


def test_metrics_of_a_long_way_add_up_exactly():
    count = 2_000
    way = np.arange(count - 1)
    arcs = directed(count, way, way + 1, np.full(count - 1, LARGEST_METRIC))
    assert distances(arcs, np.ones(count - 1, dtype=bool), np.array([count - 1]))[0, 0] == LARGEST_METRIC * (count - 1)


@pytest.mark.parametrize("metric", [0, -1, LARGEST_METRIC + 1])
def test_a_metric_that_no_igp_knows_is_refused(metric):
    with pytest.raises(ValueError, match=f"metrics must be 1 to {LARGEST_METRIC}"):
        directed(2, [0], [1], [metric])


@pytest.mark.parametrize(
    ("tails", "heads", "message"), [([0], [2], "0 to 1"), ([-1], [1], "0 to 1"), ([0, 1], [1], "as long")]
)
def test_arcs_that_end_nowhere_are_refused(tails, heads, message):
    with pytest.raises(ValueError, match=message):
        directed(2, tails, heads, [1] * len(tails))


def test_the_arcs_of_a_network_are_its_links_both_ways():
    network = german_network()
    arcs = network.arcs
    assert (len(arcs.nodes), len(arcs.links), len(arcs.tails)) == (50, 88, 176)
    for arc, link in enumerate(arcs.link_of.tolist()):
        record = network.links[arcs.links[link]]
        ends = (arcs.nodes[arcs.tails[arc]], arcs.nodes[arcs.heads[arc]])
        assert ends == ((record["a"], record["z"]) if arc % 2 == 0 else (record["z"], record["a"]))
        assert arcs.metrics[arc] == record["igp_metric"]


@pytest.mark.parametrize(
    "failed", [(), ("duct-eider",), ("r-hannover",), ("hamburg-kiel", "r-frankfurt/1"), ("koeln",)]
)
def test_the_living_arcs_of_a_failure_state_and_the_metrics_of_its_paths(failed):
    network = german_network()
    arcs, state = network.arcs, failing(network, *failed)
    alive = alive_arcs(network, state)
    assert {arcs.links[link] for link in arcs.link_of[alive]} == living_links(network, state)
    assert {arcs.links[link] for link in arcs.link_of[~alive]} == network.links.keys() - living_links(network, state)
    assert alive.all() == (state == FailureState())
    core = arcs.nodes.index("r-berlin")
    found = distances(arcs, alive, np.array([core]))[0]
    paths = {node: path.metric for node, path in paths_to(network, state, "r-berlin").items()}
    assert paths == {
        node: metric for node, metric in zip(arcs.nodes, found.tolist(), strict=True) if metric < UNREACHABLE
    }
