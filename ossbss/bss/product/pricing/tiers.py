"""Tiers of a price: each begins where the one before ends, the last one has no limit."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated, Protocol

from pydantic import Field, WrapValidator

from ossbss.bss.product.pricing.amounts import NOTHING, Percent, Price, Quantity
from ossbss.bss.product.pricing.tier_order import beside, bounds_out_of_order
from ossbss.documents import Strict


class Tier(Strict):
    """All of a quantity above the bound of the tier before, up to and with ``up_to``."""

    up_to: Quantity | None = None
    """the last quantity of this tier; left out on the last tier"""
    unit_price: Price = NOTHING
    """for one unit"""
    flat_fee: Price = NOTHING
    """once, when the tier is reached"""

    @property
    def rate(self) -> Fraction:
        """Micro-units a unit."""
        return self.unit_price


class PercentTier(Strict):
    """As Tier, of a quantity that is money (micro-units)."""

    up_to: Price | None = None
    """the last amount of this tier; left out on the last tier"""
    rate_pct: Percent = NOTHING
    """percent of the amount"""
    flat_fee: Price = NOTHING
    """once, when the tier is reached"""

    @property
    def rate(self) -> Fraction:
        """Micro-units a micro-unit."""
        return self.rate_pct / 100


class Banded(Protocol):
    """What all tiers have in common: a line over a band of the quantity."""

    @property
    def up_to(self) -> Fraction | None: ...
    @property
    def flat_fee(self) -> Fraction: ...
    @property
    def rate(self) -> Fraction: ...


def bounds(uppers: Sequence[Fraction | None]) -> list[tuple[Fraction, Fraction | None]]:
    """(lower, upper) of each tier; the upper bound belongs to the tier, None is no limit."""
    return list(zip([NOTHING, *(upper or NOTHING for upper in uppers[:-1])], uppers, strict=True))


def length(start: Fraction, end: Fraction, lower: Fraction | None, upper: Fraction | None) -> Fraction:
    """How much of start to end lies between two bounds; None is no limit."""
    from_there = start if lower is None else max(start, lower)
    return max(NOTHING, (end if upper is None else min(end, upper)) - from_there)


def reached(tiers: Sequence[Banded], quantity: Fraction) -> list[bool]:
    """The first tier always, another when the quantity is above its lower bound."""
    return [index == 0 or quantity > lower for index, (lower, _) in enumerate(bounds([t.up_to for t in tiers]))]


def graduated(tiers: Sequence[Banded], quantity: Fraction) -> tuple[Fraction, ...]:
    """Micro-units of each tier: what lies within it at its rate, and its flat fee where it is reached."""
    within = [length(NOTHING, quantity, *bound) for bound in bounds([tier.up_to for tier in tiers])]
    steps = zip(tiers, within, reached(tiers, quantity), strict=True)
    return tuple(part * tier.rate + (tier.flat_fee if is_reached else NOTHING) for tier, part, is_reached in steps)


def holding(uppers: Sequence[Fraction | None], quantity: Fraction) -> int:
    """Index of the tier in which a quantity lies; beyond the last bound the last one."""
    return next((n for n, upper in enumerate(uppers) if upper is None or quantity <= upper), len(uppers) - 1)


TIERS = WrapValidator(beside(bounds_out_of_order))
"""For fields that are tuples of tiers."""
Tiers = Annotated[tuple[Tier, ...], Field(min_length=1), TIERS]
PercentTiers = Annotated[tuple[PercentTier, ...], Field(min_length=1), TIERS]
