"""The network of a scenario: a reference topology dressed with cards, ducts, cells and access services."""

import unicodedata
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import topohub

from sim.world.elements.dialects import port_name
from sim.world.network import document as network_document
from sim.world.network.document import Document
from sim.world.network.routing.paths import paths_to
from sim.world.network.state import FailureState, Network
from sim.world.streams import Streams

_TOPOHUB = "topohub:"
_PORTS_PER_CARD = 2
_MILLI = 1_000
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True)
class NetworkPlan:
    """What a scenario says about its network.

    ``source`` is ``topohub: sndlib/germany50`` (any topology of TopoHub) or a JSON file with a whole network
    document, which then stands as it is but for ``management``, where that is given (else out of band for a topology
    of TopoHub). ``core_sites``, ``station_site``: site ids. ``cells_per_site``: fewest and
    most cells of a site. ``shared_ducts``: duct id → the links that lie in it. ``junos_share_milli``,
    ``last_gasp_milli``: thousandths of the nodes. ``backup_cores``: whether a cell whose core node is lost goes to the
    second nearest. ``in_band_nodes``, ``in_band_roles``: who is managed in band where ``management`` is partly shared;
    ``shares``: duct → nodes whose way beside the network lies in it all the same; ``manager_nodes``: element manager →
    its node.
    """

    source: str
    core_sites: tuple[str, ...] = ()
    station_site: str = ""
    management: Literal["in_band", "out_of_band", "partly_shared"] | None = None
    in_band_nodes: tuple[str, ...] = ()
    in_band_roles: tuple[str, ...] = ()
    shares: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    manager_nodes: Mapping[str, str] = field(default_factory=dict)
    cells_per_site: tuple[int, int] = (1, 5)
    junos_share_milli: int = 500
    shared_ducts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    last_gasp_milli: int = 500
    backup_cores: bool = False


def generate(plan: NetworkPlan, streams: Streams) -> Document:
    """The network document of the plan; same plan and same seed, same document. Streams: ``network/SITE``.

    ValueError where the plan names a topology, site or link that there is not, or a site reaches no core node.
    """
    if not plan.source.startswith(_TOPOHUB):
        return _managed(network_document.load(Path(plan.source)), plan)
    topology = _topology(plan.source.removeprefix(_TOPOHUB).strip())
    sites = {record["id"]: _site(record) for record in topology["nodes"]}
    _require_sites(plan, {site["id"] for site in sites.values()})
    document: Document = {"name": topology["graph"]["name"], "sites": list(sites.values())}
    document["nodes"] = [_node(plan, site, streams) for site in document["sites"]]
    document["cards"], document["links"] = _cards_and_links(plan, topology["edges"], sites, document["nodes"])
    document["shared_risk_groups"] = _ducts(document["links"])
    document["element_managers"] = sorted({node["element_manager"] for node in document["nodes"]})
    document["management"] = {"mode": "out_of_band", "station": f"r-{plan.station_site}"}
    document["cells"] = _cells(plan, document, _demand_of_sites(topology, sites))
    document["services"] = [_service(cell, number) for number, cell in enumerate(document["cells"], start=1)]
    network_document.require_unique_ids(document)
    return _managed(document, plan)


def _managed(document: Document, plan: NetworkPlan) -> Document:
    """The document with what the plan says of its management; names are checked by whoever wrote the plan."""
    management = dict(document["management"])
    if plan.management is not None:
        management["mode"] = plan.management
    if plan.in_band_nodes or plan.in_band_roles:
        by_role = {node["id"] for node in document["nodes"] if node["role"] in plan.in_band_roles}
        management["in_band_nodes"] = sorted(by_role.union(plan.in_band_nodes))
    if plan.shares:
        management["shares"] = {duct: list(nodes) for duct, nodes in plan.shares.items()}
    if plan.manager_nodes:
        places = {manager: {"node": node} for manager, node in plan.manager_nodes.items()}
        management["managers"] = {**management.get("managers", {}), **places}
    return {**document, "management": management}


def names_in(key: str) -> tuple[list[str], list[str]]:
    """(site ids, link ids) that a topology gives its network, sorted; ValueError where there is no such topology."""
    topology = _topology(key)
    sites = {record["id"]: _site(record)["id"] for record in topology["nodes"]}
    ends = (sorted((sites[edge["source"]], sites[edge["target"]])) for edge in topology["edges"])
    return sorted(sites.values()), sorted(f"{a}-{z}" for a, z in ends)


def demands_in(key: str) -> list[tuple[str, str, float]]:
    """(site from, site to, volume) of a topology, as SNDlib or TopoHub states them; ValueError for no such topology."""
    topology = _topology(key)
    sites = {record["id"]: _site(record)["id"] for record in topology["nodes"]}
    demands = topology["graph"].get("demands", {})
    return [(sites[int(s)], sites[int(t)], float(v)) for s, to in demands.items() for t, v in to.items()]


def edges_in(key: str) -> list[tuple[str, str]]:
    """The links of a topology as pairs of site ids, sorted; ValueError for no such topology."""
    topology = _topology(key)
    sites = {record["id"]: _site(record)["id"] for record in topology["nodes"]}
    return sorted((a, z) for a, z in (sorted((sites[e["source"]], sites[e["target"]])) for e in topology["edges"]))


def topologies() -> list[str]:
    """The keys of all topologies of TopoHub, sorted."""
    folder = Path(topohub.__file__).parent / "data"
    return sorted(path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json"))


def _topology(key: str) -> dict[str, Any]:
    with warnings.catch_warnings():
        # TopoHub leaves closing its file to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            found: dict[str, Any] = topohub.get(key)
        except KeyError as error:
            raise ValueError(f"TopoHub has no topology {key!r}; give for example sndlib/germany50") from error
    return found


def slug(name: str) -> str:
    """A name as an id: small ASCII letters, digits and hyphens, German letters written out.

    >>> slug("Köln Süd")
    'koeln-sued'
    """
    plain = unicodedata.normalize("NFC", name).casefold().translate(_GERMAN)
    plain = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


def _site(record: dict[str, Any]) -> dict[str, Any]:
    lon, lat = record["pos"]
    name = str(record.get("name") or f"Site {record['id']}")  # some topologies name no places
    return {"id": slug(name), "name": name, "lon": float(lon), "lat": float(lat), "shared_risk_groups": []}


def _require_sites(plan: NetworkPlan, known: set[str]) -> None:
    if not plan.core_sites:
        raise ValueError("core_sites is empty; every cell needs a core node")
    unknown = sorted({*plan.core_sites, plan.station_site} - known)
    if unknown:
        raise ValueError(
            f"{plan.source} has no site {', '.join(map(repr, unknown))}; it has {', '.join(sorted(known))}"
        )
    fewest, most = plan.cells_per_site
    if not 0 <= fewest <= most:
        raise ValueError(f"cells_per_site {plan.cells_per_site} must be fewest and most, 0 or more")


def _node(plan: NetworkPlan, site: dict[str, Any], streams: Streams) -> dict[str, Any]:
    # Both draws are taken whatever the shares, so that another share moves only its own field.
    vendor_milli, gasp_milli = streams.get(f"network/{site['id']}").integers(0, _MILLI, size=2).tolist()
    vendor = "junos" if vendor_milli < plan.junos_share_milli else "ios"
    return {
        "id": f"r-{site['id']}",
        "site": site["id"],
        "vendor": vendor,
        "role": "core" if site["id"] in plan.core_sites else "edge",
        "element_manager": f"em-{vendor}",
        "last_gasp": gasp_milli < plan.last_gasp_milli,
    }


def _cards_and_links(
    plan: NetworkPlan, edges: list[dict[str, Any]], sites: dict[int, dict[str, Any]], nodes: list[dict[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    ends = {node["id"]: node["vendor"] for node in nodes}
    spans = sorted((*sorted((sites[e["source"]]["id"], sites[e["target"]]["id"])), float(e["dist"])) for e in edges)
    degree = Counter(site for a, z, _ in spans for site in (a, z))
    used: Counter[str] = Counter()
    links = []
    for a, z, length_km in spans:
        link: dict[str, Any] = {"id": f"{a}-{z}"}
        for end, site in (("a", a), ("z", z)):
            port, slot = divmod(used[site], _cards(degree[site]))
            used[site] += 1
            node = f"r-{site}"
            name = port_name(ends[node], slot + 1, port)
            link |= {end: node, f"{end}_card": f"{node}/{slot + 1}", f"{end}_port": name}
        links.append(link | {"igp_metric": max(1, round(length_km)), "length_km": length_km})
    _lay_ducts(plan, links)
    slots = [(f"r-{site}", slot) for site in (node["site"] for node in nodes) for slot in _slots(degree[site])]
    return [{"id": f"{node}/{slot}", "node": node, "slot": str(slot)} for node, slot in slots], links


def _cards(links: int) -> int:
    return max(1, -(-links // _PORTS_PER_CARD))


def _slots(links: int) -> range:
    return range(1, _cards(links) + 1)


def _lay_ducts(plan: NetworkPlan, links: list[dict[str, Any]]) -> None:
    shared = plan.shared_ducts
    unknown = sorted({link for duct in shared.values() for link in duct} - {link["id"] for link in links})
    if unknown:
        raise ValueError(f"shared_ducts names no link of the topology: {', '.join(unknown)}")
    for link in links:
        ducts = [duct for duct, within in shared.items() if link["id"] in within]
        link["shared_risk_groups"] = sorted(ducts) or [f"duct-{link['id']}"]


def _ducts(links: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = sorted({duct for link in links for duct in link["shared_risk_groups"]})
    return [{"id": duct, "kind": "duct"} for duct in found]


def _demand_of_sites(topology: dict[str, Any], sites: dict[int, dict[str, Any]]) -> Counter[str]:
    demand: Counter[str] = Counter()
    for source, targets in topology["graph"].get("demands", {}).items():
        for target, volume in targets.items():
            for end in (source, target):
                demand[sites[int(end)]["id"]] += volume
    return demand


def _cells(plan: NetworkPlan, document: Document, demand: Counter[str]) -> list[dict[str, Any]]:
    """The site of the largest demand, sent and received, gets the most cells; the others in proportion."""
    nearest = _cores_by_distance(document)
    fewest, most = plan.cells_per_site
    largest = max(demand.values(), default=0) or 1
    cells = []
    for node in document["nodes"]:
        if node["id"] not in nearest:
            raise ValueError(f"no path joins {node['id']} to a core node")
        count = fewest + round((most - fewest) * demand[node["site"]] / largest)
        places = [f"cell-{node['site']}-{number}" for number in range(1, count + 1)]
        core, *others = nearest[node["id"]]
        record = {"node": node["id"], "core_node": core}
        backup = {"backup_core_node": others[:1]} if plan.backup_cores else {}
        cells += [{"id": cell, **record, **backup} for cell in places]
    return cells


def _cores_by_distance(document: Document) -> dict[str, list[str]]:
    """Node → the core nodes it reaches, the least metric first, then by id."""
    network, found = Network(document), dict[str, list[tuple[int, str]]]()
    for core in (node["id"] for node in document["nodes"] if node["role"] == "core"):
        for node, path in paths_to(network, FailureState(), core).items():
            found.setdefault(node, []).append((path.metric, core))
    return {node: [core for _, core in sorted(cores)] for node, cores in found.items()}


def _service(cell: dict[str, Any], number: int) -> dict[str, Any]:
    return {
        "id": f"svc-{cell['id']}-mobile",
        "a": cell["node"],
        "z": cell["core_node"],
        "protection": "restoration",
        "path": [],
        "backup_path": [],
        **({"backup_z": cell["backup_core_node"]} if "backup_core_node" in cell else {}),
        "cell": cell["id"],
        "class": "mobile",
        "probe": str(number),
    }
