"""Cables at sea and other owners' plant by the clock: each story is reckoned by hand."""

import json

import polars as pl

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from tests.town import town
from tests.world.fieldwork import (
    CUT,
    HUB_TO_EAST_KM,
    ROAD_MS,
    at,
    clock,
    force,
    heard,
    mended,
    near,
    sent,
)

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
