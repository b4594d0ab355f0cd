"""Random networks for the laws of routing, and an oracle that shares nothing with the kernels but the definition."""

from fractions import Fraction
from functools import cache

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from sim.world.network.routing.arcs import directed


@st.composite
def networks(draw, most_nodes=9, most_arcs=30):
    """Arcs at random, also parallel ones, loops and metrics of their own each way; few metrics, so that ways tie."""
    count = draw(st.integers(1, most_nodes))
    node = st.integers(0, count - 1)
    found = draw(st.lists(st.tuples(node, node, st.integers(1, 4)), max_size=most_arcs))
    return directed(count, *([arc[column] for arc in found] for column in range(3)))


def masks(arcs):
    """Which arcs live."""
    size = len(arcs.tails)
    return st.lists(st.sampled_from([True, True, True, False]), min_size=size, max_size=size).map(
        lambda found: np.array(found, dtype=bool)
    )


def volumes(arcs):
    """Demands in sixteenths, so that a few splits stay exact."""
    cells = len(arcs.nodes) ** 2
    return st.lists(st.integers(0, 40), min_size=cells, max_size=cells).map(
        lambda found: np.array(found, dtype=float).reshape(len(arcs.nodes), -1) / 16
    )


def graph_of(arcs, alive, metrics=None):
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(range(len(arcs.nodes)))
    lengths = arcs.metrics if metrics is None else metrics
    columns = (arcs.tails, arcs.heads, lengths, alive)
    for arc, (tail, head, metric, lives) in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
        if lives:
            graph.add_edge(tail, head, key=arc, weight=metric)
    return graph


def oracle_distances(graph):
    """(destination, node) → distance, for the pairs that have one."""
    lengths = nx.all_pairs_dijkstra_path_length(graph)
    return {(target, source): length for source, found in lengths for target, length in found.items()}


def oracle_loads(graph, demands):
    """(arc → load, unroutable volume, volume delivered), in fractions, one demand after the other.

    The share of an arc is worked out from the side of the demand: the node it leaves, which the traffic reaches with
    the shares of the arcs that end there, over all shortest paths that networkx lists.
    """
    loads, unroutable, delivered = dict.fromkeys((key for _, _, key in graph.edges(keys=True)), Fraction(0)), 0, 0
    for source in graph:
        for target in graph:
            volume = Fraction(demands[source, target])
            if source == target or not volume:
                continue
            if not nx.has_path(graph, source, target):
                unroutable += volume
                continue
            delivered += volume
            for arc, share in shares(graph, source, target).items():
                loads[arc] += volume * share
    return loads, unroutable, delivered


def shares(graph, source, target):
    """arc → what it carries of one unit from source to target."""
    paths = nx.all_shortest_paths(graph, source, target, weight="weight")
    steps = {step for path in paths for step in nx.utils.pairwise(path)}
    used = {(a, z): shortest_keys(graph, a, z) for a, z in steps}

    @cache
    def arriving(node):
        if node == source:
            return Fraction(1)
        return sum(arriving(a) * Fraction(len(used[a, z]), leaving(a)) for a, z in steps if z == node)

    def leaving(node):
        return sum(len(keys) for (a, _), keys in used.items() if a == node)

    return {key: arriving(a) / leaving(a) for (a, _), keys in used.items() for key in keys}


def shortest_keys(graph, a, z):
    least = min(record["weight"] for record in graph[a][z].values())
    return [key for key, record in graph[a][z].items() if record["weight"] == least]
