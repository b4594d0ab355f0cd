"""What elements say, on its way to the management station: in their dialect, and only over a working path."""

from collections import Counter
from collections.abc import Callable, Generator
from typing import Any

import simpy

from ossbss.contract.assurance import PollReply, PollRequest, TestRequest, TestResult, VendorMessage
from ossbss.contract.ports import Message
from sim.world.elements.dialects import WRITERS
from sim.world.elements.events import ElementEvent
from sim.world.management.transport import TransportPolicy, arrivals
from sim.world.network.management import reachable
from sim.world.network.state import FailureState, Network, core_nodes, dead_links
from sim.world.streams import Streams

Post = Callable[[Message], None]


class Telemetry:
    """Sends vendor lines, answers polls and probes; what no path carries is lost."""

    def __init__(
        self, env: simpy.Environment, network: Network, transport: TransportPolicy, streams: Streams, post: Post
    ) -> None:
        self.env, self.network, self.transport, self.streams, self.post = env, network, transport, streams, post
        self.lines_of: Counter[str] = Counter()
        self.times: Counter[tuple[str, str, str]] = Counter()
        """(element, kind of event, thing it is about) → how often it has happened"""
        self.sent = 0

    def say(self, event: ElementEvent, state: FailureState) -> None:
        """Put an event into words and send each line, if the element reaches the station in this state.

        Streams: ``telemetry/NODE/KIND/NAME/TIMES/LINE``, so that no other event moves the luck of this one.
        """
        node, event_key = event.hostname, (event.hostname, event.kind, event.name)
        self.times[event_key] += 1
        vendor = self.network.nodes[node]["vendor"]
        lines = WRITERS[vendor](event, self.lines_of[node] + 1)
        for line, payload in enumerate(lines, start=1):
            self.lines_of[node] += 1
            if node in reachable(self.network, state):
                occasion = f"{'/'.join(event_key)}/{self.times[event_key]}/{line}"
                rng = self.streams.get(f"telemetry/{occasion}")
                for copy, at_ms in enumerate(arrivals(self.transport, rng, int(self.env.now))):
                    name = f"{node}/{self.lines_of[node]:06d}/{copy}"
                    self.env.process(self._arrive(node, vendor, payload, event.at_ms, name, at_ms))

    def _arrive(
        self, node: str, vendor: str, payload: bytes, occurred_ms: int, message_id: str, at_ms: int
    ) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(at_ms - int(self.env.now))
        self.post(VendorMessage(
            sender=node, message_id=message_id, occurred_ms=occurred_ms, element_id=node, dialect=vendor,
            payload=payload,
        ))  # fmt: skip

    def answer_poll(self, request: PollRequest, state: FailureState) -> None:
        """All polled elements that the station reaches answer at once."""
        answered = reachable(self.network, state).intersection(request.element_ids)
        self.post(PollReply(**self._head(), request_id=request.message_id, answered=answered))

    def answer_test(self, request: TestRequest, state: FailureState, services_down: frozenset[str]) -> None:
        """A probe of a service (from a core node it may end at) or link (from an end) starts at an element the station
        must reach, one of a node at the station."""
        passed = _probe(self.network, request.target, state, services_down)
        self.post(TestResult(
            **self._head(), request_id=request.message_id, method=request.method, target=request.target, passed=passed
        ))  # fmt: skip

    def _head(self) -> dict[str, Any]:
        self.sent += 1
        return {"sender": "network", "message_id": f"network-{self.sent:09d}", "occurred_ms": int(self.env.now)}


def _probe(network: Network, target: str, state: FailureState, services_down: frozenset[str]) -> bool | None:
    managed = reachable(network, state)
    if target in network.services:
        return None if managed.isdisjoint(core_nodes(network.services[target])) else target not in services_down
    if target in network.links:
        ends = {network.links[target]["a"], network.links[target]["z"]}
        return target not in dead_links(network, state) if ends & managed else None
    return target in managed
