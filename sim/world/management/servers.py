"""First come, first served at several servers: when does each job start?"""

from heapq import heapreplace


class Servers:
    """So many alike servers with one queue (G/G/c, FCFS): a job starts at the earliest server that is free."""

    def __init__(self, count: int) -> None:
        """All are free; ValueError below 1 server."""
        if count < 1:
            raise ValueError(f"{count} servers; give 1 or more")
        self._free_us = [0] * count
        self._last_us = 0

    def take(self, arrival_us: int, work_us: int) -> int:
        """When the job starts; it ends ``work_us`` later. Jobs are told in order of arrival, ValueError otherwise."""
        if arrival_us < self._last_us or work_us < 0:
            raise ValueError(f"a job of {work_us} us at {arrival_us} us, after one at {self._last_us} us")
        self._last_us = arrival_us
        start_us = max(arrival_us, self._free_us[0])
        heapreplace(self._free_us, start_us + work_us)
        return start_us
