"""Following one state after another gives what working each out from nothing gives, bit for bit; so does memory."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.routing import incremental, reroute
from sim.world.network.routing.arcs import directed
from sim.world.network.routing.distances import UNREACHABLE, alive_arcs, distances, lengths_of
from sim.world.network.routing.ecmp import ecmp_loads, shortest_arcs
from sim.world.network.routing.reroute import ArcState, Rerouting, by_destination
from tests.world.network.plans import failing, german_network
from tests.world.network.routing.graphs import graph_of, masks, networks, oracle_distances, oracle_loads, volumes

LAWS = settings(derandomize=True, phases=[Phase.generate], max_examples=80, deadline=None)


def metrics_of(arcs):
    """Mostly the arcs' own metrics, sometimes wrong ones."""
    size = len(arcs.tails)
    other = st.lists(st.sampled_from([0, 0, 0, 1, 2, 5]), min_size=size, max_size=size)
    return other.map(lambda found: np.where(np.array(found, dtype=np.int64) > 0, found, arcs.metrics).astype(np.int64))


def histories(arcs, least=1):
    """Days of failures, repairs and changed metrics: (which arcs live, metrics) one after the other."""
    return st.lists(st.tuples(masks(arcs), metrics_of(arcs)), min_size=least, max_size=6)


def assert_equal(found, expected):
    assert found.loads.tobytes() == expected.loads.tobytes()
    assert found.unroutable == expected.unroutable


@LAWS
@given(st.data(), networks())
def test_a_history_of_failures_repairs_and_metrics_equals_the_full_answer(data, arcs):
    demands = data.draw(volumes(arcs))
    rerouting = Rerouting(arcs, by_destination(arcs, demands), remembered=data.draw(st.sampled_from([0, 2, 100])))
    for alive, metrics in data.draw(histories(arcs)):
        found = rerouting.evaluate(ArcState.of(arcs, alive, metrics))
        assert_equal(found, ecmp_loads(arcs, alive, demands, metrics))
    intact = np.ones(len(arcs.tails), dtype=bool)
    assert_equal(rerouting.evaluate(ArcState()), ecmp_loads(arcs, intact, demands))


@LAWS
@given(st.data(), networks())
def test_a_failure_and_its_repair_against_the_oracle(data, arcs):
    demands, alive = data.draw(volumes(arcs)), data.draw(masks(arcs))
    rerouting = Rerouting(arcs, by_destination(arcs, demands))
    for lives in (alive, np.ones_like(alive)):
        loads, unroutable, _ = oracle_loads(graph_of(arcs, lives), demands)
        found = rerouting.evaluate(ArcState.of(arcs, lives))
        assert found.loads == pytest.approx([float(loads.get(arc, 0)) for arc in range(len(lives))], abs=1e-9)
        assert found.unroutable == pytest.approx(float(unroutable), abs=1e-9)


@LAWS
@given(st.data(), networks())
def test_many_states_at_once_equal_each_by_itself(data, arcs):
    demands, history = data.draw(volumes(arcs)), data.draw(histories(arcs))
    rerouting = Rerouting(arcs, by_destination(arcs, demands))
    rerouting.evaluate(ArcState.of(arcs, *history[-1]))
    states = [ArcState.of(arcs, *now) for now in history]
    for found, (alive, metrics) in zip(rerouting.evaluate_all(states * 2), history * 2, strict=True):
        assert_equal(found, ecmp_loads(arcs, alive, demands, metrics))


@LAWS
@given(st.data(), networks())
def test_moved_distances_are_networkx_s_and_untouched_destinations_keep_their_paths(data, arcs):
    (alive, metrics), *after = data.draw(histories(arcs, least=2))
    before = lengths_of(arcs, alive, metrics)
    old = distances(arcs, alive, metrics=metrics)
    dist = np.repeat(old[np.newaxis], len(after), axis=0)
    touched = incremental.move(arcs, dist, before, np.stack([lengths_of(arcs, *now) for now in after]))
    for state, (lives, lengths) in enumerate(after):
        expected = np.full_like(old, UNREACHABLE)
        for (destination, node), length in oracle_distances(graph_of(arcs, lives, lengths)).items():
            expected[destination, node] = length
        assert np.array_equal(dist[state], expected)
        moved = shortest_arcs(arcs, dist[state], lengths_of(arcs, lives, lengths)) != shortest_arcs(arcs, old, before)
        assert not (moved.any(axis=1) & ~touched[state]).any()


def ring_of(count):
    tails = np.repeat(np.arange(count), 2)
    heads = np.stack([np.arange(count) + 1, np.arange(count) - 1], axis=1).ravel() % count
    return directed(count, tails, heads, np.ones(2 * count, dtype=int))


def destinations_worked_out(monkeypatch, rerouting, state):
    """What ``spread`` was asked for: the number of destinations."""
    counts = []
    plain = reroute.spread
    monkeypatch.setattr(reroute, "spread", lambda *about, **how: counts.append(len(about[1])) or plain(*about, **how))
    rerouting.evaluate(state)
    monkeypatch.setattr(reroute, "spread", plain)
    return sum(counts)


def test_only_destinations_that_a_changed_arc_carried_or_carries_are_worked_out_again(monkeypatch):
    """A ring of seven: the arc from 0 to 1 is a shortest way to 1, 2 and 3; to 4, 5 and 6 traffic goes round the other way."""
    rerouting = Rerouting(ring_of(7), by_destination(ring_of(7), np.ones((7, 7))))
    cut = ArcState(dead=frozenset({0}))
    assert destinations_worked_out(monkeypatch, rerouting, cut) == 3
    assert destinations_worked_out(monkeypatch, rerouting, ArcState()) == 3
    assert destinations_worked_out(monkeypatch, rerouting, cut) == 0, "remembered"
    longer = ArcState(metrics=frozenset({(0, 9)}))
    assert destinations_worked_out(monkeypatch, rerouting, longer) == 3


def test_a_repair_to_a_tie_is_no_shorter_way_and_yet_carries_half():
    arcs = directed(4, [0, 0, 1, 2], [1, 2, 3, 3], [1, 1, 1, 1])
    demands = np.zeros((4, 4))
    demands[0, 3] = 2
    rerouting = Rerouting(arcs, by_destination(arcs, demands))
    assert rerouting.evaluate(ArcState(dead=frozenset({1}))).loads.tolist() == [2, 0, 2, 0]
    assert rerouting.evaluate(ArcState()).loads.tolist() == [1, 1, 1, 1]


def test_memory_forgets_the_state_that_nobody_asked_for_longest():
    rerouting = Rerouting(ring_of(5), by_destination(ring_of(5), np.ones((5, 5))), remembered=2)
    first, second, third = (ArcState(dead=frozenset({arc})) for arc in range(3))
    kept = rerouting.evaluate(first)
    rerouting.evaluate(second)
    assert rerouting.evaluate(first) is kept
    rerouting.evaluate(third)
    assert rerouting.evaluate(first) is kept
    assert rerouting.evaluate(second) is not kept
    with pytest.raises(ValueError, match="read-only"):
        kept.loads[0] = 1


def test_no_demand_at_all_loads_nothing():
    found = Rerouting(ring_of(4), by_destination(ring_of(4), np.zeros((4, 4)))).evaluate(ArcState(dead=frozenset({0, 1})))
    assert (found.loads.tolist(), found.unroutable) == ([0] * 8, 0)


def test_a_metric_of_zero_is_refused():
    with pytest.raises(ValueError, match="metrics must be 1 to"):
        Rerouting(ring_of(4), by_destination(ring_of(4), np.ones((4, 4)))).evaluate(ArcState(metrics=frozenset({(0, 0)})))


def test_the_german_network_through_failures_of_every_kind_is_as_if_never_failed_at_the_end():
    network = german_network()
    arcs = network.arcs
    demands = np.random.default_rng(5).random((50, 50))
    rerouting = Rerouting(arcs, by_destination(arcs, demands), remembered=0)
    intact = rerouting.evaluate(ArcState())
    days = [("duct-eider",), ("duct-eider", "r-hannover"), ("r-hannover", "hamburg-kiel"), ("r-frankfurt/1",), ()]
    for failed in days:
        alive = alive_arcs(network, failing(network, *failed))
        found = rerouting.evaluate(ArcState.of(arcs, alive))
        assert_equal(found, ecmp_loads(arcs, alive, demands))
        assert (found.unroutable > 0) == ("r-hannover" in failed or "duct-eider" in failed)
    assert_equal(found, intact)
