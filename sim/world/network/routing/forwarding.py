"""Which path each access service uses, and so whether it is served: failure at once, rerouting after convergence."""

from collections.abc import Iterable
from typing import Any, Literal

from sim.world.network.routing.paths import Path, paths_to
from sim.world.network.state import FailureState, Network, living_links, living_nodes

ServiceChange = tuple[str, Literal["up", "down"]]
"""A service's id and what became of it."""


class Forwarding:
    """The forwarding state of all services of one network.

    Whoever keeps the time calls ``change`` when resources fail or are repaired, and ``converge`` when
    ``convergence_ms`` have passed since. A service goes down when its path breaks and never before; it comes up only
    by convergence, also when the broken path itself was repaired. A protected service (1+1) moves to its living
    backup without going down.
    """

    def __init__(self, network: Network, convergence_ms: int) -> None:
        """Everything lives and is converged; ValueError when ``convergence_ms`` is negative."""
        if convergence_ms < 0:
            raise ValueError(f"convergence_ms is {convergence_ms}; give 0 or more")
        self.network = network
        self.convergence_ms = convergence_ms
        self.state = FailureState()
        self._paths: dict[str, Path] = {}
        self.converge()

    def path_of(self, service: str) -> Path | None:
        """The path in use from the service's ``a`` to its ``z``; None while it is down."""
        return self._paths.get(service)

    def down(self) -> frozenset[str]:
        """Ids of the services that are down now."""
        return frozenset(self.network.services) - self._paths.keys()

    def change(self, state: FailureState) -> list[ServiceChange]:
        """Take the new state of the network; the services that go down at once, in the order of the document."""
        self.state = state
        nodes, links = living_nodes(self.network, state), living_links(self.network, state)
        broken = [service for service, path in self._paths.items() if not path.lives(nodes, links)]
        for service in broken:
            del self._paths[service]
            backup = _first_living(self._fixed_paths(service), nodes, links)
            if backup is not None:
                self._paths[service] = backup
        return [(service, "down") for service in self._in_order(broken) if service not in self._paths]

    def converge(self) -> list[ServiceChange]:
        """Route every service anew on the current state; the services that come up, in the order of the document.

        Services that are up may move to a better path without notice.
        """
        before = self._paths
        self._paths = self._routed()
        return [(service, "up") for service in self._in_order(self._paths) if service not in before]

    def _routed(self) -> dict[str, Path]:
        nodes, links = living_nodes(self.network, self.state), living_links(self.network, self.state)
        trees: dict[str, dict[str, Path]] = {}
        routed: dict[str, Path] = {}
        for service, record in self.network.services.items():
            path: Path | None
            if record["protection"] == "restoration":
                core = record["z"]
                if core not in trees:
                    trees[core] = paths_to(self.network, self.state, core)
                path = trees[core].get(record["a"])
            else:
                path = _first_living(self._fixed_paths(service), nodes, links)
            if path is not None:
                routed[service] = path
        return routed

    def _fixed_paths(self, service: str) -> list[Path]:
        """The paths the inventory gives, best first: none for a service that relies on rerouting."""
        record = self.network.services[service]
        if record["protection"] == "restoration":
            return []
        fields = ("path", "backup_path") if record["protection"] == "1+1" else ("path",)
        return [_along(self.network, record, record[field]) for field in fields]

    def _in_order(self, services: Iterable[str]) -> list[str]:
        chosen = set(services)
        return [service for service in self.network.services if service in chosen]


def _first_living(paths: Iterable[Path], nodes: frozenset[str], links: frozenset[str]) -> Path | None:
    return next((path for path in paths if path.lives(nodes, links)), None)


def _along(network: Network, service: dict[str, Any], links: Iterable[str]) -> Path:
    nodes, used, metric = [str(service["a"])], tuple(links), 0
    for link in used:
        nodes.append(network.other_end(link, nodes[-1]))
        metric += int(network.links[link]["igp_metric"])
    return Path(tuple(nodes), used, metric)
