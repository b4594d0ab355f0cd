"""A share of an amount of money, each part of it by its own tier."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.tiers import PercentTiers, graduated
from ossbss.documents import Strict


class GraduatedPercentage(Strict):
    """As Graduated, with a percentage in place of a unit price; the quantity is micro-units."""

    progressive: ClassVar = True

    model: Literal["graduated_percentage"] = "graduated_percentage"
    tiers: PercentTiers
    """in rising order; the last one without end"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units of each tier."""
        return graduated(self.tiers, quantity)
