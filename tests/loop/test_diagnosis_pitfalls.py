"""Pitfalls 13, 14 and 16 of the standards' checklist in the whole loop: silence, a stale inventory, causes that look alike."""

import json

import polars as pl
import pytest

from sim import Scenario, run
from sim.testbed import compose
from sim.testbed.kpis import KPIS
from sim.testbed.scored import Scored
from tests.loop.fault_stories import STAYS_NEAR, H, M, alarms
from tests.town import play, scenario_file

QUIET = {"callers_milli": 0, **STAYS_NEAR}

# -- 13: silence is not health -------------------------------------------------------------------------

ISLAND = [
    {"at": "2 h", "do": "cut_link", "target": "farm-north", "repair": "3 h"},
    {"at": "3 h", "do": "fail_card", "target": "r-farm/1", "repair": "6 h"},
]


@pytest.fixture(scope="module")
def island(tmp_path_factory):
    return play(tmp_path_factory.mktemp("island"), ISLAND, management="in_band", world=QUIET)


def test_pitfall_13_what_is_raised_inside_an_isolated_area_is_lost(island):
    """The card carries the only link as well: nobody hears of its failure, neither then nor when the cut is mended."""
    told = island.table("journal").filter(pl.col("kind") == "alarm.raised")
    inside = told.filter(pl.col("subject").str.contains(r"\|r-farm\|"))["at_ms"] - island.view.starts_ms
    assert inside.filter((inside > 2 * H) & (inside < 9 * H)).is_empty()
    assert ("r-farm/1", "equipmentMalfunction", "r-farm") not in alarms(island)


def test_pitfall_13_silence_of_the_island_closes_nothing(island):
    """The cut is over after three hours, the card inside is not: the service is down all the while, and so it is told."""
    problem = island.table("service_problems").filter(pl.col("service_id") == "svc-farm")
    ((down, up),) = problem.select("occurred_ms", "resolved_ms").rows()
    zero = island.view.starts_ms
    assert (down - zero, up - zero) == (pytest.approx(2 * H, abs=M), pytest.approx(9 * H, abs=M))
    assert island.table("incidents")["closed_ms"].min() - zero >= 9 * H


# -- 14: an inventory that is out of date --------------------------------------------------------------


def unlike_the_inventory(monkeypatch):
    """A third fibre lies in the duct under the river, and nobody has written it down."""
    true = compose.Network

    def network(document):
        for link in document["links"]:
            if link["id"] == "east-north":
                link["shared_risk_groups"] = ["duct-river"]
        return true(document)

    monkeypatch.setattr(compose, "Network", network)


DUCT = [{"at": "2 h", "do": "cut_duct", "target": "duct-river", "repair": "2 h"}]


def drifting(folder, monkeypatch, drift):
    if drift:
        unlike_the_inventory(monkeypatch)
    return run(Scenario.load(scenario_file(folder, DUCT, world=QUIET)), folder / "run")


@pytest.mark.parametrize("drift", [False, True])
def test_pitfall_14_a_fault_in_what_the_inventory_has_wrong_is_named_and_no_crew_goes_to_a_ghost(tmp_path, monkeypatch, drift):
    played = drifting(tmp_path, monkeypatch, drift)
    found = played.table("incidents")
    assert "duct-river" in {name for row in found.to_dicts() for name in (row["root_cause_resource"], *json.loads(row["equivalents"]))}
    assert set(found["state"]) == {"closed"}
    assert played.kpis["root_cause_recall"] == 1
    told = {thing for thing, *_ in alarms(played)}
    assert ("east-north" in told) == drift  # the drift is real: its alarm comes with the duct's


# -- 16: causes that look the same ---------------------------------------------------------------------

ALIKE = [("cut_link", "farm-north"), ("fail_card", "r-farm/1"), ("fail_node", "r-farm")]
ROOT = ("root_cause_precision", "root_cause_recall", "root_cause_exact")


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    return {
        target: play(tmp_path_factory.mktemp("alike"), [{"at": "2 h", "do": do, "target": target}], management="in_band", world=QUIET)
        for do, target in ALIKE
    }


def first_class(played):
    """The class as it stood when the incident was opened."""
    opened = played.table("journal").filter(pl.col("kind") == "incident.diagnosed")["body"][0]
    body = json.loads(opened)
    return {body["root_cause_resource"], *body["equivalents"]}


def test_pitfall_16_whichever_of_the_class_it_was_the_answer_and_its_score_are_the_same(alike):
    """In band nothing distinguishes them from afar: who is named first is an accident, and earns nothing."""
    assert len({frozenset(first_class(played)) for played in alike.values()}) == 1
    assert {target for _, target in ALIKE} <= first_class(alike["r-farm"])
    assert {tuple(played.kpis[name] for name in ROOT) for played in alike.values()} == {(1, 1, 1)}


def test_pitfall_16_a_class_is_one_incident_to_which_crews_go_one_after_the_other_and_nowhere_twice(alike):
    for target, played in alike.items():
        sent = played.table("actions").filter(pl.col("kind") == "dispatch").sort("occurred_ms")
        assert played.table("incidents").height == 1
        assert set(sent["target"]) <= first_class(played)
        assert sent["target"].n_unique() == sent.height <= len(first_class(played))
        ends = sent["ended_ms"].to_list()
        assert all(begins >= ended for begins, ended in zip(sent["occurred_ms"][1:], ends, strict=False))
        assert (sent["state"][-1], target in first_class(played)) == ("succeeded", True)


def test_pitfall_16_luck_in_the_order_of_the_class_changes_no_kpi(alike):
    """The incident rewritten so that another of its class stands first."""
    played = alike["farm-north"]
    formulas = {kpi.name: kpi.formula for kpi in KPIS if kpi.name in (*ROOT, "missed_incidents", "dispatches_per_fault")}
    before = {name: formula(Scored(played.view)) for name, formula in formulas.items()}
    table = played.view.tables["incidents"]
    row = table.to_dicts()[0]
    members = [row["root_cause_resource"], *json.loads(row["equivalents"])]
    try:
        for first in members:
            others = json.dumps([name for name in members if name != first])
            played.view.tables["incidents"] = table.with_columns(
                root_cause_resource=pl.lit(first), equivalents=pl.lit(others)
            )
            assert {name: formula(Scored(played.view)) for name, formula in formulas.items()} == before
        played.view.tables["incidents"] = table.with_columns(root_cause_resource=pl.lit("hub-south"), equivalents=pl.lit("[]"))
        assert {name: formula(Scored(played.view)) for name, formula in formulas.items()} != before
    finally:
        played.view.tables["incidents"] = table
