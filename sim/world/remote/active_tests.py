"""Tests that somebody orders: the way of a packet, a port that hears itself, a pulse of light into a fibre."""

from collections.abc import Callable
from typing import Any

from ossbss.contract.assurance import TestRequest, TestResult
from ossbss.contract.ports import Message
from sim.world.elements.condition import card_works
from sim.world.faults.registry import Faults
from sim.world.network.routing.paths import paths_to
from sim.world.network.state import Hold, dead_links, dead_nodes
from sim.world.remote import fibre
from sim.world.remote.plan import RemotePlan
from sim.world.streams import Streams
from sim.world.telemetry import Telemetry
from sim.world.truth import Fact

NO_PATH = "no management path to where it starts"


class ActiveTests:
    """Each starts at an element that its manager commands, and is told what it found when it is over.

    Truth: ``test``, its subject what was tested, its cause the message, its body who tested how, and which services
    were served before it began and are not after (``interrupted``).
    """

    def __init__(
        self, faults: Faults, telemetry: Telemetry, streams: Streams, times: RemotePlan,
        post: Callable[[Message], None],
    ) -> None:  # fmt: skip
        self.faults, self.telemetry, self.streams, self.times, self.post = faults, telemetry, streams, times, post
        self.env, self.plant, self.truth = faults.env, faults.plant, faults.truth
        self.network = faults.plant.network
        self.sent = 0

    def take(self, request: TestRequest) -> None:
        """Begin it, or say why it cannot be made."""
        start = self._start(request)
        if start is None or not self._commanded(start):
            self._later(self.telemetry.plan.answer_ms, self._post, request, {"from_node": start, "reason": NO_PATH})
        elif request.method == "traceroute":
            self._trace(request, start)
        else:
            self._try_link(request, start)

    def _start(self, request: TestRequest) -> str | None:
        """None where the request names nothing that can be tested from there."""
        network, start = self.network, request.from_node
        if request.method == "traceroute":
            known = request.target in network.services or request.target in network.nodes
            return (start or network.station) if known else None
        if request.target not in network.links:
            return None
        ends = (network.links[request.target]["a"], network.links[request.target]["z"])
        return (start or str(ends[0])) if start is None or start in ends else None

    def _commanded(self, node: str) -> bool:
        return node in self.network.nodes and self.telemetry.manager_of(node).commands(node, self.plant.state)

    def _later(self, wait_ms: int, then: Callable[..., None], *told: Any) -> None:
        self.env.timeout(wait_ms).callbacks.append(lambda _: then(*told))

    def _post(self, request: TestRequest, found: dict[str, Any]) -> None:
        self.sent += 1
        self.post(TestResult(
            sender="test", message_id=f"test-{self.sent:09d}", occurred_ms=int(self.env.now),
            request_id=request.message_id, method=request.method, target=request.target,
            **{"passed": None, **found},
        ))  # fmt: skip

    # -- beside the traffic ----------------------------------------------------------------------------

    def _trace(self, request: TestRequest, start: str) -> None:
        hops, arrived = self._way(request.target, start)
        self._note(request, [])
        wait_ms = self.times.traceroute_ms + (0 if arrived else self.times.silent_hop_ms)
        self._later(wait_ms, self._tell_way, request, start, hops, arrived)

    def _tell_way(self, request: TestRequest, start: str, hops: tuple[str, ...], arrived: bool) -> None:
        found: dict[str, Any] = {"from_node": start, "passed": arrived, "hops": hops}
        if not self._commanded(start):
            found = {"from_node": start, "reason": NO_PATH}
        self._post(request, found)

    def _way(self, target: str, start: str) -> tuple[tuple[str, ...], bool]:
        """(nodes that answer, whether the last is the target). A packet to a service follows the path in use from its
        end to its core, or the other way; a fixed path as far as it lives. Without a route the first router says so."""
        network = self.network
        if target in network.services:
            nodes, arrives = self._way_of_service(target)
            if start in nodes[:-1]:
                return nodes[nodes.index(start) :], arrives
            if arrives and start == nodes[-1]:
                return tuple(reversed(nodes)), True
            target = str(network.services[target]["a"])
        dead = target in dead_nodes(network, self.plant.state)
        path = None if dead else paths_to(network, self.plant.state, target).get(start)
        return ((start,), start == target) if path is None else (path.nodes, True)

    def _way_of_service(self, service: str) -> tuple[tuple[str, ...], bool]:
        """The path in use; of a fixed one that is broken, the nodes before the break; no node where there is none."""
        path = self.plant.forwarding.path_of(service)
        if path is not None:
            return path.nodes, True
        fixed = self.plant.forwarding.routes.fixed.get(service, ())
        if not fixed:
            return (), False
        dead = dead_links(self.network, self.plant.state)
        broken = next((hop for hop, link in enumerate(fixed[0].links) if link in dead), len(fixed[0].links))
        return fixed[0].nodes[: broken + 1], False

    # -- in place of the traffic -----------------------------------------------------------------------

    def _try_link(self, request: TestRequest, start: str) -> None:
        """The link carries nothing while the test lasts."""
        refused = self._refused(request, start)
        if refused:
            self._later(self.times.command_ms, self._post, request, {"from_node": start, "reason": refused})
            return
        items: list[Hold] = [("links", request.target)]
        served_not = self.plant.unserved()
        self.plant.hold(items)
        self._note(request, sorted(self.plant.unserved() - served_not), lasts=True)
        lasts_ms = self.times.loopback_ms if request.method == "loopback" else self.times.reflectometry_ms
        self._later(lasts_ms, self._end_try, request, start, items)

    def _refused(self, request: TestRequest, start: str) -> str:
        """Why it cannot be made at all; empty: it can."""
        link = request.target
        if request.method == "reflectometry":
            return "" if self.network.links[link].get("length_km") else f"no length of {link} is known"
        shut = (link, start) in self.plant.state.shut
        return f"the port of {link} at {start} is administratively down" if shut else ""

    def _end_try(self, request: TestRequest, start: str, items: list[Hold]) -> None:
        """The result is read when the link is back: it may be the way to the element that made the test."""
        found = self._looped(request, start) if request.method == "loopback" else self._reflected(request, start)
        self.plant.let_go(items)
        reached = self._commanded(start)
        self.truth.end("test", request.target, request.message_id, int(self.env.now))
        self._post(request, {"from_node": start, **(found if reached else {"reason": NO_PATH})})

    def _looped(self, request: TestRequest, start: str) -> dict[str, Any]:
        return {"passed": card_works(self.network, self.plant.state, request.target, start)}

    def _reflected(self, request: TestRequest, start: str) -> dict[str, Any]:
        length_km = float(self.network.links[request.target]["length_km"])
        event = fibre.first_event(self.network, self.faults, request.target, start, self.streams)
        if (event.at_km if event else length_km) > fibre.REACH_KM:
            return {"reason": f"nothing within {fibre.REACH_KM:g} km, its reach; {request.target} is {length_km:g} km"}
        if event is None:
            return {"passed": True, "resolution_km": fibre.resolution_km(length_km, length_km)}
        resolution = fibre.resolution_km(length_km, event.at_km)
        told_km = fibre.told_km(event.at_km, resolution)
        return {"passed": False, "event": event.kind, "distance_km": told_km, "resolution_km": resolution}

    def _note(self, request: TestRequest, interrupted: list[str], lasts: bool = False) -> None:
        body = {"by": request.sender, "method": request.method, "from": request.from_node, "interrupted": interrupted}
        self.truth.begin(Fact(int(self.env.now), "test", request.target, request.message_id, body))
        if not lasts:
            self.truth.end("test", request.target, request.message_id, int(self.env.now))
