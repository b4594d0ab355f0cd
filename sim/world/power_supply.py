"""Power at the sites: grids go and come, batteries drain, generators start or do not, fuel is taken or brought."""

from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from typing import Any

import simpy

from sim.world.elements.events import ElementEvent, EventKind
from sim.world.network.power import MILLI, Stores, Supply, Threshold, advanced, full_at_start, next_threshold
from sim.world.network.state import FailureState, living_nodes
from sim.world.plant import Plant
from sim.world.streams import Streams

Say = Callable[[ElementEvent, FailureState], None]
_END: Mapping[EventKind, EventKind] = {
    "mains_failed": "mains_restored", "battery_low": "battery_normal", "fuel_low": "fuel_normal",
    "generator_failed": "generator_ready", "generator_running": "generator_stopped",
}  # fmt: skip


class Power:
    """Each site's supply over time. A site without backup power dies and lives with the grid.

    Every living node of a site watches the same rectifier, battery and generator, and tells of them.
    Streams: ``generator/SITE/N`` for its Nth start.
    """

    def __init__(
        self, env: simpy.Environment, plant: Plant, supplies: Mapping[str, Supply], streams: Streams, say: Say
    ) -> None:
        self.env, self.plant, self.supplies, self.streams, self.say = env, plant, supplies, streams, say
        self.stores = {site: full_at_start(supply, int(env.now)) for site, supply in supplies.items()}
        self.cuts: Counter[str] = Counter()
        """site → faults of the grid that it suffers from now"""
        self.starts: Counter[str] = Counter()
        self.switched: Counter[str] = Counter()
        """site → how often something was switched: what was planned before is void then"""
        self.dead: set[str] = set()
        self.told: dict[str, list[EventKind]] = {site: [] for site in supplies}
        self.nodes_at: dict[str, list[str]] = {}
        for node, record in plant.network.nodes.items():
            self.nodes_at.setdefault(record["site"], []).append(node)

    def cut(self, target: str) -> None:
        """The grid fails at a site, or at every site of a power area."""
        sites, unbacked = self._sites(target)
        if not sites:
            self.plant.fail(target)
            return
        self.plant.hold([("sites", site) for site in unbacked])
        for site in sites:
            self.cuts[site] += 1
            if self.cuts[site] == 1:
                self._grid_fails(site)

    def restore(self, target: str) -> None:
        """One failure of the grid less."""
        sites, unbacked = self._sites(target)
        if not sites:
            self.plant.mend(target)
            return
        self.plant.let_go([("sites", site) for site in unbacked])
        for site in sites:
            self.cuts[site] -= 1
            if self.cuts[site] == 0:
                self._switch(site, grid=True, running=False)
                self._over(site, "generator_running", "generator_failed", "battery_low", "mains_failed")

    def refuel(self, site: str) -> bool:
        """The tank is full again; a generator that is needed and stands still is started anew. No tank: nothing.

        Returns whether that was called for: the tank was low or empty.
        """
        supply = self.supplies.get(site)
        if supply is None or not supply.generator:
            return False
        was_ms = advanced(supply, self.stores[site], int(self.env.now)).fuel_ms
        self._switch(site, fuel_ms=float(supply.fuel_ms))
        self._over(site, "fuel_low")
        if not self.stores[site].grid and not self.stores[site].running:
            self.env.process(self._start(site))
        return was_ms <= supply.fuel_ms * supply.low_milli // MILLI

    def steal_fuel(self, site: str, share_milli: int) -> None:
        """So much of what is in the tank is gone; the tank's gauge tells when that makes it low. No tank: nothing."""
        supply = self.supplies.get(site)
        if supply is None or not supply.generator:
            return
        now = advanced(supply, self.stores[site], int(self.env.now))
        left_ms = now.fuel_ms * (MILLI - share_milli) / MILLI
        self._switch(site, fuel_ms=left_ms)
        if left_ms <= supply.fuel_ms * supply.low_milli // MILLI:
            self._tell(site, "fuel_low")
        if now.running and left_ms < 1:
            self._fuel_empty(site)

    # -- what follows ----------------------------------------------------------------------------------

    def _sites(self, target: str) -> tuple[list[str], list[str]]:
        """(sites with backup power, sites without) of a site or an area."""
        network = self.plant.network
        of = [target] if target in network.sites else [s for s in network.sites if target in network.power_areas_of[s]]
        backed = [site for site in of if site in self.supplies]
        return backed, [site for site in of if site not in self.supplies]

    def _grid_fails(self, site: str) -> None:
        battery = advanced(self.supplies[site], self.stores[site], int(self.env.now)).battery_ms > 0
        if battery:
            self._tell(site, "mains_failed")
        self._switch(site, grid=False)
        if self.supplies[site].generator:
            self.env.process(self._start(site))

    def _start(self, site: str) -> Generator[simpy.Event, Any, None]:
        self.starts[site] += 1
        attempt = self.starts[site]
        yield self.env.timeout(self.supplies[site].start_delay_ms)
        stores = self.stores[site]
        if stores.grid or stores.running or attempt != self.starts[site]:
            return
        luck = float(self.streams.get(f"generator/{site}/{attempt}").random()) * MILLI
        if stores.fuel_ms < 1 or luck < self.supplies[site].start_failure_milli:
            self._tell(site, "generator_failed")
            return
        self._switch(site, running=True)
        self._over(site, "generator_failed", "battery_low")
        self._tell(site, "generator_running")

    def _switch(self, site: str, **changes: Any) -> None:
        """Something is switched, brought or taken: the stores until now, the site's life, and what comes next."""
        supply, before = self.supplies[site], self.stores[site]
        now = advanced(supply, before, int(self.env.now))
        self._set(site, replace(now, **changes))

    def _set(self, site: str, stores: Stores) -> None:
        self.stores[site] = stores
        self.switched[site] += 1
        if not stores.powered and site not in self.dead:
            self.dead.add(site)
            self.plant.hold([("sites", site)])
        elif stores.powered and site in self.dead:
            self.dead.discard(site)
            self.plant.let_go([("sites", site)])
        following = next_threshold(self.supplies[site], stores)
        if following is not None:
            self.env.process(self._await(site, self.switched[site], *following))

    def _await(self, site: str, switched: int, at_ms: int, threshold: Threshold) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(at_ms - int(self.env.now))
        if switched != self.switched[site]:
            return
        if threshold == "fuel_empty":
            self._fuel_empty(site)
        elif threshold == "battery_empty":
            self._switch(site, battery_ms=0.0)
        else:
            self._tell(site, threshold)
            self._switch(site)

    def _fuel_empty(self, site: str) -> None:
        self._tell(site, "generator_failed")
        self._over(site, "generator_running")
        self._switch(site, running=False, fuel_ms=0.0)

    # -- what the site's elements say ------------------------------------------------------------------

    def _tell(self, site: str, kind: EventKind) -> None:
        if kind not in self.told[site]:
            self.told[site].append(kind)
            self._say(site, kind)

    def _over(self, site: str, *kinds: EventKind) -> None:
        for kind in kinds:
            if kind in self.told[site]:
                self.told[site].remove(kind)
                self._say(site, _END[kind])

    def _say(self, site: str, kind: EventKind) -> None:
        state = self.plant.state
        for node in sorted(living_nodes(self.plant.network, state).intersection(self.nodes_at.get(site, ()))):
            self.say(ElementEvent(kind, node, int(self.env.now)), state)
