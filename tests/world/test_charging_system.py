"""From which cells the charging system can be asked, through a day on which this and that fails."""

import json
from itertools import pairwise

import networkx as nx
import pytest
import simpy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.testbed.shipped import shipped_folder
from sim.world.charging_system import ChargingSystem
from sim.world.network.state import Network
from sim.world.plant import Plant
from sim.world.truth import CHARGING_UNREACHABLE, Truth

S, H = 1_000, 3_600_000
CONVERGENCE_MS = 3 * S
SITES = ("hub", "north", "east", "south", "port", "farm")
CELLS = [f"cell-{site}" for site in SITES]


def everywhere(*spans):
    return {cell: list(spans) for cell in CELLS}


def network():
    """The town with ocs-1 on two fibres from the hub, the core of all cells."""
    return json.loads((shipped_folder() / "networks" / "town-charging.json").read_text())


def port_is_a_core(document):
    """The port carries its own cell; one fibre joins it to the others."""
    document["cells"][SITES.index("port")]["core_node"] = "r-port"
    document["services"][SITES.index("port")]["z"] = "r-port"


def south_leads_to_charging_too(document):
    """East backs the hub up; the second fibre of ocs-1 leads to the south, where the management station stands."""
    document["management"]["station"] = "r-south"
    document["links"][-1] |= {"z": "r-south", "z_card": "r-south/1"}
    for cell, service in zip(document["cells"], document["services"], strict=True):
        cell["backup_core_node"] = service["backup_z"] = ["r-east"]


def played(*story, change=lambda document: None, until_ms=24 * H):
    """The plant after this story of (what, from_ms, until_ms or None)."""
    document = network()
    change(document)
    env = simpy.Environment()
    plant = Plant(env, Network(document), CONVERGENCE_MS, Truth(), lambda event, state: None)
    ChargingSystem(plant, "ocs-1")
    for what, from_ms, to_ms in story:
        items = [what] if isinstance(what, tuple) else [(plant.network.kind_of(what), what)]
        env.timeout(from_ms).callbacks.append(lambda _, items=items: plant.hold(items))
        if to_ms is not None:
            env.timeout(to_ms).callbacks.append(lambda _, items=items: plant.let_go(items))
    env.run(until=until_ms)
    return plant


def facts(plant):
    told = [fact for fact in plant.truth.facts if fact.kind == CHARGING_UNREACHABLE]
    assert all(fact.body == {"node": "ocs-1"} for fact in told)
    return [(fact.subject, fact.at_ms, fact.until_ms) for fact in told]


MORNING = everywhere((10 * H, 12 * H))
STORIES = {
    "nothing fails": ([], {}),
    "the node is down from ten to twelve": ([("ocs-1", 10 * H, 12 * H)], MORNING),
    "and not mended": ([("ocs-1", 10 * H, None)], everywhere((10 * H, None))),
    "its site is without power": ([("data", 10 * H, 12 * H)], MORNING),
    "its routing is cut off by configuration": ([(("isolated", "ocs-1"), 10 * H, 12 * H)], MORNING),
    "two faults of it overlap": ([("ocs-1", 10 * H, 11 * H), ("data", 10 * H + 1, 12 * H)], MORNING),
    "twice": (
        [("ocs-1", 1 * H, 2 * H), ("ocs-1", 10 * H, 12 * H)],
        everywhere((1 * H, 2 * H), (10 * H, 12 * H)),
    ),
    "one of its fibres is cut, the other carries on": ([("data-hub-1", 10 * H, 12 * H)], {}),
    "both are cut, one after the other": (
        [("data-hub-1", 9 * H, 12 * H), ("duct-data-2", 10 * H, 13 * H)], MORNING
    ),
    "one is cut at the instant at which the other is mended": (
        [("data-hub-1", 10 * H, 11 * H), ("data-hub-2", 11 * H, 12 * H)], {}
    ),
    "both are cut for an instant of no length": ([("data-hub-2", 11 * H, 12 * H), ("data-hub-1", 10 * H, 11 * H)], {}),
    "one is mended, and cut again at once": (
        [("data-hub-2", 10 * H, None), ("data-hub-1", 11 * H, 12 * H), ("data-hub-1", 12 * H, 13 * H)],
        everywhere((11 * H, 13 * H)),
    ),
    "the port is cut off, and with it no core": ([("east-port", 10 * H, 12 * H)], {}),
    "a cell sleeps": ([(("sleeping", "cell-port"), 10 * H, 12 * H)], {}),
}  # fmt: skip


@pytest.mark.parametrize("name", STORIES)
def test_a_cell_is_without_charging_while_its_core_has_no_way_there(name):
    story, expected = STORIES[name]
    plant = played(*story)
    joined = {cell: merged(spans) for cell, spans in plant.charging_outages.items() if spans}
    assert joined == expected
    assert all(down < up for spans in plant.charging_outages.values() for down, up in spans if up is not None)


def merged(spans):
    """Intervals that touch as one: [a, b) and [b, c) are [a, c)."""
    found = list(spans[:1])
    for down, up in spans[1:]:
        found[-1:] = [(found[-1][0], up)] if found[-1][1] == down else [found[-1], (down, up)]
    return found


def test_one_cut_fibre_parts_one_core_from_charging_and_its_cell_works_on():
    plant = played(("east-port", 10 * H, 12 * H), change=port_is_a_core)
    assert plant.charging_outages == {"cell-port": [(10 * H, 12 * H)]}
    assert plant.outages == {}
    assert facts(plant) == [("r-port", 10 * H, 12 * H)]


def test_the_truth_tells_of_core_nodes_and_not_of_cells():
    assert facts(played(("ocs-1", 10 * H, 12 * H))) == [("r-hub", 10 * H, 12 * H)]
    assert facts(played(("ocs-1", 10 * H, None))) == [("r-hub", 10 * H, None)]


def test_a_cell_that_goes_to_its_backup_core_asks_from_there():
    """The hub dies. Its own cell dies with it; the others are carried by the east after 3 s, which asks by the south.
    Back at the hub after twelve, they ask from there without a gap."""
    plant = played(("r-hub", 10 * H, 12 * H), change=south_leads_to_charging_too)
    moving = (10 * H, 10 * H + CONVERGENCE_MS)
    assert plant.charging_outages == everywhere(moving) | {"cell-hub": [(10 * H, 12 * H)]}
    assert facts(plant) == [("r-hub", 10 * H, 12 * H)]


def test_a_backup_core_that_is_cut_off_is_told_of_and_costs_no_cell_its_charging():
    plant = played(("r-east", 10 * H, 12 * H), change=south_leads_to_charging_too)
    assert plant.charging_outages == {}
    assert facts(plant) == [("r-east", 10 * H, 12 * H)]


def test_a_node_that_no_link_in_use_leads_to_was_never_reached():
    def dark(document):
        for link in document["links"][-2:]:
            link["dormant"] = True

    plant = played((("lit", "data-hub-2"), 10 * H, 12 * H), change=dark)
    assert plant.charging_outages == everywhere((0, 10 * H), (12 * H, None))


def test_without_a_charging_system_nothing_is_kept():
    env = simpy.Environment()
    plant = Plant(env, Network(network()), CONVERGENCE_MS, Truth(), lambda event, state: None)
    plant.fail("ocs-1")
    assert plant.charging_outages == {}
    assert CHARGING_UNREACHABLE not in {fact.kind for fact in plant.truth.facts}


# -- any story, against networkx -----------------------------------------------------------------------

TARGETS = ("ocs-1", "data", "ocs-1/1", "data-hub-1", "duct-data-2", "r-hub/1", "east-port", "r-east", "duct-river",
           "east-north", "east-south", "port", "r-port/1")  # fmt: skip
faults = st.lists(
    st.tuples(st.sampled_from(TARGETS), st.integers(1, 60), st.integers(1, 60)), max_size=6, unique_by=lambda f: f[0]
)


def has_charging(document, core, failed):
    dead = {node["id"] for node in document["nodes"] if failed & {node["id"], node["site"]}}
    living = nx.Graph()
    living.add_nodes_from(node["id"] for node in document["nodes"] if node["id"] not in dead)
    living.add_edges_from(
        (link["a"], link["z"]) for link in document["links"]
        if not failed & {link["id"], link["a_card"], link["z_card"], *link["shared_risk_groups"]}
        and not dead & {link["a"], link["z"]}
    )  # fmt: skip
    return core in living and "ocs-1" in living and nx.has_path(living, core, "ocs-1")


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(faults)
def test_law_a_cell_is_without_charging_whenever_the_graph_of_what_lives_says_so(story):
    spans = [(target, from_s * S, (from_s + lasts_s) * S) for target, from_s, lasts_s in story]
    end_ms = 200 * S
    plant = played(*spans, change=port_is_a_core, until_ms=end_ms)
    document = plant.network.document
    instants = sorted({0, end_ms, *(at for _, *both in spans for at in both)})
    for at, then in pairwise(instants):
        failed = {target for target, begins, ends in spans if begins <= at < ends}
        for cell in document["cells"]:
            told = plant.charging_outages.get(cell["id"], [])
            for moment in (at, then - 1):
                lost = any(down <= moment < (end_ms if up is None else up) for down, up in told)
                assert lost != has_charging(document, cell["core_node"], failed), (cell["id"], moment)
