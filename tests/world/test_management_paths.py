"""No knowledge without a management path: whatever arrives was sent when there was one, in every mode."""

import networkx as nx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.management import reachable, reachable_from
from sim.world.network.state import Network
from tests.town import SPANS, town
from tests.world.managed import Station
from tests.world.network.plans import failing

S, MIN = 1_000, 60_000
SITES = ("hub", "north", "east", "south", "port", "farm")
SHARES = {"duct-river": ["r-north"], "duct-east-port": ["r-port", "r-south"]}
PARTLY = {"mode": "partly_shared", "in_band_nodes": ["r-port", "r-farm"], "shares": SHARES}
AWAY = {"managers": {"em-junos": {"node": "r-east"}}}
MODES = {"in_band": {"mode": "in_band"}, "out_of_band": {"mode": "out_of_band"}, "partly": PARTLY,
         "in_band, a manager away": {"mode": "in_band"} | AWAY, "partly, a manager away": PARTLY | AWAY}  # fmt: skip
TARGETS = [*(f"{a}-{z}" for a, z in SPANS), "duct-river", "duct-east-port", "r-hub/1", "r-east/1", "r-north/1",
           *(f"r-{site}" for site in SITES[1:]), "south", "port"]  # fmt: skip


def way(document, failed):
    """Element → whether its words come to the station: the rules of FORMAT.md and of partly shared ways, by networkx."""
    management, dead = document["management"], set()
    for node in document["nodes"]:
        if failed & {node["id"], node["site"]}:
            dead.add(node["id"])
    living = nx.Graph([
        (link["a"], link["z"]) for link in document["links"]
        if not failed & {link["id"], link["a_card"], link["z_card"], *link["shared_risk_groups"]}
        and not dead & {link["a"], link["z"]}
    ])  # fmt: skip
    living.add_nodes_from(node["id"] for node in document["nodes"] if node["id"] not in dead)
    mode = management["mode"]
    in_band = {n["id"] for n in document["nodes"]} if mode == "in_band" else set(management.get("in_band_nodes", ()))
    blind = {n for duct, nodes in management.get("shares", {}).items() if duct in failed for n in nodes}
    home = nx.node_connected_component(living, "r-hub")
    reached = {n for n in living if (n in home if n in in_band else n not in blind)}
    place = {m: management.get("managers", {}).get(m, {}).get("node", "r-hub") for m in document["element_managers"]}
    return {n["id"]: n["id"] in reached and place[n["element_manager"]] in reached for n in document["nodes"]}


faults = st.lists(
    st.tuples(st.sampled_from(TARGETS), st.integers(1, 600), st.integers(1, 600)), max_size=6, unique_by=lambda f: f[0]
)
LAW = settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate],
               suppress_health_check=[HealthCheck.too_slow])  # fmt: skip


def played(mode, story, cycle_ms):
    document = town()
    station = Station(document=document, management=MODES[mode], cycle_ms=cycle_ms)
    for target, begins, ends in spans_of(story):
        station.at(begins, station.plant.fail, target)
        station.at(ends, station.plant.mend, target)
    return document, station.run(30 * MIN)


def spans_of(story):
    """No two of these at one instant: what is said between them would have two ways."""
    return [(target, from_s * S + 10 + 2 * n, (from_s + lasts_s) * S + 11 + 2 * n)
            for n, (target, from_s, lasts_s) in enumerate(story)]  # fmt: skip


@pytest.mark.parametrize("mode", MODES)
@LAW
@given(faults, st.sampled_from([None, 20 * S, 61 * S]))
def test_whatever_arrives_came_over_a_way_that_was_there(mode, story, cycle_ms):
    """At the instant of arrival, as nothing delays a message here; a last gasp over the way just before it."""
    document, station = played(mode, story, cycle_ms)
    spans = spans_of(story)
    for at, element, text, stamp in station.lines:
        now = {target for target, begins, ends in spans if begins <= at < ends}
        before = {target for target, begins, ends in spans if begins < at <= ends}
        gasp = "Alarm set: PEM" in text or "power loss" in text
        assert way(document, before if gasp and at == stamp else now)[element], (at, element, text)
        assert stamp <= at


def state_of_things(lines):
    """(element, what) → whether the latest word of it, by the element's own time, is bad."""
    bad = ("state to down", "LINK_DOWN", "crashed", "Alarm set", "FAILED", "-> Down", "power loss")
    latest = {}
    for _, element, text, _stamp in sorted(lines, key=lambda line: line[3]):
        body = text.split("%")[-1] if "%" in text else text.split("]: ")[1]
        kind = next(k for k in ("power", "port", "card", "probe") if k in kind_of(body))
        name = body.replace("Line protocol on ", "").split("Interface ")[-1].split("ifName ")[-1].split(",")[0]
        latest[element, kind, name if kind == "port" else ""] = any(w in body for w in bad)
    return latest


def kind_of(body):
    if "Interface" in body or "ifName" in body:
        return "port"
    if "OIR" in body or "FPC" in body:
        return "card"
    return "probe" if "TRACK" in body or "PING" in body else "power"


@LAW
@given(st.sampled_from(sorted(MODES)), faults)
def test_in_the_end_a_manager_with_a_cycle_leaves_nothing_untold(mode, story):
    """All is mended: no raise that arrived is without its clear, unless the element never said that (a dead one's card)."""
    story = [fault for fault in story if "/" not in fault[0]]
    _, station = played(mode, story, 20 * S)
    assert [thing for thing, bad in state_of_things(station.lines).items() if bad] == []


def test_a_shared_duct_takes_the_way_of_the_nodes_it_serves_and_of_no_others():
    network = Network(town() | {"management": {"mode": "partly_shared", "station": "r-hub", **PARTLY}})
    everybody = set(network.nodes)
    assert reachable(network, failing(network)) == everybody
    assert reachable(network, failing(network, "duct-river")) == {"r-hub", "r-east", "r-south"}  # port, farm in band
    assert reachable(network, failing(network, "hub-north", "hub-south")) == everybody - {"r-port", "r-farm"}
    assert reachable(network, failing(network, "duct-east-port")) == everybody - {"r-port", "r-south"}
    assert reachable(network, failing(network, "farm-north")) == everybody - {"r-farm"}


def test_a_manager_cut_off_from_the_station_talks_to_its_island_in_band_only():
    network = Network(town() | {"management": {"mode": "in_band", "station": "r-hub"}})
    cut = failing(network, "duct-river")
    assert reachable_from(network, cut, "r-east") == set(network.nodes) - {"r-hub"}
    assert reachable_from(network, cut, "r-hub") == {"r-hub"} == reachable(network, cut)
    assert reachable_from(network, failing(network, "r-east"), "r-east") == frozenset()
    beside = Network(town() | {"management": {**PARTLY, "station": "r-hub"}})
    assert reachable_from(beside, failing(beside, "duct-river"), "r-north") == frozenset()
