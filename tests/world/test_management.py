"""The transport of management messages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.world.management.transport import TransportPolicy, arrivals

SENT_MS = 1_715_022_000_123
MILLI = st.integers(0, 1000)


def _rng(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


@pytest.mark.parametrize(
    ("policy", "copies", "least_ms", "most_ms"),
    [
        (TransportPolicy(1000, 1000, 1000, 10, 100), 0, 0, 0),
        (TransportPolicy(0, 0, 0, 0, 0), 1, 0, 0),
        (TransportPolicy(0, 0, 0, 10, 0), 1, 0, 10),
        (TransportPolicy(0, 1000, 0, 10, 100), 2, 0, 10),
        (TransportPolicy(0, 1000, 1000, 10, 13), 2, 11, 13),
    ],
)
def test_certain_fates(policy: TransportPolicy, copies: int, least_ms: int, most_ms: int) -> None:
    rng = _rng()
    found = [arrivals(policy, rng, SENT_MS) for _ in range(300)]
    assert {len(times) for times in found} == {copies}
    delays = {time - SENT_MS for times in found for time in times}
    assert not delays or (min(delays), max(delays)) == (least_ms, most_ms)


def test_chances_are_thousandths() -> None:
    rng, policy = _rng(), TransportPolicy(100, 200, 300, 10, 100)
    found = [arrivals(policy, rng, 0) for _ in range(20_000)]
    copies = [time for times in found for time in times]
    assert sum(not times for times in found) == pytest.approx(2_000, abs=200)
    assert sum(len(times) == 2 for times in found) == pytest.approx(3_600, abs=250)
    assert sum(time > 10 for time in copies) / len(copies) == pytest.approx(0.3, abs=0.02)


@given(st.tuples(MILLI, MILLI, MILLI), st.integers(0, 50), st.integers(1, 50), st.integers(0, 99))
def test_fate_of_one_message_leaves_the_luck_of_the_next(
    chances_milli: tuple[int, int, int], delay_ms: int, more_ms: int, seed: int
) -> None:
    rng, calm = _rng(seed), _rng(seed)
    times = arrivals(TransportPolicy(*chances_milli, delay_ms, delay_ms + more_ms), rng, SENT_MS)
    arrivals(TransportPolicy(0, 0, 0, 0, 0), calm, SENT_MS)
    assert rng.random() == calm.random()
    assert list(times) == sorted(times)
    assert all(SENT_MS <= time <= SENT_MS + delay_ms + more_ms for time in times)


@pytest.mark.parametrize("figures", [(1001, 0, 0, 0, 0), (0, -1, 0, 0, 0), (0, 0, 1, 5, 5), (0, 0, 0, -1, 0)])
def test_impossible_figures_are_refused(figures: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="_m"):
        TransportPolicy(*figures)
