"""What elements say, on its way to their managers: in their dialect, and only over a working path."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import simpy

from ossbss.contract.assurance import AlarmListRequest, PollRequest, TestRequest, TestResult, VendorMessage
from ossbss.contract.ports import Message
from sim.world.elements.dialects import WRITERS
from sim.world.elements.events import ElementEvent
from sim.world.elements.memory import Said
from sim.world.management.element_manager import ElementManager
from sim.world.management.plan import ManagementPlan
from sim.world.management.transport import arrivals
from sim.world.network.management import manager_nodes, reachable
from sim.world.network.state import FailureState, Network, core_nodes, dead_links
from sim.world.streams import Streams
from sim.world.truth import Truth

Post = Callable[[Message], None]


class Telemetry:
    """Carries vendor lines from elements to their managers, polls and probes; what no path carries is lost."""

    def __init__(
        self, env: simpy.Environment, network: Network, plan: ManagementPlan, streams: Streams, truth: Truth, post: Post
    ) -> None:
        self.env, self.network, self.plan, self.streams, self.post = env, network, plan, streams, post
        self.lines_of: Counter[str] = Counter()
        self.times: Counter[tuple[str, str, str]] = Counter()
        """(element, kind of event, thing it is about) → how often it has happened"""
        self.sent = 0
        self.state: Callable[[], FailureState] = FailureState
        of: dict[str, list[str]] = {manager: [] for manager in network.document["element_managers"]}
        for node, record in network.nodes.items():
            of[record["element_manager"]].append(node)
        places = manager_nodes(network)
        self.managers = {
            manager: ElementManager(env, network, manager, places[manager], elements, plan, truth, post)
            for manager, elements in of.items()
        }

    def start(self, state: Callable[[], FailureState]) -> None:
        """``state``: of the network, whenever it is asked."""
        self.state = state
        for manager in self.managers.values():
            manager.start(state)

    def manager_of(self, node: str) -> ElementManager:
        return self.managers[self.network.nodes[node]["element_manager"]]

    def say(self, event: ElementEvent, state: FailureState) -> None:
        """Put an event into words and send each line, if the element reaches its manager in this state.

        An element with a finite processor sends when its turn has come, over the paths that there are then; what a
        dying one says needs no turn. Streams: ``telemetry/NODE/KIND/NAME/TIMES/LINE``, so that no other event moves
        the luck of this one.
        """
        node, event_key = event.hostname, (event.hostname, event.kind, event.name)
        self.times[event_key] += 1
        manager = self.manager_of(node)
        said = Said(event, WRITERS[self.network.nodes[node]["vendor"]](event, self.lines_of[node] + 1))
        manager.note(node, said)
        for number, line in enumerate(said.lines, start=1):
            self.lines_of[node] += 1
            occasion = f"{'/'.join(event_key)}/{self.times[event_key]}/{number}"
            name = f"{node}/{self.lines_of[node]:06d}"
            now_ms = int(self.env.now)
            turn_ms = now_ms if event.kind == "power_lost" else manager.element_cpus[node].take(now_ms)
            if turn_ms == now_ms:
                self._send(said, line, occasion, name, state)
            elif turn_ms is not None:
                self._at(turn_ms, self._send, said, line, occasion, name, None)

    def _send(self, said: Said, line: bytes, occasion: str, name: str, state: FailureState | None) -> None:
        node = said.event.hostname
        manager = self.manager_of(node)
        if node in manager.within(self.state() if state is None else state):
            rng = self.streams.get(f"telemetry/{occasion}")
            for copy, at_ms in enumerate(arrivals(self.plan.transport, rng, int(self.env.now))):
                self._at(at_ms, manager.take, node, said, line, f"{name}/{copy}")

    def hand_in(self, node: str, file: bytes, ended_ms: int) -> None:
        """A performance file leaves its element, the way of its messages; lost where it does not reach its manager.

        Stream: ``telemetry/NODE/performance/PERIOD-END``.
        """
        manager, now_ms = self.manager_of(node), int(self.env.now)
        if node not in manager.within(self.state()):
            return
        rng = self.streams.get(f"telemetry/{node}/performance/{ended_ms}")
        for copy, at_ms in enumerate(arrivals(self.plan.transport, rng, now_ms)):
            message = VendorMessage(
                sender=node, message_id=f"{node}/performance/{ended_ms}/{copy}", occurred_ms=ended_ms, element_id=node,
                dialect="pm_xml", payload=file,
            )  # fmt: skip
            self._at(at_ms, manager.take_file, message)

    def _at(self, at_ms: int, then: Callable[..., None], *told: Any) -> None:
        self.env.timeout(at_ms - int(self.env.now)).callbacks.append(lambda _: then(*told))

    def answer_poll(self, request: PollRequest) -> None:
        """The manager answers for its elements; one that is down or unknown does not answer at all."""
        if request.manager_id in self.managers:
            self.managers[request.manager_id].answer(request)

    def answer_alarms(self, request: AlarmListRequest) -> None:
        """Alarms of elements, from the manager that has them."""
        if request.manager_id in self.managers:
            self.managers[request.manager_id].tell_alarms(request)

    def answer_test(self, request: TestRequest, state: FailureState, services_down: frozenset[str]) -> None:
        """A probe, which takes no time: of a service (from a core node it may end at) or link (from an end) it starts
        at an element that its manager commands, of a node at the station."""
        self.sent += 1
        self.post(TestResult(
            sender="network", message_id=f"network-{self.sent:09d}", occurred_ms=int(self.env.now),
            request_id=request.message_id, method=request.method, target=request.target,
            passed=self._probe(request.target, state, services_down),
        ))  # fmt: skip

    def _probe(self, target: str, state: FailureState, services_down: frozenset[str]) -> bool | None:
        network = self.network
        if target in network.services:
            heard = any(self._commanded(start, state) for start in core_nodes(network.services[target]))
            return target not in services_down if heard else None
        if target in network.links:
            ends = (network.links[target]["a"], network.links[target]["z"])
            heard = any(self._commanded(end, state) for end in ends)
            return target not in dead_links(network, state) if heard else None
        return target in reachable(network, state)

    def _commanded(self, node: str, state: FailureState) -> bool:
        return self.manager_of(node).commands(node, state)
