"""What is asked or done from afar: how long it takes, and what it cures. Plain data."""

from dataclasses import dataclass

from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS


@dataclass(frozen=True)
class RemotePlan:
    """Times in ms, chances in thousandths (assumptions, but where a source is named)."""

    command_ms: int = SECOND_MS
    """from the line that is typed to what it prints"""
    card_restart_ms: int = 3 * MINUTE_MS
    """its links are down meanwhile"""
    node_restart_ms: int = 10 * MINUTE_MS
    """the node is dead meanwhile"""
    radio_reset_ms: int = 2 * MINUTE_MS
    """from power to a cell that carries traffic"""
    traceroute_ms: int = 2 * SECOND_MS
    silent_hop_ms: int = 9 * SECOND_MS
    """a hop that does not answer: three questions, each waited for 3 s (the defaults of IOS traceroute)"""
    loopback_ms: int = MINUTE_MS
    reflectometry_ms: int = 3 * MINUTE_MS
    """averaging over many pulses"""
    capacity_lead_ms: int = 4 * HOUR_MS
    """from the order for capacity on a dormant link to its light"""
    crashed_card_milli: int = 500
    """of failed cards, those whose software crashed: they work again after a restart"""
    sleeping_cell_milli: int = 900
    """of sleeping cells, those that wake up when their radio is started anew"""
