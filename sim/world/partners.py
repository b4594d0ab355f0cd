"""Third parties: towers, leased fibre. They mend what they own, by their own clock, whatever our crews do."""

from collections import Counter
from collections.abc import Callable, Generator, Mapping
from typing import Any

import simpy

from ossbss.contract.assurance import CrewReport, CrewResult, WorkOrder
from ossbss.contract.hours import working_spans
from ossbss.contract.ports import Message
from sim.world.faults.laws import Law, draw_ms
from sim.world.faults.registry import Faults
from sim.world.network.state import Network
from sim.world.people.field_force import Partner, owner_of
from sim.world.plan import Fault
from sim.world.streams import Streams


class Partners:
    """Takes tickets (work orders whose ``crew_id`` is the partner): acknowledges them, then mends.

    Streams: ``partner/ID/TARGET/N`` for the Nth fault of a target, ``acknowledge/ID/RESOURCE/N`` for the Nth ticket
    about a resource. Both times count from the opening of the ticket, within the partner's hours.
    """

    def __init__(
        self,
        env: simpy.Environment,
        network: Network,
        partners: Mapping[str, Partner],
        faults: Faults,
        streams: Streams,
        post: Callable[[Message], None],
    ) -> None:
        self.env, self.network, self.partners, self.faults = env, network, partners, faults
        self.streams, self.post = streams, post
        self.tickets_on: Counter[tuple[str, str]] = Counter()
        self.reports = 0

    def open(self, ticket: WorkOrder) -> None:
        self.env.process(self._handle(ticket))

    def _handle(self, ticket: WorkOrder) -> Generator[simpy.Event, Any, None]:
        partner, opened_ms = self.partners[ticket.crew_id], int(self.env.now)
        about = ticket.crew_id, ticket.resource_id
        self.tickets_on[about] += 1
        name = f"acknowledge/{ticket.crew_id}/{ticket.resource_id}/{self.tickets_on[about]}"
        yield self.env.timeout(self._over_ms(partner, partner.acknowledges, name, opened_ms) - opened_ms)
        self._report(ticket, "acknowledged")
        fault = self._found(ticket)
        if fault is None:
            self._report(ticket, "nothing_found")
            return
        name = f"partner/{ticket.crew_id}/{fault.target}/{self.faults.occasion[fault.fault_id]}"
        mended_ms = self._over_ms(partner, partner.repairs, name, opened_ms)
        by_itself = self.faults.mended[fault.fault_id]
        waits = self.env.timeout(max(0, mended_ms - int(self.env.now)))
        yield by_itself if fault.repair_after_ms is not None else waits
        self.faults.mend(fault.fault_id)
        self._report(ticket, "repaired")

    def _over_ms(self, partner: Partner, law: Law, stream: str, opened_ms: int) -> int:
        """When a time of this law, drawn from the stream, has run out on the partner's clock."""
        needs_ms = draw_ms(law, self.streams.get(stream))
        return working_spans(opened_ms, needs_ms, (partner.hours,) if partner.hours else ())[-1][1]

    def _found(self, ticket: WorkOrder) -> Fault | None:
        seen = self.faults.seen_at(ticket.resource_id)
        return next((f for f in seen if owner_of(self.network, f.target) == ticket.crew_id), None)

    def _report(self, ticket: WorkOrder, result: CrewResult) -> None:
        self.reports += 1
        self.post(CrewReport(
            sender=ticket.crew_id, message_id=f"ticket-{self.reports:06d}", occurred_ms=int(self.env.now),
            work_order_id=ticket.work_order_id, crew_id=ticket.crew_id, site_id=ticket.site_id, result=result,
        ))  # fmt: skip
