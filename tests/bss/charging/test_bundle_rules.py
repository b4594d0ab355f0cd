"""Each rule of bundles, as the shop states it: a test of its name for each row of the table of rules."""

import pytest

from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.purchase import buy
from ossbss.contract.units import currency_units, micros
from tests.bss.charging.prepaid_shop import (
    DAY,
    HOUR,
    KB,
    MB,
    MINUTE,
    NOON,
    RULES,
    ask,
    at,
    charging,
    giving,
    left,
    money,
    told,
)  # fmt: skip

ADVANCE = PrepaidPolicy.model_validate({"advance": {"amounts": ["10", "50"], "fee_milli": 100}})


@pytest.mark.parametrize(
    ("bundle", "kind", "used", "units", "shillings"),
    [
        ("data-day", "data", 1, 100 * KB, "0"),
        ("data-day", "data", 100 * KB + 1, 200 * KB, "0"),
        (None, "data", 1, 0, "0.3"),
        (None, "data", 150 * KB + 1, 0, "0.6"),
        ("talk", "voice", 61_001, 62_000, "0"),
        (None, "voice", 60_001, 0, "6"),
    ],
)
def test_pulse_use_is_rounded_up_to_the_pulse_of_who_pays(bundle, kind, used, units, shillings):
    door = charging(100)
    if bundle:
        ask(door, ("purchase", NOON, bundle))
    before, units_before = money(door), sum(left(door).values())
    ask(door, (kind, NOON, used), first_id=5)
    assert before - money(door) == micros(shillings)
    assert units_before - sum(left(door).values()) == units


def test_priority_the_nearest_expiry_is_used_first():
    door = charging(100)
    ask(door, ("purchase", NOON, "data-week"), ("purchase", NOON + 1, "data-day"), ("data", NOON + 2, 12 * MB))
    assert left(door) == {"data-day/data": 0, "data-week/data": 48 * MB}


def test_priority_of_two_that_expire_together_the_older_is_used_first():
    door = charging(200)
    ask(door, ("purchase", NOON, "data-week"), ("purchase", NOON + 6 * DAY, "data-day"), ("data", NOON + 6 * DAY, MB))
    assert left(door) == {"data-week/data": 49 * MB, "data-day/data": 10 * MB}


@pytest.mark.parametrize(
    ("bundle", "asked", "is_served"),
    [
        ("talk", ("voice", NOON, MINUTE, "on_net"), True),
        ("talk", ("voice", NOON, MINUTE, "abroad"), False),
        ("talk", ("sms", NOON, 1, "abroad"), True),
        ("talk", ("data", NOON, MB), False),
        ("night", ("data", at("23:59"), MB), False),
        ("night", ("data", at("00:00", day=2), MB), True),
        ("night", ("data", at("05:00", day=2), MB), False),
        ("family", ("voice", NOON, MINUTE, "abroad"), True),
    ],
)
def test_eligibility_services_times_and_networks(bundle, asked, is_served):
    door = charging(100)
    ask(door, ("purchase", NOON, bundle))
    answer = ask(door, asked, first_id=5)[0]
    assert answer["outcome"] == "full"
    assert (answer["amount_micros"] == 0) == is_served


def test_eligibility_a_bundle_of_a_line_serves_no_other_line_and_a_shared_one_all():
    door = charging(100, lines=("a", "b"))
    ask(door, ("purchase", NOON, "talk"))
    assert ask(door, ("voice", NOON, MINUTE, "on_net", "b"), first_id=5)[0]["amount_micros"] == micros(3)
    ask(door, ("purchase", NOON, "family"), first_id=6)
    assert ask(door, ("voice", NOON, MINUTE, "on_net", "b"), first_id=7)[0]["amount_micros"] == 0


def test_roll_over_the_same_bundle_before_expiry_extends_validity_and_carries_the_remainder():
    door = charging(100)
    later = NOON + DAY - HOUR
    ask(door, ("purchase", NOON, "data-day"), ("data", NOON, 4 * MB), ("purchase", later, "data-day"))
    assert left(door) == {"data-day/data": 16 * MB}
    assert ask(door, ("data", later + DAY - 1, 16 * MB), first_id=5)[0]["amount_micros"] == 0


def test_roll_over_after_expiry_nothing_is_carried():
    door = charging(100)
    ask(door, ("purchase", NOON, "data-day"), ("data", NOON, 4 * MB), ("purchase", NOON + DAY, "data-day"))
    assert left(door) == {"data-day/data": 10 * MB}


def test_roll_over_what_has_expired_is_not_carried_though_nobody_looked_since():
    have = charging(100).wallets["w"].holdings
    for at_ms in (NOON, NOON + DAY):
        done = buy(have, RULES, "w", "a", "payg", "data-day", at_ms)
        have = done.holdings
    assert [bucket.left for bucket in have.buckets.values()] == [10 * MB]
    assert [(event.kind, event.units) for event in done.events if event.kind in ("lapsed", "carried")] == [("lapsed", 10 * MB)]


def test_roll_over_where_it_is_not_promised_the_second_is_a_bucket_of_its_own():
    door = charging(100)
    ask(door, ("purchase", NOON, "data-week"), ("purchase", NOON + DAY, "data-week"))
    assert len(door.wallets["w"].holdings.buckets) == 2
    ask(door, ("data", NOON + 7 * DAY, MB), first_id=5)
    assert left(door) == {"data-week/data": 49 * MB}


def test_expiry_the_remainder_lapses_and_is_told():
    door = charging(100)
    ask(door, ("purchase", NOON, "data-day"), ("data", NOON, 4 * MB))
    door.look_after(NOON + DAY - 1)
    assert left(door) == {"data-day/data": 6 * MB}
    door.look_after(NOON + DAY)
    assert left(door) == {}
    assert told(door, "lapsed") == [("lapsed", "data-day", 6 * MB, None)]


def test_expiry_a_call_across_it_is_split_there():
    door = charging(100)
    ask(door, ("purchase", NOON, "talk"))
    answer = ask(door, ("voice", NOON + DAY - MINUTE, 3 * MINUTE), first_id=5)[0]
    assert (answer["granted"], answer["amount_micros"]) == (3 * MINUTE, 2 * micros(3))
    assert left(door)["talk/talk"] == 9 * MINUTE


def test_out_of_bundle_the_main_balance_pays_at_the_rate_of_pay_as_you_go():
    door = charging(100)
    ask(door, ("purchase", NOON, "data-day"))
    answer = ask(door, ("data", NOON, 10 * MB + 1), first_id=5)[0]
    assert answer["amount_micros"] == micros("0.3")


def test_out_of_bundle_a_line_that_opted_out_is_cut_there():
    door = charging(100)
    wallet = door.wallets["w"]
    wallet.holdings = wallet.holdings.without_out_of_bundle({"data"})
    ask(door, ("purchase", NOON, "data-day"))
    answer = ask(door, ("data", NOON, 12 * MB), first_id=5)[0]
    assert (answer["granted"], answer["outcome"], answer["reason"]) == (10 * MB, "partial", "opted_out")
    assert money(door) == micros(90)
    assert ask(door, ("sms", NOON, 1), first_id=6)[0]["outcome"] == "full"


@pytest.mark.parametrize(
    ("shillings", "granted", "outcome"),
    [("2.99", 0, "refused"), ("3", MINUTE, "partial"), ("8.99", 2 * MINUTE, "partial"), ("9", 150_000, "full")],
)
def test_exhaustion_a_call_is_cut_at_the_last_pulse_that_can_be_paid(shillings, granted, outcome):
    door = charging(shillings)
    answer = ask(door, ("voice", NOON, 150_000))[0]
    assert (answer["granted"], answer["outcome"]) == (granted, outcome)
    assert money(door) == micros(shillings) - answer["amount_micros"] >= 0


def test_exhaustion_a_bundle_that_cannot_be_paid_changes_nothing():
    door = charging("9.99")
    before = door.wallets["w"].holdings
    answer = ask(door, ("purchase", NOON, "data-day"))[0]
    assert (answer["outcome"], answer["reason"], answer["granted"]) == ("refused", "insufficient_credit", 0)
    assert door.wallets["w"].holdings == before


@pytest.mark.parametrize(("offering", "reason"), [("nothing", "not_sold"), ("monthly", "no_bundle"), ("payg", "no_bundle")])
def test_exhaustion_what_is_no_bundle_is_not_bought(offering, reason):
    assert ask(charging(10_000), ("purchase", NOON, offering))[0]["reason"] == reason


def test_exhaustion_what_is_not_sold_yet_is_not_bought():
    assert ask(charging(100), ("purchase", 0, "data-day"))[0]["reason"] == "not_sold"


def test_advance_is_lent_with_a_fee_and_repaid_first_from_the_next_top_up():
    door = charging(0, ADVANCE)
    lent, second, wrong, first, then = ask(
        door, ("advance", NOON, 50), ("advance", NOON + 1, 10), ("advance", NOON + 2, 7), ("topup", NOON + 3, 20),
        ("topup", NOON + 4, 100),
    )  # fmt: skip
    assert (lent["amount_micros"], lent["fee_micros"], lent["balance_micros"]) == (micros(50), micros(5), micros(50))
    assert (second["reason"], wrong["reason"]) == ("advance_owed", "not_lent")
    assert (first["amount_micros"], first["balance_micros"]) == (0, micros(50))
    assert (then["amount_micros"], then["balance_micros"]) == (micros(65), micros(115))
    assert door.wallets["w"].holdings.owed_micros == 0
    assert ask(door, ("advance", NOON + 5, 10), first_id=9)[0]["outcome"] == "full"


def test_advance_is_lent_to_those_only_who_have_little():
    terms = {"advance": {"amounts": ["10"], "fee_milli": 0, "only_below": "5"}}
    policy = PrepaidPolicy.model_validate(terms)
    assert ask(charging(5, policy), ("advance", NOON, 10))[0]["reason"] == "balance_high"
    assert ask(charging("4.99", policy), ("advance", NOON, 10))[0]["outcome"] == "full"


@pytest.mark.parametrize(("octets", "shillings"), [(150 * KB, "0.3"), (5 * 150 * KB, "1.5")])
def test_rounding_the_charge_of_a_session_is_a_multiple_of_the_step_that_the_list_states(octets, shillings):
    door = charging(100)
    amount = ask(door, ("data", NOON, octets))[0]["amount_micros"]
    assert (amount, amount % micros("0.01")) == (micros(shillings), 0)


def test_rounding_a_fee_and_a_bonus_are_rounded_down_to_the_micro_unit_and_keep_no_residue():
    policy = PrepaidPolicy.model_validate({"advance": {"amounts": ["0.000015"], "fee_milli": 100}})
    door = charging(0, policy, rules=giving("third, percent: 33"))
    assert ask(door, ("advance", NOON, "0.000015"))[0]["fee_micros"] == 1
    assert ask(door, ("topup", NOON, "0.000110"), first_id=5)[0]["amount_micros"] == 110 - 16 + 36


def test_tax_what_the_list_says_is_what_a_wallet_pays_nothing_is_added():
    assert RULES.catalogue.taxes[0].rate_milli > 0
    door = charging(10)
    ask(door, ("purchase", NOON, "data-day"))
    assert currency_units(money(door)) == 0
