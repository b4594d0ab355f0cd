"""What the world is told before it starts: scripted faults, chances, people, crews. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.world.management import TransportPolicy
from sim.world.people.field_force import FieldForce
from sim.world.people.habits import Habits


@dataclass(frozen=True)
class ScriptedFault:
    """``target`` fails at ``at_ms``; it mends by itself after ``repair_after_ms``, or by a crew (None)."""

    fault_id: str
    at_ms: int
    kind: str
    target: str
    repair_after_ms: int | None


@dataclass(frozen=True)
class WorldPlan:
    """All times in ms; chances in thousandths; ``utc_offset_ms`` of the local clock people live by."""

    starts_ms: int
    ends_ms: int
    utc_offset_ms: int
    convergence_ms: int
    faults: tuple[ScriptedFault, ...]
    transport: TransportPolicy
    files_doubled_milli: int
    records_corrupted_milli: int
    callers_milli: int
    field_force: FieldForce
    crew_bases: Mapping[str, str]
    """crew → site it stands at first"""
    habits: Mapping[str, Habits]
    """cell → how its people use their lines"""
