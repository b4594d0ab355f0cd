"""The field force by the clock: each story is reckoned by hand."""

import json

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from tests.world.fieldwork import (
    ROAD_MS,
    SOUTH_TO_EAST_KM,
    at,
    clock,
    force,
    heard,
    mended,
    near,
    sent,
)

# -- shifts ------------------------------------------------------------------------------------------------


def test_what_fails_at_night_waits_for_the_shift(tmp_path):
    run = force(tmp_path, [at("23:00")], [{"shift": "08:00-17:00"}], mobilisation="20 min")
    assert sent(run) == clock("08:00", day=2)
    assert mended(run) == near(clock("08:20", day=2) + ROAD_MS + 3 * HOUR_MS)


def test_who_is_on_call_sets_out_at_night(tmp_path):
    run = force(tmp_path, [at("23:00")], [{"shift": "08:00-17:00", "on_call": "45 min"}])
    assert clock("23:02") <= sent(run) <= clock("23:04")
    assert mended(run) == near(sent(run) + 45 * MINUTE_MS + ROAD_MS + 3 * HOUR_MS)


def test_on_call_in_the_last_minutes_before_the_shift_starts_with_the_shift(tmp_path):
    run = force(tmp_path, [at("07:30", day=2)], [{"shift": "08:00-17:00", "on_call": "45 min"}])
    assert mended(run) == near(clock("08:00", day=2) + ROAD_MS + 3 * HOUR_MS)


@pytest.mark.parametrize("overtime", [True, False])
def test_a_job_that_outlasts_the_shift(tmp_path, overtime):
    """With overtime it is finished in the evening; without, what was not done by 17:00 is done from 08:00 on."""
    run = force(tmp_path, [at("15:00")], [{"shift": "08:00-17:00", "overtime": overtime}])
    evening = sent(run) + ROAD_MS + 3 * HOUR_MS
    assert evening > clock("17:00")
    assert mended(run) == near(evening if overtime else clock("08:00", day=2) + evening - clock("17:00"))


def test_nobody_comes_at_the_weekend(tmp_path):
    """Day 5 is a Friday; the next Monday is day 8."""
    crew = {"shift": "08:00-17:00", "days": ["mon", "tue", "wed", "thu", "fri"]}
    run = force(tmp_path, [at("18:00", day=5)], [crew], lasts="8 days")
    assert mended(run) == near(clock("08:00", day=8) + ROAD_MS + 3 * HOUR_MS)


def test_a_night_shift_is_one_shift(tmp_path):
    """From Monday 22:00 to Tuesday 06:00, on Mondays only: at 02:00 on Tuesday they work."""
    run = force(tmp_path, [at("02:00", day=2)], [{"shift": "22:00-06:00", "days": ["mon"]}])
    assert mended(run) == near(sent(run) + ROAD_MS + 3 * HOUR_MS)
    assert sent(run) < clock("02:10", day=2)


def test_a_crew_on_shift_goes_before_a_nearer_one_that_sleeps(tmp_path):
    crews = [{"site": "east", "shift": "08:00-17:00"}, {"id": "crew-2"}]
    run = force(tmp_path, [at("22:30")], crews)
    assert run.table("incidents")["crew_id"].to_list() == ["crew-2"]


def test_a_crew_that_sleeps_nearer_is_waited_for_when_it_will_be_there_first(tmp_path):
    """07:50: the crew at the place begins in ten minutes, the other needs 22 for the road even without detours."""
    crews = [{"site": "east", "shift": "08:00-17:00"}, {"id": "crew-2"}]
    run = force(tmp_path, [at("07:50", day=2)], crews)
    assert run.table("incidents")["crew_id"].to_list() == ["crew-1"]
    assert mended(run) == clock("11:00", day=2)


# -- nights, gates -----------------------------------------------------------------------------------------


def test_nobody_drives_at_night(tmp_path):
    """They leave before 22:00, stop there, and drive the rest of the way from 05:00 on."""
    run = force(tmp_path, [at("21:50")], no_travel="22:00-05:00")
    assert sent(run) < clock("21:55")
    assert mended(run) == near(clock("05:00", day=2) + ROAD_MS - (clock("22:00") - sent(run)) + 3 * HOUR_MS)


def test_a_gate_is_open_at_hours_and_the_work_rests_when_it_closes(tmp_path):
    """There by 05:00, but the gate opens at 09:00 and closes at noon: three hours of four; the fourth next day."""
    access = {"east": {"hours": "09:00-12:00"}}
    run = force(tmp_path, [at("04:00", day=2)], repair={"constant": "4 h"}, access=access, lasts="3 days")
    assert mended(run) == clock("10:00", day=3)


def test_the_landlord_brings_the_key(tmp_path):
    run = force(tmp_path, [at("10:00")], access={"east": {"delay": "45 min"}})
    assert mended(run) == near(sent(run) + ROAD_MS + 45 * MINUTE_MS + 3 * HOUR_MS)


# -- skills ------------------------------------------------------------------------------------------------


def test_who_masters_it_goes_though_others_are_nearer(tmp_path):
    crews = [{"id": "routers", "site": "east", "skills": ["ip"]}, {"id": "fibres", "skills": ["fibre", "radio"]}]
    run = force(tmp_path, [at("10:00")], crews)
    assert heard(run) == [("fibres", "arrived", None), ("fibres", "repaired", None)]


def test_the_wrong_crew_looks_and_calls_the_right_one(tmp_path):
    """Without a last gasp a dead site looks like a dead router; from hub to farm it is 0.1° east and 0.3° north."""
    crews = [{"id": "routers", "skills": ["ip"]}, {"id": "batteries", "skills": ["power"]}]
    run = force(tmp_path, [at("10:00", do="cut_power", target="farm")], crews)
    assert heard(run) == [("routers", "arrived", None), ("routers", "wrong_skill", "power"),
                          ("batteries", "arrived", None), ("batteries", "repaired", None)]  # fmt: skip
    road_ms = 35.1643 * 1.3 / 60 * HOUR_MS
    assert mended(run, "farm") == near(sent(run) + road_ms + 30 * MINUTE_MS + road_ms + 3 * HOUR_MS)
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["dispatches_per_fault"] == 2
    assert run.kpis["first_time_fix"] == 0.5


# -- spare parts -------------------------------------------------------------------------------------------


def test_a_part_in_the_van_costs_no_time(tmp_path):
    run = force(tmp_path, [at("10:00")], [{"spares": {"fibre_spool": 1}}])
    assert mended(run) == near(sent(run) + ROAD_MS + 3 * HOUR_MS)


def test_a_part_is_fetched_from_the_nearest_depot_that_has_one(tmp_path):
    depots = {"east": {"card": 5}, "south": {"fibre_spool": 1}, "farm": {"fibre_spool": 9}}
    run = force(tmp_path, [at("10:00")], depots=depots)
    detour_ms = 2 * SOUTH_TO_EAST_KM * 1.3 / 60 * HOUR_MS
    assert mended(run) == near(sent(run) + ROAD_MS + detour_ms + 3 * HOUR_MS)


def test_where_no_part_is_left_one_is_ordered_and_the_crew_comes_again(tmp_path):
    """The first fault takes the only spool; the second waits ten hours for one while the crew is free for others."""
    events = [at("10:00"), at("19:00"), at("20:30", do="fail_card", target="r-port/1")]
    run = force(tmp_path, events, depots={"east": {"fibre_spool": 1, "card": 1}}, resupply={"constant": "10 h"})
    faults = run.view.truth("fault").sort("at_ms")
    missing = run.table("journal").filter(pl.col("kind") == "crew.no_spare")
    assert missing.height == 1
    told_ms, due_ms = missing["occurred_ms"][0], json.loads(missing["body"][0])["ready_ms"]
    assert clock("19:02") < told_ms < clock("19:04")  # the crew is there already
    assert due_ms == told_ms + 10 * HOUR_MS
    assert faults["until_ms"][1] == near(due_ms + 22_236 * 1.3 / 60 * 3600 + 3 * HOUR_MS)
    assert clock("23:30") < faults["until_ms"][2] < due_ms


def test_shifts_and_spares_change_nobodys_luck(tmp_path):
    """How long the work at the fault takes is drawn for the fault: by day or night, with or without parts."""
    lognormal = {"repair": {"lognormal": {"median": "4 h", "sigma": 0.5}}}
    ways = [([{}], {}), ([{"shift": "08:00-17:00"}], {}), ([{"spares": {}}], {"depots": {"south": {"fibre_spool": 1}}})]
    worked = set()
    for number, (crews, more) in enumerate(ways):
        run = force(tmp_path / str(number), [at("23:00")], crews, **lognormal | more)
        (work,) = run.view.truth("crew_repair").iter_rows(named=True)
        worked.add(work["until_ms"] - work["at_ms"])
    assert len(worked) == 1
