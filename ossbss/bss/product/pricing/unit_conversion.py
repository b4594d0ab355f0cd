"""From the unit that is measured to the unit that is priced, such as octets to megabytes."""

from fractions import Fraction
from typing import Literal

from ossbss.bss.product.pricing.amounts import Size
from ossbss.contract.units import round_exact
from ossbss.documents import Strict


class UnitConversion(Strict):
    """Earlier lines and this one are converted and rounded each alone."""

    rule: Literal["unit_conversion"] = "unit_conversion"
    op: Literal["multiply", "divide"]
    factor: Size
    rounding: Literal["none", "ceiling", "floor", "half_up"] = "none"

    def applied(self, previous: Fraction, quantity: Fraction) -> tuple[Fraction, Fraction]:
        """Earlier lines, and this one, in the unit that is priced."""
        return self._converted(previous), self._converted(quantity)

    def _converted(self, quantity: Fraction) -> Fraction:
        found = quantity * self.factor if self.op == "multiply" else quantity / self.factor
        return found if self.rounding == "none" else Fraction(round_exact(found, self.rounding))
