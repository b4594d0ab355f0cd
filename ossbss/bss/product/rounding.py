"""How money is rounded, stage by stage, as a catalogue says it."""

from pydantic import Field

from ossbss.contract.quantities import Micros
from ossbss.contract.units import Rounding, RoundingMode
from ossbss.documents import Strict


class RoundingRule(Strict):
    mode: RoundingMode = "half_up"
    step: Micros = Field(gt=0)

    def at(self, stage: str) -> Rounding:
        return Rounding(stage, self.mode, self.step)


class RoundingRules(Strict):
    """charge: each rated record; tax: each invoice's tax; invoice: its total."""

    charge: RoundingRule
    tax: RoundingRule
    invoice: RoundingRule
