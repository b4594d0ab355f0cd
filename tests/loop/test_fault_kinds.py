"""The fault kinds that are more than on and off, each as a timed story on the town."""

import json

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from sim.testbed.scenario import Scenario
from sim.testbed.world_plan import CABLE_REPAIR
from sim.world.faults.configuration import goes_wrong
from sim.world.faults.disaster import struck
from sim.world.faults.laws import draw_ms
from sim.world.network.state import Network
from sim.world.plan import Terms
from sim.world.streams import Streams
from tests.town import play, scenario_file, town

H, M, S = HOUR_MS, MINUTE_MS, SECOND_MS
CONVERGENCE = 3 * S
STAYS_NEAR = {"telemetry": {"late_milli": 0, "doubled_milli": 0}}


def spans(run, kind, subject=None):
    """(begin, end) of the facts of this kind, ms after the start; None while it goes on."""
    facts = run.view.truth(kind)
    facts = facts if subject is None else facts.filter(pl.col("subject") == subject)
    zero = run.view.starts_ms
    return [(a - zero, b if b is None else b - zero) for a, b in facts.select("at_ms", "until_ms").iter_rows()]


def alarms(run):
    """(object, cause, source) → [(raised, cleared), …] in ms after the start, by the elements' clocks."""
    zero, found = run.view.starts_ms, {}
    columns = ["alarmed_object", "probable_cause", "source", "occurred_ms", "cleared_ms", "perceived_severity"]
    for thing, cause, source, at, cleared, severity in run.table("alarms").sort("occurred_ms").select(columns).iter_rows():
        if severity != "cleared":
            found.setdefault((thing, cause, source), []).append((at - zero, cleared if cleared is None else cleared - zero))
    return found


def kinds(run, kind):
    return run.table("journal").filter(pl.col("kind") == kind)


def blamed(run):
    return [{r["root_cause_resource"], *json.loads(r["equivalents"])} for r in run.table("incidents").iter_rows(named=True)]


# -- power ---------------------------------------------------------------------------------------------


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
    assert run.table("actions").filter(pl.col("kind") == "dispatch")["target"].to_list() == ["port"]


def test_a_generator_that_does_not_start_leaves_the_battery(tmp_path):
    cut = {"at": "2 h", "do": "cut_power", "target": "port", "repair": "4 h"}
    run = powered(tmp_path, [cut], {**GENERATOR, "generator_fails_milli": 1000}, operations={"crews": []})
    assert alarms(run)["port", "generatorFailure", "r-port"] == [(2 * H + M, 6 * H)]
    assert spans(run, "service_outage") == [(3 * H, 6 * H + CONVERGENCE)]


# -- flapping, and what nobody says --------------------------------------------------------------------


def test_a_flapping_link_alarms_at_every_turn_until_it_is_mended(tmp_path):
    """Down 15 s, up 15 s for ten minutes: 20 times down, and each time the port's service for 15 s and convergence."""
    flap = {"at": "2 h", "do": "flap_link", "target": "east-port", "period": "30 s", "repair": "10 min"}
    run = play(tmp_path, [flap], operations={"crews": []}, world=STAYS_NEAR)
    assert spans(run, "fault") == [(2 * H, 2 * H + 10 * M)]
    assert spans(run, "service_outage") == [(2 * H + n * 30 * S, 2 * H + n * 30 * S + 15 * S + CONVERGENCE) for n in range(20)]
    for end in ("r-east", "r-port"):
        turns = alarms(run)["east-port", "lossOfSignal", end]
        assert turns == [(2 * H + n * 30 * S, 2 * H + n * 30 * S + 15 * S) for n in range(20)]


def test_a_hard_fault_after_the_flapping_is_still_found(tmp_path):
    flap = {"at": "2 h", "do": "flap_link", "target": "east-port", "period": "30 s", "repair": "10 min"}
    run = play(tmp_path, [flap, {"at": "3 h", "do": "cut_link", "target": "east-port"}], world=STAYS_NEAR)
    hard = run.table("incidents").filter(pl.col("occurred_ms") >= run.view.starts_ms + 3 * H)
    assert "east-port" in {hard["root_cause_resource"][0], *json.loads(hard["equivalents"][0])}
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert run.table("incidents")["state"].unique().to_list() == ["closed"]


def test_a_sleeping_cell_carries_nothing_and_no_element_says_so(tmp_path):
    sleep = {"at": "2 h", "do": "sleep_cell", "target": "cell-port", "repair": "5 h"}
    run = play(tmp_path, [sleep], world={"callers_milli": 1000, **STAYS_NEAR})
    assert spans(run, "service_outage", "svc-port") == spans(run, "fault", "cell-port") == [(2 * H, 7 * H)]
    attempts = run.table("attempts").filter(pl.col("place_id") == "cell-port")
    at = attempts["started_ms"] - run.view.starts_ms
    asleep = attempts.filter((at >= 2 * H) & (at < 7 * H))
    assert set(asleep["outcome"]) == {"blocked"}
    assert "blocked" not in set(attempts.filter((at < 2 * H) | (at >= 7 * H))["outcome"])
    assert alarms(run) == {}
    assert run.table("incidents").is_empty()
    assert kinds(run, "customer_report.received").height > 0  # care tells the OSS, whose probes of the service pass
    assert run.kpis["undetected_faults"] == 1


def test_silent_packet_loss_raises_nothing(tmp_path):
    loss = {"at": "2 h", "do": "degrade_link", "target": "east-port", "loss_milli": 30, "repair": "5 h"}
    run = play(tmp_path, [loss], world=STAYS_NEAR)
    assert spans(run, "fault", "east-port") == [(2 * H, 7 * H)]
    assert alarms(run) == {}
    assert spans(run, "service_outage") == []


# -- changes, work, capacity, disasters ----------------------------------------------------------------


def test_a_node_isolated_by_a_bad_change_lives_and_its_ports_say_nothing(tmp_path):
    change = {"at": "2 h", "do": "bad_change", "target": "r-port", "rollback": "15 min"}
    run = play(tmp_path, [change], operations={"crews": []}, world=STAYS_NEAR)
    assert spans(run, "service_outage") == [(2 * H, 2 * H + 15 * M + CONVERGENCE)]
    assert set(alarms(run)) == {("svc-port", "underlyingResourceUnavailable", end) for end in ("r-hub", "r-port")}
    (told,) = [json.loads(body) for body in run.view.truth("change")["body"]]
    assert told["went_wrong"]


def test_an_operator_takes_a_bad_change_back(tmp_path):
    change = {"at": "2 h", "do": "bad_change", "target": "east-port", "effect": "shutdown"}
    back = {"at": "150 min", "do": "roll_back", "target": "east-port"}
    run = play(tmp_path, [change, back], operations={"crews": []}, world=STAYS_NEAR)
    assert spans(run, "fault") == [(2 * H, 150 * M)]
    assert spans(run, "service_outage") == [(2 * H, 150 * M + CONVERGENCE)]
    ports = {key for key in alarms(run) if key[1] == "lossOfSignal"}
    assert ports == {("east-port", "lossOfSignal", "r-port")}  # r-east was told to: administratively down is no alarm


def test_a_wrong_weight_moves_traffic_and_raises_nothing(tmp_path):
    """Both fibres of the ring cost 10; with 1000 on hub-north the north is reached by the south and east."""
    change = {"at": "2 h", "do": "bad_change", "target": "hub-north", "effect": "metric", "metric": 1000, "rollback": "2 h"}
    cut = {"at": "3 h", "do": "cut_link", "target": "east-north", "repair": "30 min"}
    run = play(tmp_path, [change, cut], operations={"crews": []}, world=STAYS_NEAR)
    outages = spans(run, "service_outage", "svc-north")
    assert outages == [(3 * H, 3 * H + CONVERGENCE)]  # with the right weight the cut would not have touched it
    assert not {key for key in alarms(run) if key[0] == "hub-north"}


def test_the_risk_of_a_change_is_the_share_of_seeds_in_which_it_goes_wrong():
    def share(**terms):
        wrong = [goes_wrong(Terms(**terms), Streams(seed).get("change/r-port/1")) for seed in range(2000)]
        return sum(wrong) / len(wrong)

    assert share(risk_milli=200) == pytest.approx(0.2, abs=4 * (0.2 * 0.8 / 2000) ** 0.5)
    assert share(risk_milli=200, reviewed=True) == pytest.approx(0.08, abs=4 * (0.08 * 0.92 / 2000) ** 0.5)
    assert share(risk_milli=0) == 0
    assert share(risk_milli=1000) == 1


def test_a_change_without_risk_does_nothing(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "bad_change", "target": "r-port", "risk_milli": 0, "rollback": "1 h"}])
    assert not json.loads(run.view.truth("change")["body"][0])["went_wrong"]
    assert run.view.truth("fault").is_empty()
    assert alarms(run) == {}


WORK = {"at": "2 h", "do": "planned_work", "target": "east-port", "lasts": "2 h"}


def test_planned_work_is_announced_and_nobody_is_sent(tmp_path):
    run = play(tmp_path, [WORK], world=STAYS_NEAR)
    assert spans(run, "planned_work", "east-port") == [(2 * H, 4 * H)]
    assert run.view.truth("fault").is_empty()
    assert spans(run, "service_outage") == [(2 * H, 4 * H + CONVERGENCE)]
    assert ("east-port", "lossOfSignal", "r-port") in alarms(run)
    assert kinds(run, "planned_work.announced")["at_ms"].to_list() == [run.view.starts_ms]
    assert run.table("actions").filter(pl.col("kind") == "dispatch").is_empty()
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["root_cause_precision"] is None  # no fault was there, and none is said to have been


def test_the_calendar_is_told_as_long_before_as_the_scenario_says(tmp_path):
    run = play(tmp_path, [{**WORK, "notice": "30 min"}], world=STAYS_NEAR)
    (told,) = kinds(run, "planned_work.announced").iter_rows(named=True)
    assert told["at_ms"] - run.view.starts_ms == 90 * M
    body = json.loads(told["body"])
    assert (body["resource_id"], body["starts_ms"], body["ends_ms"]) == (
        "east-port", run.view.starts_ms + 2 * H, run.view.starts_ms + 4 * H
    )  # fmt: skip


def test_work_that_was_not_announced_sends_a_crew_for_nothing(tmp_path):
    run = play(tmp_path, [{**WORK, "lasts": "6 h", "announced": False}], world=STAYS_NEAR)
    sent = run.table("actions").filter(pl.col("kind") == "dispatch")
    assert sent.height >= 1
    assert "succeeded" not in sent["state"].to_list()


def test_a_fault_beside_planned_work_is_repaired(tmp_path):
    """S07: both ways round the ring at once."""
    work = {"at": "2 h", "do": "planned_work", "target": "hub-north", "lasts": "8 h"}
    run = play(tmp_path, [work, {"at": "3 h", "do": "cut_link", "target": "hub-south"}], world=STAYS_NEAR)
    (fault,) = spans(run, "fault", "hub-south")
    assert fault[1] is not None
    assert fault[1] < 10 * H
    assert set(run.view.truth("service_outage")["subject"]) >= {"svc-north", "svc-east"}


def test_a_cut_before_the_window_is_no_planned_work(tmp_path):
    cut = {"at": "1 h", "do": "cut_link", "target": "east-port"}
    run = play(tmp_path, [cut, {**WORK, "at": "90 min"}], world=STAYS_NEAR)
    assert run.table("actions").filter(pl.col("kind") == "dispatch").height >= 1
    assert spans(run, "fault", "east-port")[0][1] is not None


def cabled(folder):
    """The port hangs on a submarine cable; a dormant link from the farms could be bought."""
    document = town()
    cable = next(link for link in document["links"] if link["id"] == "east-port")
    cable["shared_risk_groups"] = ["cable-sea"]
    spare = {**cable, "id": "farm-port", "a": "r-farm", "z": "r-port", "a_card": "r-farm/1", "z_card": "r-port/1",
             "a_port": "GigabitEthernet0/1/9", "z_port": "GigabitEthernet0/1/9", "shared_risk_groups": ["duct-spare"],
             "dormant": True}  # fmt: skip
    document["links"].append(spare)
    document["shared_risk_groups"] += [{"id": "cable-sea", "kind": "cable"}, {"id": "duct-spare", "kind": "duct"}]
    for end in ("farm", "port"):
        vendor = next(node["vendor"] for node in document["nodes"] if node["site"] == end)
        spare["a_port" if end == "farm" else "z_port"] = "GigabitEthernet0/1/9" if vendor == "ios" else "xe-1/0/9"
    (folder / "sea.json").write_text(json.dumps(document))
    return {"file": "sea.json"}


def test_a_submarine_cable_is_out_for_weeks_unless_capacity_is_bought(tmp_path):
    cut = {"at": "2 h", "do": "cut_cable", "target": "cable-sea"}
    buy = {"at": "4 h", "do": "buy_capacity", "target": "farm-port", "lead": "3 days"}
    release = {"at": "day 6", "do": "release_capacity", "target": "farm-port"}
    run = play(tmp_path, [cut, buy, release], network=cabled(tmp_path), operations={"crews": []}, lasts="7 days", world=STAYS_NEAR)
    (fault,) = spans(run, "fault", "cable-sea")
    assert fault == (2 * H, None)
    bought, dark = 4 * H + 72 * H, 5 * 24 * H - 6 * H
    assert spans(run, "capacity") == [(bought, dark)]
    assert spans(run, "service_outage") == [(2 * H, bought + CONVERGENCE), (dark, None)]
    assert any({"east-port", "cable-sea"} & cause for cause in blamed(run))
    assert not {key for key in alarms(run) if key[0] == "farm-port"}


@pytest.mark.parametrize("seed", range(8))
def test_without_a_ship_a_cable_takes_20_to_30_days(tmp_path, seed):
    scenario = Scenario.load(scenario_file(tmp_path, [{"at": "2 h", "do": "cut_cable", "target": "cable-sea"}],
                                           network=cabled(tmp_path)), seed=seed)  # fmt: skip
    assert scenario.spec.timeline[0].repair == "crew"
    assert 20 * 24 * H <= draw_ms(CABLE_REPAIR, Streams(seed).get("mend/scripted/cut_cable/cable-sea/1")) <= 30 * 24 * H


def test_a_disaster_takes_what_stands_within_its_radius(tmp_path):
    """Port and east are 22 km apart: 5 km is the port alone, 30 km its neighbour too."""
    storm = {"at": "2 h", "do": "disaster", "target": "port", "radius_km": 5, "repair": "3 h"}
    for name in ("near", "far"):
        (tmp_path / name).mkdir()
    near = play(tmp_path / "near", [storm])
    assert set(near.view.truth("fault")["subject"]) == {"port", "duct-east-port"}
    far = play(tmp_path / "far", [{**storm, "radius_km": 30}])
    assert set(far.view.truth("fault")["subject"]) > {"port", "east", "duct-east-port"}
    assert spans(near, "service_outage") == [(2 * H, 5 * H + CONVERGENCE)]
    assert len(spans(near, "disaster")) == 1


def test_severity_is_the_chance_of_each(tmp_path):
    network = Network(town())
    hits = [len(struck(network, "port", Terms(radius_km=500, severity_milli=300), lambda what, s=seed: Streams(s).get(f"d/{what}")))
            for seed in range(400)]  # fmt: skip
    most = len(struck(network, "port", Terms(radius_km=500), Streams(1).get))
    assert most == 5 + 5  # every site but the station's, every duct
    assert sum(hits) / len(hits) == pytest.approx(0.3 * most, rel=0.1)


def test_a_repair_by_a_law_has_luck_of_its_own(tmp_path):
    law = {"lognormal": {"median": "1 h", "sigma": 0.5}}
    cut = {"at": "2 h", "do": "cut_link", "target": "east-port", "repair": law}
    other = {"at": "1 h", "do": "cut_link", "target": "farm-north", "repair": {"lognormal": {"median": "1 h", "sigma": 0.5}}}
    lengths = []
    for number, (timeline, seed) in enumerate([([cut], 1), ([other, cut], 1), ([cut], 2)]):
        (tmp_path / str(number)).mkdir()
        run = play(tmp_path / str(number), timeline, seed=seed, operations={"crews": []})
        ((begin, end),) = spans(run, "fault", "east-port")
        lengths.append(end - begin)
    assert lengths[0] == lengths[1] != lengths[2]
    assert all(5 * M < length < 12 * H for length in lengths)
