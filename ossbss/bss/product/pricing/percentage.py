"""A share of the amount of each event, such as a payment or a purchase on the bill."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from ossbss.bss.product.pricing.amounts import NOTHING, Percent, Price
from ossbss.documents import Strict


class Percentage(Strict):
    """``rate_pct`` and a fixed fee on what is not free; the free quota ends at the first of its two limits."""

    model: Literal["percentage"] = "percentage"
    rate_pct: Percent
    """of the amount of each event"""
    fixed_per_event: Price = NOTHING
    """on top of the share, for each event that is not wholly free"""
    free_events: int | None = Field(default=None, ge=0)
    """how many events may be free, from the first on"""
    free_total: Price | None = None
    """what their amounts may sum to"""
    min_per_event: Price | None = None
    """the least fee of an event that is not wholly free, the fixed fee within it"""
    max_per_event: Price | None = None
    """the most"""

    @field_validator("max_per_event")
    @classmethod
    def _not_below_least(cls, value: Fraction | None, info: ValidationInfo) -> Fraction | None:
        least = info.data.get("min_per_event")
        if value is not None and least is not None and value < least:
            raise ValueError("max_per_event must not be below min_per_event")
        return value

    def fee_after(self, events: int, total: Fraction, amount: Fraction) -> Fraction:
        """Micro-units of one event, after so many events whose amounts sum to ``total``."""
        over = self.free_events is not None and events >= self.free_events
        has_quota = self.free_total is not None or self.free_events is not None
        left = amount if self.free_total is None else max(self.free_total - total, NOTHING)
        return self._fee(amount if over or not has_quota else amount - min(amount, left))

    def parts(self, amounts: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """Micro-units of each event, of amounts in micro-units in order of time; ValueError where one is below 0."""
        if any(amount < 0 for amount in amounts):
            raise ValueError(f"an event of {min(amounts)} micro-units has no share; amounts must be 0 or more")
        before = accumulate(amounts, initial=NOTHING)
        events = enumerate(zip(amounts, before, strict=False))
        return tuple(self.fee_after(number, total, amount) for number, (amount, total) in events)

    def _fee(self, rest: Fraction) -> Fraction:
        if rest == 0:
            return NOTHING
        fee = max(rest * self.rate_pct / 100 + self.fixed_per_event, self.min_per_event or NOTHING)
        return fee if self.max_per_event is None else min(fee, self.max_per_event)
