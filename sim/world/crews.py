"""Crews as they really are: on the road, at work, and with an honest report."""

from collections.abc import Callable, Generator, Mapping
from typing import Any, Literal

import simpy

from ossbss.contract.assurance import CrewReport, WorkOrder
from ossbss.contract.ports import Message
from sim.world.faults.registry import Faults
from sim.world.network.state import Network
from sim.world.people.field_force import FieldForce, repair_ms, travel_ms
from sim.world.streams import Streams

Result = Literal["arrived", "repaired", "nothing_found"]


class Crews:
    """Carries out work orders, each crew one after the other.

    Streams: ``repair/TARGET/N`` for the Nth fault of a target, whoever comes, how often and when.
    """

    def __init__(
        self,
        env: simpy.Environment,
        network: Network,
        force: FieldForce,
        bases: Mapping[str, str],
        faults: Faults,
        streams: Streams,
        post: Callable[[Message], None],
    ) -> None:
        self.env, self.network, self.force, self.faults = env, network, force, faults
        self.streams, self.post = streams, post
        self.stands_at = dict(bases)
        self.busy = {crew: simpy.Resource(env, capacity=1) for crew in bases}
        self.reports = 0

    def send(self, order: WorkOrder) -> None:
        self.env.process(self._work(order))

    def _work(self, order: WorkOrder) -> Generator[simpy.Event, Any, None]:
        with self.busy[order.crew_id].request() as turn:
            yield turn
            places = (self.stands_at[order.crew_id], order.site_id)
            here, there = ((self.network.sites[s]["lon"], self.network.sites[s]["lat"]) for s in places)
            yield self.env.timeout(travel_ms(self.force, here, there))
            self.stands_at[order.crew_id] = order.site_id
            self._report(order, "arrived")
            if self.faults.power is not None:
                self.faults.power.refuel(order.site_id)
            fault = self.faults.found_at(order.resource_id)
            if fault is None:
                yield self.env.timeout(self.force.look_ms)
                self._report(order, "nothing_found")
                return
            rng = self.streams.get(f"repair/{fault.target}/{self.faults.occasion[fault.fault_id]}")
            by_itself = self.faults.mended[fault.fault_id]
            work = self.env.timeout(repair_ms(self.force, rng))
            yield by_itself if fault.repair_after_ms is not None else work
            self.faults.mend(fault.fault_id)
            self._report(order, "repaired")

    def _report(self, order: WorkOrder, result: Result) -> None:
        self.reports += 1
        self.post(CrewReport(
            sender=order.crew_id, message_id=f"crew-{self.reports:06d}", occurred_ms=int(self.env.now),
            work_order_id=order.work_order_id, crew_id=order.crew_id, site_id=order.site_id, result=result,
        ))  # fmt: skip
