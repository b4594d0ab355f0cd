"""The quick charge against the clear one: where it answers it says the same."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.charge import Terms, charge
from ossbss.bss.revenue.charging.quick import Flat, quick_charge, rounded
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.contract.units import NEVER_MS, Rounding, round_exact
from tests.bss.charging.prepaid_shop import DAY, KB, MINUTE, PRICES, at

DEARER = """
      - valid_from: 2024-05-02T03:00:00+03:00
        usage: {voice: {price: 4, pulse: 6 s}, data: {price: 3, pulse: 1, priced_at: start}, sms: {price: 1.25, pulse: 1}}
  - id: data-day
"""
RULES = RuleSet(read_catalogue(PRICES.replace("\n  - id: data-day\n", DEARER), "with a dearer version"))
MODES = ("half_up", "half_even", "up", "down", "ceiling", "floor")
NIGHT = at("00:00", day=2)
balances = st.lists(
    st.builds(
        Money, st.sampled_from(["one", "two", "three"]), st.integers(-10, 3000).map(lambda cents: cents * 10_000), st.integers(0, 1),
        st.booleans(), st.sampled_from([None, ("2547",)]), st.booleans(), st.sampled_from([frozenset(), frozenset({"abroad"})]),
        st.booleans(), st.just(0), st.sampled_from([NEVER_MS, NIGHT, NIGHT + 3 * MINUTE]),
    ),
    max_size=3, unique_by=lambda balance: balance.id,
)  # fmt: skip


@st.composite
def owned(draw) -> list[Bucket]:
    rows = draw(st.lists(st.tuples(
        st.integers(0, 4), st.sampled_from([1, 100 * KB, MINUTE]), st.integers(0, 1), st.integers(-30, 30),
        st.integers(1, 2000), st.sampled_from([None, frozenset({"on_net"})]), st.sampled_from([0, 5000]),
    ), max_size=3))  # fmt: skip
    return [
        Bucket(f"b{no}", left * MINUTE * 10, pulse, priority, fee, NIGHT + opens * MINUTE, NIGHT + (opens + lasts) * MINUTE,
               no, zones=zones)
        for no, (left, pulse, priority, opens, lasts, zones, fee) in enumerate(rows)
    ]  # fmt: skip


requests = st.builds(
    Request, st.integers(-40, 400).map(lambda minutes: NIGHT + minutes * MINUTE), st.sampled_from(["voice", "sms", "data"]),
    st.integers(0, 2_000_000), st.sampled_from(["on_net", "abroad", None]), st.sampled_from(["2547", "1"]), st.booleans(),
)  # fmt: skip
terms = st.builds(Terms, st.booleans(), st.booleans(), st.booleans())
roundings = st.builds(Rounding, st.just("charge"), st.sampled_from(MODES), st.sampled_from([1, 7, 10_000, 1_000_000]))


@given(requests, owned(), balances, roundings, terms)
def test_where_it_answers_it_says_what_the_clear_one_says(request, buckets, money, rounding, how):
    plan = RULES.plan("payg", request.usage_class, request.zone)
    quick = quick_charge(plan, request, buckets, money, rounding, how)
    if quick is not None:
        assert quick == replace(charge(plan, request, buckets, money, rounding, how), priced=())


@pytest.mark.parametrize("zone", ["on_net", "abroad"])
@pytest.mark.parametrize("cents", [0, 99, 100, 3100, 6200, 100_000])
def test_it_answers_what_is_common(zone, cents):
    request = Request(NIGHT, "voice", 3 * MINUTE, zone)
    plan = RULES.plan("payg", "voice", zone)
    for buckets in ([], [Bucket("b", DAY, classes=frozenset({"voice"}))]):
        assert quick_charge(plan, request, buckets, [Money("m", cents * 10_000)], RULES_ROUNDING, Terms()) is not None


RULES_ROUNDING = RULES.catalogue.rounding.charge.at("charge")


@given(
    st.integers(0, 300), st.integers(1, 40), st.integers(1, 7), st.sampled_from(MODES), st.sampled_from([1, 5, 60]), st.integers(1, 200)
)
def test_the_most_pulses_that_a_limit_pays_are_those_that_counting_finds(limit, numerator, denominator, mode, step, pulses):
    flat, rounding = Flat(0, 1, 1, numerator, denominator), Rounding("charge", mode, step)
    costs = [round_exact(Fraction(n * numerator, denominator * step), mode) * step for n in range(pulses + 1)]
    if costs[pulses] > limit:
        found = flat.pulses_for(limit, pulses, rounding)
        assert found == max(n for n in range(pulses + 1) if costs[n] <= limit)


@given(st.integers(0, 10**12), st.integers(1, 10**6), st.sampled_from(MODES))
def test_fractions_are_rounded_as_the_contract_rounds_them(numerator, denominator, mode):
    assert rounded(numerator, denominator, mode) == round_exact(Fraction(numerator, denominator), mode)


@pytest.mark.parametrize("minutes", [-1, 179, 180, 299])
@pytest.mark.parametrize("usage_class", ["voice", "data"])
def test_across_a_border_of_windows_or_versions_it_says_the_same_or_nothing(minutes, usage_class):
    request = Request(NIGHT + minutes * MINUTE, usage_class, 3 * MINUTE, "on_net")
    plan, money = RULES.plan("payg", usage_class, "on_net"), [Money("m", 10**9)]
    quick = quick_charge(plan, request, [], money, RULES_ROUNDING, Terms())
    assert quick is None or quick == replace(charge(plan, request, [], money, RULES_ROUNDING, Terms()), priced=())
