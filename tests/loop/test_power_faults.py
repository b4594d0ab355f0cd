"""Grid, battery, generator and fuel of a site, each as a timed story on the town."""

import json

import polars as pl
import pytest

from tests.loop.fault_stories import CONVERGENCE, STAYS_NEAR, H, M, S, alarms, blamed, spans
from tests.town import play, town

# -- power ---------------------------------------------------------------------------------------------


UNASKED = {"crews": [{"id": "crew-1", "site": "hub"}], "active_tests": False, "remote_repair": False}


def powered(folder, timeline, power, **changes):
    return play(folder, timeline, world={"power": power, **STAYS_NEAR}, **changes)


def test_the_battery_carries_the_site_for_as_long_as_age_and_charge_allow(tmp_path):
    """4 h when new and full; 800 of 1000 by age, half full: 96 min. Low at a fifth of what it can hold: 38.4 min left."""
    cut = {"at": "2 h", "do": "cut_power", "target": "port", "repair": "5 h"}
    run = powered(tmp_path, [cut], {"age_factor_milli": 800, "charge_milli": 500, "recharge": "1000 days"})
    dead = 2 * H + 96 * M
    (fault,) = spans(run, "fault")
    (outage,) = spans(run, "service_outage")
    assert fault == (2 * H, 7 * H)
    assert dead <= outage[0] <= dead + 10 * S  # two hours of charging at 1000 days a load: no more than seconds
    assert outage[1] == 7 * H + CONVERGENCE
    told = alarms(run)
    assert told["port", "commercialPowerFailure", "r-port"] == [(2 * H, 7 * H)]
    ((low, over),) = told["port", "lowBatteryThreshold", "r-port"]
    assert low == pytest.approx(dead - 38.4 * M, abs=10 * S)
    assert over == 7 * H
    assert {cause for _, cause, _ in told} >= {"powerProblem", "lossOfSignal"}
    assert blamed(run) == [{"port"}]
    assert run.table("incidents")["state"].to_list() == ["closed"]


def test_sites_fall_in_the_order_of_their_batteries(tmp_path):
    batteries = {"north": "3 h", "south": "1 h", "east": "2 h"}
    cuts = [{"at": "1 h", "do": "cut_power", "target": site, "repair": "6 h"} for site in batteries]
    power = {"sites": {site: {"battery": battery} for site, battery in batteries.items()}}
    run = powered(tmp_path, cuts, power)
    gasps = {site: alarms(run).get((f"r-{site}", "communicationsSubsystemFailure", "oss.surveillance")) for site in batteries}
    fell = sorted(batteries, key=lambda site: gasps[site][0][0])
    assert fell == ["south", "east", "north"]
    for site, battery in batteries.items():
        lasted = gasps[site][0][0] - 1 * H  # polled each minute, lost after two
        assert 0 <= lasted - int(battery[0]) * H <= 3 * M


def test_an_area_cut_is_one_incident_while_all_run_on_battery(tmp_path):
    document = town()
    document["shared_risk_groups"].append({"id": "grid-east", "kind": "power"})
    for site in document["sites"]:
        if site["id"] in ("east", "port", "south"):
            site["shared_risk_groups"] = ["grid-east"]
    (tmp_path / "two-grids.json").write_text(json.dumps(document))
    cut = {"at": "2 h", "do": "cut_power", "target": "grid-east", "repair": "3 h"}
    run = powered(tmp_path, [cut], {}, network={"file": "two-grids.json"})
    assert spans(run, "service_outage") == []
    assert set(alarms(run)) == {(s, "commercialPowerFailure", f"r-{s}") for s in ("east", "port", "south")}
    assert blamed(run) == [{"grid-east"}]
    assert run.kpis["root_cause_exact"] == 1
    assert run.table("incidents")["state"].to_list() == ["closed"]


GENERATOR = {"battery": "1 h", "generator": True, "fuel": "4 h"}


def test_the_generator_takes_over_and_fuel_runs_dry(tmp_path):
    """1 min on battery, 4 h on the generator, which fills the battery again, 1 h on that."""
    cut = {"at": "2 h", "do": "cut_power", "target": "port", "repair": "8 h"}
    run = powered(tmp_path, [cut], GENERATOR, operations={"crews": []})
    (outage,) = spans(run, "service_outage")
    assert outage == (2 * H + M + 4 * H + H, 10 * H + CONVERGENCE)
    told = alarms(run)
    assert told["port", "lowFuel", "r-port"][0][0] == 2 * H + M + round(3.2 * H)
    assert told["port", "generatorFailure", "r-port"] == [(6 * H + M, 10 * H)]
    assert told["port", "lowBatteryThreshold", "r-port"] == [(6 * H + M + 48 * M, 10 * H)]


def test_a_site_that_is_refuelled_stays(tmp_path):
    """Without fuel at 5 h it would be dead at 7 h 1 min; with it the generator runs to 9 h, and the battery follows."""
    cut = {"at": "2 h", "do": "cut_power", "target": "port", "repair": "7 h 30 min"}
    refuel = {"at": "5 h", "do": "refuel", "target": "port"}
    run = powered(tmp_path, [cut, refuel], GENERATOR, operations={"crews": []})
    assert spans(run, "service_outage") == []
    assert alarms(run)["port", "generatorFailure", "r-port"] == [(9 * H, 9 * H + 30 * M)]


def test_stolen_fuel_is_told_and_found_out_when_the_grid_fails(tmp_path):
    theft = {"at": "1 h", "do": "steal_fuel", "target": "port"}
    cut = {"at": "2 h", "do": "cut_power", "target": "port", "repair": "4 h"}
    run = powered(tmp_path, [theft, cut], GENERATOR, operations={"crews": []})
    assert spans(run, "fuel_theft") == [(1 * H, 1 * H)]
    told = alarms(run)
    assert told["port", "lowFuel", "r-port"][0][0] == 1 * H
    assert told["port", "generatorFailure", "r-port"][0][0] == 2 * H + M
    assert spans(run, "service_outage") == [(3 * H, 6 * H + CONVERGENCE)]


def test_a_crew_that_is_sent_for_the_fuel_brings_some(tmp_path):
    theft = {"at": "1 h", "do": "steal_fuel", "target": "port", "share_milli": 900}
    run = powered(tmp_path, [theft], GENERATOR)
    ((_, cleared),) = alarms(run)["port", "lowFuel", "r-port"]
    assert cleared is not None
    assert run.table("incidents")["state"].to_list() == ["closed"]
    sent = run.table("actions").filter(pl.col("kind") == "dispatch")
    assert sent.select("target", "state").rows() == [("port", "succeeded")]
    told = run.table("journal").filter(pl.col("kind").str.starts_with("crew."))["kind"].to_list()
    assert told == ["crew.arrived", "crew.repaired"]
    assert run.kpis["first_time_fix"] == 1
    assert spans(run, "crew_repair") == []  # to fill a tank mends no fault of the truth


def test_a_crew_that_brings_fuel_that_nobody_needs_has_not_repaired_anything(tmp_path):
    """The card comes back by itself while the crew is on its way; the tank was full."""
    broken = {"at": "1 h", "do": "fail_card", "target": "r-port/1", "repair": "5 min"}
    run = powered(tmp_path, [broken], GENERATOR, operations=UNASKED)
    told = run.table("journal").filter(pl.col("kind").str.starts_with("crew."))["kind"].to_list()
    assert told[-1] == "crew.nothing_found"


def test_a_generator_that_does_not_start_leaves_the_battery(tmp_path):
    cut = {"at": "2 h", "do": "cut_power", "target": "port", "repair": "4 h"}
    run = powered(tmp_path, [cut], {**GENERATOR, "generator_fails_milli": 1000}, operations={"crews": []})
    assert alarms(run)["port", "generatorFailure", "r-port"] == [(2 * H + M, 6 * H)]
    assert spans(run, "service_outage") == [(3 * H, 6 * H + CONVERGENCE)]
