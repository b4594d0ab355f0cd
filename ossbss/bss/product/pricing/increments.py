"""Quantities in whole steps: what is begun is billed whole."""

from fractions import Fraction

from ossbss.contract.units import RoundingMode, round_exact


def billed(quantity: Fraction, increment: Fraction) -> Fraction:
    """The quantity up to a whole number of increments; 0 stays 0. In the unit of both.

    >>> billed(Fraction(61), Fraction(60))
    Fraction(120, 1)
    """
    return to_multiple(quantity, increment, "up")


def to_multiple(value: Fraction, step: Fraction, mode: RoundingMode) -> Fraction:
    """The multiple of ``step`` that a value is rounded to; ValueError for a step that is not above 0.

    >>> to_multiple(Fraction("3.14"), Fraction("0.1"), "up")
    Fraction(16, 5)
    """
    if step <= 0:
        raise ValueError(f"a step of {step} holds nothing; give a number above 0")
    return round_exact(value / step, mode) * step
