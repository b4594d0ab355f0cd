"""How elements and their managers work: plain data."""

from dataclasses import dataclass

from sim.world.management.cpu import NO_LIMIT, CpuPolicy
from sim.world.management.transport import TransportPolicy


@dataclass(frozen=True)
class ManagementPlan:
    """Elements, the transport to their managers, and the managers; the defaults are managers that pass all through.

    ``cycle_ms``: in what time a manager asks all its elements once; None: only when the OSS asks, all at once.
    ``forward_ms``: how long it takes a message, besides the processor. ``answer_ms``: an answer that takes an element
    longer than this is none. ValueError where a time is negative or a cycle is nothing.
    """

    transport: TransportPolicy
    cycle_ms: int | None = None
    forward_ms: int = 0
    manager_cpu: CpuPolicy = NO_LIMIT
    element_cpu: CpuPolicy = NO_LIMIT
    answer_ms: int = 5_000

    def __post_init__(self) -> None:
        if self.forward_ms < 0 or self.answer_ms < 0 or (self.cycle_ms is not None and self.cycle_ms <= 0):
            raise ValueError("forward_ms and answer_ms must be 0 or more, cycle_ms more than 0 or None")
