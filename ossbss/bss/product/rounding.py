"""How money is rounded, stage by stage, as a catalogue says it."""

from pydantic import Field

from ossbss.contract.quantities import Micros
from ossbss.contract.units import Rounding, RoundingMode
from ossbss.documents import Strict


class RoundingRule(Strict):
    """How one stage rounds: to a multiple of ``step``."""

    mode: RoundingMode = "half_up"
    """half_up and up go away from zero, half_even to the even of two that are equally near, down toward zero, ceiling
    to the greater, floor to the lesser"""
    step: Micros = Field(gt=0)
    """the smallest amount that is left, such as 0.01"""

    def at(self, stage: str) -> Rounding:
        return Rounding(stage, self.mode, self.step)


class RoundingRules(Strict):
    """How money is rounded, stage by stage."""

    charge: RoundingRule
    """each rated record, and each discount on it"""
    tax: RoundingRule
    """each tax"""
    invoice: RoundingRule
    """the total of an invoice; what it rounds away stands on a line of its own"""
