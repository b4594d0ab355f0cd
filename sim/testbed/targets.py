"""Does the network have what the scenario names? Builds the network and checks every name against it."""

from collections.abc import Collection
from pathlib import Path

from ossbss.documents import Document, Mistake, listing, nearest
from sim.testbed.charging_schema import check_charging
from sim.testbed.fault_targets import target_problem, targets_of
from sim.testbed.field_force_check import check_field_force, with_owners
from sim.testbed.management_names import check_management
from sim.testbed.network_file import check_network_file
from sim.testbed.population_schema import PopulationSpec
from sim.testbed.scenario_schema import NetworkSpec, ScenarioSpec
from sim.testbed.shipped import shipped_folder
from sim.testbed.traffic_schema import capacity_plan
from sim.world.network.capacity import dressed
from sim.world.network.document import Document as NetworkDocument
from sim.world.network.state import Network
from sim.world.network.topology import NetworkPlan, generate, names_in, topologies
from sim.world.streams import Streams

_OF_TOPOHUB = ("core_sites", "station_site", "cells_per_site", "junos_share_milli", "last_gasp_milli", "shared_ducts",
               "backup_cores")  # fmt: skip


def _file_of(spec: NetworkSpec, folder: Path) -> Path:
    """Beside the scenario, then among those shipped."""
    places = [folder / (spec.file or ""), shipped_folder() / "networks" / (spec.file or "")]
    return next((place for place in places if place.is_file()), places[0])


def plan_of(spec: NetworkSpec, folder: Path) -> NetworkPlan:
    """The plan for the world's generator; a file is looked for beside the scenario, then among those shipped."""
    return NetworkPlan(
        source=f"topohub: {spec.topohub}" if spec.topohub else str(_file_of(spec, folder)),
        core_sites=spec.core_sites,
        station_site=spec.station_site,
        management=spec.management,
        in_band_nodes=spec.partly_shared.in_band_nodes,
        in_band_roles=spec.partly_shared.in_band_roles,
        shares=spec.partly_shared.shares,
        manager_nodes=spec.manager_nodes,
        cells_per_site=spec.cells_per_site,
        junos_share_milli=spec.junos_share_milli,
        shared_ducts=spec.shared_ducts,
        last_gasp_milli=spec.last_gasp_milli,
        backup_cores=spec.backup_cores,
    )


def check_network(
    document: Document, spec: ScenarioSpec, folder: Path, mistakes: list[Mistake]
) -> NetworkDocument | None:
    """The scenario's network document; None, and mistakes added, where it cannot be built or lacks a name."""
    of_file = spec.network.file is not None
    wrong = _check_file(document, spec.network, folder) if of_file else _check_topology(document, spec.network)
    if wrong:
        mistakes += wrong
        return None
    try:
        generated = generate(plan_of(spec.network, folder), Streams(spec.seed))
        found = dressed(generated, capacity_plan(spec.network.capacity, spec.network.transit), spec.network.topohub)
    except (ValueError, KeyError, OSError) as error:
        mistakes.append(document.mistake(("network",), str(error)))
        return None
    found = with_owners(found, spec.network.owners)
    network = Network(found)
    named: list[tuple[tuple[str | int, ...], str, str]] = [
        (("timeline", index, "target"), event.do, event.target) for index, event in enumerate(spec.timeline)
        if event.do != "roll_back"
    ]  # fmt: skip
    for index, rule in enumerate(spec.world.random_faults):
        path = ("world", "random_faults", index, "targets")
        named += [((*path, number), rule.do, target) for number, target in enumerate(rule.targets)]
        path = ("world", "random_faults", index, "common_groups")
        named += [((*path, number), rule.do, target)
                  for number, group in enumerate(rule.common_groups) for target in group]  # fmt: skip
    for place, do, target in named:
        problem, near = target_problem(network, do, target)
        if problem:
            mistakes.append(document.mistake(place, problem, near))
    mistakes += check_management(document, spec.network, network)
    mistakes += check_charging(document, spec.world.charging, network)
    mistakes += _check_effects(document, spec, network) + _check_power(document, spec, network)
    _check_people(document, spec.population, network, mistakes)
    mistakes += check_field_force(document, spec, network)
    return found


def _check_topology(document: Document, spec: NetworkSpec) -> list[Mistake]:
    """The topology, and each site and link that the scenario names in it."""
    key = spec.topohub or ""
    known = topologies()
    if key not in known:
        wanted = f"TopoHub has no topology {key!r}; it has {listing(known, key)}"
        return [document.mistake(("network", "topohub"), wanted, nearest(key, known))]
    sites, links = names_in(key)
    named = [
        *((("network", "core_sites", number), site, sites, "site") for number, site in enumerate(spec.core_sites)),
        *((("network", "station_site"), site, sites, "site") for site in [spec.station_site] if site),
        *((("network", "shared_ducts", duct, number), link, links, "link")
          for duct, within in spec.shared_ducts.items() for number, link in enumerate(within)),
    ]  # fmt: skip
    needed = f"give it, with topohub; sites are {listing(sites)}"
    missing = [name for name in ("core_sites", "station_site") if not getattr(spec, name)]
    alone = ["one core site has no other to back it up"] if spec.backup_cores and len(set(spec.core_sites)) == 1 else []
    return [
        *(document.mistake(("network", "backup_cores"), problem, "name a second in core_sites") for problem in alone),
        *(document.mistake(("network", name), needed) for name in missing),
        *(document.mistake(path, f"{key} has no {kind} {name!r}; it has {listing(known, name)}", nearest(name, known))
          for path, name, known, kind in named if name not in known),
    ]  # fmt: skip


def _check_file(document: Document, spec: NetworkSpec, folder: Path) -> list[Mistake]:
    """The file, and that nothing is said of it which holds for topologies only."""
    idle = [name for name in _OF_TOPOHUB if name in spec.model_fields_set]
    problem = "this is for topohub; a network file stands as it is"
    wrong = [document.mistake(("network", name), problem) for name in idle]
    file = _file_of(spec, folder)
    if file.is_file():
        return wrong + check_network_file(file, str(spec.file))
    known = sorted(path.name for path in (shipped_folder() / "networks").glob("*"))
    absent = f"no network file {spec.file!r}, beside the scenario or shipped; shipped are {listing(known)}"
    return [*wrong, document.mistake(("network", "file"), absent, nearest(str(spec.file), known))]


def _check_people(document: Document, population: PopulationSpec, network: Network, mistakes: list[Mistake]) -> None:
    for site in population.places:
        if site not in network.cells_at:
            known = listing(network.cells_at, site)
            problem = f"no cell stands at {site!r}, so nobody can live there; cells stand at {known}"
            near = nearest(site, list(network.cells_at))
            mistakes.append(document.mistake(("population", "places", site), problem, near))
    elsewhere = network.cells_at.keys() - population.places.keys()
    if bool(population.subscribers) != bool(elsewhere):
        problem = f"{population.subscribers} lines for {len(elsewhere)} sites that places does not name"
        mend = "give 0" if population.subscribers else "give a number above 0"
        mistakes.append(document.mistake(("population", "subscribers"), problem, mend))


def _check_effects(document: Document, spec: ScenarioSpec, network: Network) -> list[Mistake]:
    """What a bad change does to which kind of thing."""
    of: dict[str, tuple[str, Collection[str]]] = {
        "isolate": ("a node", network.nodes), "metric": ("a link", network.links)
    }  # fmt: skip
    return [
        document.mistake(("timeline", index, "target"), f"effect: {event.effect} needs {of[event.effect][0]}")
        for index, event in enumerate(spec.timeline)
        if event.do == "bad_change" and event.effect in of and event.target in targets_of(network, "bad_change")
        and event.target not in of[event.effect][1]
    ]  # fmt: skip


def _check_power(document: Document, spec: ScenarioSpec, network: Network) -> list[Mistake]:
    """Sites whose power differs must be there; fuel is taken from and brought to sites that have a generator."""
    power, mistakes = spec.world.power, []
    for site in power.sites if power else ():
        if site not in network.sites:
            problem = f"the network has no site {site!r}; it has {listing(network.sites, site)}"
            mistakes.append(document.mistake(("world", "power", "sites", site), problem, nearest(site, network.sites)))
    for index, event in enumerate(spec.timeline):
        of_fuel = event.do in ("steal_fuel", "refuel") and event.target in network.sites
        if of_fuel and not (power and power.supply(event.target).generator):
            problem, mend = f"{event.target} has no generator, so no fuel", "give world.power.generator: true"
            mistakes.append(document.mistake(("timeline", index, "target"), problem, mend))
    return mistakes
