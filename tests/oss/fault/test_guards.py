"""What may be taken out of service from afar: by hand on the town, and against networkx on random networks."""

import networkx as nx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.fault.cause.network_model import NetworkModel
from ossbss.oss.fault.cause.numbering import number
from ossbss.oss.fault.guards import domain, harmless, kind_of
from ossbss.oss.inventory import read_inventory
from tests.town import SPANS, town

INVENTORY = read_inventory(town())
MODEL = NetworkModel(number(INVENTORY))


@pytest.mark.parametrize(("failed", "takes", "may"), [
    ([], ["hub-north"], True),  # the ring has another way
    (["hub-south"], ["hub-north"], False),  # the last way of all
    (["east-south"], ["hub-north"], False),  # north, farm, east and port have no other
    ([], ["east-port"], False),  # the port's only way
    (["east-port"], ["east-port"], True),  # it is gone already
    (["r-port"], ["east-port"], True),
    ([], ["r-north"], False),  # the farm hangs on it, and its own cell
    (["east-port"], ["r-port/1"], True),
    ([], ["r-port/1"], False),
    ([], [], True),
])  # fmt: skip
def test_the_last_working_path_is_never_taken(failed, takes, may):
    assert harmless(MODEL, failed, takes) == may


def test_who_serves_nobody_anyway_loses_nothing():
    assert not harmless(MODEL, ["hub-south"], ["r-port"])
    assert harmless(MODEL, ["hub-south"], ["r-port"], ["svc-port"])


def test_what_is_managed_through_the_network_keeps_its_way_to_the_station():
    """Without services there is nothing to lose but sight of an element."""
    document = town() | {"services": [], "cells": []}
    document["management"] = document["management"] | {"mode": "in_band"}
    model = NetworkModel(number(read_inventory(document)))
    assert not harmless(model, [], ["east-port"])
    assert harmless(model, [], ["hub-north"])


nodes = [f"r-{site}" for site in ("hub", "north", "south", "east", "port", "farm")]


@settings(derandomize=True, max_examples=150, phases=[Phase.generate], deadline=None)
@given(st.sets(st.sampled_from(sorted(INVENTORY.links)), max_size=4), st.sampled_from(sorted(INVENTORY.links)))
def test_taking_a_link_is_harmless_where_no_node_is_cut_off_by_it(failed, link):
    """Every node of the town has a service to the hub: harm is a node that could reach it and no longer can."""

    def reached(gone):
        graph = nx.Graph()
        graph.add_nodes_from(nodes)
        graph.add_edges_from((f"r-{a}", f"r-{z}") for a, z in SPANS if not {f"{a}-{z}", f"{z}-{a}"} & gone)
        return nx.node_connected_component(graph, "r-hub")

    assert harmless(MODEL, failed, [link]) == (reached(failed) == reached(failed | {link}))


def test_a_fault_domain_is_the_elements_that_an_act_touches():
    assert domain("east-port", INVENTORY) == {"r-east", "r-port"}
    assert domain("r-port/1", INVENTORY) == domain("cell-port", INVENTORY) == domain("r-port", INVENTORY) == {"r-port"}
    assert [kind_of(r, INVENTORY) for r in ("east-port", "r-port/1", "r-port", "cell-port", "duct-river", "port")] == [
        "link", "card", "node", "cell", None, None,
    ]  # fmt: skip
