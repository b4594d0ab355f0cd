"""Crews as they really are: in their shifts, on the road, short of parts, at work, and with an honest report."""

from collections.abc import Callable, Generator, Mapping, Sequence
from typing import Any

import simpy

from ossbss.contract.assurance import CrewReport, CrewResult, WorkOrder
from ossbss.contract.hours import Hours, next_allowed_ms, working_spans
from ossbss.contract.ports import Message
from sim.world.faults.laws import draw_ms
from sim.world.faults.registry import Faults
from sim.world.network.geography import distance_km
from sim.world.network.state import Network
from sim.world.people import field_force as people
from sim.world.people.spares import Spares
from sim.world.plan import Fault
from sim.world.streams import Streams
from sim.world.truth import Fact, Truth

Steps = Generator[simpy.Event, Any, None]


class Crews:
    """Carries out work orders, each crew one after the other; it stays where it was last.

    Streams, all of the Nth fault of a target, whoever comes, how often and when: ``repair/TARGET/N``,
    ``resupply/TARGET/N``, ``weather/TARGET/N``. What crews do is told to the truth as facts of the kinds
    ``crew_mobilise``, ``crew_travel``, ``crew_load``, ``crew_sail``, ``crew_look`` and ``crew_repair``.
    """

    def __init__(
        self,
        env: simpy.Environment,
        network: Network,
        force: people.FieldForce,
        crews: Mapping[str, people.CrewPlan],
        faults: Faults,
        streams: Streams,
        post: Callable[[Message], None],
        truth: Truth,
    ) -> None:
        self.env, self.network, self.force, self.crews = env, network, force, crews
        self.faults, self.streams, self.post, self.truth = faults, streams, post, truth
        self.stands_at = {crew: self._place(plan.base_site) for crew, plan in crews.items()}
        self.busy = {crew: simpy.Resource(env, capacity=1) for crew in crews}
        counted = force.depots is not None or any(plan.spares for plan in crews.values())
        vans = {crew: plan.spares for crew, plan in crews.items()}
        self.spares = Spares(vans, force.depots or {}) if counted else None
        self.reports = 0

    def send(self, order: WorkOrder) -> None:
        self.env.process(self._work(order))

    def _place(self, site: str) -> people.Place:
        record = self.network.sites[site]
        return record["lon"], record["lat"]

    def _work(self, order: WorkOrder) -> Steps:
        crew = self.crews[order.crew_id]
        with self.busy[order.crew_id].request() as turn:
            yield turn
            shift = yield from self._take_up(crew)
            yield from self._spend(order, "mobilise", self.force.mobilisation_ms, shift)
            if crew.ship:
                yield from self._sail(order, crew, crew.ship)
            else:
                yield from self._drive(order, self._place(order.site_id), shift)
            self._report(order, "arrived")
            filled = self.faults.power is not None and self.faults.power.refuel(order.site_id)
            if owner := people.owner_of(self.network, order.resource_id):
                self._report(order, "no_access", owner)
                return
            access = self.force.access.get(order.site_id, people.Access()) if not crew.ship else people.Access()
            yield self.env.timeout(access.delay_ms)
            hours = (*shift, *((access.hours,) if access.hours else ()))
            yield from self._attend(order, crew, (hours, shift), filled)

    def _take_up(self, crew: people.CrewPlan) -> Generator[simpy.Event, Any, Sequence[Hours]]:
        """Wait for the shift or the call-out; the hours that bind this job from then on."""
        if crew.shift is None:
            return ()
        now_ms = int(self.env.now)
        waits_ms = next_allowed_ms(now_ms, (crew.shift,)) - now_ms
        if crew.on_call_ms is not None and crew.on_call_ms < waits_ms:
            yield self.env.timeout(crew.on_call_ms)
            return ()
        yield self.env.timeout(waits_ms)
        return () if crew.overtime else (crew.shift,)

    def _spend(self, order: WorkOrder, what: str, needs_ms: int, within: Sequence[Hours],
               banned: Sequence[Hours] = ()) -> Steps:  # fmt: skip
        """Do something for so long, within the hours; the truth is told each stretch of it."""
        for begins_ms, ends_ms in working_spans(int(self.env.now), needs_ms, within, banned):
            yield self.env.timeout(begins_ms - int(self.env.now))
            if ends_ms > begins_ms:
                kind, body = f"crew_{what}", {"site": order.site_id}
                self.truth.begin(Fact(begins_ms, kind, order.crew_id, order.work_order_id, body))
                yield self.env.timeout(ends_ms - begins_ms)
                self.truth.end(kind, order.crew_id, order.work_order_id, ends_ms)

    def _drive(self, order: WorkOrder, there: people.Place, shift: Sequence[Hours]) -> Steps:
        needs_ms = people.travel_ms(self.force, self.stands_at[order.crew_id], there)
        night = (self.force.no_travel,) if self.force.no_travel and needs_ms else ()
        yield from self._spend(order, "travel", needs_ms, shift, night)
        self.stands_at[order.crew_id] = there

    def _sail(self, order: WorkOrder, crew: people.CrewPlan, ship: people.Ship) -> Steps:
        """To the port for cable, then to the fault, whose place is measured from the landings; or else to the order's
        site."""
        port = self._place(crew.base_site)
        yield from self._spend(order, "sail", people.sailing_ms(ship, self.stands_at[order.crew_id], port), ())
        yield from self._spend(order, "load", ship.loading_ms, ())
        broken = (self.network.groups.get(f.target, {}) for f in self.faults.seen_at(order.resource_id))
        there = next(((c["lon"], c["lat"]) for c in broken if "lon" in c), self._place(order.site_id))
        yield from self._spend(order, "sail", people.sailing_ms(ship, port, there), ())
        self.stands_at[order.crew_id] = there

    def _attend(
        self, order: WorkOrder, crew: people.CrewPlan, bounds: tuple[Sequence[Hours], Sequence[Hours]], filled: bool
    ) -> Steps:
        """Look, and mend what this crew can. ``bounds``: hours of work here, and of the shift; ``filled``: a tank that
        needed it, which is a repair where nothing else is wrong."""
        hours, shift = bounds
        yield from self._spend(order, "look", 0, hours)
        seen = sorted(self.faults.seen_at(order.resource_id), key=lambda f: not self._mendable(f, crew))
        fault = seen[0] if seen else None
        if fault is None or not self._mendable(fault, crew):
            yield from self._spend(order, "look", self.force.look_ms, hours)
            self._report(order, *(("repaired",) if filled and fault is None else self._hindrance(fault)))
            return
        due_ms = yield from self._fetch(order, fault, shift)
        if due_ms is not None:
            self._report(order, "no_spare", people.part_for(self.network, fault.target), due_ms)
            return
        yield from self._mend(order, crew, fault, hours)
        self._report(order, "repaired")

    def _mendable(self, fault: Fault, crew: people.CrewPlan) -> bool:
        ours = people.owner_of(self.network, fault.target) is None
        return ours and crew.masters(people.skill_for(self.network, fault.target))

    def _hindrance(self, fault: Fault | None) -> tuple[CrewResult, str | None]:
        """Why this crew leaves without having mended anything, and what it would take."""
        if fault is None:
            return "nothing_found", None
        owner = people.owner_of(self.network, fault.target)
        return ("no_access", owner) if owner else ("wrong_skill", people.skill_for(self.network, fault.target))

    def _fetch(self, order: WorkOrder, fault: Fault, shift: Sequence[Hours]) -> Generator[simpy.Event, Any, int | None]:
        """Get the part that the repair uses up; where there is none, when the one that is ordered now will be here."""
        part, here = people.part_for(self.network, fault.target), self.stands_at[order.crew_id]
        now_ms, crew = int(self.env.now), self.crews[order.crew_id]
        needless = fault.repair_after_ms is not None or crew.ship is not None or part is None
        if self.spares is None or part is None or needless or self.spares.delivered(fault.fault_id, now_ms):
            return None
        shelf = self.spares.find(order.crew_id, part, lambda site: distance_km(here, self._place(site)))
        if shelf is None or fault.fault_id in self.spares.on_order:
            lead_ms = draw_ms(self.force.resupply, self.streams.get(f"resupply/{self._occasion(fault)}"))
            return self.spares.order(fault.fault_id, part, now_ms + lead_ms)
        self.spares.take(shelf, part)
        if shelf[0] == "depot":
            yield from self._drive(order, self._place(shelf[1]), shift)
            yield from self._drive(order, here, shift)
        return None

    def _mend(self, order: WorkOrder, crew: people.CrewPlan, fault: Fault, hours: Sequence[Hours]) -> Steps:
        rng, by_itself = self.streams.get(f"repair/{self._occasion(fault)}"), self.faults.mended[fault.fault_id]
        if crew.ship and crew.ship.weather:
            yield self.env.timeout(draw_ms(crew.ship.weather, self.streams.get(f"weather/{self._occasion(fault)}")))
        if fault.repair_after_ms is not None:
            yield by_itself
        else:
            yield from self._spend(order, "repair", people.repair_ms(self.force, rng), hours)
        self.faults.mend(fault.fault_id)

    def _occasion(self, fault: Fault) -> str:
        return f"{fault.target}/{self.faults.occasion[fault.fault_id]}"

    def _report(
        self, order: WorkOrder, result: CrewResult, needs: str | None = None, ready_ms: int | None = None
    ) -> None:
        self.reports += 1
        self.post(CrewReport(
            sender=order.crew_id, message_id=f"crew-{self.reports:06d}", occurred_ms=int(self.env.now),
            work_order_id=order.work_order_id, crew_id=order.crew_id, site_id=order.site_id, result=result,
            needs=needs, ready_ms=ready_ms,
        ))  # fmt: skip
