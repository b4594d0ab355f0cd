"""What a promotion gives, and who may buy."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ossbss.bss.product.effective import instant_ms
from ossbss.bss.product.eligibility import Buyer, Requires, why_not
from ossbss.bss.product.promotions import Discount, Promotion, TopUpBonus, discounted
from ossbss.bss.product.shipped import find_catalogue
from ossbss.contract.units import NEVER_MS
from tests.bss.product.bazaar import catalogue


@pytest.mark.parametrize(("top_up", "bonus"), [(0, 0), (99_999_999, 0), (100_000_000, 50_000_000), (100_000_001, 50_000_000), (400_000_000, 200_000_000), (400_000_002, 200_000_000)])
def test_a_bonus_is_a_share_of_the_top_up_from_the_least_on_rounded_down_to_the_most(top_up, bonus):
    terms = TopUpBonus.model_validate({"percent": 50, "least_top_up": 100, "most": 200})
    assert terms.bonus_micros(top_up) == bonus


@pytest.mark.parametrize(("valid", "ends_ms"), [("forever", NEVER_MS), ("1 h", 3_600_005)])
def test_a_bonus_ends_so_long_after_its_top_up(valid, ends_ms):
    assert TopUpBonus.model_validate({"percent": 50, "valid": valid}).expires_ms(5) == ends_ms


def test_a_bonus_is_given_to_lines_of_its_offering_and_a_discount_is_none():
    found, on_a_day = catalogue(), instant_ms(date(2024, 5, 1), catalogue().zone)
    assert [name for name, _ in found.bonuses_at("plain", on_a_day)] == ["half-more"]
    assert list(found.bonuses_at("family", on_a_day)) == []
    assert list(found.discounts_at("plain", "recurring", on_a_day)) == []


def test_the_shipped_bonus_pays_neither_for_roaming_nor_abroad_and_cannot_be_sent_on():
    (promotion,) = find_catalogue("shillings-a").promotions
    bonus = promotion.top_up_bonus
    assert (bonus.percent, bonus.valid, bonus.transferable, bonus.buys_bundles) == (50, "forever", False, True)
    assert set(bonus.excluded_zones) == {"roaming", "international"}


def test_a_promotion_gives_one_thing():
    with pytest.raises(ValidationError, match="give percent, amount or top_up_bonus: one of them"):
        Promotion.model_validate({"id": "x", "title": {}})


@given(
    st.integers(0, 10**12),
    st.lists(st.one_of(st.fixed_dictionaries({"percent": st.integers(1, 100)}), st.fixed_dictionaries({"amount": st.integers(0, 10**6)})), max_size=4),
)
def test_discounts_take_what_is_left_and_never_more_than_the_charge(charge, ways):
    discounts = [Discount.model_validate({"id": str(n), **way}) for n, way in enumerate(ways)]
    left = Fraction(charge)
    for way, (name, saved) in zip(ways, discounted(Fraction(charge), discounts), strict=True):
        expected = left * way["percent"] / 100 if "percent" in way else min(left, way["amount"] * 10**6)
        assert saved == expected, name
        left -= saved
    assert 0 <= left <= charge


def test_a_discount_runs_until_its_day_and_on_its_kinds_only():
    found, zone = catalogue(), catalogue().zone
    ids = [
        [discount.id for discount in found.discounts_at("handset", kind, instant_ms(day, zone))]
        for kind, day in (("one_time", date(2020, 6, 30)), ("one_time", date(2020, 7, 1)), ("recurring", date(2020, 6, 30)))
    ]
    assert ids == [["early"], [], []]


REQUIRES = Requires(offerings=("payg", "plain"), payment="prepaid", segments=("residential",))


@pytest.mark.parametrize(
    ("buyer", "reasons"),
    [
        (Buyer(frozenset({"plain"}), "prepaid", "residential"), []),
        (Buyer(frozenset({"plain", "handset"}), "prepaid", "residential"), ["it cannot be held beside handset"]),
        (
            Buyer(frozenset(), "postpaid"),
            [
                "it needs payg or plain",
                "it is for prepaid lines; this one is postpaid",
                "it is for residential; this customer is of no segment",
            ],
        ),
    ],
)
def test_every_reason_why_a_line_may_not_buy(buyer, reasons):
    assert why_not(REQUIRES, ("handset",), buyer) == reasons


def test_anybody_may_buy_what_requires_nothing():
    assert why_not(Requires(), (), Buyer(frozenset(), "prepaid")) == []
