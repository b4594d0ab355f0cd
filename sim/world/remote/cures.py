"""What a restart cures: software that hangs, never a thing that is broken."""

from collections.abc import Mapping

from sim.world.plan import Fault
from sim.world.streams import Streams

MILLI = 1_000
CRASHED_CARD_MILLI, SLEEPING_CELL_MILLI = 500, 900
"""Of failed cards, and of sleeping cells, those that work again after a restart: their software was at fault
(assumptions; of the failures in CENIC's networks software's lasted minutes, hardware's hours: Turner et al. 2010)."""

CURES: Mapping[str, Mapping[str, int]] = {
    "restart_card": {"fail_card": CRASHED_CARD_MILLI},
    "restart_node": {"fail_card": CRASHED_CARD_MILLI, "sleep_cell": SLEEPING_CELL_MILLI},
    "reset_radio": {"sleep_cell": SLEEPING_CELL_MILLI},
}
"""Act → kind of fault → of a thousand, so many are cured. All else stays: cut fibre, dead power, a wrong
configuration. A node that hangs (fail_node) takes no command, so that none restarts it."""


def cured(act: str, fault: Fault, occasion: int, streams: Streams) -> bool:
    """Whether the act ends the fault. What is wrong with it was settled when it came about: another try changes
    nothing. Stream: ``nature/TARGET/N`` of the Nth fault of a target."""
    share_milli = CURES[act].get(fault.kind, 0)
    return float(streams.get(f"nature/{fault.target}/{occasion}").random()) * MILLI < share_milli
