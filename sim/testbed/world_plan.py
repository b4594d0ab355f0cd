"""What a scenario says about its world, as the plan that the world is told."""

from collections.abc import Mapping
from datetime import timedelta

from sim.testbed.clock import at_ms
from sim.testbed.fault_targets import vulnerable
from sim.testbed.field_force_plan import crew_plan, field_force, offset_of, partner_plan
from sim.testbed.management_schema import ManagementSpec
from sim.testbed.scenario_schema import ScenarioSpec
from sim.testbed.world_schema import TelemetrySpec
from sim.world.management.cpu import CpuPolicy
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import TransportPolicy
from sim.world.network.state import Network
from sim.world.people.habits import Habits
from sim.world.plan import Fault, RandomFaults, ScriptedFault, WorldPlan


def world_plan(spec: ScenarioSpec, network: Network, habits: Mapping[str, Habits]) -> WorldPlan:
    """``habits``: cell → how its people use their lines."""
    world, offset = spec.world, offset_of(spec)
    return WorldPlan(
        starts_ms=spec.starts_ms,
        ends_ms=spec.ends_ms,
        utc_offset_ms=offset // timedelta(milliseconds=1),
        routing=world.timers,
        traffic=world.traffic.plan(spec.starts_ms),
        faults=_script(spec),
        random_faults=_chance(spec, network),
        management=_management(world.management, _transport(world.telemetry)),
        files_doubled_milli=world.usage_files.doubled_milli,
        records_corrupted_milli=world.usage_files.corrupted_milli,
        callers_milli=world.callers_milli,
        field_force=field_force(world.field_force, offset),
        crews={crew.id: crew_plan(crew, offset) for crew in spec.operations.crews},
        partners={name: partner_plan(partner, offset) for name, partner in spec.operations.partners.items()},
        habits=habits,
    )


def _transport(spec: TelemetrySpec) -> TransportPolicy:
    return TransportPolicy(spec.lost_milli, spec.doubled_milli, spec.late_milli, spec.delay, spec.late_delay)


def _management(spec: ManagementSpec, transport: TransportPolicy) -> ManagementPlan:
    return ManagementPlan(
        transport=transport,
        cycle_ms=spec.cycle,
        forward_ms=spec.forward,
        manager_cpu=CpuPolicy(spec.messages_per_s, spec.queue),
        element_cpu=CpuPolicy(spec.element_messages_per_s),
        answer_ms=spec.answer,
    )


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
            targets=rule.targets or vulnerable(network, rule.do),
            between=rule.between.law,
            repair=None if rule.repair == "crew" else rule.repair.law,
        )
        for rule in spec.world.random_faults
    )
