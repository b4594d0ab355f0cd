"""All units at the price of the tier that the whole quantity is in."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.amounts import NOTHING
from ossbss.bss.product.pricing.tiers import Tiers, holding
from ossbss.documents import Strict


class Volume(Strict):
    """One unit more may cost less in total. What is due is known at the end of the period only."""

    progressive: ClassVar = False

    model: Literal["volume"] = "volume"
    tiers: Tiers
    """in rising order; the last one without end"""

    def parts(self, quantity: Fraction, prorated: Fraction | None = None) -> tuple[Fraction, ...]:
        """Micro-units of each tier, 0 but for one; ``prorated``: the quantity that its price is taken of."""
        here = holding([tier.up_to for tier in self.tiers], quantity)
        priced = quantity if prorated is None else prorated
        due = self.tiers[here].flat_fee + priced * self.tiers[here].unit_price
        return tuple(due if index == here else NOTHING for index in range(len(self.tiers)))
