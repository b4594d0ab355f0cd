"""Between the decimal numbers of the vectors and the exact ones of the product; rounding as the vectors give it."""

from collections.abc import Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from ossbss.contract.quantities import exact, exact_micros
from ossbss.contract.units import MICROS_PER_UNIT, Rounding
from tests.conformance.translate import UnsupportedError

DIGITS = Context(prec=60)


def optional_money(value: object | None) -> Fraction:
    return Fraction(0) if value is None else exact_micros(value)


def optional_number(value: object | None) -> Fraction:
    return Fraction(0) if value is None else exact(value)


def decimal(value: Fraction) -> str:
    """60 digits, where it has no end."""
    return f"{DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator)):f}"


def in_main_units(exact_amount: Fraction) -> str:
    """Of micro-units."""
    return decimal(exact_amount / MICROS_PER_UNIT)


def money_rounding(given: Mapping[str, Any] | None) -> Rounding | None:
    """Decimals of the main unit as a step in micro-units; None where nothing is rounded."""
    if given is None:
        return None
    if given["decimals"] > 6:
        raise UnsupportedError(f"money is rounded to micro-units at the finest, not to {given['decimals']} decimals")
    return Rounding("charge", given["mode"], 10 ** (6 - given["decimals"]))
