"""Planned work, cables for weeks and disasters, each as a timed story on the town."""

import json

import polars as pl
import pytest

from sim.testbed.scenario import Scenario
from sim.testbed.world_plan import CABLE_REPAIR
from sim.world.faults.disaster import struck
from sim.world.faults.laws import draw_ms
from sim.world.network.state import Network
from sim.world.plan import Terms
from sim.world.streams import Streams
from tests.loop.fault_stories import CONVERGENCE, STAYS_NEAR, H, M, alarms, blamed, kinds, spans
from tests.town import play, scenario_file, town

WORK = {"at": "2 h", "do": "planned_work", "target": "east-port", "lasts": "2 h"}


def test_planned_work_is_announced_and_nobody_is_sent(tmp_path):
    run = play(tmp_path, [WORK], world=STAYS_NEAR)
    assert spans(run, "planned_work", "east-port") == [(2 * H, 4 * H)]
    assert run.view.truth("fault").is_empty()
    assert spans(run, "service_outage") == [(2 * H, 4 * H + CONVERGENCE)]
    assert ("east-port", "lossOfSignal", "r-port") in alarms(run)
    assert kinds(run, "planned_work.announced")["at_ms"].to_list() == [run.view.starts_ms]
    assert run.table("actions").filter(pl.col("kind") == "dispatch").is_empty()
    assert run.table("incidents").is_empty()  # the work explains every alarm: none is an operator's to look into
    assert run.table("alarms").filter(pl.col("perceived_severity") != "cleared")["suppressed"].all()
    assert run.table("service_problems")["root_cause_resource"].to_list() == ["east-port"]
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
