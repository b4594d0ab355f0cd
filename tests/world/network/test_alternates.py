"""Loop-free alternates against networkx: what a neighbour would do with traffic that it was never meant to carry."""

import networkx as nx
from hypothesis import Phase, given, settings

from sim.world.network.routing.alternates import alternate
from sim.world.network.routing.paths import link_states
from sim.world.network.routing.tree import grow
from sim.world.network.state import FailureState
from tests.world.network.meshes import mesh
from tests.world.network.test_tree import links


def _alternate(metrics, router, root, state=FailureState()):  # noqa: B008 - it is frozen
    network = mesh(metrics)
    arcs, states = network.arcs, link_states(network, state)
    found = alternate(arcs, states, grow(arcs, states, arcs.node_no[root]), arcs.node_no[router])
    return found and (arcs.links[found.link], arcs.nodes[found.neighbour])


def _ways(graph, of, to):
    """All shortest ways as lists of nodes."""
    return list(nx.all_shortest_paths(graph, of, to, weight="weight"))


@settings(max_examples=150, deadline=None, derandomize=True, phases=[Phase.generate])
@given(links)
def test_an_alternate_never_sends_the_traffic_back_and_one_is_found_where_one_is(metrics):
    network = mesh(metrics)
    graph = nx.Graph()
    for record in sorted(network.links.values(), key=lambda record: -record["igp_metric"]):
        graph.add_edge(record["a"], record["z"], weight=record["igp_metric"])  # of parallel links the cheapest counts
    arcs, states = network.arcs, link_states(network, FailureState())
    for root in graph:
        tree = grow(arcs, states, arcs.node_no[root])
        for router in set(graph) - {root}:
            number = arcs.node_no[router]
            if not tree.reaches(number):
                continue
            primary = arcs.links[tree.link[number]]
            beyond = network.other_end(primary, router)
            free, safer = set(), set()
            for link in network.links_at[router]:
                neighbour = network.other_end(link, router)
                if link != primary and not any(router in way for way in _ways(graph, neighbour, root)):
                    free.add(link)
                    if beyond != root and not any(beyond in way for way in _ways(graph, neighbour, root)):
                        safer.add(link)
            found = _alternate(metrics, router, root)
            assert (found is not None) == bool(free)
            assert found is None or found[0] in (safer or free)


def test_the_example_of_the_standard():
    """RFC 5286, figure 1: S reaches D over E; N is loop-free when its way to D is shorter than by S (3 < 8 + 5)."""
    assert _alternate({"se": 4, "ed": 1, "sn": 8, "nd": 3}, "s", "d") == ("sn", "n")
    assert _alternate({"se": 4, "ed": 1, "sn": 8, "nd": 13}, "s", "d") is None  # 13 is not less than 8 + 5
    assert _alternate({"se": 4, "ed": 1, "sn": 8, "nd": 12}, "s", "d") == ("sn", "n")


def test_one_that_avoids_the_next_node_too_is_preferred_to_a_cheaper_one():
    """m reaches d over e, as s does; n has a way of its own, which costs more."""
    assert _alternate({"se": 2, "ed": 1, "sm": 1, "me": 2, "sn": 8, "nd": 3}, "s", "d") == ("sn", "n")
    assert _alternate({"se": 2, "ed": 1, "sm": 1, "me": 2}, "m", "d") == ("sm", "s")


def test_a_parallel_link_is_an_alternate_and_a_dead_one_is_not():
    double = {"se0": 1, "se1": 5, "ed": 1}
    assert _alternate(double, "s", "d") == ("se1", "e")
    assert _alternate(double, "s", "d", FailureState().failed("links", "se1")) is None
