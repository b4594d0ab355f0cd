"""What can be bought: offerings in versions with effective dates, and all that a version says."""

from typing import Literal

from pydantic import Field

from ossbss.bss.product.allowance import Allowance, UsageClass
from ossbss.bss.product.effective import Effective, Since, instant_ms
from ossbss.bss.product.eligibility import Requires
from ossbss.bss.product.pricing.amounts import Fee
from ossbss.bss.product.pricing.bands import quantity
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.product.promotions import Discount
from ossbss.bss.product.sla_terms import SlaTerms
from ossbss.bss.product.usage import Usage
from ossbss.documents import Strict

Kind = Literal["base", "bundle", "add_on", "device", "fixed", "content"]
TaxRule = Literal["inclusive", "exclusive"]


class Component(Strict):
    """A thing that comes with an offering, with fees of its own: a handset, a line to a house."""

    id: str
    """another one than its neighbours have"""
    kind: Literal["device", "fixed_line"]
    """what it is"""
    one_time_fee: Fee = 0
    """at the purchase"""
    recurring_fee: Fee = 0
    """each month"""
    months: int | None = Field(default=None, gt=0)
    """so many recurring fees, as instalments; none: as long as the offering is held"""


class Version(Strict):
    """An offering as sold from a local date, or an instant, on."""

    valid_from: Since
    """until the next version begins"""
    recurring_fee: Fee = 0
    """each month"""
    one_time_fee: Fee = 0
    """at the purchase"""
    allowances: tuple[Allowance, ...] = ()
    """units that come with it, used before anything is paid"""
    usage: Usage = Field(default_factory=dict)
    """prices by class, or the name of a tariff that several offerings share"""
    components: tuple[Component, ...] = ()
    """devices and fixed lines"""
    includes: tuple[str, ...] = ()
    """the offerings that a bundle is made of"""
    requires: Requires = Requires()
    """who may buy it"""
    excludes: tuple[str, ...] = ()
    """offerings beside which it cannot be held"""
    discounts: tuple[Discount, ...] = ()
    """what is taken off its charges"""
    sla: SlaTerms | None = None
    """what is promised, and paid back where it is broken; none: nothing is"""

    def price_to(self, usage_class: str, zone: str | None) -> UsagePrice | None:
        """The price of a class to a zone; None where it has none."""
        prices = self.usage.get(usage_class, ())  # type: ignore[call-overload]
        named = next((price for price in prices if zone in price.zones), None)
        return named or next((price for price in prices if not price.zones), None)


class Offering(Strict):
    """``id``, ``kind`` and ``tax`` hold for all its versions."""

    id: str
    """the name by which everything calls it"""
    title: dict[Literal["en", "sw"], str]
    """the name that customers see; one language is enough"""
    kind: Kind = "base"
    """add_on: beside a base; bundle: several offerings in one"""
    tax: TaxRule | None = None
    """whether its prices hold tax; none: as the catalogue says"""
    versions: tuple[Version, ...] = Field(min_length=1)
    """in order of ``valid_from``"""


__all__ = [
    "Allowance", "Component", "Effective", "Offering", "UsageClass", "Version", "instant_ms", "quantity",
]  # fmt: skip
