"""What a link does at a load: by hand, at the limits, and against a simulated queue."""

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.management.servers import Servers
from sim.world.network.traffic.loading import (
    propagation_delay_ms,
    queueing_delay_ms,
    sending_delay_ms,
    utilisation,
)
from sim.world.streams import Streams

generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=200)
rates = st.floats(0, 1e13)


def test_ten_gigabits_on_a_line_of_eight():
    assert (utilisation(10e9, 8e9), utilisation(2e9, 8e9)) == (1, 0.25)
    assert queueing_delay_ms(10e9, 8e9, buffer_ms=30) == 30


def test_a_dead_line_is_full_and_an_idle_one_empty():
    assert utilisation(1, 0) == 1
    assert (utilisation(0, 0), utilisation(0, 5)) == (0, 0)
    assert queueing_delay_ms(0, 5e9) == 0
    assert sending_delay_ms(0) == np.inf


def test_links_are_asked_all_at_once():
    assert utilisation([1, 2, 4], 2).tolist() == [0.5, 1, 1]


def test_light_takes_five_milliseconds_from_nairobi_to_the_coast_and_back():
    assert 4.89 <= propagation_delay_ms(1_000) <= 4.90


def test_a_full_frame_on_a_gigabit_takes_twelve_microseconds():
    assert sending_delay_ms(1e9, packet_octets=1_500) == pytest.approx(0.012)


@generated
@given(st.lists(rates, min_size=2, max_size=5), st.floats(1, 1e13), st.floats(0, 3))
def test_more_traffic_never_waits_less_nor_longer_than_the_buffer(offered, capacity, variation):
    waits = queueing_delay_ms(sorted(offered), capacity, buffer_ms=7, packet_variation=variation)
    assert (np.diff(waits) >= -1e-12).all()
    assert ((waits >= 0) & (waits <= 7)).all()


@pytest.mark.parametrize(("variation", "laws"), [(1.0, "exponential"), (0.0, "constant")])
@pytest.mark.parametrize("load", [0.5, 0.8])
def test_packets_wait_as_a_simulated_line_makes_them_wait(variation, laws, load):
    """A packet lasts 10,000 units on the line; one server, Poisson arrivals."""
    rng, count, mean = Streams(1).get(f"loading/{laws}/{load}"), 200_000, 10_000
    arrivals = rng.exponential(mean / load, count).cumsum().astype(int).tolist()
    works = (rng.exponential(mean, count) if variation else np.full(count, mean)).round().astype(int).tolist()
    take = Servers(1).take
    waited = np.mean([take(a, w) - a for a, w in zip(arrivals, works, strict=True)]) / mean
    packet_ms = sending_delay_ms(1e9)
    expected = queueing_delay_ms(load * 1e9, 1e9, packet_variation=variation) / packet_ms
    assert expected == pytest.approx(waited, rel=0.08)
