"""The first units of a period cost nothing."""

from fractions import Fraction
from typing import Literal

from ossbss.bss.product.pricing.amounts import NOTHING, Quantity
from ossbss.documents import Strict


class FreeQuantity(Strict):
    """What earlier lines of the period left of it serves the next one."""

    rule: Literal["free_quantity"] = "free_quantity"
    free_quantity: Quantity

    def applied(self, previous: Fraction, quantity: Fraction) -> tuple[Fraction, Fraction]:
        """What is to be paid of earlier lines, and of this one."""
        before = max(NOTHING, previous - self.free_quantity)
        return before, max(NOTHING, previous + quantity - self.free_quantity) - before
