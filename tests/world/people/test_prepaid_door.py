"""The door to charging: in its order, told whole, and what the network does by itself while nobody answers there."""

import polars as pl
import pytest

from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA
from sim.world.people.credit.door import ASKED, CLOSED, LOG_SCHEMA, OPEN, ChargingAnswerError, Door
from sim.world.people.credit.requests import requests
from tests.world.people.purse import KES, Purse
from tests.world.people.street import STARTS_MS, live, wish


def away(way, from_min, until_min):
    """Charging cannot be reached for a time."""

    def reach(asked):
        gone = asked["at_ms"].is_between(*(STARTS_MS + at * 60_000 for at in (from_min, until_min)), closed="left")
        return asked.select(pl.when(gone).then(pl.lit(way)).otherwise(pl.lit(ASKED)))[:, 0]

    return reach


def test_an_open_network_serves_unasked_and_nothing_is_taken(tmp_path):
    calls = [wish(1, lasts_min=1), wish(20, lasts_min=60), wish(100, lasts_min=1)]
    played = live(tmp_path, calls, Purse(), reach=away(OPEN, 10, 61))
    assert [(o, s, c) for o, s, _, c, _ in played.story()] == [
        ("answered", 60_000, False), ("answered", 3_600_000, False), ("answered", 40_000, True),
    ]  # fmt: skip
    unasked = played.log.filter(~pl.col("is_asked")).select("kind", "quantity", "granted", "outcome", "reason")
    assert unasked.rows() == [("session_begin", 2_400_000, 2_400_000, "full", "unreachable"),
                              ("usage", 1_200_000, 1_200_000, "full", "unreachable")]  # fmt: skip
    assert played.money() == 0  # 6 and 4, never more


def test_a_closed_network_blocks_and_nobody_takes_it_for_want_of_credit(tmp_path):
    habits = {"opening": {400: 1}, "dry_tops_up_milli": 1000}
    calls = [wish(5, lasts_min=70), wish(20, lasts_min=1), wish(61, lasts_min=1)]
    played = live(tmp_path, calls, Purse(), habits, reach=away(CLOSED, 10, 61))
    assert played.story() == [
        ("answered", 3_300_000, 60, True, False), ("blocked", 0, 20, False, False), ("answered", 60_000, 62, False, False),
    ]  # fmt: skip
    ends = played.log.filter(pl.col("kind").is_in(["topup", "session_end"]) & (pl.col("at_ms") > STARTS_MS))
    assert ends.select("kind", "is_asked").rows() == [("session_end", False), ("session_end", True)]  # told once it is back


def test_a_session_that_began_unasked_is_begun_when_charging_is_back(tmp_path):
    played = live(tmp_path, [wish(50, lasts_min=30)], Purse(), {"opening": {250: 1}}, reach=away(OPEN, 0.1, 60))
    assert [row[0] for row in played.asked()] == ["session_begin", "usage"]
    assert (played.story(), played.money()) == ([("answered", 1_800_000, 80, False, False)], 250 - 120)


def test_a_top_up_is_not_made_while_charging_is_away(tmp_path):
    habits = {"dry_tops_up_milli": 1000}
    played = live(tmp_path, [wish(1, lasts_min=9), wish(200, "sms")], Purse(), habits, reach=away(OPEN, 60, 120))
    paid = played.log.filter((pl.col("kind") == "topup") & (pl.col("at_ms") > STARTS_MS))
    assert paid.select("granted", "amount_micros", "asked_micros").rows() == [(0, 0, 50 * KES), (1, 50 * KES, 50 * KES)]
    assert played.money() == 49


def test_the_log_has_what_was_asked_and_answered_row_by_row(tmp_path):
    played = live(tmp_path, [wish(1, lasts_min=9), wish(50, lasts_min=30)], purse := Purse())
    log = played.log
    assert dict(log.schema) == LOG_SCHEMA
    told = log.select(pl.col("asked_micros").alias("amount_micros"), pl.exclude("amount_micros", "asked_micros"))
    both = [name for name in CHARGING_REQUESTS_SCHEMA if name in told.columns]
    assert told.select(both).equals(pl.concat(purse.calls).select(both))


class Confused(Purse):
    def grant(self, asked):
        return super().grant(asked).reverse()


def test_answers_out_of_turn_are_a_broken_integration():
    two = pl.DataFrame({"request_id": [1, 2], "subscriber_id": "a", "kind": "topup", "at_ms": 1, "amount_micros": 5})
    with pytest.raises(ChargingAnswerError, match="in their order"):
        Door(Confused()).ask(requests(two))
