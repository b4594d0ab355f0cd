"""What a scenario may say about what is done from afar: commands at elements, and tests."""

from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.documents import Strict
from sim.testbed.scenario_words import Milli, PositiveMs
from sim.world.remote.plan import RemotePlan


class RemoteSpec(Strict):
    """How long commands, restarts and tests take, and what a restart cures (assumptions)."""

    command: DurationMs = SECOND_MS
    """from the line that is typed at an element to what it prints"""
    card_restart: PositiveMs = 3 * MINUTE_MS
    """the links of the card are down meanwhile"""
    node_restart: PositiveMs = 10 * MINUTE_MS
    """the node is dead meanwhile"""
    radio_reset: PositiveMs = 2 * MINUTE_MS
    """the cell carries nothing meanwhile"""
    loopback: PositiveMs = MINUTE_MS
    """the link carries nothing meanwhile"""
    reflectometry: PositiveMs = 3 * MINUTE_MS
    """the link carries nothing meanwhile"""
    capacity_lead: PositiveMs = 4 * HOUR_MS
    """from the OSS's order for capacity on a dormant link to its light"""
    crashed_card_milli: Milli = 500
    """of failed cards, those that work again after a restart: only their software had crashed"""
    sleeping_cell_milli: Milli = 900
    """of sleeping cells, those that wake up when their radio is started anew"""

    @property
    def plan(self) -> RemotePlan:
        return RemotePlan(
            command_ms=self.command, card_restart_ms=self.card_restart, node_restart_ms=self.node_restart,
            radio_reset_ms=self.radio_reset, loopback_ms=self.loopback, reflectometry_ms=self.reflectometry,
            capacity_lead_ms=self.capacity_lead,
            crashed_card_milli=self.crashed_card_milli, sleeping_cell_milli=self.sleeping_cell_milli,
        )  # fmt: skip
