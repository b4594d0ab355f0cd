"""Networks to diagnose: a topology of TopoHub dressed with edge and access nodes, cards, ducts, power areas, services.

How much of each is drawn resembles the public benchmark (FORMAT.md); the shares are assumptions.
"""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from sim.world.network.topology import edges_in
from sim.world.streams import Streams

Document = dict[str, Any]
VENDORS = ("A", "B", "C")


def dressed_network(key: str, mode: str, seed: int) -> Document:
    """An inventory in the benchmark's format, from the topology ``key`` (``sndlib/geant``); ``mode``: in_band or
    out_of_band. The same arguments give the same network."""
    rng = Streams(seed).get(f"windows/network/{key}/{mode}")
    return dressed(nx.Graph(edges_in(key)), f"{key}-{mode}-{seed}", mode, rng)


def dressed(core: "nx.Graph[Any]", name: str, mode: str, rng: np.random.Generator) -> Document:
    """The same around any connected core; the network has two and a half times its nodes."""
    grown, roles = _grown(core, rng)
    names = {node: f"n{place}" for place, node in enumerate(sorted(grown, key=str))}
    graph = nx.relabel_nodes(grown, names)
    role = {names[node]: said for node, said in roles.items()}
    sites = _sites(graph, role, rng)
    cards, links = _cards_and_links(graph, rng)
    groups = [*_ducts(links, graph, rng), *_power(sites, graph, rng)]
    nodes = [_node(node, role[node], site, rng) for node, site in sites.items()]
    station = str(rng.choice(sorted(n for n in role if role[n] == "core")))
    return {
        "name": name,
        "sites": [{"id": s, "shared_risk_groups": [g["id"] for g in groups if s in g.get("sites", ())]}
                  for s in sorted(set(sites.values()))],
        "nodes": nodes,
        "cards": cards,
        "links": links,
        "shared_risk_groups": [{"id": g["id"], "kind": g["kind"]} for g in groups],
        "services": _services(graph, links, rng),
        "element_managers": sorted({n["element_manager"] for n in nodes}),
        "management": {"mode": mode, "station": station},
    }  # fmt: skip


def _grown(core: "nx.Graph[Any]", rng: np.random.Generator) -> tuple["nx.Graph[Any]", dict[Any, str]]:
    """The core with edge nodes on two core neighbours or one, and access nodes behind them."""
    graph: nx.Graph[Any] = nx.Graph(core)
    role = dict.fromkeys(core, "core")
    for number in range(len(core) // 2):
        first = list(core)[int(rng.integers(len(core)))]
        second = list(core[first])[int(rng.integers(core.degree(first)))]
        role[f"e{number}"] = "edge"
        graph.add_edges_from((f"e{number}", to) for to in ((first, second) if rng.random() < 0.6 else (first,)))
    behind = [node for node in graph if role[node] == "edge"] or list(core)
    for number in range(len(core)):
        role[f"x{number}"] = "access"
        graph.add_edge(f"x{number}", behind[int(rng.integers(len(behind)))])
        if rng.random() < 0.3:
            behind.append(f"x{number}")
    return graph, role


def _sites(graph: "nx.Graph[str]", role: Mapping[str, str], rng: np.random.Generator) -> dict[str, str]:
    """node → its site; some edge nodes stand at the site of a neighbour"""
    sites: dict[str, str] = {}
    for node in graph:
        near = [n for n in graph[node] if n in sites]
        shared = role[node] != "core" and near and rng.random() < 0.3
        sites[node] = sites[near[int(rng.integers(len(near)))]] if shared else f"s-{node}"
    return sites


def _cards_and_links(graph: "nx.Graph[str]", rng: np.random.Generator) -> tuple[list[Document], list[Document]]:
    cards, slot_of = [], {}
    for node in graph:
        count = 1 + int(graph.degree(node) > 2) + int(graph.degree(node) > 5)
        slots = [f"{node}/{slot}" for slot in range(count)]
        cards += [{"id": slot, "node": node} for slot in slots]
        for place, to in enumerate(graph[node]):
            slot_of[node, to] = slots[place % count]
    links = [
        {"id": f"l{number}", "a": a, "z": z, "a_card": slot_of[a, z], "z_card": slot_of[z, a],
         "shared_risk_groups": [], "igp_metric": int(rng.integers(1, 10))}
        for number, (a, z) in enumerate(graph.edges)
    ]  # fmt: skip
    return cards, links


def _ducts(links: list[Document], graph: "nx.Graph[str]", rng: np.random.Generator) -> list[Document]:
    """Ducts and cables of two to four links that meet or lie near each other."""
    groups: list[Document] = []
    for number in range(len(links) // 7):
        first = links[int(rng.integers(len(links)))]
        near = [k for k in links if {k["a"], k["z"]} & {first["a"], first["z"], *graph[first["a"]]} and k is not first]
        if near:
            chosen = rng.choice(len(near), size=min(len(near), int(rng.integers(1, 4))), replace=False)
            group = {"id": f"g{number}", "kind": "duct" if number % 2 else "cable"}
            groups.append(group)
            for link in (first, *(near[int(c)] for c in chosen)):
                link["shared_risk_groups"].append(group["id"])
    return groups


def _power(sites: Mapping[str, str], graph: "nx.Graph[str]", rng: np.random.Generator) -> list[Document]:
    areas = []
    nodes = list(sites)
    for number in range(max(1, len(nodes) // 15)):
        centre = nodes[int(rng.integers(len(nodes)))]
        members = {sites[n] for n in (centre, *list(graph[centre])[:4])}
        areas.append({"id": f"p{number}", "kind": "power", "sites": members})
    return areas


def _node(node: str, role: str, site: str, rng: np.random.Generator) -> Document:
    vendor = VENDORS[int(rng.integers(len(VENDORS)))]
    return {"id": node, "site": site, "vendor": vendor, "role": role, "element_manager": f"em-{vendor}",
            "last_gasp": bool(rng.random() < 0.7)}  # fmt: skip


def _services(graph: "nx.Graph[str]", links: list[Document], rng: np.random.Generator) -> list[Document]:
    of = {frozenset((link["a"], link["z"])): link["id"] for link in links}
    weights = {link: float(w) for link, w in zip(of, rng.random(len(of)) + 0.5, strict=True)}
    nodes = list(graph)
    lengths = nx.to_scipy_sparse_array(_weighted(graph, weights), nodelist=nodes, weight="length")
    services = []
    for number in range(int(1.6 * len(nodes))):
        from_, to = (int(i) for i in rng.choice(len(nodes), size=2, replace=False))
        a, z = nodes[from_], nodes[to]
        protection = ("none", "restoration", "1+1")[int(rng.choice(3, p=[0.7, 0.2, 0.1]))]
        way = [nodes[i] for i in _shortest(lengths, from_, to)]
        path = [of[frozenset(pair)] for pair in pairwise(way)]
        backup = _second_way(graph, way, a, z) if protection == "1+1" else None
        if protection == "1+1" and backup is None:
            protection = "none"
        second = [of[frozenset(pair)] for pair in pairwise(backup)] if backup else []
        services.append({"id": f"v{number}", "a": a, "z": z, "protection": protection, "path": path,
                         "backup_path": second})  # fmt: skip
    return services


def _weighted(graph: "nx.Graph[str]", weights: Mapping[frozenset[str], float]) -> "nx.Graph[str]":
    found: nx.Graph[str] = nx.Graph()
    found.add_weighted_edges_from(((a, z, weights[frozenset((a, z))]) for a, z in graph.edges), weight="length")
    return found


def _shortest(lengths: csr_array, from_: int, to: int) -> list[int]:
    """The nodes of the shortest way, by number."""
    _, (before,) = dijkstra(lengths, indices=[from_], return_predecessors=True)
    way = [to]
    while way[-1] != from_:
        way.append(int(before[way[-1]]))
    return way[::-1]


def _second_way(graph: "nx.Graph[str]", way: list[str], a: str, z: str) -> list[str] | None:
    rest = nx.Graph(graph)
    rest.remove_edges_from(list(pairwise(way)))
    return nx.shortest_path(rest, a, z) if nx.has_path(rest, a, z) else None


def out_of_date(document: Document, seed: int, services: float = 0.05, members: float = 0.05) -> Document:
    """The same network as an operator has it who has not kept up: this share of services with a wrong path, and of
    links missing from their duct."""
    rng = Streams(seed).get(f"windows/out of date/{document['name']}")
    every = [link["id"] for link in document["links"]]

    def moved(service: Document) -> Document:
        if service["protection"] == "none" and rng.random() < services:
            size = min(len(every), max(1, len(service["path"])))
            return {**service, "path": [every[int(i)] for i in rng.choice(len(every), size=size, replace=False)]}
        return service

    def loosened(link: Document) -> Document:
        return {**link, "shared_risk_groups": [g for g in link["shared_risk_groups"] if rng.random() >= members]}

    return {**document, "services": [moved(s) for s in document["services"]],
            "links": [loosened(link) for link in document["links"]]}  # fmt: skip
