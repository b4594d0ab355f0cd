"""Times as people write them in options."""

from datetime import datetime

from ossbss.errors import BadInputError

_SECOND_MS = 1_000


def instant_ms(option: str, written: str) -> int:
    """Unix ms of an instant, ISO 8601 with offset; BadInputError names the option."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise BadInputError(f"{option}: {written!r} is no time → for example 2024-05-06T19:00:00+03:00") from None
    if at.tzinfo is None:
        raise BadInputError(f"{option}: {written!r} has no offset → {written}Z if it is UTC")
    return int(at.timestamp() * _SECOND_MS)
