"""Footprints by need are the footprints of all: whatever can raise an alarm is among those looked at."""

import json

import pytest

from ossbss.oss.fault.symptom_model import SymptomModel
from ossbss.oss.fault.symptoms import footprint
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


@pytest.mark.parametrize(("name", "management"), CASES)
def test_causes_found_by_need_are_all_there_are(name, management):
    inventory = read_inventory(document(name, management))
    every = {resource: footprint(inventory, resource) for resource in inventory.resources}
    model = SymptomModel(inventory)
    alarms = frozenset().union(*every.values())
    assert model.causes_of(alarms) == {a: frozenset(r for r, f in every.items() if a in f) for a in alarms}
    for resource, raised in every.items():
        assert list(model.around(raised).items()) == [(r, f) for r, f in every.items() if f & raised], resource


def test_a_node_that_no_way_leads_to_is_explained_by_anything():
    """The inventory can lack links: a node without any is silent whatever fails, but what silences its manager."""
    lonely = document("town", {"mode": "in_band"})
    lonely["links"] = [link for link in lonely["links"] if link["id"] != "east-port"]
    model = SymptomModel(read_inventory(lonely))
    alarm = ("r-port", "communicationsSubsystemFailure", "oss.surveillance")
    assert model.causes_of([alarm])[alarm] == frozenset(model) - {"em-ios", "em-junos", "r-hub", "hub"}
    with pytest.raises(KeyError):
        model["r-nowhere"]
