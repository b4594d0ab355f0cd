"""One billing line: its place in the period, discount, cap and minimum in this order, rounding."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.pricing.line import EXACT, LineRounding, Usage, line_of, priced, summed
from ossbss.bss.product.pricing.spend import SpendRules
from ossbss.contract.units import Rounding
from tests.bss.product.pricing.prices import MICROS, amounts, money, n, offer

ONE_EACH = "price: {model: per_unit, unit_price: 1}"
TIERED = "price: {model: graduated, tiers: [{up_to: 10, unit_price: 2, flat_fee: 5}, {up_to: 20, unit_price: 1}, {}]}"
VOLUME = "price: {model: volume, tiers: [{up_to: 10, unit_price: 2}, {unit_price: 1}]}"
PACKS = "price: {model: package, package_size: 10, package_price: 15}"
CENT = Rounding("charge", "half_up", 10_000)


def billed(text, quantity, position="only", previous=0, billed_before=0, rounding=EXACT):
    """The line of an offer, in the main unit."""
    given_offer = offer(text)
    usage = Usage(n(quantity), position, n(previous), n(billed_before) * MICROS)
    line = priced(given_offer.price, usage, given_offer.spend, rounding)
    return {
        "amount": money(line.amount),
        "gross": money(line.gross),
        "discount": money(line.pct_discount),
        "cap": money(line.cap_discount),
        "minimum": money(line.minimum_charge),
        "tiers": [money(amount) for amount in line.line_amounts],
    }


@pytest.mark.parametrize(
    ("text", "usage", "told"),
    [
        (ONE_EACH + "\nspend: {discount_pct: 25}", (80,), {"gross": 80, "discount": 20, "amount": 60}),
        (ONE_EACH + "\nspend: {discount_pct: 25, max_spend: 70}", (80,), {"amount": 60, "cap": 0}),
        (ONE_EACH + "\nspend: {discount_pct: 25, max_spend: 50}", (80,), {"amount": 50, "cap": 10, "tiers": [50]}),
        (ONE_EACH + "\nspend: {max_spend: 50}", (30, "middle", 40, 40), {"amount": 10, "cap": 20}),
        (ONE_EACH + "\nspend: {max_spend: 50}", (30, "last", 60, 60), {"amount": 0, "cap": 30, "tiers": []}),
        (ONE_EACH + "\nspend: {min_spend: 50}", (30, "first"), {"amount": 30, "minimum": 0}),
        (ONE_EACH + "\nspend: {min_spend: 50}", (5, "middle", 5, 5), {"amount": 5}),
        (ONE_EACH + "\nspend: {min_spend: 50}", (5, "last", 30, 30), {"amount": 20, "gross": 5, "minimum": 15}),
        (ONE_EACH + "\nspend: {min_spend: 50}", (5, "last", 60, 60), {"amount": 5}),
        (ONE_EACH + "\nspend: {min_spend: 50}", (0,), {"amount": 50, "tiers": []}),
        (ONE_EACH + "\nspend: {min_spend: 50, max_spend: 50}", (80,), {"amount": 50}),
        (TIERED, (0,), {"amount": 5, "tiers": [5]}),
        (TIERED, (4, "first"), {"amount": 13, "tiers": [13]}),
        (TIERED, (14, "middle", 4), {"amount": 20, "tiers": [12, 8]}),
        (TIERED, (10, "last", 18), {"amount": 2, "tiers": [2]}),
        (TIERED, (-3, "last", 12), {"amount": -4, "tiers": [-2, -2]}),
        (TIERED + "\nspend: {max_spend: 30}", (15,), {"amount": 30, "gross": 30, "cap": 0, "tiers": [25, 5]}),
        (TIERED + "\nspend: {max_spend: 27}", (15,), {"amount": 27, "gross": 30, "cap": 3, "tiers": [25, 2]}),
        (TIERED + "\nspend: {max_spend: 12}", (15,), {"amount": 12, "gross": 30, "cap": 18, "tiers": [12]}),
        (VOLUME, (8, "first"), {"amount": 0, "gross": 0, "tiers": []}),
        (VOLUME, (8, "last", 8), {"amount": 16, "tiers": [16]}),
        (PACKS, (5, "middle", 8), {"amount": 15}),
        (PACKS, (2, "middle", 8), {"amount": 0}),
        (PACKS + "\nspend: {min_spend: 20}", (0, "last"), {"amount": 20}),
    ],
)
def test_a_line(text, usage, told):
    found = billed(text, *usage)
    assert {name: found[name] for name in told} == {
        name: value if isinstance(value, list) else n(value) for name, value in told.items()
    }


def test_what_stands_before_the_first_line_is_of_no_account():
    assert billed(TIERED, 4, "first", previous=99)["amount"] == 13


@pytest.mark.parametrize(("quantity", "position", "previous"), [(-1, "only", 0), (-3, "last", 2), (5, "middle", -1)])
def test_less_than_nothing_has_no_price(quantity, position, previous):
    with pytest.raises(ValueError, match="it must be 0 or more"):
        Usage(n(quantity), position, n(previous))


def test_parts_are_rounded_before_the_rules_and_the_line_after_them():
    text = "price: {model: cost_plus, multiplier: 1.33333}\nspend: {max_spend: 100}"
    usage = Usage(n(50) * MICROS, "middle", n(70) * MICROS, n("93.33") * MICROS)
    given_offer = offer(text)
    line = priced(given_offer.price, usage, given_offer.spend, LineRounding(part=CENT))
    assert (money(line.gross), money(line.cap_discount), money(line.amount)) == (n("66.67"), 60, n("6.67"))
    third = billed(ONE_EACH + "\nspend: {discount_pct: 33}", "0.5", rounding=LineRounding(line=CENT))
    assert (third["gross"], third["amount"]) == (n("0.5"), n("0.34"))


def test_quantities_are_converted_and_freed_before_they_are_priced():
    to_megabytes = offer("rule: {rule: unit_conversion, op: divide, factor: 1000, rounding: ceiling}").rule
    free = offer("rule: {rule: free_quantity, free_quantity: 3}").rule
    usage = Usage(n(1300), "last", n(1400)).through(to_megabytes).through(free)
    assert (usage.previous, usage.quantity, usage.position) == (0, 1, "last")


def test_units_of_measure_make_one_line_together():
    lines = [line_of([n(3), n(0)], Usage(n(0))), line_of([n(4)], Usage(n(0)), SpendRules(discount_pct=50))]
    whole = summed(lines)
    assert (whole.amount, whole.gross, whole.pct_discount, whole.line_amounts) == (5, 7, 2, (3, 2))
    assert summed([]).amount == 0


def test_the_sum_of_lines_is_exact():
    lines = [line_of([n("0.1") * MICROS], Usage(n(0))) for _ in range(3)]
    assert summed(lines).amount == n("0.3") * MICROS


RULES = st.builds(
    lambda pct, least, room: SpendRules(discount_pct=pct, min_spend=least, max_spend=least + room),
    st.integers(0, 100), st.integers(0, 40), st.integers(0, 40),
)  # fmt: skip
PERIOD = st.lists(amounts(30), min_size=2, max_size=5)


def period(quantities, rules):
    model, before, due = offer(TIERED).price, Fraction(0), Fraction(0)
    positions = ["first", *["middle"] * (len(quantities) - 2), "last"]
    for quantity, position in zip(quantities, positions, strict=True):
        line = priced(model, Usage(quantity, position, before, due), rules)
        before, due = before + quantity, due + line.amount
        yield line


@given(PERIOD, RULES)
def test_a_period_never_comes_to_more_than_its_cap_nor_to_less_than_its_minimum(quantities, rules):
    lines, so_far = list(period(quantities, rules)), Fraction(0)
    for line in lines:
        so_far += line.amount
        assert so_far <= rules.max_spend
    assert so_far >= rules.min_spend


@given(PERIOD, RULES)
def test_the_minimum_is_added_by_the_last_line_alone(quantities, rules):
    assert all(line.minimum_charge == 0 for line in list(period(quantities, rules))[:-1])


@given(PERIOD, RULES)
def test_every_line_adds_up(quantities, rules):
    for line in period(quantities, rules):
        assert line.gross - line.pct_discount - line.cap_discount + line.minimum_charge == line.amount
        assert sum(line.line_amounts) + line.minimum_charge == line.amount
        assert min(line.pct_discount, line.cap_discount, line.minimum_charge) >= 0


@given(amounts(200), st.integers(0, 100), st.integers(0, 100))
def test_the_discount_is_taken_of_the_whole_before_the_cap(quantity, pct, most):
    line = priced(offer(ONE_EACH).price, Usage(quantity), SpendRules(discount_pct=pct, max_spend=most))
    assert money(line.pct_discount) == quantity * pct / 100
    assert money(line.amount) == min(quantity - quantity * pct / 100, most)
