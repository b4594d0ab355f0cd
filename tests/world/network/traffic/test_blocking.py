"""Formulas of loss systems at their edges, against sums in fractions, and against a Markov chain."""

from fractions import Fraction
from itertools import product
from math import factorial

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.traffic.blocking import channels_for, erlang_b, kaufman_roberts

generated = settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=100)


@generated
@given(st.fractions(Fraction(1, 100), 60, max_denominator=100), st.integers(0, 60))
def test_erlang_b_is_the_last_term_over_the_sum(erlangs, channels):
    terms = [erlangs**n / factorial(n) for n in range(channels + 1)]
    assert erlang_b(float(erlangs), channels) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)


@generated
@given(st.floats(0.01, 300), st.floats(1e-6, 1))
def test_no_fewer_channels_would_do(erlangs, blocking):
    channels = channels_for(erlangs, blocking)
    assert erlang_b(erlangs, channels) <= blocking
    assert channels == 0 or erlang_b(erlangs, channels - 1) > blocking


def test_nothing_offered_and_nothing_to_offer_it_to():
    assert (erlang_b(0, 5), erlang_b(3, 0), channels_for(0, 0.01), channels_for(7, 1)) == (0, 1, 1, 0)
    assert kaufman_roberts([0, 0], [1, 2], 3) == [0, 0]
    assert kaufman_roberts([1], [5], 4) == [1]
    assert kaufman_roberts([], [], 4) == []


def test_a_hundred_thousand_channels_at_full_load_block_as_the_normal_limit_says():
    """B → sqrt(2/(π N)) at A = N (Jagerman 1974): no overflow, no underflow on the way."""
    for channels in (10_000, 100_000):
        assert erlang_b(channels, channels) == pytest.approx((2 / (np.pi * channels)) ** 0.5, rel=0.01)
    assert kaufman_roberts([2_000, 1_000], [1, 2], 4_000)[0] > 0


@generated
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 4)), min_size=1, max_size=3), st.integers(0, 9))
def test_kaufman_and_roberts_sum_what_the_product_form_says(classes, capacity):
    """All states by hand: π(n) ∝ Π aⁿ/n! over what fits; a call is blocked where too few slots are free."""
    offered, slots = [Fraction(a, 10) for a, _ in classes], [b for _, b in classes]
    weights = {}
    for calls in product(*(range(capacity // b + 1) for b in slots)):
        taken = sum(n * b for n, b in zip(calls, slots, strict=True))
        if taken <= capacity:
            weight = Fraction(1)
            for n, a in zip(calls, offered, strict=True):
                weight *= a**n / factorial(n)
            weights[taken] = weights.get(taken, 0) + weight
    expected = [sum(w for t, w in weights.items() if t + b > capacity) / sum(weights.values()) for b in slots]
    found = kaufman_roberts([float(a) for a in offered], slots, capacity)
    assert found == pytest.approx([float(share) for share in expected], rel=1e-12)


def test_numbers_that_mean_nothing_are_refused():
    for wrong in ((-1, 2), (float("nan"), 2), (float("inf"), 2), (1, -1)):
        with pytest.raises(ValueError, match="give 0 or more"):
            erlang_b(*wrong)
    for blocking in (0, -0.1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="blocking"):
            channels_for(1, blocking)
    for offered, slots in (([1], [0]), ([1, 2], [1])):
        with pytest.raises(ValueError, match="slots"):
            kaufman_roberts(offered, slots, 5)
    with pytest.raises(ValueError, match="-2 erlangs"):
        kaufman_roberts([-2], [1], 5)
