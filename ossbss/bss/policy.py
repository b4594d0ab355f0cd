"""Every number the front office may tune, frozen. Defaults are assumptions."""

from dataclasses import dataclass, field

from ossbss.bss.customer.priorities import RULES, PriorityRule
from ossbss.bss.revenue.charging.prepaid_policy import PrepaidPolicy
from ossbss.contract.units import DAY_MS, HOUR_MS


@dataclass(frozen=True)
class BusinessPolicy:
    """When the BSS rates and bills, and what it finds important."""

    rating_period_ms: int = DAY_MS
    rating_holdback_ms: int = 6 * HOUR_MS
    """A rating run leaves out what is younger than this: late files must have arrived, so that time is in order."""
    priority_rule: PriorityRule = RULES["most_revenue"]
    """what the BSS tells the OSS to repair first"""
    prepaid: PrepaidPolicy = field(default_factory=PrepaidPolicy)
    """how prepaid lines are charged"""
    ticket_link_tolerance_ms: int = HOUR_MS
    """A service problem explains a ticket that is at most this older: clocks and the OSS's beginnings are not exact."""

    def __post_init__(self) -> None:
        if self.rating_period_ms <= 0 or min(self.rating_holdback_ms, self.ticket_link_tolerance_ms) < 0:
            raise ValueError(
                "business policy: rating_period_ms must be above 0, rating_holdback_ms and ticket_link_tolerance_ms "
                "0 or more"
            )
