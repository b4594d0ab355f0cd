"""What the world is told before it starts: scripted faults, chances, people, crews. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.world.faults.laws import Law
from sim.world.management.plan import ManagementPlan
from sim.world.network.routing.convergence import RoutingTimers
from sim.world.network.traffic.backbone import TrafficPlan
from sim.world.people.field_force import CrewPlan, FieldForce, Partner
from sim.world.people.habits import Habits


@dataclass(frozen=True)
class Fault:
    """``target`` fails; it mends by itself after ``repair_after_ms``, or by a crew (None)."""

    fault_id: str
    kind: str
    target: str
    repair_after_ms: int | None


@dataclass(frozen=True)
class ScriptedFault:
    """A fault at its instant."""

    at_ms: int
    fault: Fault


@dataclass(frozen=True)
class RandomFaults:
    """Each target fails on its own: up for ``between``, down for ``repair`` (None: until a crew has mended it)."""

    kind: str
    targets: tuple[str, ...]
    between: Law
    repair: Law | None


@dataclass(frozen=True)
class WorldPlan:
    """All times in ms; chances in thousandths; ``utc_offset_ms`` of the local clock people live by."""

    starts_ms: int
    ends_ms: int
    utc_offset_ms: int
    routing: RoutingTimers
    traffic: TrafficPlan
    faults: tuple[ScriptedFault, ...]
    random_faults: tuple[RandomFaults, ...]
    management: ManagementPlan
    files_doubled_milli: int
    records_corrupted_milli: int
    callers_milli: int
    field_force: FieldForce
    crews: Mapping[str, CrewPlan]
    partners: Mapping[str, Partner]
    habits: Mapping[str, Habits]
    """cell → how its people use their lines"""
