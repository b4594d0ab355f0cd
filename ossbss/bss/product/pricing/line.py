"""One billing line: what a quantity adds to the lines before it in its period, within the rules of spend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from ossbss.bss.product.pricing.amounts import NOTHING
from ossbss.bss.product.pricing.models import OfQuantity, QuantityRule
from ossbss.bss.product.pricing.spend import Line, SpendRules, settled
from ossbss.contract.units import Rounding, round_money

Position = Literal["only", "first", "middle", "last"]
NO_RULES = SpendRules()


@dataclass(frozen=True)
class Usage:
    """The quantity of one line, where the line stands in its period, and what the lines before it came to.

    ``previous``: their quantity, without meaning on the first line; ``previous_billed``: micro-units.
    ValueError where there would be less than nothing.
    """

    quantity: Fraction
    position: Position = "only"
    previous: Fraction = NOTHING
    previous_billed: Fraction = NOTHING

    def __post_init__(self) -> None:
        if min(self.before, self.after) < 0:
            raise ValueError(f"a quantity of {min(self.before, self.after)} has no price; it must be 0 or more")

    @property
    def opens(self) -> bool:
        return self.position in ("only", "first")

    @property
    def closes(self) -> bool:
        return self.position in ("only", "last")

    @property
    def before(self) -> Fraction:
        return NOTHING if self.opens else self.previous

    @property
    def after(self) -> Fraction:
        return self.before + self.quantity

    def through(self, rule: QuantityRule) -> "Usage":
        """What is priced after a rule of quantities."""
        previous, quantity = rule.applied(self.before, self.quantity)
        return replace(self, previous=previous, quantity=quantity)


@dataclass(frozen=True)
class LineRounding:
    """``part``: the amount of each tier, before the rules of spend; ``line``: the amount, last. None is exact."""

    part: Rounding | None = None
    line: Rounding | None = None


EXACT = LineRounding()


def charged(model: OfQuantity, usage: Usage) -> tuple[Fraction, ...]:
    """Micro-units of each tier on this line.

    A price that is not progressive is due on the line that closes the period, for all its lines.
    """
    if not model.progressive:
        return model.parts(usage.after) if usage.closes else ()
    whole = model.parts(usage.after)
    if usage.opens:
        return whole
    return tuple(now - then for now, then in zip(whole, model.parts(usage.before), strict=True))


def priced(model: OfQuantity, usage: Usage, rules: SpendRules = NO_RULES, rounding: LineRounding = EXACT) -> Line:
    """The line of a quantity."""
    return line_of(charged(model, usage), usage, rules, rounding)


def line_of(
    parts: Sequence[Fraction], usage: Usage, rules: SpendRules = NO_RULES, rounding: LineRounding = EXACT
) -> Line:
    """The line of parts that are already priced, such as those of events."""
    rounded = [_rounded(part, rounding.part) for part in parts]
    line = settled(rounded, rules, usage.previous_billed, usage.closes)
    return replace(line, amount=_rounded(line.amount, rounding.line))


def summed(lines: Iterable[Line]) -> Line:
    """Several lines as one, such as those of several units of measure."""
    listed = list(lines)
    return Line(
        amount=sum((line.amount for line in listed), NOTHING),
        gross=sum((line.gross for line in listed), NOTHING),
        pct_discount=sum((line.pct_discount for line in listed), NOTHING),
        cap_discount=sum((line.cap_discount for line in listed), NOTHING),
        minimum_charge=sum((line.minimum_charge for line in listed), NOTHING),
        line_amounts=tuple(amount for line in listed for amount in line.line_amounts),
    )


def _rounded(amount: Fraction, rounding: Rounding | None) -> Fraction:
    return amount if rounding is None else Fraction(round_money(amount, rounding))
