"""Each unit at the price of its own tier."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.tiers import Tiers, graduated
from ossbss.documents import Strict


class Graduated(Strict):
    """As income tax is: a further tier changes nothing for the units below it."""

    progressive: ClassVar = True

    model: Literal["graduated"] = "graduated"
    tiers: Tiers
    """in rising order; the last one without end"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units of each tier."""
        return graduated(self.tiers, quantity)
