"""What can raise an alarm, found by need, is all that can; and what a failure raises is what the world's rules say."""

import json

import pytest

from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.inventory import read_inventory
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


def model_of(shown, suspect_all=False):
    return Diagnostician(read_inventory(shown), station_source=STATION, suspect_all=suspect_all).symptoms


@pytest.mark.parametrize(("name", "management"), CASES)
def test_causes_found_by_need_are_all_there_are(name, management):
    model = model_of(document(name, management))
    every = dict(model)
    alarms = frozenset().union(*every.values())
    fresh = model_of(document(name, management))
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
