"""The composition root: the only place where world, OSS and BSS are put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
import simpy
from pydantic import BaseModel

from ossbss.bss.business import Business
from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.customer.priorities import RULES
from ossbss.bss.policy import BusinessPolicy
from ossbss.oss.operations import Operations
from ossbss.oss.policy import Crew, OperationsPolicy
from sim.testbed.clock import at_ms
from sim.testbed.exchange import FLOWS, Exchange
from sim.testbed.journal import Journal
from sim.testbed.population_schema import PopulationSpec
from sim.testbed.scenario import Scenario
from sim.testbed.scenario_schema import ScenarioSpec
from sim.testbed.targets import targets_of
from sim.world.management import TransportPolicy
from sim.world.network.document import Document, copy_of
from sim.world.network.state import Network
from sim.world.people.field_force import FieldForce
from sim.world.people.habits import Habits
from sim.world.people.subscribers import Community, settle
from sim.world.plan import Fault, RandomFaults, ScriptedFault, WorldPlan
from sim.world.streams import Streams
from sim.world.world import World


@dataclass(eq=False)
class Composed:
    """A run that is ready to go."""

    env: simpy.Environment
    world: World
    oss: Operations
    bss: Business
    exchange: Exchange
    journal: Journal
    lines: pl.DataFrame


def compose(scenario: Scenario) -> Composed:
    """Build everything from a checked scenario; nothing has happened yet."""
    spec, streams = scenario.spec, Streams(scenario.seed)
    env = simpy.Environment(initial_time=spec.starts_ms)
    network = Network(copy_of(scenario.network))
    communities = _communities(spec.population, network)
    lines = settle(communities, streams.get)
    plan = _world_plan(spec, network, {cell: community.habits for community in communities for cell in community.cells})
    journal = Journal()
    oss = Operations(copy_of(scenario.network), _operations_policy(spec), spec.starts_ms)
    accounts = _accounts(lines, scenario.network, spec.starts_ms)
    bss = Business(scenario.catalogue, accounts, _business_policy(spec), spec.starts_ms)
    off = frozenset(flow for flow in FLOWS if not getattr(spec.integration, flow))
    exchange = Exchange(env, (oss, bss), journal, off, scenario.seed)
    world = World(env, network, plan, lines, streams, exchange.post)
    exchange.world = world
    return Composed(env, world, oss, bss, exchange, journal, lines)


def _given(part: BaseModel, prefix: str = "") -> dict[str, Any]:
    """Durations and numbers of a part that the scenario gives, under the policy's names."""
    values = {name: value for name, value in part if value is not None and name.startswith(prefix)}
    return {
        name if name.endswith("_milli") or name == "missed_polls" else f"{name}_ms": v for name, v in values.items()
    }


def _operations_policy(spec: ScenarioSpec) -> OperationsPolicy:
    given = {name: value for name, value in _given(spec.operations).items() if name != "crews_ms"}
    return OperationsPolicy(**given, crews=tuple(Crew(crew.id, crew.site) for crew in spec.operations.crews))


def _business_policy(spec: ScenarioSpec) -> BusinessPolicy:
    given = _given(spec.business, "rating_")
    rule = spec.business.priority_rule
    return BusinessPolicy(**given, priority_rule=RULES[rule] if isinstance(rule, str) else rule)


def _communities(population: PopulationSpec, network: Network) -> list[Community]:
    """The people of each named site, after those of all other cells."""
    cells_at = network.cells_at
    elsewhere = [cell for site, cells in cells_at.items() if site not in population.places for cell in cells]
    found = [Community(elsewhere, population.subscribers, population.offerings, population.habits)] if elsewhere else []
    for site, place in population.places.items():
        offerings, habits = place.offerings or population.offerings, place.habits or population.habits
        found.append(Community(cells_at[site], place.subscribers, offerings, habits))
    return found


def _accounts(lines: pl.DataFrame, document: Document, starts_ms: int) -> pl.DataFrame:
    """One account a line; the line hangs on the access service of its cell."""
    service_of = {service["cell"]: service["id"] for service in document["services"]}
    return lines.select(
        "subscriber_id",
        pl.col("subscriber_id").str.replace("line-", "account-").alias("account_id"),
        pl.col("place_id").replace_strict(service_of, return_dtype=pl.String).alias("service_id"),
        pl.col("offering").alias("offering_id"),
        pl.lit(starts_ms, dtype=pl.Int64).alias("valid_from_ms"),
        pl.lit(None, dtype=pl.Int64).alias("valid_until_ms"),
    ).select(*ACCOUNTS_SCHEMA)


def _script(spec: ScenarioSpec) -> tuple[ScriptedFault, ...]:
    found = []
    for number, event in enumerate(spec.timeline, start=1):
        repair_after_ms = event.repair if isinstance(event.repair, int) else None
        fault = Fault(f"fault-{number}", event.do, event.target, repair_after_ms)
        found.append(ScriptedFault(at_ms(event.at, spec.starts), fault))
    return tuple(found)


def _chance(spec: ScenarioSpec, network: Network) -> tuple[RandomFaults, ...]:
    return tuple(
        RandomFaults(
            kind=rule.do,
            targets=rule.targets or tuple(t for t in targets_of(network, rule.do) if t not in network.never_fails),
            between=rule.between.law,
            repair=None if rule.repair == "crew" else rule.repair.law,
        )
        for rule in spec.world.random_faults
    )


def _world_plan(spec: ScenarioSpec, network: Network, habits: Mapping[str, Habits]) -> WorldPlan:
    world, telemetry, force = spec.world, spec.world.telemetry, spec.world.field_force
    return WorldPlan(
        starts_ms=spec.starts_ms,
        ends_ms=spec.ends_ms,
        utc_offset_ms=(spec.starts.utcoffset() or timedelta()) // timedelta(milliseconds=1),
        convergence_ms=world.convergence,
        faults=_script(spec),
        random_faults=_chance(spec, network),
        transport=TransportPolicy(
            telemetry.lost_milli, telemetry.doubled_milli, telemetry.late_milli, telemetry.delay, telemetry.late_delay
        ),
        files_doubled_milli=world.usage_files.doubled_milli,
        records_corrupted_milli=world.usage_files.corrupted_milli,
        callers_milli=world.callers_milli,
        field_force=FieldForce(force.speed_km_h, force.repair_median, force.repair_sigma, force.look),
        crew_bases={crew.id: crew.site for crew in spec.operations.crews},
        habits=habits,
    )
