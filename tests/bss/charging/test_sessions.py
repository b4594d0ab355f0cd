"""Sessions step by step, as RFC 8506 tells them: what is granted, held, debited and given back, and when."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from ossbss.contract.units import micros
from tests.bss.charging.phone import Phone
from tests.bss.charging.prepaid_shop import HOUR, MB, MINUTE, NOON, ask, charging, left, money, told


def test_a_call_from_its_first_grant_to_the_refund_of_what_it_did_not_use():
    door = charging(20)
    call = Phone(door)
    first = call.begin(NOON, 2 * MINUTE)
    assert (first.outcome, first.granted, first.final, money(door)) == ("granted", 2 * MINUTE, False, micros(14))
    second = call.report(NOON + 2 * MINUTE, 2 * MINUTE, 2 * MINUTE)
    assert (second.granted, second.charged_micros, money(door)) == (2 * MINUTE, micros(6), micros(8))
    last = call.end(NOON + 150_000, 30_000)
    assert (last.outcome, last.charged_micros, money(door)) == ("ended", micros(9), micros(11))
    assert door.wallets["w"].holdings.sessions == {}


def test_what_the_network_does_not_ask_for_is_the_quota_of_the_price_else_of_the_policy():
    door = charging(20)
    assert Phone(door, "data").begin(NOON).granted == MB
    assert Phone(door, "voice", "s2").begin(NOON).granted == MINUTE


def test_pulses_are_rounded_up_once_in_a_session_not_once_a_report():
    door = charging(20)
    call = Phone(door)
    call.begin(NOON, 10_000)
    for tens in range(1, 6):
        call.report(NOON + tens * 10_000, 10_000, 10_000)
    assert call.end(NOON + MINUTE, 10_000).charged_micros == micros(3)
    assert money(door) == micros(17)


def test_a_session_is_cut_in_the_middle_when_money_ends():
    door = charging(7)
    call = Phone(door)
    assert not call.begin(NOON, MINUTE).final
    cut = call.report(NOON + MINUTE, MINUTE, 2 * MINUTE)
    assert (cut.granted, cut.final, cut.reason) == (MINUTE, True, "insufficient_credit")
    none = call.report(NOON + 2 * MINUTE, MINUTE, MINUTE)
    assert (none.outcome, none.granted, none.final) == ("refused", 0, True)
    assert call.end(NOON + 2 * MINUTE).charged_micros == micros(6)
    assert money(door) == micros(1)
    assert told(door, "out_of_credit") == [("out_of_credit", "main", 0, None)]


def test_of_a_session_that_cannot_begin_nothing_is_kept():
    door = charging("2.99")
    call = Phone(door)
    assert call.begin(NOON, MINUTE).outcome == "refused"
    assert (money(door), door.wallets["w"].holdings.sessions) == (micros("2.99"), {})
    assert call.report(NOON + 1, 0, 1).reason == "unknown_session"


def test_two_sessions_are_never_promised_the_same_money_or_units():
    door = charging(30)
    ask(door, ("purchase", NOON, "talk"))
    one, two, three = (Phone(door, name=name) for name in "xyz")
    assert one.begin(NOON, 6 * MINUTE).granted == 6 * MINUTE
    second = two.begin(NOON, 6 * MINUTE)
    assert (second.granted, left(door)["talk/talk"], money(door)) == (6 * MINUTE, 0, micros(4))
    third = three.begin(NOON, 2 * MINUTE)
    assert (third.granted, third.final, money(door)) == (MINUTE, True, micros(1))
    one.end(NOON + MINUTE, MINUTE)
    assert left(door)["talk/talk"] == 5 * MINUTE
    assert two.end(NOON + MINUTE, MINUTE).charged_micros == 0
    assert three.end(NOON + MINUTE).charged_micros == 0
    assert (left(door)["talk/talk"], money(door)) == (8 * MINUTE, micros(10))


def test_lines_that_share_a_wallet_share_what_is_held():
    door = charging(9, lines=("a", "b"))
    assert Phone(door, name="x").begin(NOON, 2 * MINUTE).granted == 2 * MINUTE
    assert Phone(door, name="y", line="b").begin(NOON, 2 * MINUTE).granted == MINUTE


def test_a_repeated_step_gets_the_same_answer_and_changes_nothing():
    door = charging(20)
    call = Phone(door)
    first = call.begin(NOON, MINUTE)
    assert call.again() == first
    second = call.report(NOON + MINUTE, MINUTE, MINUTE)
    before = door.wallets["w"].holdings
    assert call.again() == second
    assert door.wallets["w"].holdings == before


def test_a_session_that_falls_silent_is_closed_and_gives_back():
    door = charging(20)
    call = Phone(door)
    call.begin(NOON, MINUTE)
    call.report(NOON + MINUTE, MINUTE, 2 * MINUTE)
    door.look_after(NOON + MINUTE + HOUR + MINUTE - 1)
    assert money(door) == micros(11)
    door.look_after(NOON + MINUTE + HOUR + MINUTE)
    assert money(door) == micros(17)
    assert told(door, "session_timed_out") == [("session_timed_out", "s1", 0, None)]
    assert call.end(NOON + 2 * HOUR).reason == "unknown_session"


def test_use_beyond_what_was_granted_is_paid_as_far_as_money_goes_and_the_rest_is_leakage():
    door = charging(7)
    call = Phone(door)
    call.begin(NOON, MINUTE)
    done = call.end(NOON + 4 * MINUTE, 4 * MINUTE)
    assert (done.charged_micros, done.leaked_units, done.leaked_micros) == (micros(6), 2 * MINUTE, micros(6))
    assert money(door) == micros(1)
    assert told(door, "leaked") == [("leaked", "s1", 2 * MINUTE, None)]


def test_leakage_is_not_collected_from_money_that_comes_later():
    door = charging(3)
    call = Phone(door)
    call.begin(NOON, MINUTE)
    assert call.report(NOON + 3 * MINUTE, 3 * MINUTE, 0).leaked_units == 2 * MINUTE
    ask(door, ("topup", NOON + 3 * MINUTE, 10))
    assert call.end(NOON + 4 * MINUTE, MINUTE).charged_micros == micros(6)
    assert money(door) == micros(7)


def test_a_connection_fee_is_paid_once_a_session():
    door = charging(100)
    call = Phone(door, zone="abroad")
    call.begin(NOON, MINUTE)
    call.report(NOON + MINUTE, MINUTE, MINUTE)
    assert call.end(NOON + 2 * MINUTE, MINUTE).charged_micros == micros(61)


def test_what_is_asked_for_is_held_beyond_the_pulse_that_is_paid():
    door = charging(20)
    call = Phone(door)
    call.begin(NOON, 10_000)
    assert call.report(NOON + 10_000, 10_000, 30_000).granted == 30_000
    assert money(door) == micros(14)
    wallet = charging(3)
    last = Phone(wallet)
    last.begin(NOON, 10_000)
    cut = last.report(NOON + 10_000, 10_000, 90_000)
    assert (cut.granted, cut.final) == (50_000, True)


@pytest.mark.parametrize("wanted", [None, 5 * MINUTE])
def test_a_postpaid_line_is_granted_all_on_credit(wanted):
    door = charging(postpaid=("p",))
    call = Phone(door, line="p")
    grant = call.begin(NOON, wanted)
    assert (grant.granted, grant.reason, grant.final) == (wanted or MINUTE, "on_credit", False)
    assert call.end(NOON + MINUTE, MINUTE).outcome == "ended"


def test_a_line_that_nobody_knows_is_refused():
    assert Phone(charging(), line="nobody").begin(NOON, 1).reason == "unknown_line"


@pytest.fixture
def impatient_threads():
    """They take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("impatient_threads")
def test_threads_that_ask_at_once_never_spend_twice_what_there_is():
    door = charging(300)
    grants = []

    def call(number):
        phone = Phone(door, name=f"s{number}")
        granted = phone.begin(NOON, 2 * MINUTE).granted
        grants.append(granted)
        more = phone.report(NOON + 2 * MINUTE, granted, MINUTE).granted if granted else 0
        return phone.end(NOON + 3 * MINUTE, more).charged_micros if granted else 0

    with ThreadPoolExecutor(8) as pool:
        charged = list(pool.map(call, range(200)))
    assert sum(charged) + money(door) == micros(300)
    assert money(door) >= 0
    assert len(grants) == 200
    assert door.wallets["w"].holdings.sessions == {}
