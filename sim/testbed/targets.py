"""Does the network have what the scenario names? Builds the network and checks every name against it."""

from collections.abc import Iterable
from pathlib import Path

from ossbss.documents import Document, Mistake, nearest
from sim.testbed.scenario_schema import NetworkSpec, PopulationSpec, ScenarioSpec
from sim.testbed.shipped import shipped_folder
from sim.world.network.document import Document as NetworkDocument
from sim.world.network.state import Network
from sim.world.network.topology import NetworkPlan, generate
from sim.world.streams import Streams

KIND_OF_FAULT = {
    "cut_link": "links",
    "cut_duct": "groups",
    "fail_node": "nodes",
    "fail_card": "cards",
    "cut_power": "sites or power_areas",
}


def plan_of(spec: NetworkSpec, folder: Path) -> NetworkPlan:
    """The plan for the world's generator; a file is looked for beside the scenario, then among those shipped."""
    file = next((f for f in (folder / (spec.file or ""), shipped_folder() / "networks" / (spec.file or ""))
                 if f.is_file()), folder / (spec.file or ""))  # fmt: skip
    return NetworkPlan(
        source=f"topohub: {spec.topohub}" if spec.topohub else str(file),
        core_sites=spec.core_sites,
        station_site=spec.station_site,
        management=spec.management,
        cells_per_site=spec.cells_per_site,
        junos_share_milli=spec.junos_share_milli,
        shared_ducts=spec.shared_ducts,
        last_gasp_milli=spec.last_gasp_milli,
    )


def check_network(
    document: Document, spec: ScenarioSpec, folder: Path, mistakes: list[Mistake]
) -> NetworkDocument | None:
    """The scenario's network document; None, and mistakes added, where it cannot be built or lacks a name."""
    try:
        found = generate(plan_of(spec.network, folder), Streams(spec.seed).get("network"))
    except (ValueError, KeyError, OSError) as error:
        mistakes.append(document.mistake(("network",), str(error)))
        return None
    network = Network(found)
    for index, event in enumerate(spec.timeline):
        problem, near = _event_problem(network, event.do, event.target)
        if problem:
            mistakes.append(document.mistake(("timeline", index, "target"), problem, near))
    _check_people(document, spec.population, network, mistakes)
    for index, crew in enumerate(spec.operations.crews):
        if crew.site not in network.sites:
            near = nearest(crew.site, sorted(network.sites))
            problem = f"the network has no site {crew.site!r}"
            mistakes.append(document.mistake(("operations", "crews", index, "site"), problem, near))
    if len({crew.id for crew in spec.operations.crews}) < len(spec.operations.crews):
        mistakes.append(document.mistake(("operations", "crews"), "a crew id stands twice"))
    return found


def _check_people(document: Document, population: PopulationSpec, network: Network, mistakes: list[Mistake]) -> None:
    for site in population.places:
        if site not in network.cells_at:
            problem = f"no cell stands at {site!r}, so nobody can live there; cells stand at {_few(network.cells_at)}"
            near = nearest(site, list(network.cells_at))
            mistakes.append(document.mistake(("population", "places", site), problem, near))
    elsewhere = network.cells_at.keys() - population.places.keys()
    if bool(population.subscribers) != bool(elsewhere):
        problem = f"{population.subscribers} lines for {len(elsewhere)} sites that places does not name"
        mend = "give 0" if population.subscribers else "give a number above 0"
        mistakes.append(document.mistake(("population", "subscribers"), problem, mend))


def _few(names: Iterable[str]) -> str:
    """The first few of many names."""
    listed = sorted(names)
    return ", ".join(listed[:8]) + (f" … and {len(listed) - 8} more" if len(listed) > 8 else "")


def _event_problem(network: Network, do: str, target: str) -> tuple[str, str]:
    """What is wrong with the target of a fault, and the nearest right name; two empty texts when nothing is."""
    by_kind = {
        "cut_link": list(network.links),
        "cut_duct": [g for g in network.groups if network.groups[g]["kind"] != "power"],
        "fail_node": list(network.nodes),
        "fail_card": list(network.cards),
        "cut_power": [*network.sites, *(g for g in network.groups if network.groups[g]["kind"] == "power")],
    }
    if target not in by_kind[do]:
        return f"{do} needs one of the network's {KIND_OF_FAULT[do]}; it has no {target!r}", nearest(
            target, by_kind[do]
        )
    if target in network.never_fails:
        return f"{target!r} holds the management station, which never fails; name another", ""
    return "", ""
