"""Forwarding and management reach, against networkx and against a story."""

from collections.abc import Iterable

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.world.network.management import reachable
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.routing.paths import paths_to
from sim.world.network.state import FailureState, Network, living_links, living_nodes
from tests.world.network.plans import GERMANY, failing, german_network, germany

CONVERGENCE_MS = 800


def _oracle(network: Network, failed: Iterable[str]) -> "nx.Graph[str]":
    """What is left of the network, worked out by deleting from a graph what each fault takes away."""
    left: nx.Graph[str] = nx.Graph()
    left.add_edges_from((link["a"], link["z"], link) for link in network.links.values())
    for resource in failed:
        left.remove_nodes_from([n for n, r in network.nodes.items() if resource in (n, r["site"])])
        touched = [
            link
            for link in network.links.values()
            if resource in (link["id"], link["a_card"], link["z_card"], *link["shared_risk_groups"])
        ]
        left.remove_edges_from([(link["a"], link["z"]) for link in touched])
    return left


def _joined(graph: "nx.Graph[str]", a: str, z: str) -> bool:
    return a in graph and z in graph and nx.has_path(graph, a, z)


NETWORK = german_network()
FAILABLE = sorted(
    {*NETWORK.links, *NETWORK.nodes, *NETWORK.cards, *NETWORK.sites, *NETWORK.groups} - NETWORK.never_fails
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FAILABLE), st.booleans()), max_size=60))
def test_after_any_history_a_service_is_up_exactly_when_its_ends_are_joined(history: list[tuple[str, bool]]) -> None:
    forwarding, state, failed = Forwarding(NETWORK, CONVERGENCE_MS), FailureState(), set[str]()
    served = set(NETWORK.services)
    for resource, converges in history:
        kind = NETWORK.kind_of(resource)
        state = state.repaired(kind, resource) if resource in failed else state.failed(kind, resource)
        failed ^= {resource}
        for service, change in forwarding.change(state) + (forwarding.converge() if converges else []):
            (served.remove if change == "down" else served.add)(service)
    for service, change in forwarding.converge():
        assert change == "up"
        served.add(service)
    left = _oracle(NETWORK, failed)
    assert state.all_ids() == failed
    assert served == {s for s, record in NETWORK.services.items() if _joined(left, record["a"], record["z"])}
    assert forwarding.down() == set(NETWORK.services) - served
    assert living_nodes(NETWORK, state) == set(left)
    assert reachable(NETWORK, state) == nx.node_connected_component(left, NETWORK.station)
    assert {frozenset((NETWORK.links[k]["a"], NETWORK.links[k]["z"])) for k in living_links(NETWORK, state)} == {
        frozenset(edge) for edge in left.edges
    }


@settings(max_examples=25, deadline=None)
@given(st.sets(st.sampled_from(FAILABLE), max_size=25), st.sampled_from(GERMANY.core_sites))
def test_paths_are_shortest_and_hang_together(failed: set[str], core_site: str) -> None:
    core, left = f"r-{core_site}", _oracle(NETWORK, failed)
    expected = nx.single_source_dijkstra_path_length(left, core, weight="igp_metric") if core in left else {}
    paths = paths_to(NETWORK, failing(NETWORK, *failed), core)
    assert {node: path.metric for node, path in paths.items()} == expected
    for node, path in paths.items():
        assert (path.nodes[0], path.nodes[-1]) == (node, core)
        ends = [{NETWORK.links[link]["a"], NETWORK.links[link]["z"]} for link in path.links]
        assert ends == [set(pair) for pair in zip(path.nodes, path.nodes[1:], strict=False)]


def test_equal_paths_are_told_apart_by_link_ids_not_by_the_order_of_the_document() -> None:
    def square(order: Iterable[str]) -> Network:
        links = {"l1": "ab", "l2": "bd", "l3": "ac", "l4": "cd", "l5": "ad"}
        record = {"a_card": "", "z_card": "", "shared_risk_groups": []}
        metric = {"l5": 9}
        return Network(
            {
                "sites": [{"id": "s", "shared_risk_groups": []}],
                "nodes": [{"id": node, "site": "s"} for node in "dcba"],
                "links": [
                    {"id": k, "a": links[k][0], "z": links[k][1], "igp_metric": metric.get(k, 5), **record}
                    for k in order
                ],
                "management": {"mode": "in_band", "station": "a"},
            }
        )

    for order in (["l1", "l2", "l3", "l4"], ["l4", "l3", "l2", "l1"]):
        assert paths_to(square(order), FailureState(), "d")["a"].links == ("l1", "l2")
    assert paths_to(square(["l1", "l2", "l5"]), FailureState(), "d")["a"].links == ("l5",)


def _links(forwarding: Forwarding, service: str) -> tuple[str, ...]:
    path = forwarding.path_of(service)
    assert path is not None
    return path.links


def test_the_eider_is_dug_up() -> None:
    """One digger, three fibres: Flensburg is an island, Kiel lives on by way of Schwerin."""
    forwarding, cut = Forwarding(NETWORK, CONVERGENCE_MS), failing(NETWORK, "duct-eider")
    kiel = [s for s, record in NETWORK.services.items() if record["a"] == "r-kiel"]
    flensburg = [s for s, record in NETWORK.services.items() if record["a"] == "r-flensburg"]
    assert [_links(forwarding, service) for service in kiel] == [("hamburg-kiel",)] * len(kiel)
    assert set(forwarding.change(cut)) == {(service, "down") for service in kiel + flensburg}
    assert set(forwarding.converge()) == {(service, "up") for service in kiel}
    assert forwarding.down() == set(flensburg)
    assert {_links(forwarding, service)[0] for service in kiel} == {"kiel-schwerin"}
    assert set(NETWORK.nodes) - reachable(NETWORK, cut) == {"r-flensburg"}
    # The crew splices the fibre: Flensburg waits for convergence, nobody else notices.
    assert forwarding.change(FailureState()) == []
    assert forwarding.down() == set(flensburg)
    assert set(forwarding.converge()) == {(service, "up") for service in flensburg}


def test_a_fault_repaired_before_convergence_still_interrupts_until_then() -> None:
    forwarding = Forwarding(NETWORK, CONVERGENCE_MS)
    lost = forwarding.change(failing(NETWORK, "hamburg-kiel"))
    assert lost
    assert forwarding.change(FailureState()) == []
    assert [service for service, _ in forwarding.converge()] == [service for service, _ in lost]


def test_out_of_band_hears_islands_but_not_the_dead() -> None:
    document = germany()
    document["management"]["mode"] = "out_of_band"
    network = Network(document)
    state = failing(network, "duct-eider", "r-passau", "ulm")
    assert set(network.nodes) - reachable(network, state) == {"r-passau", "r-ulm"}


def test_the_station_never_fails() -> None:
    state = failing(NETWORK, "frankfurt", "r-frankfurt")
    assert NETWORK.never_fails == {"frankfurt", "r-frankfurt"}
    assert living_nodes(NETWORK, state) == set(NETWORK.nodes)


def test_convergence_does_not_take_negative_time() -> None:
    with pytest.raises(ValueError, match="-1"):
        Forwarding(NETWORK, -1)
