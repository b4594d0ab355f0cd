"""The generated network document."""

import dataclasses
import gzip
import json
import warnings
from collections import Counter
from math import ceil
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import topohub

from sim.world.network.document import ids, load
from sim.world.network.state import Network
from sim.world.network.topology import NetworkPlan, generate, slug
from sim.world.streams import Streams
from tests.world.network.plans import GERMANY, germany


def test_germany_has_its_published_size_and_unique_ids() -> None:
    document = germany()
    assert (len(document["sites"]), len(document["nodes"]), len(document["links"])) == (50, 50, 88)
    assert len(set(ids(document))) == len(ids(document))
    assert json.loads(json.dumps(document)) == document


def test_same_luck_same_document_and_other_luck_another() -> None:
    assert germany(seed=5) == germany(seed=5)
    assert germany(seed=5) != germany(seed=6)


def test_another_plan_moves_no_other_sites_luck() -> None:
    """A topology without some of the sites, in another order: whoever is still there is what it was."""
    here = {node["id"]: (node["vendor"], node["last_gasp"]) for node in germany()["nodes"]}
    plan = dataclasses.replace(GERMANY, source="topohub: sndlib/nobel-germany", core_sites=("berlin",), shared_ducts={})
    there = {node["id"]: (node["vendor"], node["last_gasp"]) for node in germany(plan)["nodes"]}
    both = here.keys() & there.keys()
    assert len(both) > 10
    assert {node: here[node] for node in both} == {node: there[node] for node in both}


def test_another_share_of_vendors_moves_only_what_hangs_on_the_vendor() -> None:
    few = germany(dataclasses.replace(GERMANY, junos_share_milli=0))
    all_of_them = germany(dataclasses.replace(GERMANY, junos_share_milli=1000))
    assert {node["vendor"] for node in few["nodes"]} == {"ios"}
    assert {node["vendor"] for node in all_of_them["nodes"]} == {"junos"}
    assert [node["last_gasp"] for node in few["nodes"]] == [node["last_gasp"] for node in all_of_them["nodes"]]
    assert few["services"] == all_of_them["services"]
    assert few["element_managers"] == ["em-ios"]


def test_links_are_those_of_the_topology() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        topology = topohub.get("sndlib/germany50")
    names = {record["id"]: record["name"].lower() for record in topology["nodes"]}
    expected = {frozenset((names[edge["source"]], names[edge["target"]])): edge["dist"] for edge in topology["edges"]}
    for link in germany()["links"]:
        length_km = expected.pop(frozenset(link["id"].split("-")))
        assert (link["length_km"], link["igp_metric"]) == (length_km, round(length_km))
        assert (link["a"], link["z"]) == tuple(f"r-{site}" for site in link["id"].split("-"))
    assert not expected


def test_cards_hold_at_most_two_ports_and_no_port_serves_two_links() -> None:
    document = germany()
    ports: Counter[tuple[str, str]] = Counter()
    on_card: Counter[str] = Counter()
    for link in document["links"]:
        for end in ("a", "z"):
            assert link[f"{end}_card"].startswith(link[end] + "/")
            ports[link[end], link[f"{end}_port"]] += 1
            on_card[link[f"{end}_card"]] += 1
    degree = Counter(node for node, _ in ports)
    cards = Counter(card["node"] for card in document["cards"])
    assert set(ports.values()) == {1}
    assert max(on_card.values()) == 2
    assert cards == {node["id"]: max(1, ceil(degree[node["id"]] / 2)) for node in document["nodes"]}
    assert set(on_card) == {card["id"] for card in document["cards"]}
    assert all(card["id"] == f"{card['node']}/{card['slot']}" for card in document["cards"])


def test_a_link_in_a_shared_duct_lies_in_no_other() -> None:
    document = germany()
    ducts = {link["id"]: link["shared_risk_groups"] for link in document["links"]}
    assert [link for link, groups in ducts.items() if groups == ["duct-eider"]] == [
        "bremerhaven-flensburg",
        "flensburg-kiel",
        "hamburg-kiel",
    ]
    assert ducts["kiel-schwerin"] == ["duct-kiel-schwerin"]
    assert len(document["shared_risk_groups"]) == 88 - 3 + 1


def test_cells_follow_demand_and_hang_on_the_nearest_core() -> None:
    document = germany()
    graph: nx.Graph[str] = nx.Graph()
    for link in document["links"]:
        graph.add_edge(link["a"], link["z"], weight=link["igp_metric"])
    cells = Counter(cell["node"] for cell in document["cells"])
    assert cells["r-frankfurt"] == 5  # the site of the largest demand
    assert cells["r-flensburg"] == cells["r-passau"] == 1
    cores = [node["id"] for node in document["nodes"] if node["role"] == "core"]
    for cell in document["cells"]:
        far = {core: nx.dijkstra_path_length(graph, cell["node"], core) for core in cores}
        assert far[cell["core_node"]] == min(far.values())


def test_every_cell_has_its_mobile_service_with_a_probe_of_its_own() -> None:
    document = germany()
    services = document["services"]
    assert [service["probe"] for service in services] == [str(n) for n in range(1, len(document["cells"]) + 1)]
    for service, cell in zip(services, document["cells"], strict=True):
        assert service["id"] == f"svc-{cell['id']}-mobile"
        assert (service["a"], service["z"], service["cell"]) == (cell["node"], cell["core_node"], cell["id"])
        assert (service["protection"], service["path"], service["class"]) == ("restoration", [], "mobile")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": "topohub: sndlib/utopia"}, "sndlib/utopia"),
        ({"core_sites": ()}, "core_sites is empty"),
        ({"core_sites": ("atlantis",)}, "atlantis"),
        ({"station_site": "thule"}, "thule"),
        ({"shared_ducts": {"duct-x": ("kiel-passau",)}}, "kiel-passau"),
        ({"shared_ducts": {"r-kiel": ("hamburg-kiel",)}}, "r-kiel"),
        ({"cells_per_site": (5, 1)}, "cells_per_site"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_by_name(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        germany(dataclasses.replace(GERMANY, **change))


@pytest.mark.parametrize(
    ("name", "expected"), [("Köln", "koeln"), ("Mu\u0308nchen", "muenchen"), ("Gießen", "giessen"), ("Łódź 2", "odz-2")]
)
def test_names_become_plain_ids(name: str, expected: str) -> None:
    assert slug(name) == expected


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_a_document_in_a_file_stands_as_it_is(tmp_path: Path, suffix: str) -> None:
    document = germany()
    octets = json.dumps(document).encode()
    file = tmp_path / f"network{suffix}"
    file.write_bytes(gzip.compress(octets) if suffix.endswith("gz") else octets)
    assert generate(NetworkPlan(source=str(file)), Streams(1)) == document
    assert Network(load(file)).station == "r-frankfurt"


def test_a_file_with_an_id_used_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "network.json"
    file.write_text(json.dumps({"sites": [{"id": "kiel"}], "nodes": [{"id": "kiel"}]}))
    with pytest.raises(ValueError, match="used twice: kiel"):
        load(file)


def test_a_backup_core_is_the_second_nearest_and_changes_nothing_else() -> None:
    plain, backed_up = germany(), germany(dataclasses.replace(GERMANY, backup_cores=True))
    graph = nx.Graph()
    graph.add_weighted_edges_from((link["a"], link["z"], link["igp_metric"]) for link in plain["links"])
    far = {f"r-{site}": nx.single_source_dijkstra_path_length(graph, f"r-{site}") for site in GERMANY.core_sites}
    for cell, service in zip(backed_up["cells"], backed_up["services"], strict=True):
        order = sorted(far, key=lambda core: (far[core][cell["node"]], core))
        assert [cell["core_node"], *cell.pop("backup_core_node")] == order[:2]
        assert [service["z"], *service.pop("backup_z")] == order[:2]
    assert backed_up == plain
