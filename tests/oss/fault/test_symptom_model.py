"""What can raise an alarm, found by need, is all that can; and what a failure raises is what the world's rules say."""

import json

import pytest

from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.root_cause import beliefs_of
from ossbss.oss.fault.symptoms import STATION, path_loss
from ossbss.oss.inventory import read_inventory
from ossbss.oss.policy import OperationsPolicy
from tests.town import town
from tests.world.network.plans import germany

PARTLY = {"mode": "partly_shared", "in_band_nodes": ["r-port", "r-farm"], "shares": {"duct-river": ["r-north", "r-south"]}}


def document(name, management):
    found = json.loads(json.dumps(town() if name == "town" else germany()))
    found["management"] |= management
    return found


CASES = [
    ("town", {"mode": "in_band"}),
    ("town", {"mode": "out_of_band"}),
    ("town", PARTLY),
    ("town", PARTLY | {"managers": {"em-junos": {"node": "r-east"}}}),
    ("town", {"mode": "in_band", "managers": {"em-ios": {"node": "r-port"}}}),
    ("germany", {"mode": "in_band"}),
    ("germany", {"mode": "out_of_band", "managers": {"em-ios": {"node": "r-kiel"}}}),
]


LOOP = beliefs_of(OperationsPolicy())


def model_of(shown, beliefs=None):
    return Diagnostician(read_inventory(shown), beliefs, station_source=STATION, suspect_all=False).symptoms


@pytest.mark.parametrize("beliefs", [None, LOOP], ids=["told by ports", "and what is not"])
@pytest.mark.parametrize(("name", "management"), CASES)
def test_causes_found_by_need_are_all_there_are(name, management, beliefs):
    model = model_of(document(name, management), beliefs)
    every = dict(model)
    alarms = frozenset().union(*every.values())
    fresh = model_of(document(name, management), beliefs)
    assert fresh.causes_of(alarms) == {a: frozenset(r for r, raised in every.items() if a in raised) for a in alarms}


def test_a_node_that_no_way_leads_to_is_explained_by_anything():
    """The inventory can lack links: a node without any is silent whatever fails."""
    lonely = document("town", {"mode": "in_band"})
    lonely["links"] = [link for link in lonely["links"] if link["id"] != "east-port"]
    model = model_of(lonely)
    alarm = ("r-port", "communicationsSubsystemFailure", STATION)
    assert model.causes_of([alarm])[alarm] == frozenset(model)
    with pytest.raises(KeyError):
        model["r-nowhere"]


def test_what_a_complaint_or_a_loss_may_come_from():
    """By hand, of the port: its cell, all that its service rests on, and of losses each link on its way."""
    model = Diagnostician(read_inventory(document("town", {"mode": "in_band"})), LOOP, STATION, suspect_all=False)
    numbers = model.footprints.model.numbers
    suspects = model.symptoms.suspects([], [numbers.service_no["svc-port"]])
    found = {(numbers.candidates[no], numbers.kinds[no]) for no in suspects}
    assert {("cell-port", "cell"), ("r-port", "routing"), ("r-port", "node"), ("east-port", "link")} <= found
    assert ("cell-farm", "cell") not in found
    lossy = {numbers.candidates[no] for no in suspects if numbers.kinds[no] == "lossy"}
    assert {"east-port", "east-north", "hub-north"} <= lossy
    loss = path_loss("svc-port")
    assert {"east-port", "east-north", "hub-north"} <= model.symptoms.causes_of([loss])[loss]
    assert "farm-north" not in model.symptoms.causes_of([loss])[loss]
