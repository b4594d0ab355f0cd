"""Hours of a local week in which something is allowed: shifts, access to a site, a night without travel.

>>> day = Hours(8 * HOUR_MS, 17 * HOUR_MS)
>>> working_spans(16 * HOUR_MS, 2 * HOUR_MS, (day,)) == [(16 * HOUR_MS, 17 * HOUR_MS), (32 * HOUR_MS, 33 * HOUR_MS)]
True
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ossbss.contract.units import DAY_MS, NEVER_MS

EVERY_DAY = frozenset(range(7))
_FIRST_WEEKDAY = 3
"""The first day of the Unix epoch was a Thursday; Monday is 0."""


@dataclass(frozen=True)
class Hours:
    """From ``from_ms`` to before ``until_ms`` after local midnight, on these weekdays (Monday is 0).

    ``until_ms`` that is not later than ``from_ms`` is on the next day: 22:00 to 05:00, or a whole day where both are
    equal; the weekday is then that of the beginning. ``utc_offset_ms``: local time minus UTC.
    """

    from_ms: int
    until_ms: int
    days: frozenset[int] = EVERY_DAY
    utc_offset_ms: int = 0

    def stays(self, at_ms: int) -> tuple[bool, int]:
        """Whether it is allowed at this instant (ms since the epoch, UTC), and until before when that stays so."""
        length_ms = (self.until_ms - self.from_ms - 1) % DAY_MS + 1
        today = (at_ms + self.utc_offset_ms) // DAY_MS
        for day in range(today - 1, today + 8):
            begins_ms = day * DAY_MS + self.from_ms - self.utc_offset_ms
            if (day + _FIRST_WEEKDAY) % 7 in self.days and at_ms < begins_ms + length_ms:
                inside = begins_ms <= at_ms
                return inside, begins_ms + length_ms if inside else begins_ms
        return False, NEVER_MS


def working_spans(
    start_ms: int, needs_ms: int, within: Sequence[Hours], banned: Sequence[Hours] = ()
) -> list[tuple[int, int]]:
    """When ``needs_ms`` of work is done: half-open spans from ``start_ms`` on, inside all of ``within`` and none of
    ``banned``. Work of no length is one empty span at the first allowed instant.

    ValueError where the hours leave no instant in a whole week.
    """
    spans: list[tuple[int, int]] = []
    at_ms, left_ms, idle_since_ms = start_ms, needs_ms, start_ms
    while not spans or left_ms:
        open_, until_ms = _open(at_ms, within, banned)
        if open_:
            until_ms = min(until_ms, at_ms + left_ms)
            joined = bool(spans) and spans[-1][1] == at_ms
            spans[len(spans) - joined :] = [(spans[-1][0] if joined else at_ms, until_ms)]
            left_ms -= until_ms - at_ms
            idle_since_ms = until_ms
        elif until_ms - idle_since_ms > 8 * DAY_MS:
            raise ValueError("these hours never meet")
        at_ms = until_ms
    return spans


def next_allowed_ms(at_ms: int, within: Sequence[Hours], banned: Sequence[Hours] = ()) -> int:
    """The first instant from ``at_ms`` on that is allowed."""
    return working_spans(at_ms, 0, within, banned)[0][0]


def meet(within: Sequence[Hours], banned: Sequence[Hours] = ()) -> bool:
    """Whether there is any allowed instant in a week."""
    try:
        next_allowed_ms(0, within, banned)
    except ValueError:
        return False
    return True


def _open(at_ms: int, within: Sequence[Hours], banned: Iterable[Hours]) -> tuple[bool, int]:
    states = [hours.stays(at_ms) for hours in within]
    states += [(not inside, until_ms) for inside, until_ms in (hours.stays(at_ms) for hours in banned)]
    allowed = all(open_ for open_, _ in states)
    return allowed, min((until_ms for _, until_ms in states), default=NEVER_MS)
