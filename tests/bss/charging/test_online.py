"""The online door: columns in, one answer for each request, and what comes late."""

import polars as pl
import pytest

from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.contract.charging import (
    CHARGING_EVENTS,
    CHARGING_GRANTS_SCHEMA,
    CHARGING_LATE_SCHEMA,
    CHARGING_REQUESTS_SCHEMA,
    UsageColumnsError,
)
from ossbss.contract.ports import OnlineCharging
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import DAY, HOUR, KB, MB, MINUTE, NOON, ask, charging, giving, money, row, told

HALF = giving(
    "half, percent: 50, least_top_up: 10, most: 20, excluded_zones: [abroad], buys_bundles: false"
    "| valid_from: 2024-05-01T12:00:00+03:00, valid_until: 2024-05-02T12:00:00+03:00"
)


def later(door, *rows: tuple) -> list[dict]:
    frame = pl.DataFrame([row(no, *each) for no, each in enumerate(rows)], schema=CHARGING_REQUESTS_SCHEMA, orient="row")
    answers = door.charge_later(frame)
    assert dict(answers.schema) == CHARGING_LATE_SCHEMA
    return answers.rows(named=True)


def test_it_is_the_door_of_the_contract_and_answers_in_its_columns():
    door: OnlineCharging = charging(10)
    requests = pl.DataFrame([row(7, "voice", NOON, MINUTE)], schema=CHARGING_REQUESTS_SCHEMA, orient="row")
    grants = door.grant(requests)
    assert dict(grants.schema) == CHARGING_GRANTS_SCHEMA
    assert grants.rows() == [(7, MINUTE, "full", "", micros(3), 0, micros(7))]
    assert dict(door.grant(requests.clear()).schema) == CHARGING_GRANTS_SCHEMA


def test_other_columns_are_a_broken_integration():
    with pytest.raises(UsageColumnsError, match=r"charging requests columns .*at_ms: expected Int64, found nothing"):
        charging().grant(pl.DataFrame({"request_id": [1]}))


def test_money_that_comes_in_the_hour_pays_for_what_comes_after_it():
    door = charging()
    answers = ask(door, ("voice", NOON + 2, MINUTE), ("topup", NOON + 1, 5), ("voice", NOON, MINUTE))
    assert [answer["outcome"] for answer in answers] == ["full", "full", "refused"]
    assert [answer["balance_micros"] for answer in answers] == [micros(2), micros(5), 0]


def test_of_one_instant_the_lower_number_is_first():
    answers = ask(charging(3), ("voice", NOON, MINUTE), ("voice", NOON, MINUTE))
    assert [answer["outcome"] for answer in answers] == ["full", "refused"]


def test_lines_of_one_wallet_spend_the_same_money_in_order_of_time():
    door = charging(3, lines=("a", "b"))
    answers = ask(door, ("voice", NOON + 1, MINUTE, "on_net", "a"), ("voice", NOON, MINUTE, "on_net", "b"))
    assert [answer["granted"] for answer in answers] == [0, MINUTE]


def test_the_same_top_up_twice_is_one():
    door = charging(lines=("a", "b"))
    assert ask(door, ("topup", NOON, 5))[0]["outcome"] == "full"
    again = ask(door, ("topup", NOON + HOUR, 5))[0]
    assert (again["outcome"], again["granted"], again["balance_micros"]) == ("repeated", 0, micros(5))


def test_a_voucher_that_another_wallet_used_is_refused():
    one = charging()
    other = charging()
    one.lines["z"], one.wallets["z"] = other.lines["a"].__class__("z", "z", "payg"), other.wallets["w"]
    ask(one, ("topup", NOON, 5))
    frame = pl.DataFrame([(0, "z", "topup", None, None, None, NOON, None, None, micros(5), None)], schema=CHARGING_REQUESTS_SCHEMA, orient="row")
    assert one.grant(frame).rows(named=True)[0]["reason"] == "voucher_used"
    assert money(other) == 0


@pytest.mark.parametrize(
    ("at_ms", "shillings", "bonus"),
    [(NOON, "9.99", 0), (NOON, 10, 5), (NOON, 100, 20), (NOON - 1, 100, 0), (NOON + DAY, 100, 0)],
)
def test_bonus_airtime_within_its_limits(at_ms, shillings, bonus):
    door = charging(rules=HALF)
    ask(door, ("topup", at_ms, shillings))
    assert money(door) == micros(shillings)
    assert door.wallets["w"].values_micros.get("bonus/half", 0) == micros(bonus)


@pytest.mark.parametrize("zone", ["on_net", "abroad"])
def test_bonus_airtime_is_used_first_where_it_may_be_used(zone):
    door = charging(rules=HALF)
    ask(door, ("topup", NOON, 100), ("voice", NOON, MINUTE, zone))
    assert (money(door), money(door, "bonus/half")) == ((micros(100), micros(17)) if zone == "on_net" else (micros(69), micros(20)))


@pytest.mark.parametrize("amount", [0, -5])
def test_a_top_up_of_nothing_is_refused(amount):
    assert ask(charging(), ("topup", NOON, amount))[0]["reason"] == "no_amount"


def test_postpaid_lines_are_served_on_credit_and_have_no_wallet():
    door = charging(postpaid=("p",))
    frame = pl.DataFrame(
        [
            (0, "p", "usage", "voice", "abroad", None, NOON, HOUR, None, None, None),
            (1, "p", "purchase", None, None, None, NOON, None, None, None, "talk"),
            (2, "p", "purchase", None, None, None, NOON, None, None, None, "monthly"),
            (3, "p", "topup", None, None, None, NOON, None, None, 5, None),
        ], schema=CHARGING_REQUESTS_SCHEMA, orient="row",
    )  # fmt: skip
    assert door.grant(frame).rows() == [
        (0, HOUR, "full", "on_credit", 0, 0, None),
        (1, 1, "full", "on_credit", micros(20), 0, None),
        (2, 0, "refused", "no_bundle", 0, 0, None),
        (3, 0, "refused", "postpaid", 0, 0, None),
    ]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ((0, "nobody", "usage", "voice", "on_net", None, NOON, 1, None, None, None), "unknown_line"),
        ((0, "a", "gift", None, None, None, NOON, 1, None, None, None), "not_understood"),
        ((0, "a", None, None, None, None, NOON, 1, None, None, None), "not_understood"),
        ((0, "a", "usage", "smell", None, None, NOON, 1, None, None, None), "not_understood"),
        ((0, "a", "usage", "voice", None, None, NOON, -1, None, None, None), "not_understood"),
        ((0, "a", "usage", "voice", None, None, NOON, None, None, None, None), "not_understood"),
        ((0, "a", "usage", "voice", None, None, None, 1, None, None, None), "not_understood"),
        ((0, "a", "usage", "voice", "on_net", None, -1, 1, None, None, None), "not_understood"),
        ((0, "a", "usage", "voice", "on_net", None, 2**62, 1, None, None, None), "not_understood"),
        ((0, "a", "usage", "voice", "on_net", None, NOON, 31 * DAY + 1, None, None, None), "not_understood"),
        ((0, "a", "usage", "data", None, None, NOON, 2**63 - 1, None, None, None), "not_understood"),
        ((0, "a", "topup", None, None, None, NOON, None, None, 2**62, None), "not_understood"),
        ((0, "a", "session_begin", "data", None, None, NOON, 2**62, None, None, None), "not_understood"),
        ((0, "a", "session_update", "voice", None, None, NOON, 1, 2**62, None, None), "not_understood"),
        ((0, "a", "usage", "voice", "the moon", None, NOON, 1, None, None, None), "no_price"),
        ((0, "a", "topup", None, None, None, NOON, None, None, None, None), "no_amount"),
        ((0, "a", "purchase", None, None, None, NOON, None, None, None, None), "not_sold"),
        ((0, "a", "advance", None, None, None, NOON, None, None, 5, None), "not_lent"),
    ],
)
def test_a_bad_request_is_refused_with_its_reason(asked, reason):
    door = charging(10)
    answers = door.grant(pl.DataFrame([asked], schema=CHARGING_REQUESTS_SCHEMA, orient="row")).rows(named=True)
    assert [(answer["outcome"], answer["reason"], answer["granted"]) for answer in answers] == [("refused", reason, 0)]
    assert money(door) == micros(10)


def test_an_emergency_call_costs_nothing_and_is_never_refused():
    frame = pl.DataFrame([(0, "nobody", "usage", "emergency", None, "112", NOON, HOUR, None, None, None)], schema=CHARGING_REQUESTS_SCHEMA, orient="row")
    assert charging().grant(frame).rows() == [(0, HOUR, "full", "", 0, 0, None)]


def test_what_was_served_while_charging_was_away_is_debited_as_far_as_money_goes():
    door = charging(10)
    first, second, third = later(door, ("voice", NOON, 2 * MINUTE), ("voice", NOON + 1, 3 * MINUTE), ("sms", NOON + 2, 1))
    assert (first["granted"], first["leaked"], first["leaked_micros"]) == (2 * MINUTE, 0, 0)
    assert (second["granted"], second["leaked"], second["leaked_micros"]) == (MINUTE, 2 * MINUTE, micros(6))
    assert (third["granted"], third["leaked"], third["leaked_micros"]) == (0, 1, micros("1.2"))
    assert money(door) == micros(1)
    assert [units for _, _, units, _ in told(door, "leaked")] == [2 * MINUTE, 1]


def test_late_usage_is_charged_by_when_it_was():
    door = charging(30)
    ask(door, ("purchase", NOON, "data-day"))
    before, within = later(door, ("data", NOON - 1, 150 * KB), ("data", NOON, MB))
    assert (before["amount_micros"], within["amount_micros"]) == (micros("0.3"), 0)


def test_of_late_usage_what_no_line_pays_is_told_and_credit_is_none():
    door = charging(postpaid=("p",))
    nobody, postpaid = later(door, ("voice", NOON, MINUTE, "on_net", "nobody"), ("voice", NOON, MINUTE, "on_net", "p"))
    assert (nobody["leaked"], nobody["reason"]) == (MINUTE, "unknown_line")
    assert (postpaid["leaked"], postpaid["reason"]) == (0, "on_credit")


def test_every_kind_of_event_is_named_in_the_contract():
    policy = PrepaidPolicy.model_validate({"advance": {"amounts": ["10"], "fee_milli": 100}})
    door = charging(policy=policy, rules=giving("half, percent: 50, buys_bundles: false", "tenth, percent: 10, valid: 1 day, buys_bundles: false"))
    ask(
        door, ("advance", NOON, 10), ("topup", NOON, 100), ("purchase", NOON, "data-day"), ("purchase", NOON + 1, "data-day"),
        ("data", NOON + 2, 15 * MB),
    )  # fmt: skip
    door.look_after(NOON + 2 * DAY)
    kinds = set(door.take_events()["kind"])
    assert kinds == {"lent", "advance_fee", "repaid", "topped_up", "bonus", "bonus_lapsed", "purchased", "bucket", "carried", "threshold", "expiring", "lapsed"}
    assert kinds <= set(CHARGING_EVENTS)
    assert door.take_events().height == 0
