"""First come, first served at several servers: when does each job start? For the CPUs of elements and managers."""

from heapq import heapify, heapreplace


class Servers:
    """So many alike servers with one queue (G/G/c, FCFS): a job starts at the earliest server that is free."""

    def __init__(self, count: int, free_ms: int = 0) -> None:
        """All are free from ``free_ms`` on; ValueError below 1 server."""
        if count < 1:
            raise ValueError(f"{count} servers; give 1 or more")
        self._free_ms = [free_ms] * count
        self._last_ms = free_ms

    def take(self, arrival_ms: int, work_ms: int) -> int:
        """When the job starts; it ends ``work_ms`` later. Jobs are told in order of arrival, ValueError otherwise."""
        if arrival_ms < self._last_ms or work_ms < 0:
            raise ValueError(f"a job of {work_ms} ms at {arrival_ms} ms, after one at {self._last_ms} ms")
        self._last_ms = arrival_ms
        start_ms = max(arrival_ms, self._free_ms[0])
        heapreplace(self._free_ms, start_ms + work_ms)
        return start_ms

    def backlog_ms(self, at_ms: int) -> int:
        """How long a job that arrives at ``at_ms`` would wait."""
        return max(0, self._free_ms[0] - at_ms)

    def busy(self, at_ms: int) -> int:
        """How many servers work, or have promised their next moments, at ``at_ms``."""
        return sum(free_ms > at_ms for free_ms in self._free_ms)

    def stall(self, until_ms: int) -> None:
        """No server starts another job before ``until_ms``: a restart, a crash; what they promised stands."""
        self._free_ms = [max(free_ms, until_ms) for free_ms in self._free_ms]
        heapify(self._free_ms)
