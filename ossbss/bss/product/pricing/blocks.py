"""Tiers of blocks: a block that is begun is paid whole."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import Field, WrapValidator

from ossbss.bss.product.pricing.amounts import NOTHING, Price, Size
from ossbss.bss.product.pricing.tier_order import beside, blocks_without_end
from ossbss.contract.units import round_exact
from ossbss.documents import Strict


class BlockTier(Strict):
    """``max_blocks`` blocks of a quantity; beyond the last tier its price goes on."""

    block: Size
    """quantity of one block"""
    max_blocks: int | None = Field(default=None, gt=0)
    """how many blocks this tier holds; left out: all"""
    block_price: Price
    """for one block, also one that is only begun"""

    def price_of(self, quantity: Fraction) -> Fraction:
        """Micro-units."""
        return round_exact(quantity / self.block, "up") * self.block_price


BlockTiers = Annotated[tuple[BlockTier, ...], Field(min_length=1), WrapValidator(beside(blocks_without_end))]


def cumulative_uppers(tiers: Sequence[BlockTier]) -> list[Fraction | None]:
    """Where each tier ends, counted from 0; the last one never."""
    total, uppers = NOTHING, list[Fraction | None]()
    for tier in tiers[:-1]:
        total += tier.block * (tier.max_blocks or 0)
        uppers.append(total)
    return [*uppers, None]
