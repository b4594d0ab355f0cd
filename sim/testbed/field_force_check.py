"""Can the crews and partners of a scenario do their work? Their places, owners, hours, and that each fault has one."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ossbss.contract.hours import meet
from ossbss.documents import Document, Mistake, Path, listing, nearest
from sim.testbed.fault_targets import vulnerable
from sim.testbed.field_force_plan import crew_plan, offset_of
from sim.testbed.field_force_schema import hours_of
from sim.testbed.scenario_schema import ScenarioSpec
from sim.testbed.timeline import waits_for_a_crew
from sim.world.network.document import Document as NetworkDocument
from sim.world.network.state import Network
from sim.world.people.field_force import owner_of, skill_for

OWNED_KINDS = ("sites", "nodes", "cards", "links", "shared_risk_groups")


def with_owners(network: NetworkDocument, owners: Mapping[str, Iterable[str]]) -> NetworkDocument:
    """The same network, where what a partner is said to own says so; names that it has not are left out."""
    owner = {name: partner for partner, owned in owners.items() for name in owned}

    def marked(record: dict[str, Any]) -> dict[str, Any]:
        return {**record, "owner": owner[record["id"]]} if record["id"] in owner else record

    return {**network, **{kind: [marked(record) for record in network[kind]] for kind in OWNED_KINDS}}


def check_field_force(document: Document, spec: ScenarioSpec, network: Network) -> Iterator[Mistake]:
    """``network``: with its owners."""
    yield from _places(document, spec, network)
    yield from _doubles(document, spec)
    yield from _owners(document, spec, network)
    yield from _partners(document, spec, network)
    yield from _hours(document, spec)
    if spec.operations.crews or spec.operations.partners:
        yield from _nobody(document, spec, network)


def _places(document: Document, spec: ScenarioSpec, network: Network) -> Iterator[Mistake]:
    force = spec.world.field_force
    named: list[tuple[Path, str]] = [
        *((("operations", "crews", n, "site"), crew.site) for n, crew in enumerate(spec.operations.crews)),
        *((("world", "field_force", "access", site), site) for site in force.access),
        *((("world", "field_force", "depots", site), site) for site in force.depots or {}),
    ]
    for path, site in named:
        if site not in network.sites:
            problem = f"the network has no site {site!r}; it has {listing(network.sites, site)}"
            yield document.mistake(path, problem, nearest(site, network.sites))


def _doubles(document: Document, spec: ScenarioSpec) -> Iterator[Mistake]:
    seen = dict[str, int]()
    for index, crew in enumerate(spec.operations.crews):
        path: Path = ("operations", "crews", index, "id")
        if (first := seen.setdefault(crew.id, index)) != index:
            line = document.line_of(("operations", "crews", first, "id"))
            yield document.mistake(path, f"crew {crew.id!r} stands twice; first on line {line}")
        if crew.id in spec.operations.partners:
            yield document.mistake(path, f"{crew.id!r} is a partner too; give the crew another name")


def _owners(document: Document, spec: ScenarioSpec, network: Network) -> Iterator[Mistake]:
    known = [str(record["id"]) for kind in OWNED_KINDS for record in network.document[kind]]
    first = dict[str, str]()
    for partner, owned in spec.network.owners.items():
        for number, name in enumerate(owned):
            path: Path = ("network", "owners", partner, number)
            if name not in known:
                problem = f"the network has no site, node, card, link, duct or cable {name!r}"
                yield document.mistake(path, problem, nearest(name, known))
            elif first.setdefault(name, partner) != partner:
                yield document.mistake(path, f"{name!r} belongs to {first[name]!r} already")


def _partners(document: Document, spec: ScenarioSpec, network: Network) -> Iterator[Mistake]:
    partners = spec.operations.partners
    records = (record for kind in OWNED_KINDS for record in network.document[kind])
    in_file = {str(record["owner"]) for record in records if record.get("owner")}
    for owner in sorted(in_file | spec.network.owners.keys()):
        if owner not in partners:
            path: Path = ("network", "owners", owner) if owner in spec.network.owners else ("network", "file")
            problem = f"{owner!r} owns parts of the network, but operations.partners does not say how it mends them"
            near = nearest(owner, list(partners)) or f"add operations.partners: {{{owner}: {{}}}}"
            yield document.mistake(path, problem, near)
    for partner in partners:
        if partner not in in_file | spec.network.owners.keys():
            problem = f"{partner!r} owns nothing, so it would never have anything to mend"
            near = nearest(partner, sorted(in_file)) or f"say what it owns: network.owners: {{{partner}: [...]}}"
            yield document.mistake(("operations", "partners", partner), problem, near)


def _hours(document: Document, spec: ScenarioSpec) -> Iterator[Mistake]:
    """Work that must rest outside a shift would never be done where the shift misses the other hours."""
    force, offset = spec.world.field_force, offset_of(spec)
    night = [hours_of(force.no_travel, offset)] if force.no_travel else []
    if not meet([], night):
        path: Path = ("world", "field_force", "no_travel")
        yield document.mistake(path, f"{force.no_travel} bans all travel", "give the hours of the night")
    for index, crew in enumerate(spec.operations.crews):
        plan, path = crew_plan(crew, offset), ("operations", "crews", index, "shift")
        if plan.shift is None or plan.overtime:
            continue
        if not meet([plan.shift], night):
            yield document.mistake(path, f"{crew.shift} is all within no_travel: {force.no_travel}")
        for site, access in force.access.items():
            if access.hours and not meet([plan.shift, hours_of(access.hours, offset)]):
                problem = f"{crew.shift} never meets the hours of {site} ({access.hours}), and there is no overtime"
                yield document.mistake(path, problem)


def _nobody(document: Document, spec: ScenarioSpec, network: Network) -> Iterator[Mistake]:
    """Faults that wait for a crew, of which no crew has the skill."""
    for index, event in enumerate(spec.timeline):
        if waits_for_a_crew(event) and (problem := _unmended(spec, network, event.target)):
            yield document.mistake(("timeline", index, "target"), *problem)
    for index, rule in enumerate(spec.world.random_faults):
        found = (_unmended(spec, network, target) for target in rule.targets or vulnerable(network, rule.do))
        if rule.repair == "crew" and (problem := next((p for p in found if p), None)):
            yield document.mistake(("world", "random_faults", index, "do"), *problem)


def _unmended(spec: ScenarioSpec, network: Network, target: str) -> tuple[str, str] | None:
    """Why nobody would ever mend this, and what would help; None where somebody would, or there is no such target."""
    known = target in {str(record["id"]) for kind in OWNED_KINDS for record in network.document[kind]}
    if not known or owner_of(network, target):
        return None
    skill = skill_for(network, target)
    if any(crew_plan(crew, offset_of(spec)).masters(skill) for crew in spec.operations.crews):
        return None
    wanted = "a crew with a ship" if skill == "submarine" else f"a crew with the skill {skill}"
    return (
        f"nobody would ever repair {target!r}: that takes {wanted}",
        f"add {wanted}, or the time after which it mends",
    )
