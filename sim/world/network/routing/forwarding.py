"""Which path each access service uses, and so whether it is served: failure at once, rerouting after convergence."""

from collections.abc import Iterable, Mapping
from typing import Literal

from sim.world.network.routing.alternates import Alternates
from sim.world.network.routing.convergence import RoutingTimers, Spread
from sim.world.network.routing.paths import Path
from sim.world.network.routing.routes import Reroute, Routes, same_way
from sim.world.network.state import FailureState, Network

ServiceChange = tuple[str, Literal["up", "down"]]
"""A service's id and what became of it."""


class Forwarding:
    """The forwarding state of all services of one network.

    Whoever keeps the time calls ``change`` when resources fail or are repaired, and ``converge`` at each of the
    instants that are ``due``. A service goes down when its path breaks and never before; it comes up only by
    convergence, also when the broken path itself was repaired, or before that over a loop-free alternate. A service
    that is up moves to a better path without an outage. A protected one (1+1) moves to its living backup after the
    switch time, at once where that is 0.
    """

    def __init__(self, network: Network, timers: RoutingTimers | int) -> None:
        """Everything lives and is converged. ``timers``: a number is the total in ms; ValueError when negative."""
        self.network = network
        self.timers = timers if isinstance(timers, RoutingTimers) else RoutingTimers(total_ms=timers)
        self.state = FailureState()
        self.routes = Routes(network)
        self._rank = {service: rank for rank, service in enumerate(network.services)}
        self._paths: dict[str, Path] = {}
        self._riders: dict[str, set[str]] = {}
        """node or link → services whose path in use takes it"""
        self._due: dict[str, int] = {}
        """service → when it takes its best path"""
        self._detours: dict[str, tuple[int, Path]] = {}
        """service → when it takes which path over an alternate, until its best path is due"""
        self._waiting: dict[int, set[str]] = {}
        """instant → services that may have something due then"""
        self._down = set(network.services)
        for service, path in self.routes.best.items():
            self._ride(service, path)

    def path_of(self, service: str) -> Path | None:
        """The path in use from the service's ``a`` to the core node that serves it; None while it is down."""
        return self._paths.get(service)

    def core_of(self, service: str) -> str | None:
        """The node at which the service ends now: its ``z``, or a backup core; None while it is down."""
        path = self._paths.get(service)
        return None if path is None else path.nodes[-1]

    def down(self) -> frozenset[str]:
        """Ids of the services that are down now."""
        return frozenset(self._down)

    def due(self) -> frozenset[int]:
        """The instants at which ``converge`` is to be called, as things stand, on the clock of ``change``."""
        return frozenset(self._waiting)

    def change(self, state: FailureState, now_ms: int = 0) -> list[ServiceChange]:
        """Take the new state of the network; the services that go down at once, in the order of the document."""
        before, self.state = self.state, state
        rerouting = self.routes.change(state)
        if rerouting is None:
            return []
        broken = self._break(rerouting.fallen)
        spread = Spread(self.timers, self.network, before, state)
        if self.timers.fast_reroute:
            self._find_detours(rerouting, spread, broken, now_ms)
        for service in broken.keys() | rerouting.before_of.keys():
            self._plan(service, rerouting, spread, broken, now_ms)
        return [(service, "down") for service in self._in_order(broken) if service in self._down]

    def converge(self, now_ms: int | None = None) -> list[ServiceChange]:
        """What is due by ``now_ms`` (None: everything) takes effect; the services that come up, in the order of the
        document."""
        instants = [at_ms for at_ms in self._waiting if now_ms is None or at_ms <= now_ms]
        services = {service for at_ms in instants for service in self._waiting.pop(at_ms)}
        ups = [service for service in services if self._move(service, now_ms)]
        return [(service, "up") for service in self._in_order(ups)]

    def _move(self, service: str, now_ms: int | None) -> bool:
        """Put the service on the path that is due; whether it comes up."""
        was_down = service in self._down
        if service in self._due and (now_ms is None or self._due[service] <= now_ms):
            self._settle(service)
            self._ride(service, self.routes.best[service])
        elif service in self._detours and now_ms is not None and self._detours[service][0] <= now_ms:
            self._ride(service, self._detours.pop(service)[1])
        return was_down and service not in self._down

    # -- paths in use ----------------------------------------------------------------------------------

    def _break(self, fallen: Iterable[str]) -> dict[str, Path]:
        """Take the services off the paths that died, and forget the detours that did."""
        dead = self.routes.dead
        for service in [s for s, (_, path) in self._detours.items() if not path.avoids(dead)]:
            del self._detours[service]
        broken = {service for resource in fallen for service in self._riders.get(resource, ())}
        return {service: self._leave(service) for service in broken}

    def _ride(self, service: str, path: Path) -> None:
        if service in self._paths:
            self._leave(service)
        self._paths[service] = path
        self._down.discard(service)
        for resource in path.links or path.nodes:
            self._riders.setdefault(resource, set()).add(service)

    def _leave(self, service: str) -> Path:
        path = self._paths.pop(service)
        self._down.add(service)
        for resource in path.links or path.nodes:
            self._riders[resource].discard(service)
        return path

    # -- what comes next -------------------------------------------------------------------------------

    def _plan(
        self, service: str, rerouting: Reroute, spread: Spread, broken: Mapping[str, Path], now_ms: int
    ) -> None:
        """Say when the service takes its best path; nothing is due where it has none, or is on it."""
        best = self.routes.best.get(service)
        if best is None:
            self._settle(service)
        elif same_way(best, self._paths.get(service)):
            self._settle(service)
            self._paths[service] = best  # its metric may be another
        elif service in broken and service in self.routes.fixed:
            self._switch(service, best, now_ms)
        elif service in rerouting.before_of and not same_way(best, rerouting.before_of[service]):
            at_ms = now_ms + self._takes_ms(service, best, rerouting, spread)
            self._due[service] = max(self._due.get(service, at_ms), at_ms)
            self._await(service, self._due[service])

    def _switch(self, service: str, best: Path, now_ms: int) -> None:
        """Protection switching: both ends know the other path already."""
        self._settle(service)
        if self.timers.protection_switch_ms == 0:
            self._ride(service, best)
            return
        self._due[service] = now_ms + self.timers.protection_switch_ms
        self._await(service, self._due[service])

    def _takes_ms(self, service: str, best: Path, rerouting: Reroute, spread: Spread) -> int:
        """From the change until the service's best path carries traffic."""
        if self.timers.total_ms is not None:
            return self.timers.total_ms
        if service in self.routes.fixed:
            return self.timers.detection_ms  # nobody routes it: it is back when its ends see light
        core, node = best.nodes[-1], self.network.arcs.node_no[best.nodes[0]]
        takes_ms = spread.converged_ms(rerouting.old[core], rerouting.new[core], node)
        before = rerouting.before_of[service]
        if before is None or before.nodes[-1] == core:
            return takes_ms
        left = (self.network.arcs.link_no[link] for link in before.links)
        return max(takes_ms, spread.reacted_ms(left, node))

    def _settle(self, service: str) -> None:
        self._due.pop(service, None)
        self._detours.pop(service, None)

    def _await(self, service: str, at_ms: int) -> None:
        self._waiting.setdefault(at_ms, set()).add(service)

    def _find_detours(self, rerouting: Reroute, spread: Spread, broken: Mapping[str, Path], now_ms: int) -> None:
        """Alternates for the services that were on their converged path; a second break waits for convergence."""
        known = Alternates(self.network.arcs, rerouting.before, rerouting.old)
        for service, path in broken.items():
            if service in self._due or service in self.routes.fixed:
                continue
            hop = next((hop for hop, link in enumerate(path.links) if link in self.routes.dead), None)
            way = None if hop is None else known.way_round(path, hop)
            if hop is not None and way is not None and way.avoids(self.routes.dead):
                noticed_ms = spread.noticed_ms(self.network.arcs.link_no[path.links[hop]])
                at_ms = now_ms + noticed_ms + self.timers.fast_reroute_switch_ms
                self._detours[service] = (at_ms, way)
                self._await(service, at_ms)

    def _in_order(self, services: Iterable[str]) -> list[str]:
        return sorted(services, key=self._rank.__getitem__)
