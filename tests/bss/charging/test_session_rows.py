"""Sessions through the columns door: calls that last over the hour's barrier, and the money that they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ossbss.bss.revenue.charging.balances import Request
from ossbss.bss.revenue.charging.charge import charge
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.reservation import SERVED
from ossbss.contract.charging import CHARGING_BALANCES_SCHEMA, CHARGING_GRANTS_SCHEMA
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import DAY, HOUR, MB, MINUTE, NOON, RULES, ask, at, charging, left, money, told
from tests.bss.charging.steps import NUMBER, begin, end, frame, update


def answer(door, row: tuple) -> dict:
    grants = door.grant(frame(row))
    assert dict(grants.schema) == CHARGING_GRANTS_SCHEMA
    return grants.row(0, named=True)


def said(answer: dict) -> tuple:
    return answer["granted"], answer["outcome"], answer["reason"], answer["amount_micros"], answer["balance_micros"]


def balances(door) -> tuple:
    found = door.balances()
    assert dict(found.schema) == CHARGING_BALANCES_SCHEMA
    return found.row(0)


def test_a_call_over_the_barrier_that_an_outage_ends_gets_back_what_it_has_not_used():
    door = charging(300)
    assert said(answer(door, begin(at("18:50"), 10 * MINUTE))) == (10 * MINUTE, "full", "", 0, micros(270))
    assert said(answer(door, update(at("19:00"), 10 * MINUTE, 60 * MINUTE))) == (60 * MINUTE, "full", "", 0, micros(90))
    assert balances(door) == ("w", micros(300), micros(210), 0)
    assert said(answer(door, end(at("19:07"), 7 * MINUTE))) == (0, "full", "", micros(51), micros(249))
    assert balances(door) == ("w", micros(249), 0, 0)


def test_its_steps_are_answered_in_the_frame_of_their_hour_among_the_other_requests():
    door = charging(60)
    answer(door, begin(at("18:50"), 10 * MINUTE))
    hour = frame(
        end(at("19:07"), 7 * MINUTE), (5, "a", "usage", "voice", "on_net", None, at("19:08"), 2 * MINUTE, None, None, None),
        update(at("19:00"), 10 * MINUTE, 10 * MINUTE), (4, "a", "usage", "voice", "on_net", None, at("19:01"), MINUTE, None, None, None),
    )  # fmt: skip
    grants = door.grant(hour)
    assert grants["request_id"].to_list() == [NUMBER, 5, NUMBER, 4]
    assert grants["outcome"].to_list() == ["full", "full", "full", "refused"]
    assert grants["balance_micros"].to_list() == [micros(9), micros(3), 0, 0]


def test_two_calls_at_once_on_one_wallet_are_not_promised_the_same_money():
    door = charging(30, lines=("a", "b"))
    assert said(answer(door, begin(NOON, 6 * MINUTE)))[:2] == (6 * MINUTE, "full")
    other = answer(door, begin(NOON + 1, 6 * MINUTE, number=78, line="b"))
    assert said(other) == (4 * MINUTE, "partial", "insufficient_credit", 0, 0)
    assert balances(door) == ("w", micros(30), micros(30), 0)
    assert said(answer(door, end(NOON + MINUTE, MINUTE))) == (0, "full", "", micros(3), micros(15))
    assert said(answer(door, end(NOON + 4 * MINUTE, 4 * MINUTE, number=78, line="b")))[3:] == (micros(12), micros(15))


def test_a_call_is_cut_off_where_the_credit_ends():
    door = charging(32)
    assert answer(door, begin(NOON, 5 * MINUTE))["outcome"] == "full"
    cut = answer(door, update(NOON + 5 * MINUTE, 5 * MINUTE, 60 * MINUTE))
    assert said(cut) == (5 * MINUTE, "partial", "insufficient_credit", 0, micros(2))
    none = answer(door, update(NOON + 10 * MINUTE, 5 * MINUTE, 60 * MINUTE))
    assert said(none) == (0, "refused", "insufficient_credit", 0, micros(2))
    assert said(answer(door, end(NOON + 10 * MINUTE, 0))) == (0, "full", "", micros(30), micros(2))
    assert told(door, "out_of_credit") == [("out_of_credit", "main", 0, None)]


def test_a_call_that_cannot_begin_leaves_nothing_behind():
    door = charging(2)
    assert said(answer(door, begin(NOON, MINUTE))) == (0, "refused", "insufficient_credit", 0, micros(2))
    assert said(answer(door, end(NOON + MINUTE, 0))) == (0, "refused", "unknown_session", 0, micros(2))
    assert balances(door) == ("w", micros(2), 0, 0)


def test_the_connection_fee_is_told_once_with_the_end():
    door = charging(100)
    assert answer(door, begin(NOON, MINUTE, zone="abroad"))["fee_micros"] == 0
    assert answer(door, update(NOON + MINUTE, MINUTE, MINUTE))["fee_micros"] == 0
    last = answer(door, end(NOON + 2 * MINUTE, MINUTE))
    assert (last["amount_micros"], last["fee_micros"]) == (micros(61), micros(1))


def test_what_a_call_cost_before_a_bundle_was_bought_is_held_and_told_with_the_end():
    door = charging(200)
    answer(door, begin(NOON, 2 * MINUTE, zone="abroad"))
    ask(door, ("purchase", NOON + MINUTE, "family"))
    assert said(answer(door, update(NOON + 2 * MINUTE, 2 * MINUTE, MINUTE))) == (MINUTE, "full", "", 0, micros(119))
    assert balances(door) == ("w", micros(150), micros(31), 0)
    last = answer(door, end(NOON + 3 * MINUTE, MINUTE))
    assert (last["amount_micros"], last["fee_micros"], left(door)["family/talk"]) == (micros(31), micros(1), 28 * MINUTE)


def test_use_that_nothing_pays_makes_the_end_partial():
    door = charging(6)
    answer(door, begin(NOON, 2 * MINUTE))
    assert said(answer(door, end(NOON + 3 * MINUTE, 3 * MINUTE))) == (0, "partial", "insufficient_credit", micros(6), 0)
    assert told(door, "leaked") == [("leaked", str(NUMBER), MINUTE, None)]


def test_without_a_quantity_the_usual_quota_is_granted():
    assert answer(charging(20), begin(NOON, None))["granted"] == MINUTE
    assert answer(charging(20), begin(NOON, None, "data", None))["granted"] == MB


def test_the_zone_is_found_by_the_number():
    door = charging(100)
    assert answer(door, begin(NOON, MINUTE, zone=None, called="15551234"))["balance_micros"] == micros(69)


@pytest.mark.parametrize("kind", ["voice", "data"])
@pytest.mark.parametrize("begun_ms", [at("19:00"), at("19:00:01"), at("19:59:59")])
def test_a_session_that_reports_at_each_hour_lives_on(kind, begun_ms):
    """Data is granted to the border of a window (midnight, 05:00) or of a bundle, of which the columns do not tell."""
    door = charging(5000)
    ask(door, ("purchase", at("20:07") - DAY, "data-day"), ("purchase", at("20:30") - DAY, "talk"))
    answer(door, begin(begun_ms, 1000, kind, "on_net"))
    for hour in range(1, 12):
        at_ms = at("19:00") + hour * HOUR
        ask(door, ("sms", at_ms - 1, 1), first_id=1000 + hour)
        assert answer(door, update(at_ms, 0, 1000, kind))["outcome"] == "full"
    door.look_after(at_ms + HOUR + MINUTE - 1)
    assert len(door.wallets["w"].holdings.sessions) == 1


def test_a_session_that_stays_silent_is_closed_and_its_cost_told():
    door = charging(100)
    answer(door, begin(NOON, 10 * MINUTE))
    answer(door, update(NOON + 10 * MINUTE, 10 * MINUTE, 10 * MINUTE))
    door.look_after(NOON + 10 * MINUTE + HOUR + MINUTE)
    closed = [(e["subject"], e["amount_micros"]) for e in door.take_events().rows(named=True) if e["kind"] == "session_timed_out"]
    assert closed == [(str(NUMBER), micros(30))]
    assert balances(door) == ("w", micros(70), 0, 0)
    assert answer(door, end(NOON + 2 * HOUR, MINUTE))["reason"] == "unknown_session"


def test_an_end_told_twice_costs_nothing_again_and_a_beginning_told_twice_holds_nothing_more():
    door = charging(100)
    assert answer(door, begin(NOON, MINUTE)) == answer(door, begin(NOON, MINUTE))
    assert answer(door, end(NOON + MINUTE, MINUTE))["amount_micros"] == micros(3)
    assert said(answer(door, end(NOON + MINUTE, MINUTE))) == (0, "refused", "unknown_session", 0, micros(97))


def test_a_postpaid_line_is_served_on_credit():
    door = charging(postpaid=("p",))
    steps = [begin(NOON, MINUTE, line="p"), update(NOON + MINUTE, MINUTE, HOUR, line="p"), end(NOON + HOUR, MINUTE, line="p")]
    assert [said(answer(door, step)) for step in steps] == [
        (MINUTE, "full", "on_credit", 0, None), (HOUR, "full", "on_credit", 0, None), (0, "full", "on_credit", 0, None)
    ]  # fmt: skip


def test_an_emergency_call_is_never_cut():
    steps = [begin(NOON, MINUTE, "emergency"), update(NOON + MINUTE, MINUTE, HOUR, "emergency"), end(NOON + HOUR, 9, "emergency")]
    answers = [answer(charging(), step) for step in steps]
    assert [(a["granted"], a["outcome"], a["amount_micros"]) for a in answers] == [(MINUTE, "full", 0), (HOUR, "full", 0), (0, "full", 0)]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (begin(NOON, -1), "not_understood"),
        (begin(NOON, MINUTE, "smell"), "not_understood"),
        (begin(NOON, MINUTE, None), "not_understood"),
        (begin(None, MINUTE), "not_understood"),
        (begin(NOON, MINUTE, line="nobody"), "unknown_line"),
        (begin(NOON, MINUTE, zone="the moon"), "no_price"),
        (update(NOON, None, MINUTE), "not_understood"),
        (update(NOON, -1, MINUTE), "not_understood"),
        (update(NOON, 1, MINUTE), "unknown_session"),
        (end(NOON, None), "not_understood"),
        (end(NOON, 1), "unknown_session"),
    ],
)
def test_a_bad_step_is_refused_with_its_reason(row, reason):
    door = charging(10)
    found = answer(door, row)
    assert (found["outcome"], found["reason"], found["granted"], money(door)) == ("refused", reason, 0, micros(10))


def test_what_is_charged_later_is_usage_only():
    door = charging(10)
    rows = [begin(NOON, MINUTE), (1, "a", "topup", None, None, None, NOON, None, None, 5, None)]
    answers = door.charge_later(frame(*rows)).rows(named=True)
    assert [(a["outcome"], a["reason"], a["leaked"]) for a in answers] == [("refused", "not_understood", 0)] * 2
    assert money(door) == micros(10)


minutes = st.integers(0, 40)


@given(st.lists(minutes, min_size=1, max_size=6), st.integers(0, 59_999), st.sampled_from(["on_net", "abroad"]))
def test_a_call_in_parts_costs_what_one_charge_of_all_of_it_costs(parts, rest, zone):
    """Parts of whole minutes, the pulse, and a rest, over the border of the night; nothing else happens."""
    door, start_ms = charging(20_000), at("23:30")
    now_ms, granted = start_ms, answer(door, begin(start_ms, parts[0] * MINUTE, zone=zone))["granted"]
    for wanted in parts[1:]:
        now_ms += granted
        granted = answer(door, update(now_ms, granted, wanted * MINUTE))["granted"]
    last = answer(door, end(now_ms + granted + rest, granted + rest))
    whole = Request(start_ms, "voice", sum(parts) * MINUTE + rest, zone)
    plan = RULES.plan("payg", "voice", zone)
    due = charge(plan, whole, (), None, RULES.catalogue.rounding.charge.at("charge"), SERVED)
    assert (last["amount_micros"], last["fee_micros"]) == (due.amount_micros, due.fee_micros)
    assert balances(door) == ("w", micros(20_000) - due.amount_micros, 0, 0)


steps = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 10), st.integers(0, 30)), min_size=1, max_size=30)


@given(steps, st.integers(0, 200))
def test_balances_fall_by_what_is_answered_and_by_nothing_else(steps, shillings):
    """(which call, minutes it used of its grant, minutes it wants; none: it ends)"""
    door, granted, spent = charging(shillings, PrepaidPolicy()), {}, 0
    for number, (which, used, wanted) in enumerate(steps):
        at_ms, used_ms = NOON + number * MINUTE, min(used * MINUTE, granted.get(which, 0))
        if which not in granted:
            row = begin(at_ms, wanted * MINUTE, number=which)
        else:
            row = update(at_ms, used_ms, wanted * MINUTE, number=which) if wanted else end(at_ms, used_ms, number=which)
        found = answer(door, row)
        spent += found["amount_micros"]
        is_over = row[2] == "session_end" or (row[2] == "session_begin" and found["outcome"] == "refused")
        granted = {k: v for k, v in granted.items() if k != which} | ({} if is_over else {which: found["granted"]})
        _, balance, held, _ = balances(door)
        assert balance == micros(shillings) - spent
        assert found["balance_micros"] == balance - held >= 0
