"""Bonus airtime that the price list gives on a top-up: to whom and when, what it pays for, and when it is gone."""

from decimal import Decimal

import polars as pl
import pytest

from ossbss.bss.revenue.charging.balances import Money, Request, usable
from ossbss.bss.revenue.charging.books import charges, postings
from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA
from ossbss.contract.units import currency_units, micros
from tests.bss.charging.phone import Phone
from tests.bss.charging.prepaid_shop import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    ask,
    at,
    charging,
    giving,
    money,
    row,
)  # fmt: skip
from tests.bss.charging.steps import frame

HOURLY = giving("hour, percent: 100, valid: 1 h, buys_bundles: false")


def have(door) -> dict[str, int]:
    """What stands in each balance, in shillings."""
    return {name.split("/1")[0]: currency_units(micros) for name, micros in door.wallets["w"].values_micros.items()}


def lapses(door) -> list[tuple[int, int]]:
    rows = door.take_events().filter(kind="bonus_lapsed").select("at_ms", "amount_micros").rows()
    return [(at_ms, currency_units(amount)) for at_ms, amount in rows]


@pytest.mark.parametrize(
    ("promotion", "bonus"),
    [
        ("|", 5), ("| offerings: [payg]", 5), ("| offerings: [data-day, payg]", 5), ("| offerings: [data-day]", None),
        ("| valid_from: 2024-05-01", 5), ("| valid_from: 2024-05-02", None), ("| valid_until: 2024-05-01", None),
        (", least_top_up: 10 |", 5), (", least_top_up: 10.01 |", None), (", most: 4.99 |", "4.99"), (", most: 0 |", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("clock", ["00:00", "23:59:59"])
def test_it_is_given_to_the_lines_of_its_offerings_on_its_days_in_the_time_of_the_list(promotion, bonus, clock):
    door = charging(rules=giving(f"half, percent: 50 {promotion}"))
    answer = ask(door, ("topup", at(clock), 10))[0]
    assert door.wallets["w"].values_micros.get("bonus/half") == (None if bonus is None else micros(bonus))
    assert answer["amount_micros"] == answer["balance_micros"] == micros(10) + micros(bonus or 0)


@pytest.mark.parametrize(
    ("zone", "called", "pays"),
    [("on_net", "", "bonus"), ("abroad", "", "main"), (None, "2547", "bonus"), (None, "1", "main")],
)
def test_it_does_not_pay_for_the_zones_that_it_excludes_also_where_the_number_tells_the_zone(zone, called, pays):
    door = charging(rules=giving("half, percent: 50, excluded_zones: [abroad]"))
    asked = (1, "a", "usage", "voice", zone, called, NOON, MINUTE, None, None, None)
    door.grant(frame(row(0, "topup", NOON, 100), asked))
    assert have(door) == ({"main": 100, "bonus/half": 47} if pays == "bonus" else {"main": 69, "bonus/half": 50})


@pytest.mark.parametrize(("terms", "main", "bonus"), [("", 10, 0), ("buys_bundles: true,", 10, 0), ("buys_bundles: false,", 0, 10)])
def test_it_buys_bundles_unless_the_list_says_that_it_does_not(terms, main, bonus):
    door = charging(rules=giving(f"same, percent: 100, {terms} transferable: false"))
    ask(door, ("topup", NOON, 10), ("purchase", NOON, "data-day"))
    assert have(door) == {"main": main, "bonus/same": bonus}


def test_each_top_up_brings_its_own_that_ends_in_its_own_time_and_the_first_to_end_is_used_first():
    door = charging(rules=giving("week, percent: 50, valid: 7 days", "ever, percent: 100", "day, percent: 20, valid: 1 day"))
    ask(door, ("topup", NOON, 10), ("topup", NOON + HOUR, 20), ("voice", NOON + HOUR, MINUTE), ("sms", NOON + DAY, 1))
    assert lapses(door) == []
    assert money(door, f"bonus/day/{NOON + HOUR + DAY}") == micros("1.8")
    assert money(door, f"bonus/week/{NOON + 7 * DAY}") == micros(5)
    door.look_after(NOON + 30 * DAY)
    assert lapses(door) == [(NOON + HOUR + DAY, Decimal("1.8")), (NOON + 7 * DAY, 5), (NOON + HOUR + 7 * DAY, 10)]
    assert have(door) == {"main": 30, "bonus/ever": 30}


@pytest.mark.parametrize(("after_ms", "main"), [(HOUR - 1, 10), (HOUR, 7)])
def test_it_is_gone_at_the_instant_of_its_end(after_ms, main):
    door = charging(rules=HOURLY)
    ask(door, ("topup", NOON, 10), ("voice", NOON + after_ms, MINUTE))
    assert have(door)["main"] == main


@pytest.mark.parametrize(("start_ms", "payers"), [(NOON - 1, ["ends", "main"]), (NOON, ["main"])])
def test_of_a_wallet_that_nobody_has_looked_after_yet_it_pays_for_what_begins_before_its_end(start_ms, payers):
    balances = [Money("main", 5), Money("ends", 5, expires_ms=NOON)]
    assert [balance.id for balance in usable(balances, Request(start_ms, "voice", MINUTE))] == payers


def test_that_it_is_about_to_end_is_told_once():
    door = charging(rules=giving("week, percent: 50, valid: 7 days", "hours, percent: 10, valid: 2 h"))
    ask(door, ("topup", NOON, 10), ("topup", NOON + 6 * DAY + HOUR, 20))
    door.look_after(NOON + 7 * DAY)
    told = door.take_events().filter(kind="expiring").select("at_ms", "amount_micros").rows()
    assert told == [(NOON, micros(1)), (NOON + 6 * DAY, micros(5)), (NOON + 6 * DAY + HOUR, micros(2))]


def test_what_a_call_holds_at_the_end_pays_for_what_it_used_and_the_rest_lapses_when_it_is_given_back():
    door = charging(rules=HOURLY)
    ask(door, ("topup", NOON, 10))
    call = Phone(door)
    grant = call.begin(NOON + 50 * MINUTE, 5 * MINUTE)
    assert (grant.granted, grant.until_ms) == (5 * MINUTE, NOON + HOUR)
    door.look_after(NOON + 61 * MINUTE)
    assert (lapses(door), door.balances().rows()) == ([], [("w", micros(20), micros(15), 0)])
    assert call.end(NOON + 62 * MINUTE, 2 * MINUTE).charged_micros == micros(6)
    assert (have(door), lapses(door)) == ({"main": 10}, [(NOON + 62 * MINUTE, 4)])


def test_a_call_that_goes_on_after_the_end_goes_on_out_of_other_money():
    door = charging(rules=HOURLY)
    ask(door, ("topup", NOON, 10))
    call = Phone(door)
    call.begin(NOON + 57 * MINUTE, 3 * MINUTE)
    grant = call.report(NOON + HOUR, 3 * MINUTE, 5 * MINUTE)
    assert (grant.granted, grant.final, lapses(door)) == (3 * MINUTE, True, [(NOON + HOUR, 1)])
    assert grant.until_ms == NOON + 2 * HOUR
    assert call.end(NOON + 63 * MINUTE, 3 * MINUTE).charged_micros == micros(18)
    assert have(door) == {"main": 1}


def test_of_what_lapses_while_two_calls_hold_it_each_gives_back_its_own():
    door = charging(rules=HOURLY)
    ask(door, ("topup", NOON, 30))
    calls = [Phone(door, name=name) for name in ("x", "y")]
    for call in calls:
        call.begin(NOON + 58 * MINUTE, 3 * MINUTE)
    door.look_after(NOON + HOUR)
    assert lapses(door) == [(NOON + HOUR, 12)]
    for minutes, call in enumerate(calls, 1):
        call.end(NOON + 62 * MINUTE, minutes * MINUTE)
    assert (have(door), lapses(door)) == ({"main": 30}, [(NOON + 62 * MINUTE, 6), (NOON + 62 * MINUTE, 3)])


def test_a_bundle_bought_in_a_call_ends_nothing_that_the_call_held_and_used_before_its_end():
    """Three minutes before the bundle and seven after it, in which its ten do not suffice, are paid by the bonus."""
    door = charging(rules=HOURLY)
    ask(door, ("topup", NOON, 60))
    call = Phone(door)
    call.begin(NOON + 40 * MINUTE, 20 * MINUTE)
    ask(door, ("purchase", NOON + 43 * MINUTE, "talk"), first_id=5)
    assert call.end(NOON + 61 * MINUTE, 20 * MINUTE).charged_micros == micros(30)
    assert (have(door), lapses(door)) == ({"main": 40}, [(NOON + 61 * MINUTE, 30)])


def test_usage_that_comes_late_finds_no_bonus_that_has_lapsed():
    door = charging(rules=HOURLY)
    ask(door, ("topup", NOON, 10))
    door.look_after(NOON + HOUR)
    door.charge_later(frame(row(7, "voice", NOON + 1, MINUTE)))
    assert have(door) == {"main": 7}


def test_the_books_take_what_has_lapsed_off_what_was_given():
    door = charging(rules=HOURLY)
    asked = pl.DataFrame(
        [row(0, "topup", NOON, 10), row(1, "voice", NOON, MINUTE), row(2, "sms", NOON + HOUR, 1)],
        schema=CHARGING_REQUESTS_SCHEMA, orient="row",
    )  # fmt: skip
    answers, events = door.grant(asked), door.take_events()
    posted = postings(charges(asked, answers, events, {"a": "w"}, "one"), events, "one")
    assert {account: str(currency_units(amount)) for account, _, amount, _ in posted.rows()} == {
        "cash": "10", "revenue:top_up_bonus": "3", "revenue:usage:voice": "-3", "revenue:usage:sms": "-1.2",
        "prepaid_liability": "-8.8",
    }  # fmt: skip
    assert door.balances().rows() == [("w", micros("8.8"), 0, 0)]
