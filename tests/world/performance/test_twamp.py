"""TWAMP sessions against theory: packets are sent once a second, and lost as the lines on their way lose them."""

from itertools import pairwise
from math import prod, sqrt

import numpy as np
import pytest
import simpy
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from sim.world.network.state import Network
from sim.world.performance.twamp import Counted, Sessions, counted, packets
from sim.world.plant import Plant
from sim.world.streams import Streams
from sim.world.truth import Truth
from tests.town import town

Q, S = 900_000, 1_000
generated = settings(derandomize=True, phases=[Phase.generate], max_examples=100, deadline=None)


def plant_and_sessions(seed=1):
    env = simpy.Environment()
    plant = Plant(env, Network(town()), 3_000, Truth(), lambda *_: None)
    return env, plant, Sessions(env, plant, Streams(seed))


def test_a_quarter_of_an_hour_has_900_packets_and_a_way_without_loss_loses_none():
    assert packets(0, Q) == 900
    _, _, sessions = plant_and_sessions()
    assert set(sessions.close(0, Q).values()) == {(Counted(900, 0, 0),) * 2}


@generated
@given(st.lists(st.integers(0, 10**7), min_size=2, max_size=20))
def test_packets_of_pieces_are_packets_of_the_whole(cuts):
    cuts = sorted(cuts)
    assert sum(packets(a, b) for a, b in pairwise(cuts)) == packets(cuts[0], cuts[-1])


def test_what_gets_lost_follows_the_binomial_law_of_the_links_on_the_way():
    """farm is behind hub-north and farm-north: 1 % and 2 % lost, each on its own; 200 seeds, both ends, one interval."""
    lost = dict.fromkeys(("svc-farm", "svc-north", "svc-south"), 0)
    for seed in range(200):
        env, plant, sessions = plant_and_sessions(seed)
        plant.hold([("lossy", ("hub-north", 10)), ("lossy", ("farm-north", 20))])
        env.run(until=Q)
        found = sessions.close(0, Q)
        for service in lost:
            lost[service] += sum(one.lost for one in found[service])
    sent = 200 * 2 * 900
    for service, ways in (("svc-farm", (0.01, 0.02)), ("svc-north", (0.01,))):
        share = 1 - prod(1 - loss for loss in ways)
        low, high = binom.interval(0.9999, sent, share)
        assert low <= lost[service] <= high, service
    assert lost["svc-south"] == 0


def test_the_variance_is_that_of_single_packets():
    found = [counted([(0, 30.0)], 0, Q, Streams(seed).get("twamp/x/0")).lost for seed in range(2_000)]
    assert np.mean(found) == pytest.approx(27, abs=4 * sqrt(900 * 0.03 * 0.97 / 2_000))
    assert np.var(found) == pytest.approx(900 * 0.03 * 0.97, rel=0.15)


def test_pieces_of_a_period_count_with_their_own_loss():
    """Five minutes without loss, five of a line that loses everything it is given, five down."""
    found = counted([(0, 0.0), (300 * S, 1000.0), (600 * S, None)], 0, Q, np.random.default_rng(1))
    assert found == Counted(900, 600, 300)


@pytest.mark.parametrize(("down_s", "unavailable"), [(9, 0), (10, 10), (120, 120)])
def test_ten_lost_packets_in_a_row_are_unavailable_time(down_s, unavailable):
    found = counted([(0, 0.0), (60 * S, None), ((60 + down_s) * S, 0.0)], 0, Q, np.random.default_rng(1))
    assert found == Counted(900, down_s, unavailable)


def test_a_service_that_is_down_over_the_end_of_a_period_is_unavailable_in_both():
    env, plant, sessions = plant_and_sessions()
    env.run(until=Q - 12 * S)
    plant.fail("east-port")
    env.run(until=Q)
    assert sessions.close(0, Q)["svc-port"] == (Counted(900, 12, 12),) * 2
    env.run(until=Q + 4 * S)
    plant.mend("east-port")
    env.run(until=2 * Q)
    # It is back when routing has converged, three seconds later; the spell has lasted 19 s in all.
    assert sessions.close(Q, 2 * Q)["svc-port"] == (Counted(900, 7, 7),) * 2
    assert sessions.close(2 * Q, 3 * Q)["svc-port"] == (Counted(900, 0, 0),) * 2


def test_a_service_that_leaves_the_bad_line_loses_no_more():
    """north goes round by the south when hub-north is cut, and comes back."""
    env, plant, sessions = plant_and_sessions()
    plant.hold([("lossy", ("hub-north", 1000))])
    env.run(until=100 * S)
    plant.fail("hub-north")
    env.run(until=Q)
    found = sessions.close(0, Q)["svc-north"][0]
    assert found.sent == 900
    assert found.lost == 100 + 3  # and three seconds until routing had converged


def test_neither_another_service_nor_another_period_moves_the_luck_of_one():
    def lost(*links, begins_ms=0):
        env, plant, sessions = plant_and_sessions(7)
        plant.hold([("lossy", (link, 50)) for link in links])
        env.run(until=begins_ms + Q)
        return sessions.close(begins_ms, begins_ms + Q)["svc-port"]

    assert lost("east-port") == lost("east-port", "farm-north", "hub-south")
    assert lost("east-port") != lost("east-port", begins_ms=Q)
    assert lost("east-port")[0] != lost("east-port")[1]
