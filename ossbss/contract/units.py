"""Units that cross a border: milliseconds, octets, and money in micro-units, with rounding as data.

Time is an integer of milliseconds since the Unix epoch, UTC. Money is an integer of micro-units
(10⁻⁶ of the currency); ``Decimal`` stands only at the edges (tariff input, printed bills).
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

MICROS_PER_UNIT = 1_000_000
SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
NEVER_MS = 2**62
"""A time that does not come; its negative: one that always was."""
UNLIMITED = 2**62
"""A quantity without end, also where sums of two must fit an Int64."""

RoundingMode = Literal["half_up", "half_even", "up", "down", "ceiling", "floor"]


@dataclass(frozen=True)
class Rounding:
    """How one stage rounds money: to multiples of ``step_micros``; half_up and up go away from zero, down toward it,
    ceiling and floor to the greater and to the lesser."""

    stage: str
    mode: RoundingMode
    step_micros: int


def micros(amount: Decimal | str | int) -> int:
    """Micro-units of an amount of currency; ValueError where it is finer than a micro-unit or no number.

    >>> micros("4.87")
    4870000
    """
    scaled = Decimal(amount) * MICROS_PER_UNIT
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} is not a whole number of micro-units; give at most 6 decimals")
    return int(scaled)


def currency_units(amount_micros: int) -> Decimal:
    """The amount in currency units, exact.

    >>> currency_units(4870000)
    Decimal('4.87')
    """
    return (Decimal(amount_micros) / MICROS_PER_UNIT).normalize() + Decimal(0)


def round_money(exact_micros: Fraction | int, rounding: Rounding) -> int:
    """Round an exact amount in micro-units to the stage's step; the result is a multiple of the step.

    >>> round_money(Fraction(15, 2), Rounding("invoice", "half_up", 1))
    8
    """
    return round_exact(Fraction(exact_micros) / rounding.step_micros, rounding.mode) * rounding.step_micros


def round_exact(value: Fraction, mode: RoundingMode) -> int:
    """The whole number that an exact one is rounded to.

    >>> round_exact(Fraction(-3, 2), "ceiling"), round_exact(Fraction(-3, 2), "half_up")
    (-1, -2)
    """
    sign = -1 if value < 0 else 1
    whole, rest = divmod(abs(value), 1)
    towards = {"ceiling": "up" if sign > 0 else "down", "floor": "down" if sign > 0 else "up"}
    return sign * (int(whole) + _carry(int(whole), rest, towards.get(mode, mode)))


def _carry(whole: int, rest: Fraction, mode: str) -> int:
    if mode == "down" or rest == 0:
        return 0
    if mode == "up":
        return 1
    half = Fraction(1, 2)
    if rest == half and mode == "half_even":
        return whole % 2
    return int(rest >= half)
