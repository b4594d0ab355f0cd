"""Down, at risk, degraded: small networks by hand, and any network against every failure tried out."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.oss.fault.redundancy import RedundancyModel, redundancy
from ossbss.oss.inventory import read_inventory
from sim.testbed.windows.networks import dressed_network
from tests.oss.fault.every_failure import resources, states
from tests.town import town


def network(spans, services, ducts=(), sites=(), areas=()):
    """``spans``: (link, a, z), each of metric 1 with a card of its own at either end. ``services``: id → (a, z) or a
    whole record. ``ducts``: duct → links. ``sites``: node → site, else its own. ``areas``: area → sites."""
    nodes = sorted({end for _, *ends in spans for end in ends})
    sites, ducts, areas = dict(sites), dict(ducts), dict(areas)
    at = {node: sites.get(node, f"site-{node}") for node in nodes}
    return {
        "sites": [{"id": s, "shared_risk_groups": [a for a, of in areas.items() if s in of]} for s in sorted(set(at.values()))],
        "nodes": [{"id": n, "site": at[n], "vendor": "ios", "element_manager": "em", "last_gasp": False} for n in nodes],
        "cards": [{"id": f"{link}@{end}", "node": end} for link, *ends in spans for end in ends],
        "links": [{"id": link, "a": a, "z": z, "a_card": f"{link}@{a}", "z_card": f"{link}@{z}", "igp_metric": 1,
                   "shared_risk_groups": [d for d, of in ducts.items() if link in of]} for link, a, z in spans],
        "shared_risk_groups": [*({"id": d, "kind": "duct"} for d in ducts), *({"id": a, "kind": "power"} for a in areas)],
        "services": [{"id": s, "protection": "restoration", "path": [], "backup_path": [], **(
            of if isinstance(of, dict) else {"a": of[0], "z": of[1]})} for s, of in services.items()],
        "cells": [], "element_managers": ["em"], "management": {"mode": "out_of_band", "station": nodes[0]},
    }  # fmt: skip


RING = network([("ab", "a", "b"), ("bc", "b", "c"), ("cd", "c", "d"), ("da", "d", "a")], {"to-b": ("a", "b"), "to-c": ("a", "c"), "own": ("a", "a")})
CHAIN = network([("ab", "a", "b"), ("bc", "b", "c")], {"to-b": ("a", "b"), "to-c": ("a", "c")})
MESH = [(x + y, x, y) for x, y in ("ab", "ac", "ad", "bc", "bd", "cd")]
FULL = network(MESH, {"to-d": ("a", "d")})
LEFT, RIGHT = ["ab", "bd"], ["ac", "cd"]
DIAMOND = [("ab", "a", "b"), ("bd", "b", "d"), ("ac", "a", "c"), ("cd", "c", "d")]
PAIR = network(DIAMOND, {
    "pair": {"a": "a", "z": "d", "protection": "1+1", "path": LEFT, "backup_path": RIGHT},
    "alone": {"a": "a", "z": "d", "protection": "none", "path": LEFT},
    "twice": {"a": "a", "z": "d", "protection": "1+1", "path": LEFT, "backup_path": LEFT},
})  # fmt: skip
THREE = [("one", "a", "b"), ("two", "a", "b"), ("three", "a", "b")]
SHARED = network(THREE, {"s": ("a", "b")}, ducts={"river": ("one", "two")})
CORES = network([*DIAMOND, ("bc", "b", "c")], {"s": {"a": "a", "z": "b", "backup_z": ["c"]}})
HOUSE = network(MESH, {"to-d": ("a", "d")}, sites={"b": "house", "c": "house"})
AREA = network(MESH, {"to-d": ("a", "d")}, areas={"grid": ("site-b", "site-c")})


@pytest.mark.parametrize(("document", "failed", "expected"), [
    (RING, "", {}),
    (RING, "bc", {"to-b": "at_risk", "to-c": "at_risk"}),
    (RING, "bc da", {"to-b": "at_risk", "to-c": "down"}),
    (RING, "c", {"to-b": "at_risk", "to-c": "down"}),
    (RING, "site-a", {"to-b": "down", "to-c": "down", "own": "down"}),
    (CHAIN, "bc", {"to-c": "down"}),
    (CHAIN, "ab", {"to-b": "down", "to-c": "down"}),
    (FULL, "ad", {"to-d": "degraded"}),
    (FULL, "ad bd", {"to-d": "at_risk"}),
    (FULL, "bc", {}),
    (PAIR, "ab", {"pair": "at_risk", "alone": "down", "twice": "down"}),
    (PAIR, "cd", {"pair": "at_risk"}),
    (PAIR, "ab cd", {"pair": "down", "alone": "down", "twice": "down"}),
    (PAIR, "d", {"pair": "down", "alone": "down", "twice": "down"}),
    (SHARED, "three", {"s": "at_risk"}),  # what is left lies in one duct
    (SHARED, "one", {}),
    (SHARED, "river", {"s": "at_risk"}),
    (CORES, "b", {"s": "at_risk"}),  # one core left
    (CORES, "ab", {"s": "at_risk"}),  # one link left to both
    (HOUSE, "ad", {"to-d": "at_risk"}),  # both ways pass the same house
    (AREA, "ad", {"to-d": "at_risk"}),
])  # fmt: skip
def test_by_hand(document, failed, expected):
    found = redundancy(read_inventory(document), frozenset(failed.split()))
    assert {s: state for s, state in found.items() if state != "working"} == expected
    assert found.keys() == {s["id"] for s in document["services"]}
    assert dict(found) == states(document, failed.split())


def test_a_cell_that_sleeps_takes_its_service_with_it():
    assert RedundancyModel(read_inventory(town())).suffering(frozenset({"cell-port"})) == {"svc-port": "down"}


def test_what_is_no_part_of_the_network_changes_nothing():
    assert RedundancyModel(read_inventory(town())).suffering(frozenset({"em-ios", "never-heard-of"})) == {}


NETWORKS = [dressed_network(key, "out_of_band", seed) for key, seed in (("sndlib/abilene", 1), ("sndlib/polska", 2))]
LAWS = {"derandomize": True, "phases": [Phase.generate], "deadline": None}


def rerouted(document, data):
    """The same network, most of its services rerouted, some with a choice of ends."""
    nodes = [node["id"] for node in document["nodes"]]
    services = []
    for planned in document["services"]:
        service = planned
        if data.draw(st.integers(0, 3)):
            others = data.draw(st.lists(st.sampled_from(nodes), max_size=2, unique=True))
            service = {**service, "protection": "restoration", "backup_z": [n for n in others if n != service["z"]]}
        services.append(service)
    return {**document, "services": services}


@settings(max_examples=8, **LAWS)
@given(st.sampled_from(NETWORKS), st.data())
def test_every_single_failure_tried_out_says_the_same(network, data):
    document = rerouted(network, data)
    failed = data.draw(st.lists(st.sampled_from(resources(document)), min_size=1, max_size=4, unique=True))
    assert dict(redundancy(read_inventory(document), frozenset(failed))) == states(document, failed)


@st.composite
def scrawls(draw):
    """Any small network: parallel links, loose parts, ducts and cards of many links, houses, areas, choices of ends."""
    nodes = [f"n{number}" for number in range(draw(st.integers(3, 8)))]
    node = st.sampled_from(nodes)
    ends = draw(st.lists(st.tuples(node, node).filter(lambda e: e[0] != e[1]), min_size=3, max_size=14))
    spans = [(f"l{number}", *pair) for number, pair in enumerate(ends)]
    link = st.sampled_from([span[0] for span in spans])
    some = st.lists(link, min_size=1, max_size=4, unique=True)
    ducts = {f"d{number}": of for number, of in enumerate(draw(st.lists(some, max_size=3)))}
    sites = {n: f"h{draw(st.integers(0, 5))}" for n in sorted({e for pair in ends for e in pair})}
    areas = {"p": draw(st.lists(st.sampled_from(sorted(set(sites.values()))), max_size=3, unique=True))}
    used = st.sampled_from(sorted(sites))
    choices = draw(st.lists(st.tuples(used, used, st.lists(used, max_size=2, unique=True)), min_size=1, max_size=6))
    services = {f"s{number}": {"a": a, "z": z, "backup_z": [n for n in more if n != z]} for number, (a, z, more) in enumerate(choices)}
    document = network(spans, services, ducts, sites, areas)
    for record in document["links"]:
        record["igp_metric"] = draw(st.integers(1, 3))
        for end in ("a", "z"):
            if draw(st.booleans()):
                record[f"{end}_card"] = f"card-{record[end]}"
    document["cards"] += [{"id": f"card-{n}", "node": n} for n in sorted(sites)]
    return document


@settings(max_examples=400, **LAWS)
@given(scrawls(), st.data())
def test_on_any_small_network_too(document, data):
    failed = data.draw(st.lists(st.sampled_from(resources(document)), min_size=1, max_size=3, unique=True))
    never = {s for s, state in states(document, ()).items() if state == "down"}
    expected = {s: "working" if s in never else state for s, state in states(document, failed).items()}
    assert dict(redundancy(read_inventory(document), frozenset(failed))) == expected
