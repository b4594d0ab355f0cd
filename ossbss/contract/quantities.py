"""Quantities as people write them in a file, read into the units of the contract.

>>> duration_ms("1 day 30 min")
88200000
>>> octets("1.5 GB")
1500000000
"""

import re
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from fractions import Fraction
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from ossbss.contract.units import DAY_MS, HOUR_MS, MICROS_PER_UNIT, MINUTE_MS, SECOND_MS, micros

_DURATIONS = {
    "ms": 1, "s": SECOND_MS, "sec": SECOND_MS, "second": SECOND_MS, "min": MINUTE_MS, "minute": MINUTE_MS,
    "h": HOUR_MS, "hour": HOUR_MS, "d": DAY_MS, "day": DAY_MS, "week": 7 * DAY_MS,
}  # fmt: skip
_DURATION_NAMES = {**_DURATIONS, **{f"{name}s": ms for name, ms in _DURATIONS.items() if len(name) > 2}}
_WRITTEN = (("day", DAY_MS), ("h", HOUR_MS), ("min", MINUTE_MS), ("s", SECOND_MS), ("ms", 1))
_LONGEST_MS = 36_525 * DAY_MS
_VOLUMES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
"""Decimal multiples (IEC 80000-13): 1 GB is 10⁹ octets."""
_RATES = {f"{prefix}bit/s": size for prefix, size in (("", 1), ("k", 10**3), ("M", 10**6), ("G", 10**9), ("T", 10**12))}
_MOST_DIGITS = 30
_TERM = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+(?:/s)?)\s*,?")


def duration_ms(value: object) -> int:
    """Milliseconds of ``3 days``, ``15 min``, ``1 h 30 min``; ValueError for anything else."""
    total = _total(value, _DURATION_NAMES, "a number with a unit, such as 90 s, 15 min, 6 h, 3 days")
    if total > _LONGEST_MS:
        raise ValueError(f"{value!r} is longer than a hundred years")
    return total


def duration_text(ms: int) -> str:
    """A duration as people write it: whole numbers of the largest unit that divides it.

    >>> duration_text(90_000), duration_text(0)
    ('90 s', '0 s')
    """
    unit, size = next((u, s) for u, s in _WRITTEN if ms % s == 0 and (ms or u == "s"))
    return f"{ms // size} {unit}" + ("s" if unit == "day" and ms != size else "")


def octets(value: object) -> int:
    """Octets of ``5 GB``, ``150 KB``; ValueError for anything else."""
    return _total(value, _VOLUMES, "a number with a unit, such as 150 KB, 5 GB (1 GB is 10^9 octets)")


def octets_text(count: int) -> str:
    """A volume as people write it: whole numbers of the largest unit that divides it.

    >>> octets_text(150_000), octets_text(0)
    ('150 KB', '0 B')
    """
    unit, size = next((u, s) for u, s in reversed(_VOLUMES.items()) if count % s == 0 and (count or s == 1))
    return f"{count // size} {unit}"


def bits_per_second(value: object) -> int:
    """Bits per second of ``10 Gbit/s``, ``150 Mbit/s``; ValueError for anything else.

    >>> bits_per_second("2.5 Gbit/s")
    2500000000
    """
    return _total(value, _RATES, "a number with a unit, such as 150 Mbit/s, 10 Gbit/s")


def _total(value: object, names: dict[str, int], wanted: str) -> int:
    text = value if isinstance(value, str) else ""
    terms = _TERM.findall(text)
    if not terms or _TERM.sub("", text).strip() or any(unit not in names for _, unit in terms):
        found = repr(value) if isinstance(value, str) else value
        raise ValueError(f"{found} is not {wanted}{_respelt(text, names)}")
    total = sum(Decimal(number) * names[unit] for number, unit in terms)
    if total != int(total):
        raise ValueError(f"{value!r} is finer than the smallest unit; give {wanted}")
    return int(total)


def _respelt(text: str, names: dict[str, int]) -> str:
    """The quantity with its unknown units replaced by the nearest, as a question; or nothing."""
    unknown = {unit for _, unit in _TERM.findall(text) if unit not in names}
    near = {u: sorted(get_close_matches(u, names), key=lambda name: abs(len(name) - len(u))) for u in unknown}
    if not near or not all(near.values()):
        return ""
    return f"; did you mean '{re.sub('[A-Za-z]+(?:/s)?', lambda word: near.get(word[0], [word[0]])[0], text)}'?"


def amount_micros(value: object) -> int:
    """Micro-units of an amount of currency; ValueError for a float, a word, or more than 6 decimals."""
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{value!r} is not an amount of money; give a decimal number such as 4.87")
    try:
        return micros(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not an amount of money; give a decimal number such as 4.87") from None


def exact_micros(value: object) -> Fraction:
    """An amount of currency in micro-units, exact: prices may be finer than the money that is charged.

    >>> exact_micros("0.00000025")
    Fraction(1, 4)
    """
    return exact(value, "an amount of money; give a decimal number such as 4.87") * MICROS_PER_UNIT


def exact(value: object, wanted: str = "a decimal number such as 2.5") -> Fraction:
    """The exact value of a decimal number; ValueError for a float, a word, or nothing finite."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool | float) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{value!r} is not {wanted}")
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"{value!r} is not {wanted}") from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise ValueError(f"{value!r} is not {wanted} of at most {_MOST_DIGITS} digits")
    return Fraction(number)


DURATION_PATTERN = rf"^\s*(\d+(\.\d+)?\s*({'|'.join(sorted(_DURATION_NAMES))})[\s,]*)+$"
DURATION_SCHEMA = {
    "type": "string",
    "pattern": DURATION_PATTERN,
    "examples": ["90 s", "15 min", "1 h 30 min", "3 days"],
}
"""What a duration is in a JSON Schema: what people write."""

DurationMs = Annotated[int, BeforeValidator(duration_ms), WithJsonSchema(DURATION_SCHEMA)]
Octets = Annotated[int, BeforeValidator(octets)]
RATE_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*\d+(\.\d+)?\s*[kMGT]?bit/s\s*$",
    "examples": ["150 Mbit/s", "10 Gbit/s"],
}
BitsPerSecond = Annotated[int, BeforeValidator(bits_per_second), WithJsonSchema(RATE_SCHEMA)]
_DECIMAL_SCHEMA = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}]}
_MONEY_SCHEMA = {**_DECIMAL_SCHEMA, "x-written": "amount", "x-unit": "currency"}
Micros = Annotated[int, BeforeValidator(amount_micros), WithJsonSchema(_MONEY_SCHEMA)]
ExactMicros = Annotated[Fraction, BeforeValidator(exact_micros), WithJsonSchema(_MONEY_SCHEMA)]
Exact = Annotated[
    Fraction, BeforeValidator(exact), WithJsonSchema({**_DECIMAL_SCHEMA, "x-written": "decimal number"})
]
