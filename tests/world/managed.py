"""The town's elements and managers without an OSS: what arrives at the station, and a hand on faults and polls."""

import simpy

from ossbss.contract.assurance import PollReply, PollRequest, VendorMessage
from sim.world.elements.events import ElementEvent
from sim.world.management.cpu import NO_LIMIT
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import TransportPolicy
from sim.world.network.state import Network
from sim.world.plant import Plant
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Truth
from tests.town import town

AT_ONCE = TransportPolicy(0, 0, 0, 0, 0)


class Station:
    """``heard``: (ms, element, kind of line, ms at which the element stamped it) in order of arrival."""

    def __init__(self, *, management=None, document=None, transport=AT_ONCE, cycle_ms=None, forward_ms=0,
                 manager_cpu=NO_LIMIT, element_cpu=NO_LIMIT, answer_ms=5_000):  # fmt: skip
        document = document or town()
        document["management"] |= management or {}
        self.env, self.truth, self.messages, self.replies = simpy.Environment(), Truth(), [], []
        self.network = Network(document)
        plan = ManagementPlan(transport, cycle_ms, forward_ms, manager_cpu, element_cpu, answer_ms)
        self.telemetry = Telemetry(self.env, self.network, plan, Streams(1), self.truth, self._take)
        self.plant = Plant(self.env, self.network, 3_000, self.truth, self.telemetry.say)
        self.telemetry.start(lambda: self.plant.state)

    def _take(self, message):
        into = self.replies if isinstance(message, PollReply) else self.messages
        into.append((int(self.env.now), message))

    def at(self, at_ms, act, *told):
        """Have something done at an instant."""
        self.env.timeout(at_ms).callbacks.append(lambda _: act(*told))

    def fail_manager(self, manager, from_ms, until_ms):
        self.at(from_ms, self.telemetry.managers[manager].fail)
        self.at(until_ms, self.telemetry.managers[manager].mend)

    def storm(self, at_ms, node, count):
        """So many one-line events of one element (Junos) at one instant."""
        for number in range(count):
            event = ElementEvent("probe_failed", node, at_ms, str(number))
            self.at(at_ms, lambda event=event: self.telemetry.say(event, self.plant.state))

    def poll(self, at_ms, manager):
        request = PollRequest(sender="oss", message_id=f"poll-{at_ms}", occurred_ms=at_ms, manager_id=manager)
        self.at(at_ms, self.telemetry.answer_poll, request)

    def run(self, until_ms):
        self.env.run(until=until_ms)
        return self

    @property
    def lines(self):
        return [(at, m.element_id, m.payload.decode(), m.occurred_ms) for at, m in self.messages
                if isinstance(m, VendorMessage)]  # fmt: skip

    def heard(self, *words):
        """(ms, element, stamp) of the lines with one of these words."""
        return [(at, element, stamp) for at, element, text, stamp in self.lines if any(w in text for w in words)]
