"""What a scenario says of crews and partners, as the world and the OSS are told it: one roster, two readers."""

from datetime import timedelta

from ossbss.contract.hours import Hours
from ossbss.oss.policy import Crew
from sim.testbed.field_force_schema import OFFICE, CrewSpec, FieldForceSpec, PartnerSpec, ShipSpec, hours_of
from sim.testbed.scenario_schema import ScenarioSpec
from sim.world.people.field_force import KM_H_PER_KNOT, Access, CrewPlan, FieldForce, Partner, Ship


def offset_of(spec: ScenarioSpec) -> timedelta:
    """The run's local time minus UTC."""
    return spec.starts.utcoffset() or timedelta()


def field_force(spec: FieldForceSpec, offset: timedelta) -> FieldForce:
    """What holds for all crews."""
    return FieldForce(
        speed_km_h=spec.speed_km_h,
        repair_median_ms=spec.repair_median,
        repair_sigma=spec.repair_sigma,
        look_ms=spec.look,
        repair=spec.repair.law if spec.repair else None,
        road_factor=spec.road_factor,
        mobilisation_ms=spec.mobilisation,
        no_travel=hours_of(spec.no_travel, offset) if spec.no_travel else None,
        access={
            site: Access(hours_of(access.hours, offset) if access.hours else None, access.delay)
            for site, access in spec.access.items()
        },
        depots=spec.depots,
        resupply=spec.resupply.law,
    )


def shift_of(crew: CrewSpec, offset: timedelta) -> Hours | None:
    return hours_of(crew.shift, offset, crew.days) if crew.shift else None


def crew_plan(crew: CrewSpec, offset: timedelta) -> CrewPlan:
    """The crew as it really is."""
    return CrewPlan(
        base_site=crew.site,
        skills=frozenset(crew.skills),
        shift=shift_of(crew, offset),
        on_call_ms=crew.on_call,
        overtime=crew.overtime,
        ship=_ship(crew.ship) if crew.ship else None,
        spares=crew.spares,
    )


def _ship(spec: ShipSpec) -> Ship:
    return Ship(spec.speed_knots, spec.loading, spec.weather.law if spec.weather else None)


def partner_plan(spec: PartnerSpec, offset: timedelta) -> Partner:
    """The third party as it really is."""
    office = Hours(OFFICE.from_ms, OFFICE.until_ms, OFFICE.days, offset // timedelta(milliseconds=1))
    return Partner(spec.acknowledges.law, spec.repairs.law, office if spec.hours == "office" else None)


def roster(spec: ScenarioSpec) -> tuple[Crew, ...]:
    """The crews as the OSS knows them; it plans by the same speed on the road, without detours."""
    offset, road_km_h = offset_of(spec), spec.world.field_force.speed_km_h
    return tuple(
        Crew(
            crew_id=crew.id,
            base_site=crew.site,
            skills=frozenset(crew.skills),
            shift=shift_of(crew, offset),
            on_call_ms=crew.on_call,
            at_sea=crew.ship is not None,
            speed_km_h=crew.ship.speed_knots * KM_H_PER_KNOT if crew.ship else road_km_h,
        )
        for crew in spec.operations.crews
    )
