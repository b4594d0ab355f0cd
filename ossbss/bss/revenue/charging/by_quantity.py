"""A part of a session that is priced by how much is used, together with what was used before."""

from dataclasses import dataclass
from fractions import Fraction

from ossbss.bss.product.pricing.cost_plus import CostPlus
from ossbss.bss.product.pricing.graduated_percentage import GraduatedPercentage
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.usage_price import UsagePrice


@dataclass(frozen=True)
class Used:
    """What is counted together: ``quantity`` in whole pulses, and how many ``events`` it came in."""

    quantity: int = 0
    events: int = 0


NOTHING_USED = Used()


@dataclass(frozen=True, eq=False)
class QuantityPart:
    """The part [start, end) of a session, after what was ``used`` before it."""

    start: int
    end: int
    price: UsagePrice
    unit: int
    used: Used

    @property
    def pulse(self) -> int:
        """An event of which a share is due is charged whole."""
        return self.end - self.start if isinstance(self.price.by_quantity, Percentage) else self.price.pulse

    @property
    def pulses(self) -> int:
        return -(-(self.end - self.start) // self.pulse)

    def cost(self, pulses: int) -> Fraction:
        """What so many pulses add, exact micro-units; below nothing where a greater volume costs less."""
        model = self.price.by_quantity
        assert model is not None
        before, more = Fraction(self.used.quantity), pulses * self.pulse
        if isinstance(model, Percentage):
            return model.fee_after(self.used.events, before, Fraction(more)) if pulses else Fraction(0)
        unit = 1 if isinstance(model, GraduatedPercentage | CostPlus) else self.unit
        then = sum(model.parts(before / unit), Fraction(0)) if self.used.events else Fraction(0)
        now = sum(model.parts((before + more) / unit), Fraction(0))
        return now - then
