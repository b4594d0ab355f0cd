"""The charging system as a node of the network: which cells' requests cannot get there, and since when."""

from sim.world.network.islands import island
from sim.world.plant import Plant
from sim.world.truth import CHARGING_UNREACHABLE, Fact


class ChargingSystem:
    """Keeps ``plant.charging_outages`` while the network changes.

    A core node reaches the charging node while living links join the two and both live. Between two ways nothing is
    lost: a core node waits for its answer (RFC 8506, 13: Tx, 10 s) for longer than routing usually takes
    (``world.convergence``: 3 s); that a node which hangs is only missed after 40 s is passed over (assumption).
    """

    def __init__(self, plant: Plant, node: str) -> None:
        """``node``: where charging runs; KeyError where the network has none of this id."""
        self.plant, self.node = plant, node
        cells = plant.network.cells
        self.core_of: dict[str, str] = {cell: record["core_node"] for cell, record in cells.items()}
        """cell → the core node that carries it, or carried it last"""
        backups = (core for record in cells.values() for core in record.get("backup_core_node", ()))
        self.cores = frozenset((*self.core_of.values(), *backups))
        self.lost_cores = self.lost_cells = frozenset[str]()
        plant.watchers.append(self._look)
        self._look()

    def _look(self) -> None:
        joined = island(self.plant.network, self.plant.state, self.node)
        self.core_of |= self.plant.moved_cells()
        lost_cells = frozenset(cell for cell, core in self.core_of.items() if core not in joined)
        now_ms = int(self.plant.env.now)
        self._record(self.cores - joined, now_ms)
        self._account(lost_cells, now_ms)

    def _record(self, lost_cores: frozenset[str], now_ms: int) -> None:
        for core in sorted(self.lost_cores - lost_cores):
            self.plant.truth.end(CHARGING_UNREACHABLE, core, "", now_ms)
        for core in sorted(lost_cores - self.lost_cores):
            self.plant.truth.begin(Fact(now_ms, CHARGING_UNREACHABLE, core, "", {"node": self.node}))
        self.lost_cores = lost_cores

    def _account(self, lost_cells: frozenset[str], now_ms: int) -> None:
        outages = self.plant.charging_outages
        for cell in sorted(self.lost_cells - lost_cells):
            (since_ms, _) = outages[cell].pop()
            if since_ms < now_ms:
                outages[cell].append((since_ms, now_ms))
        for cell in sorted(lost_cells - self.lost_cells):
            outages.setdefault(cell, []).append((now_ms, None))
        self.lost_cells = lost_cells
