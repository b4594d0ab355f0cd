"""Prices by quantity as pieces of a function of what was used, for the batch engine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from ossbss.bss.product.pricing.amounts import NOTHING
from ossbss.bss.product.pricing.blocks import BlockTier, cumulative_uppers
from ossbss.bss.product.pricing.cost_plus import CostPlus
from ossbss.bss.product.pricing.graduated import Graduated
from ossbss.bss.product.pricing.graduated_blocks import GraduatedBlocks
from ossbss.bss.product.pricing.graduated_percentage import GraduatedPercentage
from ossbss.bss.product.pricing.models import OfQuantity
from ossbss.bss.product.pricing.package import Package
from ossbss.bss.product.pricing.per_unit import PerUnit
from ossbss.bss.product.pricing.tiers import PercentTier, Tier
from ossbss.bss.product.pricing.volume import Volume
from ossbss.bss.product.pricing.volume_blocks import VolumeBlocks
from ossbss.contract.units import UNLIMITED


class NotInBatchError(ValueError):
    """What 64-bit integers cannot tell: the clear executor rates it."""


@dataclass(frozen=True)
class Piece:
    """Up to and with ``up_to``, all used so far costs ``fixed`` and ``each`` for every ``block`` begun above ``low``.

    Quantities in units of the class (ms, octets, messages; micro-units of money), amounts in exact micro-units.
    """

    up_to: int
    fixed: Fraction
    each: Fraction
    block: int = 1
    low: int = 0


def pieces(model: OfQuantity, unit: int) -> list[Piece]:
    """``unit``: of the class, as prices mean it. NotInBatchError with what is no whole number."""
    match model:
        case PerUnit() | CostPlus() | Package():
            return _one_price(model, unit)
        case Graduated(tiers=tiers) | GraduatedPercentage(tiers=tiers):
            return list(_lines(tiers, 1 if isinstance(model, GraduatedPercentage) else unit))
        case Volume(tiers=tiers):
            return [Piece(_last(t.up_to, unit), t.flat_fee, t.unit_price / unit) for t in tiers]
        case GraduatedBlocks(tiers=tiers):
            return list(_stairs(tiers, unit))
        case VolumeBlocks(tiers=tiers):
            uppers = cumulative_uppers(tiers)
            return [Piece(_last(up, unit), NOTHING, t.block_price, _whole(t.block * unit))
                    for up, t in zip(uppers, tiers, strict=True)]  # fmt: skip


def _one_price(model: PerUnit | CostPlus | Package, unit: int) -> list[Piece]:
    match model:
        case CostPlus():
            return [Piece(UNLIMITED, NOTHING, model.multiplier)]
        case PerUnit(interval=None):
            return [Piece(UNLIMITED, NOTHING, model.unit_price / unit)]
        case PerUnit(interval=interval):
            step = interval or Fraction(1)
            return [Piece(UNLIMITED, NOTHING, model.unit_price * step, _whole(step * unit))]
        case Package():
            free = _whole(model.free_units * unit)
            each = Piece(UNLIMITED, NOTHING, model.package_price, _whole(model.package_size * unit), free)
            return [Piece(free, NOTHING, NOTHING), each]


def _lines(tiers: Sequence[Tier | PercentTier], unit: int) -> Iterator[Piece]:
    """Straight lines: what lies below a tier is in its fixed part."""
    before, low = NOTHING, NOTHING
    for tier in tiers:
        rate = tier.rate / unit
        yield Piece(_last(tier.up_to, unit), before + tier.flat_fee - low * rate, rate)
        if tier.up_to is not None:
            before, low = before + tier.flat_fee + (tier.up_to * unit - low) * rate, tier.up_to * unit


def _stairs(tiers: Sequence[BlockTier], unit: int) -> Iterator[Piece]:
    uppers = cumulative_uppers(tiers)
    full = accumulate(((tier.max_blocks or 0) * tier.block_price for tier in tiers), initial=NOTHING)
    for tier, upper, low, before in zip(tiers, uppers, [NOTHING, *uppers[:-1]], full, strict=False):
        begins = _whole((low or NOTHING) * unit)
        yield Piece(_last(upper, unit), before, tier.block_price, _whole(tier.block * unit), begins)


def _last(up_to: Fraction | None, unit: int) -> int:
    """The last whole quantity that is not above a bound."""
    return UNLIMITED if up_to is None else int(up_to * unit // 1)


def _whole(quantity: Fraction) -> int:
    if quantity.denominator != 1:
        raise NotInBatchError(f"{quantity} is no whole number of the units that are counted")
    return int(quantity)
