"""A link that comes and goes."""

from collections.abc import Iterator
from itertools import repeat

from sim.world.faults.steps import Step
from sim.world.network.state import Hold, Network
from sim.world.plan import Fault

MILLI = 1_000


def flap(network: Network, fault: Fault) -> Iterator[Step]:  # noqa: ARG001 - the same on every network
    """Down for ``down_milli`` of each period, up for the rest, beginning with down; without end."""
    down_ms = max(1, fault.terms.period_ms * fault.terms.down_milli // MILLI)
    up_ms = max(1, fault.terms.period_ms - down_ms)
    items: tuple[Hold, ...] = (("links", fault.target),)
    yield Step(0, True, items)
    for _ in repeat(None):
        yield Step(down_ms, False, items)
        yield Step(up_ms, True, items)
