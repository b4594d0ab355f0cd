"""Prepaid days, told by the minute: 10 shillings are 100 seconds of talk, 10 messages or 5 million octets."""

import polars as pl
import pytest

from tests.world.people.purse import KES, Purse
from tests.world.people.street import STARTS_MS, live, wish

HOUR_MIN = 60
TOPS_UP = {"dry_tops_up_milli": 1000}


def minutes(played):
    return [(kind, at) for kind, at, *_ in played.asked()]


def test_the_money_ends_in_mid_call_and_the_next_call_is_refused_until_more_is_paid_in(tmp_path):
    calls = [wish(10, lasts_min=5), wish(20, lasts_min=1), wish(121, lasts_min=2)]
    played = live(tmp_path, calls, Purse(), TOPS_UP)
    assert played.story() == [
        ("answered", 100_000, pytest.approx(10 + 100 / 60), True, False),
        ("refused", 0, 20, False, False),
        ("answered", 120_000, 123, False, False),
    ]
    (paid_min,) = [at for kind, at, *_ in played.asked() if kind == "topup"]
    assert 60 <= paid_min < 120
    written = played.records.sort("started_ms").select((pl.col("started_ms") - STARTS_MS) // 60_000, "quantity")
    assert written.rows() == [(10, 100_000), (121, 120_000)]
    assert played.money() == 50 - 12


def test_nobody_knows_that_the_money_is_gone_before_the_hour_is_over(tmp_path):
    calls = [wish(1, lasts_min=5), *(wish(at, lasts_min=1) for at in (10, 30, 59))]
    played = live(tmp_path, calls, Purse(), TOPS_UP)
    assert [row[0] for row in played.story()] == ["answered", "refused", "refused", "refused"]
    assert [kind for kind, at in minutes(played) if at >= HOUR_MIN] == ["topup"]  # one, and then nobody is dry


def test_a_call_over_the_hour_reports_at_the_hour_and_ends_once(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=30)], Purse(), {"opening": {250: 1}})
    assert played.asked() == [
        ("session_begin", 50, 600_000, None, 600_000),
        ("session_update", 60, 1_200_000, 600_000, 1_200_000),
        ("session_end", 80, None, 1_200_000, 0),
    ]
    assert played.story() == [("answered", 1_800_000, 80, False, False)]
    assert played.log.filter(kind="session_end")["amount_micros"].to_list() == [180 * KES]
    assert (played.money(), played.records["quantity"].to_list()) == (70, [1_800_000])


def test_a_long_call_runs_dry_in_its_third_hour(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=150)], Purse(), {"opening": {480: 1}})
    assert played.asked() == [
        ("session_begin", 50, 600_000, None, 600_000),
        ("session_update", 60, 3_600_000, 600_000, 3_600_000),
        ("session_update", 120, 3_600_000, 3_600_000, 600_000),
        ("session_end", 130, None, 600_000, 0),
    ]
    assert played.story() == [("answered", 4_800_000, 130, True, False)]
    assert (played.money(), played.records["quantity"].to_list()) == (0, [4_800_000])


def test_a_call_that_gets_no_more_at_the_hour_ends_there(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=20)], Purse(), {"opening": {60: 1}})
    assert played.story() == [("answered", 600_000, 60, True, False)]
    assert played.asked()[1:] == [("session_update", 60, 600_000, 600_000, 0), ("session_end", 60, None, 0, 0)]


CUT = [{"at": "65 min", "do": "cut_link", "target": "east-port", "repair": "1 h"}]


def test_an_outage_in_the_next_hour_drops_a_call_that_goes_on(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=30)], Purse(), {"opening": {250: 1}}, CUT)
    down_min = (played.composed.world.plant.outages["cell-port"][0][0] - STARTS_MS) / 60_000
    used = round((down_min - 50) * 60_000)
    assert 900_000 <= used < 910_000  # the routes notice within seconds
    assert played.story() == [("answered", used, down_min, False, True)]
    assert played.asked()[1:] == [
        ("session_update", 60, used - 600_000, 600_000, used - 600_000),
        ("session_end", down_min, None, used - 600_000, 0),
    ]
    assert (played.money(), played.records["quantity"].to_list()) == (250 - used / 10_000, [used])


def test_a_call_whose_money_ends_before_the_outage_is_not_dropped(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=30)], Purse(), {"opening": {72: 1}}, CUT)
    assert played.story() == [("answered", 720_000, 62, True, False)]
    assert (played.money(), played.records["quantity"].to_list()) == (0, [720_000])


def test_a_message_goes_whole_or_not_at_all(tmp_path):
    played = live(tmp_path, [wish(at, "sms") for at in (1, 2, 3)], Purse(prices={"sms": 4 * KES}))
    assert [(outcome, served) for outcome, served, *_ in played.story()] == [("answered", 1)] * 2 + [("refused", 0)]
    assert played.money() == 2


def test_data_end_at_the_share_of_time_that_the_units_make(tmp_path):
    session = wish(30, "data", size=30_000_000, lasts_min=60)
    played = live(tmp_path, [session], Purse())
    assert played.asked()[0] == ("session_begin", 30, 15_000_000, None, 5_000_000)
    assert played.story() == [("answered", 5_000_000, 40, True, False)]


def test_an_emergency_call_is_never_asked_for(tmp_path):
    wishes = [wish(1, lasts_min=9), wish(20, "emergency", lasts_min=70), wish(21, lasts_min=1)]
    played = live(tmp_path, wishes, Purse())
    assert played.story()[1:] == [("answered", 4_200_000, 90, False, False), ("refused", 0, 21, False, False)]
    assert "emergency" not in played.log["class"]


def test_what_the_network_does_not_carry_is_not_asked_for(tmp_path):
    wishes = [wish(70, lasts_min=1), wish(10, lasts_min=1, answer="busy"), wish(11, lasts_min=1, answer="unanswered")]
    played = live(tmp_path, wishes, Purse(), {}, CUT)
    assert [row[0] for row in played.story()] == ["busy", "unanswered", "blocked"]
    assert (played.asked(), played.money()) == ([], 10)


def test_lines_on_contract_are_never_asked_for(tmp_path):
    calls = [wish(10, lasts_min=5), wish(50, lasts_min=30)]
    played = live(tmp_path, calls, Purse(), prepaid="postpay-s")
    assert played.log.is_empty()
    assert [served for _, served, *_ in played.story()] == [300_000, 1_800_000]


def test_who_is_refused_may_borrow_in_the_next_hour(tmp_path):
    wishes = [wish(1, lasts_min=9), wish(130, lasts_min=1), wish(250, "sms")]
    habits = {"dry_borrows_milli": 1000, "advances": {20: 1}}
    lent, not_lent = (live(tmp_path, wishes, Purse(lends), habits) for lends in (True, False))
    assert [kind for kind, at in minutes(lent) if 60 <= at < 120] == ["advance"]
    assert [row[0] for row in lent.story()] == ["answered", "answered", "answered"]
    assert lent.money() == 20 - 6 - 1
    assert [row[0] for row in not_lent.story()] == ["answered", "refused", "refused"]
    assert [int(at // 60) for kind, at in minutes(not_lent) if kind == "advance"] == [1, 3, 5]


def test_who_tops_up_does_not_borrow(tmp_path):
    habits = TOPS_UP | {"dry_borrows_milli": 1000}
    played = live(tmp_path, [wish(1, lasts_min=9), wish(130, lasts_min=1)], Purse(True), habits)
    assert [kind for kind, at in minutes(played) if at >= 60] == ["topup", "usage"]


def test_nobody_tops_up_more_often_than_a_day_allows(tmp_path):
    calls = [wish(60 * hour + 1, lasts_min=59) for hour in range(24)]
    habits = TOPS_UP | {"top_ups": {10: 1}, "most_top_ups_per_day": 3}
    played = live(tmp_path, calls, Purse(), habits, lasts="1 day")
    days = [int((360 + at) // 1440) for kind, at in minutes(played) if kind == "topup"]
    assert days == [0, 0, 0, 1, 1, 1]  # the run begins at six in the morning


def test_who_runs_low_tops_up_though_nobody_refused_anything(tmp_path):
    habits = {"tops_up_below": 5, "low_tops_up_milli": 1000}
    played = live(tmp_path, [wish(10, "sms", line=0), *(wish(20 + n, "sms", line=1) for n in range(6))], Purse(), habits)
    ((_, paid_min),) = [each for each in minutes(played) if each[0] == "topup"]
    assert 60 <= paid_min < 120
    assert (played.money(0), played.money(1)) == (9, 54)


def test_bundles_are_bought_out_of_money(tmp_path):
    habits = {"opening": {100: 1}, "bundles": {"postpay-s": 1}, "bundles_per_day": 10.0}
    played = live(tmp_path, [], Purse(), habits)
    bought = played.log.filter(kind="purchase")
    assert set(bought["offering_id"]) == {"postpay-s"}
    of_line = bought.group_by("subscriber_id").agg(pl.len(), pl.col("granted").sum())
    assert of_line.filter(pl.col("granted") != pl.min_horizontal(pl.col("len"), pl.lit(5))).is_empty()
    assert not bought.filter(pl.col("granted") == 0).is_empty()  # each has money for five


def test_a_run_may_end_in_mid_session_and_within_an_hour(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=300)], Purse(), {"opening": {1000: 1}}, lasts="90 min")
    assert played.story() == [("in_progress", 2_400_000, 350, False, False)]
    assert (played.money(), played.records.height) == (1000 - 240, 0)


def test_nobody_does_anything_after_the_end_of_a_run(tmp_path):
    habits = {"bundles": {"postpay-s": 1}, "bundles_per_day": 10.0}
    played = live(tmp_path, [], Purse(), habits, lasts="65 min")
    assert all(at < 65 for _, at in minutes(played))
