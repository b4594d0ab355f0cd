"""The plant: what has failed, by which fault, and which services are down since when."""

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import fields
from typing import Any

import simpy

from sim.world.elements.changes import changes
from sim.world.elements.events import ElementEvent
from sim.world.network.routing.convergence import RoutingTimers
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.state import FailureState, Hold, Network
from sim.world.truth import OUT_OF_WORK, Fact, Truth

Say = Callable[[ElementEvent, FailureState], None]
"""What an element has noticed, and the state of the network in which it must send it."""


_NO_WAY_LOST = ("sleeping", "lossy", "metrics")


def _named(kind: str, value: Any) -> tuple[str, str]:
    """(subject, cause) of the fact about this item of the state."""
    return (value[0], f"{kind} at {value[1]}") if isinstance(value, tuple) else (value, kind)


class Plant:
    """Fails and mends resources, reroutes when routing has converged, lets the elements notice."""

    def __init__(
        self, env: simpy.Environment, network: Network, timers: RoutingTimers | int, truth: Truth, say: Say
    ) -> None:
        """``timers``: a number is the total in ms. ValueError where two services are of one cell: its outages would be
        told apart by nobody."""
        cells = Counter(service["cell"] for service in network.services.values())
        if shared := sorted(cell for cell, services in cells.items() if services > 1):
            raise ValueError(f"more than one service of a cell: {', '.join(shared)}")
        self.env, self.network, self.truth, self.say = env, network, truth, say
        self.forwarding = Forwarding(network, timers)
        self.held: Counter[Hold] = Counter()
        """item of the state → how many faults, changes or purchases hold it there"""
        self.outages: dict[str, list[tuple[int, int | None]]] = {}
        """cell → its outages, half-open, the last perhaps still open"""
        self.charging_outages: dict[str, list[tuple[int, int | None]]] = {}
        """the same of the times in which its core node could not reach charging; kept by ``ChargingSystem``"""
        self.service_of = {service["cell"]: name for name, service in network.services.items()}
        self.when_down: Callable[[str], None] = lambda _: None
        """told each cell whose outage begins"""
        self.watchers: list[Callable[[], None]] = []
        """told whenever the state of the network or the path of a service may have changed"""
        self.backed_up = [service for service, record in network.services.items() if record.get("backup_z")]
        self.awaited: set[int] = set()
        """instants at which some service converges"""

    @property
    def state(self) -> FailureState:
        return self.forwarding.state

    def down_since(self, cell: str) -> int | None:
        """When the outage of this cell began that goes on now; None while it is served."""
        spans = self.outages.get(cell)
        return spans[-1][0] if spans and spans[-1][1] is None else None

    def unserved(self) -> frozenset[str]:
        """Services whose outage goes on now."""
        cells = (cell for cell, spans in self.outages.items() if spans[-1][1] is None)
        return frozenset(self.service_of[cell] for cell in cells)

    def moved_cells(self) -> dict[str, str]:
        """Cell → the core node that carries it now, for cells that have backup cores and are served."""
        services = ((service, self.network.services[service]["cell"]) for service in self.backed_up)
        return {cell: core for service, cell in services if (core := self.forwarding.core_of(service)) is not None}

    def fail(self, resource: str) -> None:
        """One more fault holds this resource down."""
        self.hold([(self.network.kind_of(resource), resource)])

    def mend(self, resource: str) -> None:
        """One fault less; the resource lives again when none is left."""
        self.let_go([(self.network.kind_of(resource), resource)])

    def hold(self, items: Iterable[Hold]) -> None:
        """One more reason for each of these to be in the state, all at this instant."""
        state = self.state
        for item in items:
            self.held[item] += 1
            state = state.with_metric(*item[1]) if item[0] == "metrics" else state.failed(*item)
        if state != self.state:
            self._change(state)

    def let_go(self, items: Iterable[Hold]) -> None:
        """One reason less for each; what no reason holds any more leaves the state."""
        state = self.state
        for item in items:
            self.held[item] -= 1
            if self.held[item] == 0:
                del self.held[item]
                state = self._without_metric(state, item[1][0]) if item[0] == "metrics" else state.repaired(*item)
        if state != self.state:
            self._change(state)

    def _without_metric(self, state: FailureState, link: str) -> FailureState:
        """The weight that another change had set on the link before, else the planned one."""
        others = [value[1] for kind, value in self.held if kind == "metrics" and value[0] == link]
        return state.with_metric(link, others[-1]) if others else state.without_metric(link)

    def _change(self, state: FailureState) -> None:
        before, now_ms = self.state, int(self.env.now)
        self._record(before, state, now_ms)
        downs = [service for service, _ in self.forwarding.change(state, now_ms)]
        dozing = {self.service_of[cell] for cell in before.sleeping ^ state.sleeping}
        self._account([*downs, *sorted(dozing.difference(downs))], now_ms)
        self._notice(before, downs, [])
        for at_ms in sorted(self.forwarding.due() - self.awaited):
            self.awaited.add(at_ms)
            self.env.process(self._converge(at_ms))
        self._tell()

    def _record(self, before: FailureState, after: FailureState, now_ms: int) -> None:
        """What bears on who is joined to whom, as truth: everything but weights, losses and what cells sleep."""
        for field in fields(FailureState):
            held, holds = getattr(before, field.name), getattr(after, field.name)
            if held is holds or field.name in _NO_WAY_LOST:
                continue
            for value in sorted(held - holds):
                self.truth.end(OUT_OF_WORK, *_named(field.name, value), now_ms)
            for value in sorted(holds - held):
                body = {"of": field.name, "value": value}
                self.truth.begin(Fact(now_ms, OUT_OF_WORK, *_named(field.name, value), body))

    def _converge(self, at_ms: int) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(at_ms - int(self.env.now))
        self.awaited.discard(at_ms)
        ups = [service for service, _ in self.forwarding.converge(at_ms)]
        self._account(ups, at_ms)
        self._notice(self.state, [], ups)
        self._tell()

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher()

    def _notice(self, before: FailureState, downs: Sequence[str], ups: Sequence[str]) -> None:
        for event in changes(self.network, before, self.state, downs, ups, int(self.env.now)):
            dying = event.kind == "power_lost"
            self.say(event, before if dying else self.state)

    def _account(self, services: Iterable[str], now_ms: int) -> None:
        """Begin and end outages: a service is served while it has a path and its cell is awake."""
        for service in services:
            cell = self.network.services[service]["cell"]
            served = self.forwarding.path_of(service) is not None and cell not in self.state.sleeping
            if served and self.down_since(cell) is not None:
                self.outages[cell][-1] = (self.outages[cell][-1][0], now_ms)
                self.truth.end("service_outage", service, "", now_ms)
            elif not served and self.down_since(cell) is None:
                self.outages.setdefault(cell, []).append((now_ms, None))
                body = {"cell": cell, "failed": sorted(self.state.all_ids())}
                self.truth.begin(Fact(now_ms, "service_outage", service, "", body))
                self.when_down(cell)
