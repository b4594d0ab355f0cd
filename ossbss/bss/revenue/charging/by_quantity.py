"""A part of a session that is priced by how much is used, together with what was used before."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from ossbss.bss.product.pricing.cost_plus import CostPlus
from ossbss.bss.product.pricing.graduated_percentage import GraduatedPercentage
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Used
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.cycles import cycle_at

Counted = tuple[str, str, int]
"""Line, price and month (its begin in ms) whose usage is counted together."""


def counted_at(plan: Plan, line: str, start_ms: int) -> Counted | None:
    """What the price at the beginning of a session counts over a month."""
    price = plan.price_at(start_ms)
    if price is None or not price.counts_a_month:
        return None
    version = plan.versions[plan.number_at(start_ms)]
    return line, version.price_id, cycle_at(start_ms, version.timetable.zone).start_ms


def used_after(used: Mapping[Counted, Used], key: Counted | None, more: Used) -> Mapping[Counted, Used]:
    """With what one session, or a part of it, has used."""
    if key is None or not (more.quantity or more.events):
        return used
    before = used.get(key, NOTHING_USED)
    return {**used, key: Used(before.quantity + more.quantity, before.events + more.events)}


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
