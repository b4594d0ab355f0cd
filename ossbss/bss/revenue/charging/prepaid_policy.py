"""Every number of prepaid charging that an operator may tune. Defaults are assumptions.

What the network does while charging cannot be reached is its own choice (RFC 8506, Credit-Control-Failure-Handling) and
lies in the world: it serves (``fail_open``) or refuses (``fail_closed``). Served so, usage comes to
``Charging.charge_later``.
"""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from ossbss.bss.product.offering import UsageClass
from ossbss.bss.product.pricing.bands import Quantity
from ossbss.bss.product.rounding import RoundingRule
from ossbss.contract.quantities import DurationMs, Micros
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from ossbss.documents import Strict

WHOLE_MICROS = RoundingRule.model_validate({"mode": "down", "step": "0.000001"})
QUOTAS: dict[UsageClass, int] = {"voice": MINUTE_MS, "sms": 1, "data": 1_000_000, "content": 1_000_000}


class AdvanceTerms(Strict):
    """Airtime that is lent, one at a time."""

    amounts: tuple[Annotated[Micros, Field(gt=0)], ...] = Field(min_length=1)
    """what may be borrowed, in units of the currency"""
    fee_milli: int = Field(ge=0, le=1000)
    """thousandths of what is lent, owed beside it"""
    only_below: Micros | None = None
    """lent to those who have less; none: to all"""
    rounding: RoundingRule = WHOLE_MICROS
    """of the fee"""


class PrepaidPolicy(Strict):
    """How prepaid lines are charged."""

    advance: AdvanceTerms | None = None
    """none: nothing is lent"""
    notice_percents: tuple[Annotated[int, Field(ge=0, lt=100)], ...] = (50, 20, 0)
    """what is left of a bucket, or of a balance since its top-up, when the line is told"""
    expiring: DurationMs = DAY_MS
    """so long before a bundle or a bonus expires the line is told"""
    validity: DurationMs = HOUR_MS
    """so long what is granted in a session may be used: from one hourly report to the next"""
    grace: DurationMs = MINUTE_MS
    """a session that has been silent for so long beyond ``validity`` is closed"""
    quotas: Mapping[UsageClass, Quantity] = QUOTAS
    """units that are granted where neither the network nor the price says how many"""

    @property
    def silence(self) -> int:
        """ms without a report after which a session is closed, though a border may have ended its grant before."""
        return self.validity + self.grace
