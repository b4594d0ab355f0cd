"""The composition root: the only place where world, OSS and BSS are put together."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import simpy
from pydantic import BaseModel

from ossbss.bss.business import Business
from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.bss.customer.priorities import RULES
from ossbss.bss.policy import BusinessPolicy
from ossbss.oss.operations import Operations
from ossbss.oss.policy import OperationsPolicy
from sim.testbed.exchange import FLOWS, Exchange
from sim.testbed.field_force_plan import roster
from sim.testbed.journal import Journal
from sim.testbed.population_schema import PopulationSpec
from sim.testbed.scenario import Scenario
from sim.testbed.scenario_schema import ScenarioSpec
from sim.testbed.world_plan import world_plan
from sim.world.network.document import Document, copy_of
from sim.world.network.state import Network
from sim.world.people.subscribers import Community, settle
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
    habits = {cell: community.habits for community in communities for cell in community.cells}
    plan = world_plan(spec, network, habits, scenario.outages)
    journal = Journal()
    oss = Operations(copy_of(scenario.network), _operations_policy(spec), spec.starts_ms)
    accounts = _accounts(lines, scenario.network, spec.starts_ms)
    bss = Business(scenario.catalogue, accounts, _business_policy(spec), spec.starts_ms)
    off = frozenset(flow for flow in FLOWS if not getattr(spec.integration, flow))
    exchange = Exchange(env, (oss, bss), journal, off, scenario.seed)
    world = World(env, network, plan, lines, streams, exchange.post, charging=bss)
    exchange.world = world
    return Composed(env, world, oss, bss, exchange, journal, lines)


def _given(part: BaseModel, prefix: str = "") -> dict[str, Any]:
    """Durations and numbers of a part that the scenario gives, under the policy's names."""
    values = {name: value for name, value in part if value is not None and name.startswith(prefix)}
    counts = ("missed_polls", "flap_changes", "active_tests", "most_tests", "remote_repair", "most_remote_acts",
              "least_packets", "idle_connections")  # fmt: skip
    return {name if name.endswith("_milli") or name in counts else f"{name}_ms": v for name, v in values.items()}


def _operations_policy(spec: ScenarioSpec) -> OperationsPolicy:
    given = {name: value for name, value in _given(spec.operations).items() if name not in ("crews_ms", "partners_ms")}
    return OperationsPolicy(**given, crews=roster(spec))


def _business_policy(spec: ScenarioSpec) -> BusinessPolicy:
    given = _given(spec.business, "rating_")
    rule = spec.business.priority_rule
    rule = RULES[rule] if isinstance(rule, str) else rule
    return BusinessPolicy(**given, priority_rule=rule, prepaid=spec.business.prepaid)


def _communities(population: PopulationSpec, network: Network) -> list[Community]:
    """The people of each named site, after those of all other cells."""
    cells_at, ahead = network.cells_at, population.who_pays_ahead
    prepaid = frozenset(ahead.offerings if ahead else ())
    elsewhere = [cell for site, cells in cells_at.items() if site not in population.places for cell in cells]
    found = [(elsewhere, population.subscribers, population.offerings, population.habits)] if elsewhere else []
    for site, place in population.places.items():
        offerings, habits = place.offerings or population.offerings, place.habits or population.habits
        found.append((cells_at[site], place.subscribers, offerings, habits))
    return [Community(*each, prepaid) for each in found]


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
        "payment",
    ).select(*ACCOUNTS_SCHEMA)
