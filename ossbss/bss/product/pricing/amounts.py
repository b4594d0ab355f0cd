"""What a price list may give for a price, a quantity and a percentage: exact, never below zero."""

from fractions import Fraction
from typing import Annotated

from pydantic import Field

from ossbss.contract.quantities import Exact, ExactMicros

NOTHING = Fraction(0)
Price = Annotated[ExactMicros, Field(ge=0)]
"""Micro-units."""
Quantity = Annotated[Exact, Field(ge=0)]
Size = Annotated[Exact, Field(gt=0)]
"""A quantity that something is divided by."""
Percent = Annotated[Exact, Field(ge=0, le=1000, examples=["2.5"])]
"""25 is 25 %."""
