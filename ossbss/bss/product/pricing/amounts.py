"""What a price list may give for a price, a quantity and a percentage: exact, never below zero."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Annotated

from pydantic import AfterValidator, Field

from ossbss.contract.quantities import Exact, ExactMicros, Micros
from ossbss.contract.units import MICROS_PER_UNIT
from ossbss.mistakes import MistakenError

NOTHING = Fraction(0)
INT64_MOST = 2**62
"""Sums of two such numbers still fit 64 bits."""


def _summable(value: int) -> int:
    if value >= INT64_MOST:
        raise MistakenError("an amount must stay below 4611686018427.387904", "give it in units of the currency")
    return value


Fee = Annotated[Micros, Field(ge=0), AfterValidator(_summable)]
"""Whole micro-units."""
Price = Annotated[ExactMicros, Field(ge=0)]
"""Micro-units."""
Quantity = Annotated[Exact, Field(ge=0)]
Size = Annotated[Exact, Field(gt=0)]
"""A quantity that something is divided by."""
Percent = Annotated[Exact, Field(ge=0, le=1000, examples=["2.5"])]
"""25 is 25 %."""


def in_currency(micros: Fraction | int) -> str:
    """An exact amount in units of the currency: a decimal, or a fraction where no decimal is exact.

    >>> in_currency(4870000), in_currency(Fraction(1, 4)), in_currency(Fraction(1, 3))
    ('4.87', '0.00000025', '1/3000000')
    """
    amount = Fraction(micros) / MICROS_PER_UNIT
    with localcontext(prec=100):
        decimal = Decimal(amount.numerator) / Decimal(amount.denominator)
        exact = Fraction(decimal) == amount
        return format(decimal.normalize(), "f") if exact else str(amount)
