"""Who pays for a session: bundles that begin and end in it, windows, bonus airtime, and those who want no other."""



from ossbss.bss.revenue.charging.balances import Money
from ossbss.bss.revenue.charging.holdings import Holdings
from ossbss.contract.units import micros
from tests.bss.charging.phone import Phone
from tests.bss.charging.prepaid_shop import (
    DAY,
    HOUR,
    KB,
    MB,
    MINUTE,
    NOON,
    ask,
    at,
    charging,
    giving,
    left,
    money,
    told,
)  # fmt: skip


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
    door = charging(26, rules=giving("half, percent: 50, excluded_zones: [abroad], buys_bundles: false"))
    home, abroad = Phone(door, name="x"), Phone(door, name="y", zone="abroad")
    assert home.begin(NOON, MINUTE).granted == MINUTE
    assert (money(door, "bonus/half"), money(door)) == (micros(10), micros(26))
    assert abroad.begin(NOON, MINUTE).outcome == "refused"
    home.end(NOON + MINUTE, MINUTE)
    assert ask(door, ("purchase", NOON + HOUR, "talk"))[0]["outcome"] == "full"
    assert ask(door, ("purchase", NOON + HOUR, "data-day"), first_id=3)[0]["reason"] == "insufficient_credit"


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
