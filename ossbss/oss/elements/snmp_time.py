"""DateAndTime (RFC 2579) of alarm traps: octets as sent, or the text that its display hint makes of them."""

import re
from datetime import UTC, datetime, timedelta

from ossbss.contract.units import SECOND_MS
from ossbss.oss.elements.malformed import LATEST_MS
from ossbss.oss.elements.snmp_trap import Varbind

_TEXT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[, ](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d))?[, ](?P<sign>[+-])(\d{1,2}):(\d{1,2})"
)
_DECISECOND_MS = SECOND_MS // 10


def date_and_time(binding: Varbind | None) -> tuple[int, int] | None:
    """(ms since 1970, uncertainty_ms); None where there is none, it has no zone, or no calendar has that date.

    >>> date_and_time(Varbind("1.3", "", bytes.fromhex("07e10406070408002b0800")))
    (1491433448000, 100)
    """
    if binding is None:
        return None
    if isinstance(binding.value, bytes) and len(binding.value) == 11:
        octets = binding.value
        return _instant([int.from_bytes(octets[:2], "big"), *octets[2:8]], chr(octets[8]), octets[9], octets[10])
    found = _TEXT.fullmatch(binding.text)
    if found is None:
        return None
    numbers = [int(digits or 0) for digits in found.groups() if digits not in ("+", "-")]
    return _instant(numbers[:7], found["sign"], *numbers[7:])


def _instant(local: list[int], sign: str, hours: int, minutes: int) -> tuple[int, int] | None:
    year, month, day, hour, minute, second, deciseconds = local
    if sign not in "+-" or hours > 14 or minutes > 59 or deciseconds > 9:
        return None
    offset = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
    try:
        when = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC) - offset
    except (ValueError, OverflowError):
        return None
    ms = int(when.timestamp()) * SECOND_MS + deciseconds * _DECISECOND_MS
    return (ms, _DECISECOND_MS) if 0 <= ms <= LATEST_MS else None
