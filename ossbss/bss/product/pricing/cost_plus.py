"""What something cost, times a factor."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.amounts import Quantity
from ossbss.documents import Strict


class CostPlus(Strict):
    """The quantity is the cost, an amount of money."""

    progressive: ClassVar = True

    model: Literal["cost_plus"] = "cost_plus"
    multiplier: Quantity
    """1.2 adds a fifth"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units: one part."""
        return (quantity * self.multiplier,)
