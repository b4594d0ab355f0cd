"""The state of every service when something has failed: 1,000 nodes, and growth to 5,000.

A core of nodes with three links or four, a random regular graph, and two access nodes behind each core node, one on a
single link, one on two; two links a card where they fit, one link in seven shares its duct with the next; a service from
each access node to the nearest of eight core nodes. ``built_s``: numbering, planned ways and single points of failure of
the whole network. ``failure_ms``: the states after one more failure, median over 40 random ones, links, cards, ducts and
nodes, each on top of two that have failed.
"""

from statistics import median
from time import perf_counter
from typing import Any

import networkx as nx
import numpy as np

from ossbss.oss.fault.redundancy import RedundancyModel
from ossbss.oss.inventory import read_inventory
from tests.benchmarks.harness import Result

SIZES = (1_000, 5_000)
FAILURES = 40


def document(size: int) -> dict[str, Any]:
    """A network of about so many nodes."""
    core = size // 3
    graph = nx.random_regular_graph(4, core - core % 2, seed=1)
    graph.add_edges_from((f"x{node}", node) for node in list(graph))
    graph.add_edges_from((f"y{node}", to) for node in range(core - core % 2) for to in (node, (node + 1) % (core - 1)))
    names = {node: f"n{node}" for node in graph}
    places = dict.fromkeys(names.values(), 0)
    links = []
    for number, (a, z) in enumerate(sorted((names[a], names[z]) for a, z in graph.edges)):
        cards = []
        for node in (a, z):
            cards.append(f"{node}/{places[node] // 2}")
            places[node] += 1
        duct = number - (number % 7 == 1)
        links.append({"id": f"l{number}", "a": a, "z": z, "a_card": cards[0], "z_card": cards[1], "igp_metric": 10,
                      "shared_risk_groups": [f"d{duct}"]})  # fmt: skip
    nodes = list(places)
    return {
        "sites": [{"id": f"s-{n}", "shared_risk_groups": []} for n in nodes],
        "nodes": [{"id": n, "site": f"s-{n}", "vendor": "ios", "element_manager": "em"} for n in nodes],
        "cards": [{"id": c, "node": c.split("/")[0]} for c in sorted({k[e] for k in links for e in ("a_card", "z_card")})],
        "links": links,
        "shared_risk_groups": [{"id": d, "kind": "duct"} for d in sorted({k["shared_risk_groups"][0] for k in links})],
        "services": [{"id": f"v{n}", "a": n, "z": f"n{k % 8}"} for k, n in enumerate(nodes) if n[1] in "xy"],
        "element_managers": ["em"],
        "management": {"mode": "out_of_band", "station": nodes[0]},
    }


def measure(repetitions: int) -> Result:
    """See the module."""
    figures: dict[str, float] = {}
    for size in SIZES:
        inventory = read_inventory(document(size))
        built, after = [], []
        for repetition in range(repetitions):
            began = perf_counter()
            model = RedundancyModel(inventory)
            model.suffering(frozenset({"l0"}))
            built.append(perf_counter() - began)
            after += _failures(model, repetition)
        figures |= {f"built_s_{size}": median(built), f"failure_ms_{size}": 1_000 * median(after)}
    return Result("redundancy", figures, {}, repetitions)


def _failures(model: RedundancyModel, seed: int) -> list[float]:
    """Seconds of each."""
    inventory, rng = model.inventory, np.random.default_rng(seed)
    every = [*inventory.links, *inventory.card_slots, *inventory.groups, *inventory.site_of_node]
    seconds = []
    for chosen in rng.choice(len(every), size=(FAILURES, 3), replace=False):
        failed = frozenset(every[int(one)] for one in chosen)
        began = perf_counter()
        model.suffering(failed)
        seconds.append(perf_counter() - began)
    return seconds
