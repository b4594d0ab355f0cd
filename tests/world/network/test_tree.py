"""Shortest path trees: grown by scipy, mended from change to change, both against networkx."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.routing.paths import link_states, paths_to
from sim.world.network.routing.tree import grow, news, regrow, rerouted
from sim.world.network.state import FailureState, Network
from tests.world.network.meshes import mesh

NODES = "abcdefgh"
pairs = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda ends: ends[0] != ends[1])
links = st.dictionaries(st.tuples(pairs, st.integers(0, 2)).map(lambda link: f"{link[0][0]}{link[0][1]}{link[1]}"), st.integers(1, 4), min_size=4, max_size=22)


def oracle(network: Network, state: FailureState, core: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Node → (metric, links) of its best path: networkx says which steps are on shortest paths, and among those the
    path of the fewest links and the first ids is put together node after node."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(network.nodes)
    metrics = dict(state.metrics)
    for link, r in network.links.items():
        dead = link in state.links or {r["a"], r["z"]} & state.nodes or not state.groups.isdisjoint(r["shared_risk_groups"])
        if not dead:
            graph.add_edge(r["a"], r["z"], key=link, weight=metrics.get(link, r["igp_metric"]))
    if core in state.nodes:
        return {}
    before, metric = nx.dijkstra_predecessor_and_distance(graph, core)
    best: dict[str, tuple[int, tuple[str, ...]]] = {core: (0, ())}
    for node in sorted(metric, key=lambda n: (metric[n], n))[1:]:
        steps = [
            (len(best[near][1]) + 1, (link, *best[near][1]))
            for near in before[node]
            for link, step in graph[node][near].items()
            if metric[near] + step["weight"] == metric[node]
        ]
        best[node] = (metric[node], min(steps)[1])
    return best


def found(network: Network, state: FailureState, core: str) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {node: (path.metric, path.links) for node, path in paths_to(network, state, core).items()}


@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
@given(links, st.sampled_from(NODES), st.data())
def test_paths_are_those_of_networkx_with_parallel_links_ties_and_wrong_weights(metrics, core, data):
    network = mesh(metrics)
    if core not in network.nodes:
        return
    cut = data.draw(st.sets(st.sampled_from(sorted(metrics)), max_size=5))
    dead = data.draw(st.sets(st.sampled_from(sorted(network.nodes)), max_size=2)) - {"s"}
    wrong = data.draw(st.dictionaries(st.sampled_from(sorted(metrics)), st.integers(1, 9), max_size=4))
    state = FailureState(links=frozenset(cut), nodes=frozenset(dead), metrics=frozenset(wrong.items()))
    assert found(network, state, core) == oracle(network, state, core)


@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
@given(links, st.data())
def test_a_mended_tree_is_the_one_that_grows_anew(metrics, data):
    network = mesh(metrics)
    arcs, states = network.arcs, []
    kinds = st.tuples(st.sampled_from(["links", "nodes", "metric", "mend"]), st.integers(0, 99), st.integers(1, 9))
    state = FailureState()
    for step in data.draw(st.lists(st.lists(kinds, min_size=1, max_size=3), max_size=8)):
        for kind, number, metric in step:
            link = sorted(metrics)[number % len(metrics)]
            node = sorted(network.nodes)[number % len(network.nodes)]
            if kind == "mend":
                state = FailureState()
            elif kind == "metric":
                state = state.with_metric(link, metric)
            elif kind == "links":
                state = state.repaired("links", link) if link in state.links else state.failed("links", link)
            elif node != "s":
                state = state.repaired("nodes", node) if node in state.nodes else state.failed("nodes", node)
        states.append(state)
    for root in range(len(arcs.nodes)):
        known = link_states(network, FailureState())
        tree = grow(arcs, known, root)
        for state in states:
            after = link_states(network, state)
            mended, fresh = regrow(arcs, tree, after, news(arcs, known, after)), grow(arcs, after, root)
            assert np.array_equal(mended.cost, fresh.cost)
            assert np.array_equal(mended.link, fresh.link)
            old = [[*tree.walk(arcs, node), int(tree.cost[node])] for node in range(len(arcs.nodes))]
            new = [[*fresh.walk(arcs, node), int(fresh.cost[node])] for node in range(len(arcs.nodes))]
            differ = {node for node in range(len(arcs.nodes)) if old[node] != new[node]}
            assert rerouted(arcs, tree, mended) == differ
            tree, known = mended, after


@pytest.mark.slow
def test_ten_thousand_nodes_hold_to_the_same_order_of_paths():
    """A grid of 100 × 100 with few different metrics, so that ties are everywhere; some of it has failed."""
    rng = np.random.default_rng(5)
    grid = nx.grid_2d_graph(100, 100)
    number = {node: f"n{node[0]:02d}-{node[1]:02d}" for node in grid}
    names = [f"l{n:05d}" for n in rng.permutation(grid.number_of_edges())]
    document = {
        "sites": [{"id": "x", "shared_risk_groups": []}],
        "nodes": [{"id": node, "site": "x"} for node in number.values()],
        "links": [
            {"id": name, "a": number[a], "z": number[z], "a_card": "", "z_card": "", "igp_metric": int(metric), "shared_risk_groups": [name + "d"]}
            for (a, z), name, metric in zip(grid.edges, names, rng.integers(1, 4, size=len(names)), strict=True)
        ],
        "management": {"mode": "out_of_band", "station": "n00-00"},
    }
    network = Network(document)
    arcs, intact = network.arcs, FailureState()
    cut = FailureState(links=frozenset(names[:300]), nodes=frozenset(list(number.values())[500:520]))
    assert found(network, cut, "n50-50") == oracle(network, cut, "n50-50")
    trees = [grow(arcs, link_states(network, intact), arcs.node_no["n50-50"])]
    rounds = [intact, *(FailureState(links=frozenset(names[k : k + 3])) for k in range(0, 60, 3)), intact]
    for before, after in pairwise(rounds):
        known, states = link_states(network, before), link_states(network, after)
        trees.append(regrow(arcs, trees[-1], states, news(arcs, known, states)))
    fresh = grow(arcs, link_states(network, rounds[-2]), arcs.node_no["n50-50"])
    assert np.array_equal(trees[-2].cost, fresh.cost)
    assert np.array_equal(trees[-2].link, fresh.link)
    assert np.array_equal(trees[-1].link, trees[0].link)


def test_metrics_that_no_sum_can_hold_are_refused():
    with pytest.raises(ValueError, match="metrics must be 1 to 16777214, not 9007199254740992"):
        mesh({"ab": 2**53}).arcs  # noqa: B018 - worked out when asked for
    network = mesh({"ab": 1})
    with pytest.raises(ValueError, match="igp_metric is -1"):
        link_states(network, FailureState().with_metric("ab", -1))
