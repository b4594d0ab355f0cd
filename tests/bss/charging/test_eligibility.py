"""Who may buy a bundle, when it is bought: the terms of the catalogue, against what the line has then."""

import pytest

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.rules import RuleSet
from tests.bss.charging.prepaid_shop import NOON, PRICES, ask

DAY_MS = 86_400_000


def door(terms, *, is_prepaid=True):
    """A shop whose day of data has these terms; one line with money."""
    text = PRICES.replace("        one_time_fee: 10\n", f"        one_time_fee: 10\n        {terms}\n", 1)
    assert terms in text
    found = Charging(RuleSet(read_catalogue(text, "shop")), [Line("a", "w", "payg", is_prepaid)])
    if is_prepaid:
        ask(found, ("topup", NOON - 1, 100))
    return found


@pytest.mark.parametrize(
    ("terms", "is_prepaid", "reason"),
    [
        ("requires: {offerings: [payg]}", True, ""),
        ("requires: {offerings: [monthly]}", True, "not_eligible"),
        ("requires: {payment: prepaid}", True, ""),
        ("requires: {payment: postpaid}", True, "not_eligible"),
        ("requires: {payment: prepaid}", False, "not_eligible"),
        ("requires: {payment: postpaid}", False, "on_credit"),
        ("excludes: [payg]", True, "not_eligible"),
    ],
)
def test_terms_are_held_against_what_the_line_has_and_how_it_pays(terms, is_prepaid, reason):
    (answer,) = ask(door(terms, is_prepaid=is_prepaid), ("purchase", NOON, "data-day"))
    assert (answer["reason"], answer["outcome"]) == (reason, "refused" if reason == "not_eligible" else "full")


def test_a_bundle_that_needs_another_is_sold_while_that_lasts_and_costs_nothing_when_refused():
    shop = door("requires: {offerings: [talk]}")
    before, talk, within, after = ask(
        shop, ("purchase", NOON, "data-day"), ("purchase", NOON + 1, "talk"), ("purchase", NOON + 2, "data-day"),
        ("purchase", NOON + 1 + DAY_MS, "data-day"),
    )  # fmt: skip
    assert [a["reason"] for a in (before, talk, within, after)] == ["not_eligible", "", "", "not_eligible"]
    assert shop.balances()["balance_micros"].item() == (100 - 20 - 10) * 1_000_000


def test_a_bundle_is_not_sold_beside_one_that_it_excludes_until_that_has_ended():
    shop = door("excludes: [talk]")
    _, beside, later = ask(
        shop, ("purchase", NOON, "talk"), ("purchase", NOON + 1, "data-day"), ("purchase", NOON + DAY_MS, "data-day")
    )  # fmt: skip
    assert (beside["reason"], later["reason"]) == ("not_eligible", "")
