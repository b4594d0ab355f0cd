"""Laws of forwarding over random histories: what is remembered equals what is worked out, nobody rides a dead path,
and the repaired network is the one that never failed."""

from collections.abc import Iterator
from functools import cache
from itertools import islice, pairwise
from typing import Any

import networkx as nx
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.document import Document
from sim.world.network.management import reachable
from sim.world.network.routing.convergence import RoutingTimers
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.routing.paths import along, paths_to
from sim.world.network.routing.routes import Routes
from sim.world.network.state import (
    FailureState,
    Network,
    core_nodes,
    dead_links,
    dead_nodes,
    living_links,
    living_nodes,
)
from tests.town import town
from tests.world.network.plans import germany

FAST = RoutingTimers(hello_dead_ms=3_000, fast_reroute=True, protection_switch_ms=50)
PLAIN = RoutingTimers(total_ms=800)


def _dressed(document: Document) -> Document:
    """Every fifth service keeps to one path, every fifth is protected (1+1) where there is a second way; the others
    have backup cores; the sites share three power areas, but for that of the station."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edges_from((link["a"], link["z"], {"id": link["id"]}) for link in document["links"])
    cores = sorted({service["z"] for service in document["services"]}) + ["r-east"] * ("r-east" in graph)
    for number, service in enumerate(document["services"]):
        ways = [[graph[a][z]["id"] for a, z in pairwise(way)] for way in _ways(graph, service)]
        service["protection"] = ("none", "1+1", *["restoration"] * 3)[number % 5]
        service["path"] = [] if service["protection"] == "restoration" else ways[0]
        service["backup_path"] = ways[-1] if service["protection"] == "1+1" else []
        service["backup_z"] = [core for core in cores if core != service["z"]]
    home = next(node["site"] for node in document["nodes"] if node["id"] == document["management"]["station"])
    for number, site in enumerate(document["sites"]):
        site["shared_risk_groups"] = [f"power-{number % 3}"] if site["id"] != home and number % 4 else []
    document["shared_risk_groups"] += [{"id": f"power-{number}", "kind": "power"} for number in range(3)]
    return document


def _ways(graph: "nx.Graph[str]", service: dict[str, Any]) -> Iterator[list[str]]:
    if service["a"] == service["z"]:
        return iter([[service["a"]]])
    return islice(nx.edge_disjoint_paths(graph, service["a"], service["z"]), 2)


@cache
def _document(name: str, mode: str) -> Document:
    found = _dressed(town() if name == "town" else germany())
    return {**found, "management": {**found["management"], "mode": mode}}


def _fresh(name: str, mode: str) -> Network:
    return Network(_document(name, mode))


def histories(network: Network) -> st.SearchStrategy[list[tuple[int, str, int | None]]]:
    """(ms since the last change, resource, metric to configure, or None to fail or mend it)."""
    kinds = (network.links, network.nodes, network.cards, network.sites, network.groups)
    resources = [sorted(set(kind) - network.never_fails) for kind in kinds]
    failing = st.tuples(st.sampled_from([0, 7, 60, 400, 5_000, 90_000]), st.one_of(map(st.sampled_from, resources)), st.none())
    weighing = st.tuples(st.sampled_from([0, 60, 5_000]), st.sampled_from(resources[0]), st.integers(1, 300))
    return st.lists(st.one_of(failing, failing, weighing), max_size=25)


def _after(network: Network, state: FailureState, resource: str, metric: int | None) -> FailureState:
    if metric is not None:
        configured = resource in dict(state.metrics)
        return state.without_metric(resource) if configured else state.with_metric(resource, metric)
    kind = network.kind_of(resource)
    return state.repaired(kind, resource) if resource in getattr(state, kind) else state.failed(kind, resource)


class Watched:
    """A forwarding on a clock: everything that is due is done in time, and nobody rides a dead path."""

    def __init__(self, network: Network, timers: RoutingTimers) -> None:
        self.network, self.forwarding, self.now_ms = network, Forwarding(network, timers), 0
        self.up = set(network.services)

    def until(self, at_ms: int) -> None:
        while (due := min(self.forwarding.due(), default=at_ms + 1)) <= at_ms:
            self._tell(self.forwarding.converge(due))
        self.now_ms = at_ms

    def change(self, state: FailureState) -> None:
        self._tell(self.forwarding.change(state, self.now_ms))

    def _tell(self, changes: list[tuple[str, str]]) -> None:
        for service, change in changes:
            assert (service in self.up) == (change == "down")
            self.up ^= {service}
        state = self.forwarding.state
        dead = dead_nodes(self.network, state) | dead_links(self.network, state)
        for service in self.network.services:
            path, core = self.forwarding.path_of(service), self.forwarding.core_of(service)
            assert (path is not None) == (service in self.up)
            assert (core is None) == (path is None)
            if path is not None:
                record = self.network.services[service]
                assert path.avoids(dead)
                assert path.nodes == along(self.network, record["a"], path.links).nodes
                assert len(set(path.nodes)) == len(path.nodes), "a loop"
                assert path.nodes[-1] == core
                assert core in core_nodes(record)
        assert self.forwarding.down() == set(self.network.services) - self.up


def _recomputed(network: Network, state: FailureState) -> dict[str, tuple[tuple[str, ...], int | None]]:
    """Service → links and metric (of a rerouted one) of the path it must end on."""
    trees = {core: paths_to(network, state, core) for s in network.services.values() for core in core_nodes(s)}
    dead = dead_nodes(network, state) | dead_links(network, state)
    found: dict[str, tuple[tuple[str, ...], int | None]] = {}
    for service, record in network.services.items():
        if record["protection"] == "restoration":
            reached = [trees[core][record["a"]] for core in core_nodes(record) if record["a"] in trees[core]]
            best = [(path.links, path.metric) for path in reached]
        else:
            given = [record["path"], record["backup_path"]][: 1 + (record["protection"] == "1+1")]
            best = [(tuple(path), None) for path in given if along(network, record["a"], path).avoids(dead)]
        if best:
            found[service] = best[0]
    return found


def _in_use(forwarding: Forwarding) -> dict[str, tuple[tuple[str, ...], int | None]]:
    paths = {service: forwarding.path_of(service) for service in forwarding.network.services}
    fixed = forwarding.routes.fixed
    return {s: (path.links, None if s in fixed else path.metric) for s, path in paths.items() if path is not None}


@pytest.mark.parametrize("examples", [14, pytest.param(34, marks=pytest.mark.slow)])
@pytest.mark.parametrize("timers", [PLAIN, FAST], ids=["one figure", "in parts"])
@pytest.mark.parametrize(("name", "mode"), [("town", "in_band"), ("germany50", "out_of_band"), ("germany50", "in_band")])
def test_after_any_history_everything_is_as_if_worked_out_anew(name: str, mode: str, timers: RoutingTimers, examples: int) -> None:
    network = _fresh(name, mode)

    @settings(max_examples=examples, deadline=None, derandomize=True, phases=[Phase.generate])
    @given(histories(network))
    def holds(history: list[tuple[int, str, int | None]]) -> None:
        watched, state = Watched(network, timers), FailureState()
        for wait_ms, resource, metric in history:
            watched.until(watched.now_ms + wait_ms)
            state = _after(network, state, resource, metric)
            watched.change(state)
        watched.until(watched.now_ms + 1_000_000)
        anew = _fresh(name, mode)
        assert not watched.forwarding.due()
        assert _in_use(watched.forwarding) == _recomputed(anew, state)
        for fold in (dead_nodes, dead_links, living_nodes, living_links, reachable):
            assert fold(network, state) == fold(anew, state)
        watched.change(FailureState())
        watched.until(watched.now_ms + 1_000_000)
        never_failed = Forwarding(anew, timers)
        assert _in_use(watched.forwarding) == _in_use(never_failed)
        assert watched.forwarding.down() == never_failed.down() == set()
        assert reachable(network, watched.forwarding.state) == reachable(anew, FailureState()) == set(anew.nodes)

    holds()


def test_memory_is_bounded_and_what_was_forgotten_is_worked_out_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.world.network.state.REMEMBERED", 4)
    monkeypatch.setattr("sim.world.network.routing.routes.REMEMBERED_OCTETS", 1)
    network = _fresh("germany50", "in_band")
    routes, intact = Routes(network), dict(Routes(network).best)
    for link in list(network.links)[:40]:
        state = FailureState().failed("links", link)
        routes.change(state)
        assert len(routes._remembered) <= 2
        assert living_links(network, state) == set(network.links) - {link}
        assert reachable(network, state) == set(network.nodes)
        assert len(network.memory) <= 4
    routes.change(FailureState())
    assert routes.best == intact
