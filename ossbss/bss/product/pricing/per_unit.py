"""So much a unit, of the quantity or of what it is rounded up to."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.amounts import Price, Size
from ossbss.bss.product.pricing.increments import billed
from ossbss.documents import Strict


class PerUnit(Strict):
    """``unit_price`` for each unit; with ``interval`` the quantity of the period is first rounded up to it."""

    progressive: ClassVar = True

    model: Literal["per_unit"] = "per_unit"
    unit_price: Price
    """of one unit"""
    interval: Size | None = None
    """the quantity is rounded up to a multiple of it; none: it is taken exactly"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units: one part."""
        whole = quantity if self.interval is None else billed(quantity, self.interval)
        return (whole * self.unit_price,)
