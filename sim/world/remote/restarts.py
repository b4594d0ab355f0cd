"""Cards, nodes and radios that are restarted from afar: gone for a while, and sometimes well afterwards."""

from collections.abc import Callable, Generator, Sequence
from typing import Any

import simpy

from sim.world.elements.condition import cells_at
from sim.world.faults.registry import Faults
from sim.world.network.state import Hold
from sim.world.remote.cures import cured
from sim.world.remote.plan import RemotePlan
from sim.world.streams import Streams

Steps = Generator[simpy.Event, Any, None]


class Restarts:
    """Each takes its time; what it cannot cure is as it was."""

    def __init__(self, env: simpy.Environment, faults: Faults, streams: Streams, times: RemotePlan) -> None:
        self.env, self.faults, self.streams, self.times = env, faults, streams, times
        self.plant, self.network = faults.plant, faults.plant.network

    def card(self, card: str, then: Callable[[], None]) -> None:
        """``then`` is called when it is over."""
        self._begin("restart_card", [card], [("restarting", card)], self.times.card_restart_ms, then)

    def node(self, node: str, then: Callable[[], None]) -> None:
        cards = [card for card, record in self.network.cards.items() if record["node"] == node]
        reset = [*cards, *cells_at(self.network, node)]
        self._begin("restart_node", reset, [("nodes", node)], self.times.node_restart_ms, then)

    def radio(self, cell: str, then: Callable[[], None]) -> None:
        self._begin("reset_radio", [cell], [("sleeping", cell)], self.times.radio_reset_ms, then)

    def _begin(
        self, act: str, targets: Sequence[str], items: Sequence[Hold], lasts_ms: int, then: Callable[[], None]
    ) -> None:
        self.plant.hold(items)
        self.env.process(self._last(act, targets, items, lasts_ms, then))

    def _last(
        self, act: str, targets: Sequence[str], items: Sequence[Hold], lasts_ms: int, then: Callable[[], None]
    ) -> Steps:
        yield self.env.timeout(lasts_ms)
        for fault in [fault for fault in self.faults.active.values() if fault.target in targets]:
            if cured(act, fault, self.faults.occasion[fault.fault_id], self.times, self.streams):
                self.faults.mend(fault.fault_id)
        self.plant.let_go(items)
        then()
