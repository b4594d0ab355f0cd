"""Which zone does a number belong to? The longest prefix of those in force, by where to and, of equals, where from."""

from collections.abc import Iterable
from dataclasses import dataclass

from ossbss.contract.units import NEVER_MS


@dataclass(frozen=True)
class Route:
    """Numbers that begin with ``prefix``, called from what begins with ``origin``, are in ``zone`` during
    [from_ms, until_ms)."""

    zone: str
    prefix: str
    origin: str = ""
    from_ms: int = -NEVER_MS
    until_ms: int = NEVER_MS


class PrefixTable:
    """Routes by prefix. Letters and + are plain characters."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_prefix: dict[str, list[Route]] = {}
        for route in routes:
            self._by_prefix.setdefault(route.prefix, []).append(route)
        self._lengths = sorted({len(prefix) for prefix in self._by_prefix}, reverse=True)

    def match(self, destination: str, at_ms: int, origin: str = "") -> Route | None:
        """The route of a number at an instant; of two for one prefix that with the longer origin, then the first."""
        for length in self._lengths:
            routes = self._by_prefix.get(destination[:length], ()) if length <= len(destination) else ()
            in_force = (route for route in routes if route.from_ms <= at_ms < route.until_ms)
            if found := [route for route in in_force if origin.startswith(route.origin)]:
                return max(found, key=lambda route: len(route.origin))
        return None
