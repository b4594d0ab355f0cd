"""Equal-cost multipath against fractions worked out path by path with networkx, and conservation."""

import math

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.routing import ecmp
from sim.world.network.routing.arcs import directed
from sim.world.network.routing.distances import UNREACHABLE, distances, lengths_of
from sim.world.network.routing.ecmp import ecmp_loads
from sim.world.network.routing.ecmp_compiled import compiled_spread, spread_each
from tests.world.network.routing.graphs import graph_of, masks, networks, oracle_loads, volumes

LAWS = settings(derandomize=True, phases=[Phase.generate], max_examples=150, deadline=None)


@LAWS
@given(st.data(), networks())
def test_loads_and_unroutable_volume_are_those_of_the_oracle(data, arcs):
    alive, demands = data.draw(masks(arcs)), data.draw(volumes(arcs))
    loads, unroutable, delivered = oracle_loads(graph_of(arcs, alive), demands)
    found = ecmp_loads(arcs, alive, demands)
    assert found.loads == pytest.approx([float(loads.get(arc, 0)) for arc in range(len(arcs.tails))], abs=1e-9)
    assert found.unroutable == pytest.approx(float(unroutable), abs=1e-9)
    between_nodes = demands.sum() - demands.diagonal().sum()
    assert between_nodes == pytest.approx(float(delivered) + found.unroutable)


@LAWS
@given(st.data(), networks())
def test_what_a_node_gets_and_starts_it_sends_or_keeps(data, arcs):
    alive = data.draw(masks(arcs))
    target = data.draw(st.integers(0, len(arcs.nodes) - 1))
    demands = np.zeros((len(arcs.nodes),) * 2)
    demands[:, target] = data.draw(volumes(arcs))[:, target]
    found = ecmp_loads(arcs, alive, demands)
    gets = np.bincount(arcs.heads, found.loads, minlength=len(arcs.nodes))
    sends = np.bincount(arcs.tails, found.loads, minlength=len(arcs.nodes))
    starts = demands[:, target] * (np.arange(len(arcs.nodes)) != target)
    kept = gets + starts - sends
    lost = np.delete(kept, target)
    assert kept[target] + found.unroutable == pytest.approx(starts.sum())
    assert lost.sum() == pytest.approx(found.unroutable, abs=1e-9)
    stranded = np.isclose(np.delete(starts, target), lost) & np.isclose(np.delete(gets, target), 0)
    assert (np.isclose(lost, 0) | stranded).all()
    assert not found.loads[~alive].any()


def test_a_split_is_by_next_hop_not_by_path():
    """0 splits over 1 and 2; what 1 gets splits again, so the three paths carry 1/4, 1/4 and 1/2."""
    arcs = directed(6, [0, 0, 1, 1, 2, 3, 4], [1, 2, 3, 4, 4, 5, 5], [1] * 7)
    demands = np.zeros((6, 6))
    demands[0, 5] = 8
    loads = ecmp_loads(arcs, np.ones(7, dtype=bool), demands).loads
    assert loads.tolist() == [4, 4, 2, 2, 4, 2, 6]


def test_parallel_links_of_equal_metric_are_next_hops_of_their_own():
    arcs = directed(3, [0, 0, 0, 0, 1], [2, 2, 2, 1, 2], [2, 2, 3, 1, 1])
    demands = np.zeros((3, 3))
    demands[0, 2] = 6
    assert ecmp_loads(arcs, np.ones(5, dtype=bool), demands).loads.tolist() == [2, 2, 0, 2, 2]


def test_other_metrics_move_the_traffic_and_dead_arcs_carry_none():
    arcs = directed(3, [0, 0, 1], [2, 1, 2], [1, 1, 1])
    demands = np.zeros((3, 3))
    demands[0, 2] = 6
    every = np.ones(3, dtype=bool)
    assert ecmp_loads(arcs, every, demands).loads.tolist() == [6, 0, 0]
    assert ecmp_loads(arcs, every, demands, np.array([3, 1, 1])).loads.tolist() == [0, 6, 6]
    assert ecmp_loads(arcs, np.array([False, True, True]), demands).loads.tolist() == [0, 6, 6]
    lost = ecmp_loads(arcs, np.array([False, True, False]), demands)
    assert (lost.loads.tolist(), lost.unroutable) == ([0, 0, 0], 6)


def test_what_a_node_sends_itself_needs_no_way():
    arcs = directed(2, [0], [1], [1])
    found = ecmp_loads(arcs, np.array([False]), np.diag([3.0, 4.0]))
    assert (found.loads.tolist(), found.unroutable) == ([0], 0)


@pytest.mark.parametrize(
    ("demands", "message"),
    [(np.zeros((2, 3)), "must be 2 x 2, not 2 x 3"), (np.array([[0, -1], [0, 0]]), "0 or more"), (np.array([[0, math.nan], [0, 0]]), "finite"), (np.array([[0, math.inf], [0, 0]]), "finite")],
)  # fmt: skip
def test_demands_that_are_none_are_refused(demands, message):
    with pytest.raises(ValueError, match=message):
        ecmp_loads(directed(2, [0], [1], [1]), np.array([True]), demands)


def test_working_in_many_small_pieces_changes_no_bit(monkeypatch):
    chance = np.random.default_rng(7)
    arcs = directed(40, *chance.integers(0, 40, (2, 160)), chance.integers(1, 4, 160))
    alive, demands = chance.random(160) < 0.9, chance.random((40, 40))
    whole = ecmp_loads(arcs, alive, demands)
    monkeypatch.setattr(ecmp, "_CELLS", 500)
    pieces = ecmp_loads(arcs, alive, demands)
    assert pieces.loads.tobytes() == whole.loads.tobytes()
    assert pieces.unroutable == whole.unroutable


@LAWS
@given(st.data(), networks())
def test_destination_by_destination_the_bits_are_those_of_all_together(data, arcs):
    """The loop that numba compiles, here in plain Python."""
    lengths = lengths_of(arcs, data.draw(masks(arcs)))
    demands = data.draw(volumes(arcs))
    assert_same_spread(arcs, lengths, demands / 3, spread_each)


@pytest.mark.parametrize("kernel", ["plain", "compiled"])
def test_numba_changes_no_bit(kernel):
    if kernel == "compiled":
        pytest.importorskip("numba", reason="the extra fast is not installed")
    chance = np.random.default_rng(11)
    arcs = directed(60, *chance.integers(0, 60, (2, 240)), chance.integers(1, 4, 240))
    lengths = lengths_of(arcs, chance.random(240) < 0.9)
    assert_same_spread(
        arcs, lengths, chance.random((60, 60)), {"plain": spread_each, "compiled": compiled_spread()}[kernel]
    )


def assert_same_spread(arcs, lengths, volumes, kernel):
    dist = distances(arcs, lengths < UNREACHABLE)
    rows = np.broadcast_to(lengths, (len(dist), len(lengths)))
    loads = np.zeros(rows.shape)
    kernel(arcs.tails, arcs.heads, dist, rows, np.where(dist == UNREACHABLE, 0.0, volumes), loads)
    assert loads.tobytes() == ecmp.spread(arcs, dist, rows, volumes).tobytes()


def test_without_numba_a_request_to_compile_is_met_by_numpy(monkeypatch):
    monkeypatch.setattr(ecmp, "compiled_spread", lambda: None)
    arcs = directed(2, [0], [1], [1])
    dist, volumes = distances(arcs, np.array([True])), np.array([[0.0, 2.0], [3.0, 0.0]])
    assert ecmp.spread(arcs, dist, np.ones((2, 1), dtype=int), volumes, compiled=True).tolist() == [[0], [3]]
