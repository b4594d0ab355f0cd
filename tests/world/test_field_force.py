"""The field force by the clock: each story is reckoned by hand, on the town, in its local time (Monday, +03:00).

Places: port and east lie 0.4° and 0.2° east of the hub on one parallel (1° south); 0.2° of it are 22.2356 km. Half
of that, north and south of it, are north and south: 0.1° of longitude and of latitude, 15.7240 km from hub and east.
"""

import json
from datetime import datetime

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from tests.town import play, town

MIDNIGHT = int(datetime.fromisoformat("2024-05-06T00:00:00+03:00").timestamp() * 1000)
HUB_TO_EAST_KM, SOUTH_TO_EAST_KM = 22.2356, 15.7240
CUT, REPAIR_H = "east-port", 3
ROAD_MS = HUB_TO_EAST_KM * 1.3 / 60 * HOUR_MS
"""22.2356 km, 1.3 times as long by road, at 60 km/h: 28 min 54.4 s."""


def clock(text, day=1):
    hours, minutes = text.split(":")
    return MIDNIGHT + (24 * (day - 1) + int(hours)) * HOUR_MS + int(minutes) * MINUTE_MS


def at(text, day=1, do="cut_link", target=CUT):
    return {"at": f"day {day} {text}", "do": do, "target": target}


def force(folder, events, crews=None, network=None, partners=None, lasts="3 days", **more):
    folder.mkdir(exist_ok=True)
    crew = {"id": "crew-1", "site": "hub"}
    operations = {"crews": [crew | c for c in (crews if crews is not None else [{}])]}
    operations |= {"partners": partners} if partners else {}
    field_force = {"road_factor": 1.3, "repair": {"constant": f"{REPAIR_H} h"}} | more
    changes = {"operations": operations, "world": {"field_force": field_force}, "lasts": lasts}
    return play(folder, events, **changes | ({"network": network} if network else {}))


def mended(run, target=CUT):
    ((until_ms,),) = run.view.truth("fault").filter(pl.col("subject") == target).select("until_ms").rows()
    return until_ms


def sent(run, kind="dispatch"):
    """When the first crew was sent, or the first ticket opened."""
    return run.table("actions").filter(pl.col("kind") == kind)["occurred_ms"].min()


def heard(run):
    """What crews and partners said, in order: (who, result, needs)."""
    told = run.table("journal").filter(pl.col("kind").str.starts_with("crew."))
    return [(b["crew_id"], b["result"], b["needs"]) for b in map(json.loads, told["body"])]


def near(expected):
    """Rounding of the distances above, half a second at most."""
    return pytest.approx(expected, abs=500)


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
    run = force(tmp_path, [at("04:00", day=2)], repair={"constant": "4 h"}, access=access)
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


# -- ships -------------------------------------------------------------------------------------------------


def by_sea(folder, **at_position):
    document = town()
    for group in document["shared_risk_groups"]:
        if group["id"] == "duct-east-port":
            group |= {"kind": "cable", **at_position}
    (folder / "sea.json").write_text(json.dumps(document))
    return {"file": "sea.json", "management": "out_of_band"}


SHIP = {"id": "vessel", "site": "port", "ship": {"speed_knots": 12, "loading": "20 h", "weather": {"constant": "6 h"}}}
BROKEN = at("10:00", do="cut_duct", target="duct-east-port")


def test_a_ship_loads_sails_waits_for_weather_and_mends(tmp_path):
    """From 36.4° to 36.9° east on that parallel: 55.5890 km, at 12 knots (22.224 km/h) 2 h 30 min 4.6 s."""
    run = force(tmp_path, [BROKEN], [SHIP], by_sea(tmp_path, lon=36.9, lat=-1.0))
    assert heard(run) == [("vessel", "arrived", None), ("vessel", "repaired", None)]
    sails_ms = 55.5890 / 22.224 * HOUR_MS
    assert mended(run, "duct-east-port") == near(sent(run) + (20 + 6 + 3) * HOUR_MS + sails_ms)


def test_who_looks_at_the_landing_calls_the_ship(tmp_path):
    """The alarms blame the link; the crew on land finds its cable broken. The landing is at the east, 22.2356 km."""
    run = force(tmp_path, [BROKEN], [{}, SHIP], by_sea(tmp_path))
    assert heard(run)[:2] == [("crew-1", "arrived", None), ("crew-1", "wrong_skill", "submarine")]
    land_ms, sea_ms = ROAD_MS + 30 * MINUTE_MS, (20 + 6 + 3) * HOUR_MS + HUB_TO_EAST_KM / 22.224 * HOUR_MS
    assert mended(run, "duct-east-port") == near(sent(run) + land_ms + sea_ms)


def test_a_ship_loads_again_in_port_for_the_next_fault(tmp_path):
    """The second cut comes while the ship is at work: back to port, load, out again. There is one ship."""
    run = force(tmp_path, [BROKEN, at("15:00", 2, "cut_duct", "duct-east-north")], [SHIP], two_cables(tmp_path),
                lasts="5 days")  # fmt: skip
    first, second = (mended(run, f"duct-east-{end}") for end in ("port", "north"))
    assert first < second
    sailed = run.view.truth("crew_sail")
    assert sailed.height == 3  # out, back, out
    assert run.view.truth("crew_load")["at_ms"][1] == sailed["until_ms"].sort()[1] > first


def two_cables(folder):
    network = by_sea(folder)
    document = json.loads((folder / "sea.json").read_text())
    for group in document["shared_risk_groups"]:
        if group["id"] == "duct-east-north":
            group["kind"] = "cable"
    (folder / "sea.json").write_text(json.dumps(document))
    return network


# -- third parties -----------------------------------------------------------------------------------------


def owned(name, by="carrier"):
    return {"file": "town.json", "management": "out_of_band", "owners": {by: [name]}}


CARRIER = {"carrier": {"acknowledges": {"constant": "30 min"}, "repairs": {"constant": "5 h"}}}


def test_a_leased_link_is_mended_by_its_owner_on_its_clock(tmp_path):
    run = force(tmp_path, [at("10:00")], [{}], owned(CUT), CARRIER)
    opened = sent(run, "partner_ticket")
    assert clock("10:02") <= opened <= clock("10:04")
    told = run.table("journal").filter(pl.col("kind").str.starts_with("crew."))
    assert told.select("kind", "occurred_ms").rows() == [
        ("crew.acknowledged", opened + 30 * MINUTE_MS), ("crew.repaired", opened + 5 * HOUR_MS)
    ]  # fmt: skip
    assert mended(run) == opened + 5 * HOUR_MS
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["dispatches_per_fault"] == 0
    assert run.kpis["mtta_s"] == (opened - run.table("incidents")["occurred_ms"][0]) / 1000


def test_an_office_clock_stands_at_night(tmp_path):
    """Opened after 15:00 on Monday: what remains of five hours at 17:00 runs from Tuesday 08:00 on."""
    office = {"carrier": CARRIER["carrier"] | {"hours": "office"}}
    run = force(tmp_path, [at("15:00")], [], owned(CUT), office)
    left_ms = 5 * HOUR_MS - (clock("17:00") - sent(run, "partner_ticket"))
    assert mended(run) == clock("08:00", day=2) + left_ms


def test_our_crew_may_not_mend_what_is_not_ours_and_opens_the_ticket(tmp_path):
    """The power of a rented tower: the router looks dead, our crew stands before a dark site that is not ours."""
    run = force(tmp_path, [at("10:00", do="cut_power", target="farm")], [{}], owned("farm", "towerco"),
                {"towerco": CARRIER["carrier"]})  # fmt: skip
    assert heard(run) == [("crew-1", "arrived", None), ("crew-1", "no_access", "towerco"),
                          ("towerco", "acknowledged", None), ("towerco", "repaired", None)]  # fmt: skip
    looked_ms = sent(run) + 35.1643 * 1.3 / 60 * HOUR_MS + 30 * MINUTE_MS
    assert sent(run, "partner_ticket") == near(looked_ms)
    assert mended(run, "farm") == near(looked_ms + 5 * HOUR_MS)


def test_a_partner_that_finds_nothing_of_its_own_gives_the_ticket_back(tmp_path):
    """The leased link is blamed, but our own duct is cut: from afar both look the same."""
    run = force(tmp_path, [at("10:00", do="cut_duct", target="duct-east-port")], [{}], owned(CUT), CARRIER)
    assert heard(run) == [("carrier", "acknowledged", None), ("carrier", "nothing_found", None),
                          ("crew-1", "arrived", None), ("crew-1", "repaired", None)]  # fmt: skip
    assert run.table("incidents")["state"].to_list() == ["closed"]


def test_a_partner_keeps_its_clock_whatever_our_crews_do(tmp_path):
    """The same seed, three crews or none, and another fault: the partner's luck stays, and so does ours."""
    drawn = {"carrier": {"repairs": {"lognormal": {"median": "5 h", "sigma": 1}}}}
    ours = at("09:00", target="farm-north")
    alone = force(tmp_path / "a", [at("10:00")], [], owned(CUT), drawn)
    three = [{"id": f"crew-{n}"} for n in range(3)]
    busy = force(tmp_path / "b", [ours, at("10:00")], three, owned(CUT), drawn)
    lengths = [mended(run) - sent(run, "partner_ticket") for run in (alone, busy)]
    assert lengths[0] == lengths[1]


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
