"""What is taken off a charge, or given on a top-up, from a day until a day."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ossbss.bss.product.effective import Effective
from ossbss.bss.product.pricing.amounts import NOTHING, Fee, Percent
from ossbss.contract.quantities import DurationMs, Exact
from ossbss.contract.units import NEVER_MS
from ossbss.documents import Strict

ChargeKind = Literal["recurring", "one_time", "voice", "sms", "data", "content"]
_WAYS = ("percent", "amount", "top_up_bonus")


class TopUpBonus(Strict):
    """Airtime on top of what is paid in: a balance of its own, used before that of the top-ups."""

    percent: Annotated[Percent, Field(gt=0)]
    """50 gives half as much again; of all that is paid in, also where an advance is repaid from it"""
    valid: Annotated[DurationMs, Field(gt=0)] | Literal["forever"] = "forever"
    """from the top-up on; then what is left lapses"""
    excluded_zones: tuple[str, ...] = ()
    """destinations that it does not pay for"""
    buys_bundles: bool = True
    """no: it pays for usage only"""
    transferable: bool = False
    """may be sent to another line"""
    least_top_up: Fee = 0
    """less than this gets nothing"""
    most: Fee | None = None
    """what one top-up brings at most"""

    def bonus_micros(self, top_up_micros: int) -> int:
        """Micro-units of bonus airtime, rounded down: a catalogue's stages of rounding are for what is charged."""
        bonus = 0 if top_up_micros < self.least_top_up else int(top_up_micros * self.percent / 100)
        return bonus if self.most is None else min(bonus, self.most)

    def expires_ms(self, top_up_ms: int) -> int:
        """Unix ms from which on it is not there any more; NEVER_MS of one that is valid forever."""
        return NEVER_MS if self.valid == "forever" else top_up_ms + self.valid


class Discount(Strict):
    """``percent`` or ``amount`` less of each charge of these kinds; never more than the charge."""

    id: str
    """as it stands on the bill"""
    percent: Annotated[Exact, Field(gt=0, le=100)] | None = None
    """25 is a quarter off"""
    amount: Fee | None = None
    """of each charge"""
    on: tuple[ChargeKind, ...] = Field(default=("recurring",), min_length=1)
    """kinds of charges"""
    valid_from: Effective = None
    """none: since ever"""
    valid_until: Effective = None
    """the first day, or instant, on which it is no longer given"""
    cycles: int | None = Field(default=None, gt=0)
    """for so many bills of a line; none: for all"""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [name for name in _WAYS if hasattr(self, name)]
        if sum(getattr(self, name) is not None for name in ways) != 1:
            raise ValueError(f"give {', '.join(ways[:-1])} or {ways[-1]}: one of them")
        return self

    def saved(self, charge: Fraction) -> Fraction:
        """What is taken off a charge; both exact micro-units."""
        off = charge * (self.percent or NOTHING) / 100 if self.amount is None else Fraction(self.amount)
        return min(off, max(charge, NOTHING))


class Promotion(Discount):
    """A discount on, or a bonus to lines that have, these offerings; none: all."""

    title: dict[Literal["en", "sw"], str]
    """the name that customers see"""
    offerings: tuple[str, ...] = ()
    """whose charges, or whose lines; none: those of all"""
    top_up_bonus: TopUpBonus | None = None
    """in place of percent and amount: airtime on top of what is paid in"""


def discounted(charge: Fraction, discounts: Iterable[Discount]) -> list[tuple[str, Fraction]]:
    """(id, what it takes off), one after the other: each of what those before it have left."""
    left, found = charge, list[tuple[str, Fraction]]()
    for discount in discounts:
        found.append((discount.id, discount.saved(left)))
        left -= found[-1][1]
    return found
