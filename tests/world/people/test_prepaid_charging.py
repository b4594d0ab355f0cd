"""The world's people and the BSS's own charging: what is granted is what is paid, to the micro-unit, and nothing leaks."""

from math import ceil

import polars as pl
import pytest

from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.bss.revenue.charging.prepaid_policy import AdvanceTerms, PrepaidPolicy
from ossbss.contract.units import DAY_MS, HOUR_MS, micros
from sim.world.people.credit.door import OPEN
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.habits import Habits
from sim.world.people.intents import draw_hour
from sim.world.streams import Streams
from tests.bss.charging.prepaid_shop import RULES
from tests.world.people.hours import Hours, places
from tests.world.people.street import STARTS_MS, wish
from tests.world.people.test_prepaid_door import away
from tests.world.people.test_prepaid_laws import adds_up, frame

KES = 1_000_000
LENDING = PrepaidPolicy(advance=AdvanceTerms(amounts=(10, 20, 50), fee_milli=100))
STAYS = {"dry_tops_up_milli": 0, "low_tops_up_milli": 0, "dry_borrows_milli": 0}


def shop(lines: int = 1, policy: PrepaidPolicy = LENDING) -> Charging:
    names = [f"line-{number:07d}" for number in range(lines)]
    return Charging(RULES, [Line(name, name, "payg") for name in names], policy)


def one_line(charging, habits, *wishes, hours=4):
    told = frame({**each, "subscriber_id": "line-0000000"} for each in wishes)
    street = Hours(charging, PrepaidHabits(**STAYS | habits))
    found = street.pass_through(told, STARTS_MS, hours)
    return found.select("outcome", "served", "cut_off").rows(), street.credit.door.log()


def test_a_call_over_the_hour_is_charged_in_whole_minutes_once():
    charging = shop()
    story, log = one_line(charging, {"opening": {250: 1}}, wish(50.5, lasts_min=29.25))
    assert story == [("answered", 29.25 * 60_000, False)]
    assert log.filter(kind="session_end").select("at_ms", "used", "amount_micros", "balance_micros").rows() == [
        (STARTS_MS + int(79.75 * 60_000), int(19.75 * 60_000), 90 * KES, 160 * KES)
    ]
    assert set(charging.take_events()["kind"]) <= {"topped_up", "threshold"}


def test_a_call_ends_at_the_last_minute_that_the_wallet_pays():
    charging = shop()
    story, log = one_line(charging, {"opening": {50: 1}}, wish(50, lasts_min=30), wish(100, "sms"), wish(110, lasts_min=1))
    assert story == [("answered", 16 * 60_000, True), ("answered", 1, False), ("refused", 0, False)]  # 48, 1.20 of 50
    assert log.filter(kind="session_end")["amount_micros"].to_list() == [48 * KES]
    assert charging.balances()["balance_micros"].to_list() == [micros("0.80")]
    assert "leaked" not in charging.take_events()["kind"]


def test_a_message_that_the_wallet_cannot_pay_costs_nothing():
    charging = shop()
    story, _ = one_line(charging, {"opening": {1: 1}}, wish(5, "sms"))
    assert story == [("refused", 0, False)]
    assert charging.balances()["balance_micros"].to_list() == [KES]


def test_a_bundle_bought_by_the_hour_serves_the_calls_after_it():
    charging = shop()
    habits = {"opening": {20: 1}, "bundles": {"talk": 1}, "bundles_per_day": 10.0}
    story, log = one_line(charging, habits, wish(600, lasts_min=5), wish(610, "sms"), hours=12)
    assert log.filter((pl.col("kind") == "purchase") & (pl.col("granted") == 1)).height == 1
    assert story == [("answered", 300_000, False), ("answered", 1, False)]
    assert log.filter(kind="usage")["amount_micros"].to_list() == [0, 0]


def test_a_session_of_which_charging_heard_too_long_nothing_ends_and_is_no_want_of_credit():
    charging = shop()
    habits = PrepaidHabits(**STAYS | {"opening": {1000: 1}, "dry_tops_up_milli": 1000})
    street = Hours(charging, habits, reach=away(OPEN, 59, 125))
    told = frame([{**wish(50, lasts_min=200), "subscriber_id": "line-0000000"}])
    found = street.pass_through(told, STARTS_MS, 5)
    assert found.select("outcome", "served", "cut_off").rows() == [("answered", 130 * 60_000, True)]
    log = street.credit.door.log()
    assert log.select("kind", "is_asked", "granted", "reason").rows() == [
        ("topup", True, 1, ""),
        ("session_begin", True, 600_000, ""),
        ("session_update", False, 3_600_000, "unreachable"),
        ("session_update", False, 3_600_000, "unreachable"),
        ("session_update", True, 0, "unknown_session"),
        ("session_end", True, 0, "unknown_session"),
    ]


PRICES = {
    "voice": lambda units: 3 * KES * ceil(units / 60_000),
    "sms": lambda units: 1_200_000 * units,
    "data": lambda units: 300_000 * ceil(units / 150_000),
}
"""By day, as the shop's price list says: 3 a minute, 1.20 a message, 2 for a million octets in steps of 150,000."""


@pytest.mark.parametrize("seed", range(5))
def test_a_day_is_paid_to_the_micro_unit(seed):
    lines, hours = 40, 18  # from six in the morning till midnight: the shop's nights cost otherwise
    charging = shop(lines)
    talkative = Habits(calls_per_day=20, call_median_ms=600_000, sessions_per_day=6, session_mean_ms=HOUR_MS,
                       data_octets_per_day=5e6, data_user_sigma=1.0, off_net_share=0, international_share=0)  # fmt: skip
    habits, streams = PrepaidHabits(dry_borrows_milli=600), Streams(seed)
    streets = {name: of.with_columns(octets_per_day=pl.lit(5e6)) for name, of in places(lines).items()}
    wishes = pl.concat(
        draw_hour(streets, dict.fromkeys(streets, talkative), n, STARTS_MS + n * HOUR_MS, (6 + n) % 24, streams)
        for n in range(hours)
    )
    street = Hours(charging, habits, lines, seed=seed)
    found, log = street.pass_through(wishes, STARTS_MS, hours), street.credit.door.log()
    adds_up(found)
    assert found.filter("cut_off").height > 20
    told = charging.take_events()
    assert not told["kind"].is_in(["leaked", "session_timed_out"]).any()
    charged = log.filter(pl.col("kind").is_in(["usage", "session_end"])).group_by("request_id").agg(
        pl.col("amount_micros").sum()
    )  # fmt: skip
    paid = found.filter((pl.col("outcome") == "answered") & (pl.col("class") != "emergency")).join(
        charged, left_on="intent_id", right_on="request_id", how="full"
    ).filter((pl.col("served") > 0) | (pl.col("amount_micros") > 0))  # fmt: skip
    by_hand = [PRICES[kind](units) for kind, units in paid.select("class", "served").rows()]
    assert paid["amount_micros"].to_list() == by_hand
    of = dict(log.group_by("kind").agg(pl.col("amount_micros").sum()).iter_rows())
    assert of["advance"] > 0
    have = charging.balances()
    repaid = told.filter(kind="repaid")["amount_micros"].sum()
    assert have["balance_micros"].sum() == of["topup"] + of["advance"] - sum(by_hand)
    assert log.filter(kind="advance")["fee_micros"].sum() + of["advance"] - repaid == have["owed_micros"].sum()
    assert log.filter(pl.col("at_ms") >= STARTS_MS + DAY_MS).is_empty()
