"""What a restart cures: software that hangs, never a thing that is broken."""

from collections.abc import Mapping

from sim.world.plan import Fault
from sim.world.remote.plan import RemotePlan
from sim.world.streams import Streams

MILLI = 1_000
CURES: Mapping[str, frozenset[str]] = {
    "restart_card": frozenset(("fail_card",)),
    "restart_node": frozenset(("fail_card", "sleep_cell")),
    "reset_radio": frozenset(("sleep_cell",)),
}
"""Act → kinds of fault of which it cures some: those whose software is at fault. All else stays: cut fibre, dead power,
a wrong configuration. A node that hangs (fail_node) takes no command, so that none restarts it."""


def cured(act: str, fault: Fault, occasion: int, plan: RemotePlan, streams: Streams) -> bool:
    """Whether the act ends the fault. What is wrong with it was settled when it came about: another try changes
    nothing. Stream: ``nature/TARGET/N`` of the Nth fault of a target."""
    if fault.kind not in CURES[act]:
        return False
    share_milli = {"fail_card": plan.crashed_card_milli, "sleep_cell": plan.sleeping_cell_milli}[fault.kind]
    return float(streams.get(f"nature/{fault.target}/{occasion}").random()) * MILLI < share_milli
