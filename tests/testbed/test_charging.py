"""A charging system in a scenario: what it may say, and what the run then tells of it."""

import json
from typing import get_args

import pytest

from ossbss.contract.charging import ON_UNREACHABLE
from ossbss.documents import DocumentError
from sim import Scenario
from sim.testbed.charging_schema import ChargingSpec
from sim.testbed.compose import compose
from sim.testbed.report.map import network_map
from sim.testbed.report.story import story
from sim.testbed.shipped import shipped_folder
from tests.town import play, scenario_file, town

H = 3_600_000
OCS = {"file": "town-charging.json"}
DOWN = [{"at": "4 h", "do": "fail_node", "target": "ocs-1", "repair": "2 h"}]
ON_OCS = {"network": OCS, "world": {"charging": {"node": "ocs-1"}}}


def town_charging():
    return json.loads((shipped_folder() / "networks" / "town-charging.json").read_text())


def test_the_words_are_those_of_the_contract_and_what_cannot_be_asked_for_is_refused():
    allowed = get_args(ChargingSpec.model_fields["on_unreachable"].annotation)
    assert allowed == ON_UNREACHABLE
    assert ChargingSpec(node="ocs-1").on_unreachable == "fail_closed"


def test_the_network_is_the_town_with_a_data_centre():
    """Everything of the town stands in it unchanged; what is new hangs on the new site."""
    of_town, with_charging = town(), town_charging()
    for kind in ("sites", "nodes", "cards", "links", "shared_risk_groups", "services", "cells"):
        more = [record["id"] for record in with_charging[kind] if record not in of_town[kind]]
        assert [record for record in with_charging[kind] if record["id"] not in more] == of_town[kind]
        assert all("data" in new or "ocs" in new or new == "r-hub/2" for new in more), more
    assert with_charging["management"] == of_town["management"]


def test_a_node_that_nothing_leads_to_is_told(tmp_path):
    document = town_charging()
    document["links"] = [link for link in document["links"] if link["a"] != "ocs-1"]
    (tmp_path / "town-charging.json").write_text(json.dumps(document))
    with pytest.raises(DocumentError) as caught:
        Scenario.load(scenario_file(tmp_path, [], **ON_OCS))
    (mistake,) = caught.value.mistakes
    assert mistake.place == "world.charging.node"
    assert "no link leads to 'ocs-1'" in mistake.problem


@pytest.mark.parametrize("variant", [None, "fail-open"])
def test_the_world_is_told_what_the_scenario_says(variant):
    plan = compose(Scenario.load("charging-outage", variant=variant)).world.traffic.plan
    assert plan.charging.node == "ocs-1"
    assert plan.charging.on_unreachable == ("fail_open" if variant else "fail_closed")


def test_without_the_key_the_same_node_dies_and_charging_goes_on(tmp_path):
    composed = compose(Scenario.load(scenario_file(tmp_path, DOWN, network=OCS)))
    composed.env.run(until=composed.world.traffic.plan.ends_ms)
    assert composed.world.traffic.plan.charging is None
    assert composed.world.plant.charging_outages == {}


def test_while_the_node_is_down_no_cell_can_ask(tmp_path):
    composed = compose(Scenario.load(scenario_file(tmp_path, DOWN, **ON_OCS)))
    plan = composed.world.traffic.plan
    composed.env.run(until=plan.ends_ms)
    away = [(plan.starts_ms + 4 * H, plan.starts_ms + 6 * H)]
    assert composed.world.plant.charging_outages == {cell["id"]: away for cell in town()["cells"]}


def test_the_story_tells_when_the_core_lost_charging_and_the_map_where_it_is(tmp_path):
    run = play(tmp_path, DOWN, **ON_OCS)
    told = [(step.clock, step.text) for step in story(run.view) if step.hop == "charging"]
    assert told == [
        ("06 May 10:00:00", "r-hub cannot reach the charging system"),
        ("06 May 12:00:00", "r-hub reaches the charging system again"),
    ]
    (axes,) = network_map(run.view).axes
    assert "charging" in [text.get_text() for text in axes.get_legend().get_texts()]
    assert "Kituo cha data" in [text.get_text() for text in axes.texts]


def test_the_map_of_a_town_without_charging_has_no_sign_for_it(tmp_path):
    (axes,) = network_map(play(tmp_path, []).view).axes
    assert "charging" not in [text.get_text() for text in axes.get_legend().get_texts()]
