"""Every price that a catalogue may hold, told apart by its key ``model``; what may come before it, by ``rule``."""

from typing import Annotated

from pydantic import Field

from ossbss.bss.product.pricing.cost_plus import CostPlus
from ossbss.bss.product.pricing.free_quantity import FreeQuantity
from ossbss.bss.product.pricing.graduated import Graduated
from ossbss.bss.product.pricing.graduated_blocks import GraduatedBlocks
from ossbss.bss.product.pricing.graduated_percentage import GraduatedPercentage
from ossbss.bss.product.pricing.package import Package
from ossbss.bss.product.pricing.per_unit import PerUnit
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.bss.product.pricing.signed_events import GraduatedProratedEvents
from ossbss.bss.product.pricing.unit_conversion import UnitConversion
from ossbss.bss.product.pricing.volume import Volume
from ossbss.bss.product.pricing.volume_blocks import VolumeBlocks

OfQuantity = (
    PerUnit | Package | Graduated | Volume | GraduatedBlocks | VolumeBlocks | GraduatedPercentage | CostPlus
)  # fmt: skip
"""``parts(quantity)`` prices the quantity of a period; ``progressive``: lines within it charge what they add."""
OfEvents = Percentage | GraduatedProratedEvents
"""``parts(events)`` prices the events of a period, in order of time."""
PriceModel = Annotated[OfQuantity | OfEvents, Field(discriminator="model")]
QuantityRule = Annotated[UnitConversion | FreeQuantity, Field(discriminator="rule")]
"""``applied(previous, quantity)``: what is priced in their place."""
