"""All blocks at the price of the tier that the whole quantity reaches."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.amounts import NOTHING
from ossbss.bss.product.pricing.blocks import BlockTiers, cumulative_uppers
from ossbss.bss.product.pricing.tiers import holding
from ossbss.documents import Strict


class VolumeBlocks(Strict):
    """A tier ends where its blocks and those of all tiers before it end."""

    progressive: ClassVar = False

    model: Literal["volume_blocks"] = "volume_blocks"
    tiers: BlockTiers
    """in rising order; the last one without end"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units of each tier, 0 but for one."""
        here = holding(cumulative_uppers(self.tiers), quantity)
        return tuple(tier.price_of(quantity) if n == here else NOTHING for n, tier in enumerate(self.tiers))
