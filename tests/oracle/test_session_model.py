"""What an outage does to single sessions, reckoned by hand from the instants, in the oracle and in the batches alike."""

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS
from sim.world.people.habits import Habits
from sim.world.people.subscribers import Community, settle
from sim.world.streams import Streams
from tests.oracle import session_model
from tests.oracle.rivals import DAY, batch

DOWN_MS, UP_MS = DAY.starts_ms + 18 * HOUR_MS, DAY.starts_ms + 19 * HOUR_MS
OUTAGES = {"cell-dark": [(DOWN_MS, UP_MS)], "cell-lit": []}
TALKATIVE = Habits(calls_per_day=200, emergency_calls_per_day=20, sms_per_day=50, sessions_per_day=100)


@pytest.fixture(scope="module", params=[session_model.play, batch], ids=["sessions", "batch"])
def sessions(request):
    streams = Streams(3)
    lines = settle([Community(tuple(OUTAGES), 80, {"postpay-s": 1}, TALKATIVE)], streams.get)
    return request.param(lines, OUTAGES, DAY, TALKATIVE, streams)


def in_outage():
    return (pl.col("place_id") == "cell-dark") & pl.col("started_ms").is_between(DOWN_MS, UP_MS, closed="left")


def test_all_that_starts_in_the_outage_is_blocked_and_nothing_else(sessions):
    blocked = pl.col("outcome") == "blocked"
    assert sessions.filter(in_outage() != blocked).is_empty()
    assert set(sessions.filter(blocked)["class"]) == {"voice", "sms", "data", "emergency"}
    assert sessions.filter(blocked)["served"].sum() == 0


def test_a_call_that_the_outage_cuts_has_lasted_until_it(sessions):
    cut = sessions.filter(pl.col("dropped") & (pl.col("class") == "voice"))
    assert cut.height > 0
    assert set(cut["place_id"]) == {"cell-dark"}
    assert cut["started_ms"].max() < DOWN_MS
    assert (cut["started_ms"] + cut["served"] - DOWN_MS).abs().max() < 1
    assert (cut["served"] < cut["requested"]).all()


def test_a_call_that_goes_on_at_the_end_has_lasted_until_then(sessions):
    going_on = sessions.filter((pl.col("outcome") == "in_progress") & (pl.col("class") == "voice"))
    assert going_on.height > 0
    assert (going_on["started_ms"] + going_on["served"] - DAY.ends_ms).abs().max() < 1


def test_only_calls_find_nobody_and_they_carry_nothing(sessions):
    missed = sessions.filter(pl.col("outcome").is_in(["busy", "unanswered"]))
    assert set(missed["class"]) == {"voice"}
    assert missed["served"].sum() == 0
    assert not sessions.filter(pl.col("class") == "sms")["dropped"].any()


def test_what_nothing_interrupts_is_served_whole(sessions):
    whole = sessions.filter((pl.col("outcome") == "answered") & ~pl.col("dropped"))
    assert whole["served"].to_list() == whole["requested"].to_list()
