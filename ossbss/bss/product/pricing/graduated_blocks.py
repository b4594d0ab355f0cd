"""Blocks, each at the price of its own tier."""

from fractions import Fraction
from typing import ClassVar, Literal

from ossbss.bss.product.pricing.amounts import NOTHING
from ossbss.bss.product.pricing.blocks import BlockTiers, cumulative_uppers
from ossbss.bss.product.pricing.tiers import bounds, length
from ossbss.documents import Strict


class GraduatedBlocks(Strict):
    """The quantity fills the tiers one after the other; within a tier the last block is rounded up."""

    progressive: ClassVar = True

    model: Literal["graduated_blocks"] = "graduated_blocks"
    tiers: BlockTiers
    """in rising order; the last one without end"""

    def parts(self, quantity: Fraction) -> tuple[Fraction, ...]:
        """Micro-units of each tier."""
        within = [length(NOTHING, quantity, *bound) for bound in bounds(cumulative_uppers(self.tiers))]
        return tuple(tier.price_of(part) for tier, part in zip(self.tiers, within, strict=True))
