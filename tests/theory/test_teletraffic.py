"""Loss and waiting systems that are simulated call by call agree with Erlang, Kaufman and Roberts.

Poisson arrivals go through the world's own admission and queue, in whole milliseconds; a mean call lasts
1,000,000 ms, so that rounding moves nothing. Every seed starts empty, and what arrives during
the first WARM_UP mean holding times is not counted: by then an empty start is forgotten.
"""

from functools import partial

import numpy as np
import pytest

from sim.world.management.servers import Servers
from sim.world.network.traffic.admission import admit
from sim.world.network.traffic.blocking import erlang_b, kaufman_roberts
from sim.world.streams import Streams
from tests.theory.estimates import check, over_seeds

MEAN_MS = 1_000_000
WARM_UP = 40
SEEDS, FEW_SEEDS = 40, 10
NARROW, WIDE = 0.01, 0.10
CALL_SIGMA = 0.99
"""Of the lognormal law of calls in sim/world/people/habits.py."""

# (erlangs, channels): blocking, arrivals of a seed for ±1 %
ERLANG = {
    (1, 2): (0.2, 50_000),
    (5, 10): (0.018385, 600_000),
    (10, 10): (0.214582, 80_000),
    (10, 15): (0.036497, 500_000),
    (20, 30): (0.008457, 4_000_000),
    (100, 117): (0.009790, 4_000_000),
}
# capacity, erlangs, slots: blocking of each class, arrivals of a seed for ±1 %
SEVERAL = {
    (4, (1, 1), (1, 2)): ((0.182482, 0.386861), 400_000),
    (100, (30, 10, 3), (1, 3, 10)): ((0.022230, 0.068619, 0.247689), 2_500_000),
}
WAITING = {"arrivals_per_hold": 8, "servers": 10, "waits": 0.409180, "mean_wait": 0.204590, "arrivals": 2_000_000}


def holds(law: str, rng: np.random.Generator, count: int) -> np.ndarray:
    """Lengths of mean MEAN_MS."""
    if law == "constant":
        return np.full(count, MEAN_MS, dtype=np.int64)
    if law == "lognormal":
        drawn = rng.lognormal(np.log(MEAN_MS) - CALL_SIGMA**2 / 2, CALL_SIGMA, count)
    else:
        drawn = rng.exponential(MEAN_MS, count)
    return np.rint(drawn).astype(np.int64)


def arrivals_ms(erlangs: float, rng: np.random.Generator, count: int) -> np.ndarray:
    return np.floor(rng.exponential(MEAN_MS / erlangs, count).cumsum()).astype(np.int64)


def blocked(capacity: int, erlangs: tuple, slots: tuple, law: str, arrivals: int, seed: int) -> np.ndarray:
    """Share of each class's calls that one seed blocks."""
    rng = Streams(seed).get(f"theory/{capacity}/{erlangs}/{slots}/{law}")
    start_ms = arrivals_ms(sum(erlangs), rng, arrivals)
    kind = rng.choice(len(erlangs), arrivals, p=np.array(erlangs) / sum(erlangs)) if len(erlangs) > 1 else 0
    kind = np.broadcast_to(kind, arrivals)
    size = np.array(slots, dtype=np.int64)[kind]
    here = np.zeros(arrivals, dtype=np.int64)
    admitted, _ = admit(here, start_ms, holds(law, rng, arrivals), size, here + capacity)
    counted = start_ms >= WARM_UP * MEAN_MS
    return np.array([1 - admitted[counted & (kind == k)].mean() for k in range(len(erlangs))])


def waited(arrivals_per_hold: float, servers: int, arrivals: int, seed: int) -> np.ndarray:
    """(share that waits, mean wait in mean holding times) of one seed."""
    rng = Streams(seed).get(f"theory/waiting/{arrivals_per_hold}/{servers}")
    start_ms, work_ms = arrivals_ms(arrivals_per_hold, rng, arrivals), holds("exponential", rng, arrivals)
    take = Servers(servers).take
    wait_ms = np.fromiter(map(take, start_ms.tolist(), work_ms.tolist()), np.int64, arrivals) - start_ms
    counted = wait_ms[start_ms >= WARM_UP * MEAN_MS]
    return np.array([(counted > 0).mean(), counted.mean() / MEAN_MS])


@pytest.mark.parametrize(("erlangs", "channels"), ERLANG)
def test_erlangs_formula(erlangs, channels):
    assert erlang_b(erlangs, channels) == pytest.approx(ERLANG[erlangs, channels][0], abs=1e-6)
    assert kaufman_roberts([erlangs], [1], channels) == [pytest.approx(erlang_b(erlangs, channels), rel=1e-12)]


@pytest.mark.parametrize(("capacity", "erlangs", "slots"), SEVERAL)
def test_kaufman_and_roberts_formula(capacity, erlangs, slots):
    expected = SEVERAL[capacity, erlangs, slots][0]
    assert kaufman_roberts(erlangs, slots, capacity) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("law", ["exponential", "lognormal", "constant"])
@pytest.mark.parametrize(("erlangs", "channels"), [(1, 2), (10, 10), (10, 15)])
def test_a_simulated_trunk_blocks_as_erlang_says(erlangs, channels, law):
    value = ERLANG[erlangs, channels][0]
    found = over_seeds(partial(blocked, channels, (erlangs,), (1,), law, 20_000), FEW_SEEDS)
    check(f"Erlang B {erlangs} on {channels}, {law}", (value,), found, 3 * WIDE)


@pytest.mark.parametrize("law", ["exponential", "lognormal"])
def test_a_simulated_cell_of_several_rates_blocks_as_kaufman_and_roberts_say(law):
    values = SEVERAL[4, (1, 1), (1, 2)][0]
    found = over_seeds(partial(blocked, 4, (1, 1), (1, 2), law, 20_000), FEW_SEEDS)
    check(f"Kaufman-Roberts on 4, {law}", values, found, WIDE)


def test_a_simulated_queue_makes_wait_as_erlang_c_says():
    found = over_seeds(partial(waited, WAITING["arrivals_per_hold"], WAITING["servers"], 100_000), FEW_SEEDS)
    check("M/M/10", (WAITING["waits"], WAITING["mean_wait"]), found, 2 * WIDE)


TO_A_HUNDREDTH = [
    (*of, law) for of in ERLANG for law in ("exponential", "lognormal") if of != (100, 117) or law != "lognormal"
]
"""Every value, and all but the longest run for a second law too: the formula knows the mean only."""


@pytest.mark.slow
@pytest.mark.parametrize(("erlangs", "channels", "law"), TO_A_HUNDREDTH)
def test_a_simulated_trunk_blocks_as_erlang_says_to_a_hundredth(erlangs, channels, law):
    value, arrivals = ERLANG[erlangs, channels]
    found = over_seeds(partial(blocked, channels, (erlangs,), (1,), law, arrivals), SEEDS)
    check(f"Erlang B {erlangs} on {channels}, {law}", (value,), found, NARROW)


@pytest.mark.slow
@pytest.mark.parametrize(("capacity", "erlangs", "slots"), SEVERAL)
def test_simulated_cells_of_several_rates_block_as_kaufman_and_roberts_say_to_a_hundredth(capacity, erlangs, slots):
    values, arrivals = SEVERAL[capacity, erlangs, slots]
    found = over_seeds(partial(blocked, capacity, erlangs, slots, "exponential", arrivals), SEEDS)
    check(f"Kaufman-Roberts on {capacity}", values, found, NARROW)


@pytest.mark.slow
def test_a_simulated_queue_makes_wait_as_erlang_c_says_to_a_hundredth():
    values = (WAITING["waits"], WAITING["mean_wait"])
    found = over_seeds(partial(waited, WAITING["arrivals_per_hold"], WAITING["servers"], WAITING["arrivals"]), SEEDS)
    check("M/M/10", values, found, NARROW)
