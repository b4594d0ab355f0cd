"""Failures of which no port tells, found in the loop: by what their services say, and by their customers."""

import json

import polars as pl
import pytest

from tests.loop import laws
from tests.loop.fault_stories import STAYS_NEAR, H, M, kinds, spans
from tests.town import play


@pytest.mark.parametrize("management", ["in_band", "out_of_band"])
@pytest.mark.parametrize("node", ["r-port", "r-north"])
def test_a_bad_change_is_found_as_routing_and_rolled_back_where_the_node_can_be_reached(tmp_path, management, node):
    """The node lives and no port of it is dark: it is not taken for a dead node, nor a link for a cut one. Managed
    through the network itself it is out of reach: somebody has to go there.
    """
    change = {"at": "2 h", "do": "bad_change", "target": node, "effect": "isolate"}
    run = play(tmp_path, [change], management=management, world={"callers_milli": 0, **STAYS_NEAR})
    laws.check_all(run)
    (incident,) = run.table("incidents").rows(named=True)
    assert (incident["root_cause_resource"], incident["kind"], incident["state"]) == (node, "routing", "closed")
    assert 0 < incident["known_ms"] - (run.view.starts_ms + 2 * H) <= 10 * M
    assert incident["margin_milli"] > 0
    assert 0 < incident["probability_milli"] <= 1000
    assert run.kpis["root_cause_exact"] == 1
    acts = list(run.table("actions").select("kind", "state").iter_rows())
    if management == "out_of_band":
        assert ("roll_back", "succeeded") in acts
        assert run.kpis["dispatches_per_fault"] == 0
        assert spans(run, "fault", node)[0][1] <= 2 * H + 10 * M
    else:
        assert ("dispatch", "succeeded") in acts
        (arrived,) = kinds(run, "crew.arrived")["at_ms"]
        assert incident["known_ms"] < arrived


def test_a_node_that_is_dead_is_a_node(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "fail_node", "target": "r-north"}], world={"callers_milli": 0, **STAYS_NEAR})
    (incident,) = run.table("incidents").rows(named=True)
    assert (incident["root_cause_resource"], incident["kind"]) == ("r-north", "node")


def test_a_sleeping_cell_is_found_by_those_who_complain_of_it_and_woken(tmp_path):
    """No alarm is raised and every probe passes. Nobody of the town's ten at the port is sure alone; three are."""
    sleep = {"at": "2 h", "do": "sleep_cell", "target": "cell-port"}
    run = play(tmp_path, [sleep], world={"callers_milli": 1000, **STAYS_NEAR})
    laws.check_all(run)
    (incident,) = run.table("incidents").rows(named=True)
    assert (incident["root_cause_resource"], incident["kind"], incident["state"]) == ("cell-port", "cell", "closed")
    assert (json.loads(incident["alarms"]), json.loads(incident["complaints"])) == ([], ["svc-port"])
    assert run.table("alarms").is_empty()
    told = kinds(run, "customer_report.received")["at_ms"]
    assert told.filter(told <= incident["known_ms"]).len() >= 3
    ((began, ended),) = spans(run, "fault", "cell-port")
    assert began == 2 * H
    assert ended is not None
    assert ("reset_cell", "succeeded") in run.table("actions").select("kind", "state").rows()
    assert run.kpis["dispatches_per_fault"] == run.kpis["harm_by_remediation"] == 0
    assert run.kpis["undetected_faults"] == 0
    assert run.kpis["root_cause_exact"] == 1


def test_a_cut_that_customers_complain_of_too_is_one_incident(tmp_path):
    cut = {"at": "2 h", "do": "cut_link", "target": "east-port"}
    run = play(tmp_path, [cut], world={"callers_milli": 1000, **STAYS_NEAR})
    laws.check_all(run)
    (incident,) = run.table("incidents").rows(named=True)
    assert incident["kind"] in ("link", "duct", "card")
    assert kinds(run, "inventory.doubted").is_empty()


def test_when_all_is_well_nothing_is_found(tmp_path):
    run = play(tmp_path, [], world={"callers_milli": 1000, **STAYS_NEAR})
    assert run.table("incidents").is_empty()
    assert run.table("incidents").schema["kind"] == pl.String
