"""What is due when: bundles that expire or are about to, sessions that have not reported."""

import heapq
from threading import Lock


class Diary:
    """Wallets to look at, by time; several threads may write it."""

    def __init__(self) -> None:
        self._due: list[tuple[int, str]] = []
        self._lock = Lock()

    def note(self, at_ms: int, wallet_id: str) -> None:
        with self._lock:
            heapq.heappush(self._due, (at_ms, wallet_id))

    def due(self, at_ms: int) -> list[tuple[int, str]]:
        """(due_ms, wallet) up to and at this instant, in order, once."""
        found: list[tuple[int, str]] = []
        if self._due and self._due[0][0] <= at_ms:
            with self._lock:
                while self._due and self._due[0][0] <= at_ms:
                    found.append(heapq.heappop(self._due))
        return found
