"""Prices at the border of what sums in 64 bits, found by hand, and the sums that accepted prices give."""

from fractions import Fraction
from math import lcm

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.checks.limits import overflows
from ossbss.bss.product.pricing.usage_price import UsagePrice

MOST = 2**62
BORDERS = [
    # (class, pulse, the least price in currency units that is refused): largest × price × 10**6 reaches 2**62
    ("sms", 1, Fraction(MOST, 10**6 * 10**6)),
    ("voice", 60_000, Fraction(MOST, 31 * 24 * 60 * 10**6)),
    ("data", 2**50, Fraction(MOST * 10**6, 2**50 * 10**6)),
    ("content", 10**15, Fraction(MOST, 10**9 * 10**6)),
]


def price_of(price, pulse, **more):
    return UsagePrice.model_validate({"price": price, "pulse": pulse, **more})


@pytest.mark.parametrize(("usage_class", "pulse", "border"), BORDERS, ids=[row[0] for row in BORDERS])
def test_the_border_is_where_the_largest_record_reaches_two_to_the_62(usage_class, pulse, border):
    assert list(overflows(usage_class, price_of(int(border) + 1, pulse)))
    assert not list(overflows(usage_class, price_of(max(int(border) - 1, 0), pulse)))


@given(
    st.sampled_from([("voice", 31 * 86_400_000, 60_000), ("sms", 10**6, 1), ("data", 2**50, 10**6), ("content", 10**15, 10**6)]),
    st.lists(st.tuples(st.decimals(0, 10**9, places=7), st.integers(1, 10**6)), min_size=1, max_size=3),
)
def test_what_is_accepted_can_be_summed_and_what_is_refused_cannot(of_class, rows):
    usage_class, largest, unit = of_class
    bands = [{"from": n * 10**9, "price": price, "pulse": pulse} for n, (price, pulse) in enumerate(rows)]
    price = UsagePrice.model_validate({"rates": {"always": {"bands": bands}}})
    of_a_pulse = [Fraction(price_) * 10**6 * pulse / unit for price_, pulse in rows]
    common = lcm(*(cost.denominator for cost in of_a_pulse))
    sums = [(-(-largest // pulse)) * cost * common for (_, pulse), cost in zip(rows, of_a_pulse, strict=True)]
    refused = {mistake.place[3] for mistake in overflows(usage_class, price)}
    assert refused == {n for n, found in enumerate(sums) if found >= MOST}


@given(st.sampled_from(["per_unit", "graduated"]), st.integers(0, 10**7) | st.sampled_from([4_611_686, 4_611_687]))
def test_a_price_by_quantity_is_refused_where_the_largest_record_comes_to_too_much(model, price):
    tiers = {"unit_price": price} if model == "per_unit" else {"tiers": [{"unit_price": price}]}
    given_ = UsagePrice.model_validate({"by_quantity": {"model": model, **tiers}})
    assert bool(list(overflows("sms", given_))) == (price * 10**12 >= MOST)
