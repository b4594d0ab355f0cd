"""A finite processor: jobs in turn, first come first served, with a bounded queue where it has one."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from sim.world.management.servers import Servers

MICROS = 1_000
"""microseconds in a millisecond: the processor counts finer than the clock of the world"""
_SECOND_US = 1_000_000


@dataclass(frozen=True)
class CpuPolicy:
    """``per_s``: jobs a second of each worker, None for no limit; ``queue``: jobs that may be inside at once, None
    for no limit; ``workers``: jobs that are done at the same time.

    ValueError where either is not positive.
    """

    per_s: float | None = None
    queue: int | None = None
    workers: int = 1

    def __post_init__(self) -> None:
        for name in ("per_s", "queue", "workers"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise ValueError(f"{name} is {value}; give more than 0, or None for no limit")


NO_LIMIT = CpuPolicy()


class Cpu:
    """When is each job done? The whole state is the times at which those inside will be done (Lindley 1952)."""

    def __init__(self, policy: CpuPolicy) -> None:
        self.policy = policy
        self.clear()

    def take(self, now_ms: int) -> int | None:
        """When (ms, rounded up) a job that comes now is done; None where the queue is full and it is dropped."""
        if self.policy.per_s is None:
            return now_ms
        if self.policy.queue is not None and self.inside(now_ms) >= self.policy.queue:
            return None
        done_us = self._begin(now_ms) + self._work_us
        if self.policy.queue is not None:
            self._done_us.append(done_us)
        return -(-done_us // MICROS)

    def spend(self, now_ms: int) -> int:
        """When (ms, rounded down) work of its own begins, behind all that is inside; it is never dropped."""
        if self.policy.per_s is None:
            return now_ms
        return self._begin(now_ms) // MICROS

    def inside(self, now_ms: int) -> int:
        """Jobs of a bounded queue that wait or are being done."""
        while self._done_us and self._done_us[0] <= now_ms * MICROS:
            self._done_us.popleft()
        return len(self._done_us)

    def clear(self) -> None:
        """It starts anew, with nothing inside."""
        self._done_us: deque[int] = deque()
        self._servers = Servers(self.policy.workers)
        self._work_us = round(_SECOND_US / self.policy.per_s) if self.policy.per_s is not None else 0

    def _begin(self, now_ms: int) -> int:
        return self._servers.take(now_ms * MICROS, self._work_us)


def slots(cycle_ms: int, count: int) -> Iterator[int]:
    """``count`` offsets, evenly through a cycle: when each of so many elements has its turn."""
    return (number * cycle_ms // count for number in range(count))
