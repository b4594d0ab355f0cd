"""Sessions step by step, as RFC 8506 tells them: what is granted, held, debited and given back, and when."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from ossbss.bss.revenue.charging.balances import Money, Request
from ossbss.bss.revenue.charging.holdings import Holdings
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.bss.revenue.charging.sessions import Step
from ossbss.contract.units import micros
from tests.bss.charging.prepaid_shop import DAY, HOUR, KB, MB, MINUTE, NOON, ask, at, charging, left, money, told


class Phone:
    """One session of a line; times are told, steps are numbered."""

    def __init__(self, door, kind="voice", name="s1", zone="on_net", line="a", number="2547"):
        self.door, self.kind, self.name, self.zone, self.line, self.number = door, kind, name, zone, line, number
        self.steps = 0

    def begin(self, at_ms, wanted=None):
        request = Request(at_ms, self.kind, 0, self.zone, self.number)
        return self._step("initial", at_ms, 0, wanted, request)

    def report(self, at_ms, used, wanted=None):
        return self._step("update", at_ms, used, wanted)

    def end(self, at_ms, used=0):
        return self._step("final", at_ms, used, 0)

    def again(self):
        return self.door.session(self.line, self.last)

    def _step(self, kind, at_ms, used, wanted, request=None):
        self.last = Step(self.name, kind, self.steps, at_ms, used, wanted, request)
        self.steps += 1
        return self.door.session(self.line, self.last)


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


def test_a_call_across_the_expiry_of_its_bundle_is_split_there():
    door = charging(26)
    ask(door, ("purchase", NOON, "talk"))
    ends = NOON + DAY
    call = Phone(door)
    grant = call.begin(ends - MINUTE, 5 * MINUTE)
    assert (grant.granted, grant.final) == (3 * MINUTE, True)
    assert left(door)["talk/talk"] == 9 * MINUTE
    done = call.end(ends + 30_000, 90_000)
    assert (done.charged_micros, money(door)) == (micros(3), micros(3))
    assert ("lapsed", "talk", 9 * MINUTE, None) in told(door, "lapsed")
    assert left(door) == {}


def test_data_may_be_used_until_its_bundle_expires_and_then_costs_money():
    door = charging(20)
    ask(door, ("purchase", NOON, "data-day"))
    flow = Phone(door, "data", zone=None, number="")
    ends = NOON + DAY
    grant = flow.begin(ends - 10 * MINUTE, 2 * MB)
    assert (grant.granted, grant.until_ms) == (2 * MB, ends)
    after = flow.report(ends, MB, 150 * KB)
    assert (after.granted, after.charged_micros) == (150 * KB, 0)
    assert told(door, "lapsed") == [("lapsed", "data-day", 8 * MB, None), ("lapsed", "data-day", MB, None)]
    assert flow.end(ends + MINUTE, 150 * KB).charged_micros == micros("0.3")


def test_data_is_granted_to_the_border_of_a_window_and_then_priced_by_the_next():
    door = charging(20)
    flow = Phone(door, "data", zone=None, number="")
    grant = flow.begin(at("23:30"), 300 * KB)
    assert grant.until_ms == at("00:00", day=2)
    night = flow.report(grant.until_ms, 300 * KB, 300 * KB)
    assert (night.charged_micros, night.until_ms) == (micros("0.6"), grant.until_ms + HOUR)
    assert flow.end(grant.until_ms + MINUTE, 300 * KB).charged_micros == micros("0.9")


def test_a_bundle_bought_in_a_call_pays_from_then_on():
    door = charging(50)
    call = Phone(door)
    call.begin(NOON, 2 * MINUTE)
    ask(door, ("purchase", NOON + MINUTE, "talk"))
    call.report(NOON + 2 * MINUTE, 2 * MINUTE, MINUTE)
    done = call.end(NOON + 3 * MINUTE, MINUTE)
    assert done.charged_micros == micros(3)
    assert (money(door), left(door)["talk/talk"]) == (micros(27), 8 * MINUTE)


def test_a_bundle_bought_again_in_a_call_carries_on_what_the_call_gives_back():
    door = charging(40)
    ask(door, ("purchase", NOON, "talk"))
    call = Phone(door)
    call.begin(NOON, 10 * MINUTE)
    assert left(door)["talk/talk"] == 0
    ask(door, ("purchase", NOON + MINUTE, "talk"), first_id=5)
    done = call.end(NOON + 15 * MINUTE, 15 * MINUTE)
    assert (done.charged_micros, done.leaked_units) == (0, 0)
    assert (left(door)["talk/talk"], money(door)) == (5 * MINUTE, 0)
    assert len(door.wallets["w"].holdings.buckets) == 3  # two of messages


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


def test_the_zone_is_found_by_the_number_where_the_network_tells_none():
    door = charging(100)
    call = Phone(door, zone=None, number="15551234")
    assert call.begin(NOON, MINUTE).granted == MINUTE
    assert money(door) == micros(69)


def test_a_line_that_opted_out_is_cut_at_the_end_of_its_bundle():
    door = charging(100)
    wallet = door.wallets["w"]
    wallet.holdings = wallet.holdings.without_out_of_bundle({"data"})
    ask(door, ("purchase", NOON, "data-day"))
    flow = Phone(door, "data", zone=None, number="")
    grant = flow.begin(NOON, 12 * MB)
    assert (grant.granted, grant.final, grant.reason) == (10 * MB, True, "opted_out")
    flow.end(NOON, 10 * MB)
    assert (money(door), left(door)) == (micros(90), {"data-day/data": 0})


def test_a_blocker_holds_what_is_behind_it():
    door = charging()
    balances = [Money("guard", micros(3), 1, blocker=True), Money("main", micros(50))]
    door.wallets["w"].holdings = Holdings({balance.id: balance for balance in balances})
    grant = Phone(door).begin(NOON, 5 * MINUTE)
    assert (grant.granted, grant.final, money(door), money(door, "guard")) == (MINUTE, True, micros(50), 0)


def test_bonus_airtime_pays_only_where_it_may():
    policy = PrepaidPolicy.model_validate({"promotions": [{"id": "half", "percent": 50, "zones": ["on_net"]}]})
    door = charging(26, policy)
    home, abroad = Phone(door, name="x"), Phone(door, name="y", zone="abroad")
    assert home.begin(NOON, MINUTE).granted == MINUTE
    assert (money(door, "bonus/half"), money(door)) == (micros(10), micros(26))
    assert abroad.begin(NOON, MINUTE).outcome == "refused"
    home.end(NOON + MINUTE, MINUTE)
    assert ask(door, ("purchase", NOON + HOUR, "talk"))[0]["outcome"] == "full"
    assert ask(door, ("purchase", NOON + HOUR, "data-day"), first_id=3)[0]["reason"] == "insufficient_credit"


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


def test_a_connection_fee_is_not_paid_again_where_a_leg_begins():
    door = charging(31)
    call = Phone(door, zone="abroad")
    call.begin(NOON, MINUTE)
    call.report(NOON + 2 * MINUTE, 2 * MINUTE, 0)
    ask(door, ("topup", NOON + 2 * MINUTE, 100))
    assert call.end(NOON + 3 * MINUTE, MINUTE).charged_micros == micros(61)


def test_the_time_of_a_call_tells_what_a_bundle_pays_though_the_network_reported_ahead_of_it():
    door = charging(50)
    call = Phone(door)
    call.begin(NOON, 5 * MINUTE)
    call.report(NOON + MINUTE, 5 * MINUTE, MINUTE)
    ask(door, ("purchase", NOON + 2 * MINUTE, "talk"))
    assert call.end(NOON + 3 * MINUTE, MINUTE).charged_micros == micros(6)
    assert left(door)["talk/talk"] == 6 * MINUTE


def test_of_two_borders_the_nearer_ends_what_is_granted():
    door = charging(50)
    ask(door, ("purchase", at("00:30"), "data-day"))
    assert Phone(door, "data", zone=None, number="").begin(at("23:45"), MB).until_ms == at("00:00", day=2)
    assert Phone(door, "data", "s2", None, number="").begin(at("00:10", day=2), MB).until_ms == at("00:30", day=2)


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
