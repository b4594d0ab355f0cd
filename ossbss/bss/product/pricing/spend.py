"""What a billing line may come to: less a discount, then at most, then at least."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from ossbss.bss.product.pricing.amounts import NOTHING, Price
from ossbss.contract.quantities import Exact
from ossbss.documents import Strict


class SpendRules(Strict):
    """Applied in this order to the line: the discount, the most of the period, the least of the period."""

    discount_pct: Annotated[Exact, Field(ge=0, le=100)] = NOTHING
    """25 is a quarter off"""
    min_spend: Price | None = None
    """what the period comes to at least; added on its last line"""
    max_spend: Price | None = None
    """what the lines of the period come to at most"""

    @field_validator("max_spend")
    @classmethod
    def _not_below_least(cls, value: Fraction | None, info: ValidationInfo) -> Fraction | None:
        least = info.data.get("min_spend")
        if value is not None and least is not None and value < least:
            raise ValueError("max_spend must not be below min_spend")
        return value


@dataclass(frozen=True)
class Line:
    """Micro-units, exact: gross − pct_discount − cap_discount + minimum_charge = amount, until amount is rounded.

    ``line_amounts``: what each tier adds after discount and cap, in order, those of 0 left out.
    """

    amount: Fraction
    gross: Fraction
    pct_discount: Fraction = NOTHING
    cap_discount: Fraction = NOTHING
    minimum_charge: Fraction = NOTHING
    line_amounts: tuple[Fraction, ...] = ()


def settled(parts: Sequence[Fraction], rules: SpendRules, previous_billed: Fraction, closes_period: bool) -> Line:
    """The line that these parts make, after earlier lines of the period have billed so much."""
    gross = sum(parts, NOTHING)
    discounted = [part * (1 - rules.discount_pct / 100) for part in parts]
    net = sum(discounted, NOTHING)
    most = net if rules.max_spend is None else max(NOTHING, rules.max_spend - previous_billed)
    cut = max(NOTHING, net - most)
    least = net - cut
    if closes_period and rules.min_spend is not None:
        least = max(least, rules.min_spend - previous_billed)
    amounts = tuple(part for part in _cut_from_last(discounted, cut) if part)
    return Line(least, gross, gross - net, cut, least - (net - cut), amounts)


def _cut_from_last(parts: Sequence[Fraction], cut: Fraction) -> list[Fraction]:
    left, kept = cut, list[Fraction]()
    for part in reversed(parts):
        taken = min(left, max(NOTHING, part))
        left -= taken
        kept.insert(0, part - taken)
    return kept
