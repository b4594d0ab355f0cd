"""When is ``day 2 19:00``? Times of a scenario, in its own offset."""

import re
from datetime import datetime, timedelta

from ossbss.contract.quantities import duration_ms
from ossbss.contract.units import SECOND_MS

LAST_DAY = 36_525
"""A hundred years, the longest duration there is."""
_DAY = re.compile(r"day (\d+)(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")


def at_ms(text: str, starts: datetime) -> int:
    """Unix ms of an offset (``19h``, ``90 min``), a day and clock time (``day 2 19:00``) or an ISO 8601 time.

    ValueError for anything else.
    """
    if found := _DAY.fullmatch(text.strip()):
        day, hour, minute, second = (int(part or 0) for part in found.groups())
        midnight = starts.replace(hour=0, minute=0, second=0, microsecond=0)
        if not 1 <= day <= LAST_DAY or hour > 24 or minute > 59 or second > 59:
            raise ValueError(f"{text!r} is no time of day; give for example day 2 19:00")
        clock = timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
        return int((midnight + clock).timestamp() * SECOND_MS)
    try:
        return int(starts.timestamp() * SECOND_MS) + duration_ms(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        wanted = "an offset (19h), a day and time (day 2 19:00) or ISO 8601 with offset"
        raise ValueError(f"{text!r} is no time; give {wanted}")
    return int(moment.timestamp() * SECOND_MS)
