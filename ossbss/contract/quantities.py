"""Quantities as people write them in a file, read into the units of the contract.

>>> duration_ms("1 day 30 min")
88200000
>>> octets("1.5 GB")
1500000000
"""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated

from pydantic import BeforeValidator

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, micros

_DURATIONS = {
    "ms": 1, "s": SECOND_MS, "sec": SECOND_MS, "second": SECOND_MS, "min": MINUTE_MS, "minute": MINUTE_MS,
    "h": HOUR_MS, "hour": HOUR_MS, "d": DAY_MS, "day": DAY_MS, "week": 7 * DAY_MS,
}  # fmt: skip
_VOLUMES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
"""Decimal multiples (IEC 80000-13): 1 GB is 10⁹ octets."""
_TERM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*,?")


def duration_ms(value: object) -> int:
    """Milliseconds of ``3 days``, ``15 min``, ``1 h 30 min``; ValueError for anything else."""
    names = {**_DURATIONS, **{f"{name}s": ms for name, ms in _DURATIONS.items() if len(name) > 2}}
    return _total(value, names, "a number with a unit, such as 90 s, 15 min, 6 h, 3 days")


def octets(value: object) -> int:
    """Octets of ``5 GB``, ``150 KB``; ValueError for anything else."""
    return _total(value, _VOLUMES, "a number with a unit, such as 150 KB, 5 GB (1 GB is 10^9 octets)")


def _total(value: object, names: dict[str, int], wanted: str) -> int:
    text = value if isinstance(value, str) else ""
    terms = _TERM.findall(text)
    if not terms or _TERM.sub("", text).strip() or any(unit not in names for _, unit in terms):
        raise ValueError(f"{value!r} is not {wanted}")
    total = sum(Decimal(number) * names[unit] for number, unit in terms)
    if total != int(total):
        raise ValueError(f"{value!r} is finer than the smallest unit; give {wanted}")
    return int(total)


def amount_micros(value: object) -> int:
    """Micro-units of an amount of currency; ValueError for a float, a word, or more than 6 decimals."""
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{value!r} is not an amount of money; give a decimal number such as 4.87")
    try:
        return micros(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount of money; give a decimal number such as 4.87") from None


DurationMs = Annotated[int, BeforeValidator(duration_ms)]
Octets = Annotated[int, BeforeValidator(octets)]
Micros = Annotated[int, BeforeValidator(amount_micros)]
