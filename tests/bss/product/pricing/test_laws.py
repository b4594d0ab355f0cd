"""What holds for every price, whatever its figures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.pricing.cost_plus import CostPlus
from ossbss.bss.product.pricing.graduated import Graduated
from ossbss.bss.product.pricing.graduated_blocks import GraduatedBlocks
from ossbss.bss.product.pricing.increments import billed, to_multiple
from ossbss.bss.product.pricing.line import Usage, priced, summed
from ossbss.bss.product.pricing.package import Package
from ossbss.bss.product.pricing.per_unit import PerUnit
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.volume import Volume
from ossbss.bss.product.pricing.volume_blocks import VolumeBlocks
from tests.bss.product.pricing.prices import MICROS, amounts, blocks, n, tiers, total

PRICES = st.one_of(
    st.builds(PerUnit, unit_price=st.integers(0, 99), interval=st.sampled_from(["0.5", "3", None])),
    st.builds(Package, package_size=st.integers(1, 9), package_price=st.integers(0, 99), free_units=st.integers(0, 9)),
    tiers().map(lambda written: Graduated(tiers=written)),
    tiers().map(lambda written: Volume(tiers=written)),
    blocks().map(lambda written: GraduatedBlocks(tiers=written)),
    blocks().map(lambda written: VolumeBlocks(tiers=written)),
    st.builds(CostPlus, multiplier=st.integers(0, 3)),
)
QUANTITIES = st.lists(amounts(30), min_size=2, max_size=6)


def lines_of(model, quantities):
    """The lines of one period, one after the other."""
    positions = ["first", *["middle"] * (len(quantities) - 2), "last"]
    before = Fraction(0)
    for quantity, position in zip(quantities, positions, strict=True):
        yield priced(model, Usage(quantity, position, before))
        before += quantity


@given(PRICES, QUANTITIES)
def test_the_lines_of_a_period_come_to_the_price_of_the_whole(model, quantities):
    lines = list(lines_of(model, quantities))
    assert summed(lines).amount == sum(model.parts(sum(quantities)))


@given(PRICES, amounts(99))
def test_a_line_is_made_of_its_tiers(model, quantity):
    line = priced(model, Usage(quantity))
    assert sum(line.line_amounts) == line.amount == line.gross >= 0


@given(st.one_of(tiers().map(lambda w: Volume(tiers=w)), blocks().map(lambda w: VolumeBlocks(tiers=w))), QUANTITIES)
def test_volume_charges_nothing_before_its_period_closes(model, quantities):
    assert all(line.amount == 0 for line in list(lines_of(model, quantities))[:-1])


RISING = st.one_of(
    st.builds(Package, package_size=st.integers(1, 9), package_price=st.integers(0, 99), free_units=st.integers(0, 9)),
    st.builds(PerUnit, unit_price=st.integers(0, 99), interval=st.sampled_from(["0.5", "3", None])),
    tiers().map(lambda written: Graduated(tiers=written)),
    blocks().map(lambda written: GraduatedBlocks(tiers=written)),
)


@given(RISING, amounts(), amounts())
def test_more_never_costs_less(model, quantity, more):
    assert sum(model.parts(quantity + more)) >= sum(model.parts(quantity))


@given(tiers(fees=False), amounts(), st.integers(1, 10**9))
def test_graduated_without_flat_fees_does_not_jump(written, quantity, parts):
    step = Fraction(1, parts)
    model, dearest = Graduated(tiers=written), max(n(tier["unit_price"]) for tier in written)
    assert total(model.parts(quantity + step)) - total(model.parts(quantity)) <= dearest * step


@given(st.integers(1, 50), st.integers(2, 50), st.integers(1, 49))
def test_a_cheaper_tier_of_volume_is_a_cliff(bound, price, rebate):
    """From the bound on all units are cheaper: a hair more costs less."""
    cheaper = max(0, price - rebate)
    model = Volume(tiers=[{"up_to": bound, "unit_price": price}, {"unit_price": cheaper}])
    at, above = total(model.parts(n(bound))), total(model.parts(n(bound) + Fraction(1, 10**9)))
    assert above < at
    assert at - above == pytest.approx((price - cheaper) * bound, abs=1e-6)


@given(tiers(fees=False))
def test_with_rising_prices_volume_is_never_below_graduated(written):
    rising = sorted(tier["unit_price"] for tier in written)
    sorted_tiers = [{**tier, "unit_price": price} for tier, price in zip(written, rising, strict=True)]
    for quantity in range(0, 60, 7):
        assert sum(Volume(tiers=sorted_tiers).parts(n(quantity))) >= sum(
            Graduated(tiers=sorted_tiers).parts(n(quantity))
        )


@given(blocks(), amounts(99))
def test_blocks_cost_at_least_what_their_units_would(written, quantity):
    cheapest = min(n(tier["block_price"]) / tier["block"] for tier in written)
    assert total(GraduatedBlocks(tiers=written).parts(quantity)) >= cheapest * quantity
    assert total(VolumeBlocks(tiers=written).parts(quantity)) >= cheapest * quantity


@given(blocks(most=1), amounts(99))
def test_one_tier_of_blocks_is_a_package(written, quantity):
    model = Package(package_size=written[0]["block"], package_price=written[0]["block_price"])
    assert GraduatedBlocks(tiers=written).parts(quantity) == model.parts(quantity)
    assert VolumeBlocks(tiers=written).parts(quantity) == model.parts(quantity)


EVENTS = st.lists(amounts(500).map(lambda amount: amount * MICROS), max_size=8)


@given(EVENTS, st.integers(0, 1000), st.integers(0, 9), st.integers(0, 5), st.integers(5, 9))
def test_the_fee_of_an_event_lies_between_its_least_and_its_most(events, rate, fixed, least, most):
    model = Percentage(rate_pct=rate, fixed_per_event=fixed, min_per_event=least, max_per_event=most)
    for amount, fee in zip(events, model.parts(events), strict=True):
        assert least * MICROS <= fee <= most * MICROS if amount else fee == 0


@given(EVENTS, st.integers(1, 5), st.integers(1, 900))
def test_a_free_quota_is_worth_at_most_its_smaller_limit(events, free_events, free_total):
    """At 100 % without a fixed fee, what is not charged is what was free."""
    both = Percentage(rate_pct=100, free_events=free_events, free_total=free_total)
    free = sum(events) - sum(both.parts(events))
    assert free == min(sum(events[:free_events]), free_total * MICROS)


@given(EVENTS, st.integers(0, 100))
def test_without_quota_and_fixed_fee_only_the_sum_counts(events, rate):
    assert sum(Percentage(rate_pct=rate).parts(events)) == sum(events) * rate / 100


@given(amounts(10_000), amounts(100).filter(bool))
def test_an_increment_is_begun_before_it_is_billed(quantity, increment):
    found = billed(quantity, increment)
    assert found % increment == 0
    assert quantity <= found < quantity + increment


@given(st.integers(-(10**6), 10**6), st.sampled_from(["up", "down", "half_up", "half_even", "ceiling", "floor"]))
def test_a_value_at_its_precision_does_not_move(cents, mode):
    assert to_multiple(Fraction(cents, 100), Fraction(1, 100), mode) == Fraction(cents, 100)


@pytest.mark.parametrize(
    ("value", "step", "mode", "found"),
    [
        ("3.14", "0.1", "up", "3.2"), ("-3.14", "0.1", "up", "-3.2"), ("-3.19", "0.1", "down", "-3.1"),
        ("2.345", "0.01", "half_up", "2.35"), ("-2.345", "0.01", "half_up", "-2.35"), ("0.07", "0.01", "up", "0.07"),
        ("-3.14", "0.1", "ceiling", "-3.1"), ("-3.14", "0.1", "floor", "-3.2"), ("14.9", "10", "half_up", "10"),
        ("15", "10", "half_up", "20"), ("1.00000001", "1", "up", "2"),
    ],
)  # fmt: skip
def test_rounding_to_a_multiple(value, step, mode, found):
    assert to_multiple(n(value), n(step), mode) == n(found)


@pytest.mark.parametrize("step", ["0", "-1"])
def test_nothing_is_a_multiple_of_nothing(step):
    with pytest.raises(ValueError, match="give a number above 0"):
        billed(n(5), n(step))
