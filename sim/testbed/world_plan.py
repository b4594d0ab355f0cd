"""What a scenario says about its world, as the plan that the world is told."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from ossbss.contract.units import DAY_MS
from sim.testbed.clock import at_ms
from sim.testbed.fault_schema import ACTIONS
from sim.testbed.fault_targets import vulnerable
from sim.testbed.field_force_plan import crew_plan, field_force, offset_of, partner_plan
from sim.testbed.law_schema import LawSpec
from sim.testbed.management_schema import ManagementSpec
from sim.testbed.outage_file import RecordedOutage
from sim.testbed.scenario_schema import EventSpec, ScenarioSpec
from sim.testbed.timeline import lasts_ms
from sim.testbed.world_schema import TelemetrySpec
from sim.world.faults.laws import Constant, Law, QuantileTable
from sim.world.management.cpu import CpuPolicy
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import TransportPolicy
from sim.world.network.state import Network
from sim.world.people.habits import Habits
from sim.world.plan import RandomFaults, Scripted, Terms, WorldPlan

CABLE_REPAIR = QuantileTable(((0, 20 * DAY_MS), (1000, 30 * DAY_MS)))
"""A submarine cable: 20 to 30 days, every length alike likely (average repair moving from 30 to about 20 days: ICPC
2024, failure_statistics.md; the even spread is an assumption)."""


def world_plan(
    spec: ScenarioSpec, network: Network, habits: Mapping[str, Habits], outages: Sequence[RecordedOutage] = ()
) -> WorldPlan:
    """``habits``: cell → how its people use their lines; ``outages``: those of a recorded file."""
    world, offset = spec.world, offset_of(spec)
    return WorldPlan(
        starts_ms=spec.starts_ms,
        ends_ms=spec.ends_ms,
        utc_offset_ms=offset // timedelta(milliseconds=1),
        routing=world.timers,
        traffic=world.traffic.plan(spec.starts_ms),
        script=(*_script(spec), *_recorded(outages, len(spec.timeline))),
        supplies={site: world.power.supply(site) for site in network.sites} if world.power else {},
        random_faults=_chance(spec, network),
        management=_management(world.management, _transport(world.telemetry)),
        files_doubled_milli=world.usage_files.doubled_milli,
        records_corrupted_milli=world.usage_files.corrupted_milli,
        callers_milli=world.callers_milli,
        field_force=field_force(world.field_force, offset),
        crews={crew.id: crew_plan(crew, offset) for crew in spec.operations.crews},
        partners={name: partner_plan(partner, offset) for name, partner in spec.operations.partners.items()},
        habits=habits,
        prepaid=ahead.habits if (ahead := spec.population.who_pays_ahead) else None,
        remote=world.remote.plan,
        performance_period_ms=world.performance.period if world.performance.files else None,
        charging=world.charging.plan if world.charging else None,
    )


def _transport(spec: TelemetrySpec) -> TransportPolicy:
    return TransportPolicy(spec.lost_milli, spec.doubled_milli, spec.late_milli, spec.delay, spec.late_delay)


def _management(spec: ManagementSpec, transport: TransportPolicy) -> ManagementPlan:
    return ManagementPlan(
        transport=transport,
        cycle_ms=spec.cycle,
        forward_ms=spec.forward,
        manager_cpu=CpuPolicy(spec.messages_per_s, spec.queue, spec.workers),
        element_cpu=CpuPolicy(spec.element_messages_per_s),
        answer_ms=spec.answer,
    )


def _script(spec: ScenarioSpec) -> tuple[Scripted, ...]:
    return tuple(
        Scripted(at_ms(event.at, spec.starts), number, event.do, event.target, _law(event), _terms(event))
        for number, event in enumerate(spec.timeline, start=1)
    )


def _law(event: EventSpec) -> Law | None:
    """How long it lasts; None: until somebody ends it."""
    known_ms = lasts_ms(event)
    if known_ms is not None:
        return Constant(known_ms)
    if event.do in ("bad_change", "planned_work", *ACTIONS):
        return None
    if event.do == "cut_cable" and "repair" not in event.model_fields_set:
        return CABLE_REPAIR
    return event.repair.law if isinstance(event.repair, LawSpec) else None


def _terms(event: EventSpec) -> Terms:
    return Terms(
        period_ms=event.period, down_milli=event.down_milli, loss_milli=event.loss_milli, effect=event.effect,
        metric=event.metric or 0, risk_milli=event.risk_milli, reviewed=event.reviewed,
        radius_km=event.radius_km or 0.0, severity_milli=event.severity_milli, notice_ms=event.notice,
        announced=event.announced, share_milli=event.share_milli, lead_ms=event.lead,
    )  # fmt: skip


def _recorded(outages: Sequence[RecordedOutage], before: int) -> tuple[Scripted, ...]:
    """Numbered after the events of the timeline."""
    return tuple(
        Scripted(row.from_ms, number, row.kind, row.component, Constant(row.to_ms - row.from_ms))
        for number, row in enumerate(outages, start=before + 1)
    )


def _chance(spec: ScenarioSpec, network: Network) -> tuple[RandomFaults, ...]:
    return tuple(
        RandomFaults(
            kind=rule.do,
            targets=rule.targets or vulnerable(network, rule.do),
            between=rule.between.law,
            repair=None if rule.repair == "crew" else rule.repair.law,
            first=rule.first,
            common_milli=rule.common_milli,
            groups=rule.common_groups,
            terms=rule.terms,
        )
        for rule in spec.world.random_faults
    )
