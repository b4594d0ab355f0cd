"""How people with prepaid lines pay: what they top up and when, which bundles they buy. All defaults are assumptions.

The reference for population and tariffs gives the share of prepaid lines and the shape of prices, and nothing on what
people do with airtime: every number here is ours, and none is fitted to anything.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Annotated, ClassVar

from pydantic import Field

Amount = Annotated[int, Field(gt=0, le=1_000_000)]
"""whole units of the currency"""
Weight = Annotated[int, Field(ge=0)]

MOST_A_DAY = 10
"""bundles that a line may buy a day on average: at most one an hour is drawn"""


@dataclass(frozen=True)
class PrepaidHabits:
    """Amounts are whole units of the currency, shares thousandths of 0 to 1000. What charging told is all people know.

    A line is low when its balance was below ``tops_up_below``, and dry when it was refused or cut off for want of
    credit since it last got any. It tops up in a later hour than that in which it learnt so. Weights need no sum.
    """

    __pydantic_config__: ClassVar[dict[str, str | bool]] = {
        "extra": "forbid", "allow_inf_nan": False, "use_attribute_docstrings": True,
    }  # fmt: skip

    opening: Mapping[Amount, Weight] = field(default_factory=lambda: {10: 20, 20: 30, 50: 30, 100: 15, 250: 5})
    """amount → weight: what each line has topped up just before the run; 10: 20, 20: 30, 50: 30, 100: 15, 250: 5
    (assumption)"""
    top_ups: Mapping[Amount, Weight] = field(default_factory=lambda: {10: 30, 20: 30, 50: 25, 100: 12, 250: 3})
    """amount → weight: what a line tops up at once; 10: 30, 20: 30, 50: 25, 100: 12, 250: 3 (assumption)"""
    tops_up_below: Annotated[int, Field(ge=0, le=1_000_000)] = 5
    """below this balance people think of topping up (assumption)"""
    low_tops_up_milli: int = 300
    """of the lines that are low, those that top up within a day (assumption)"""
    dry_tops_up_milli: int = 900
    """of the lines that are dry, those that top up within a day; 1000: in the next hour (assumption)"""
    most_top_ups_per_day: int = 3
    """of one line, by the local calendar (assumption)"""
    bundles: Mapping[str, Weight] = field(default_factory=dict)
    """offering → weight: which bundle a line buys; none: nobody buys any"""
    bundles_per_day: float = 0.3
    """that a line tries to buy, in the hours in which people call, at most one an hour (assumption)"""
    dry_borrows_milli: int = 100
    """of the lines that are refused or cut off in an hour, those that ask for an advance in the next (assumption)"""
    advances: Mapping[Amount, Weight] = field(default_factory=lambda: {10: 60, 20: 30, 50: 10})
    """amount → weight: how large an advance they ask for; 10: 60, 20: 30, 50: 10 (assumption)"""

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if item.name.endswith("_milli") and not 0 <= value <= 1000:
                raise ValueError(f"{item.name} is {value}; give 0 to 1000")
            if isinstance(value, Mapping) and item.name != "bundles" and not any(value.values()):
                raise ValueError(f"{item.name}: give at least one amount a weight above 0")
        if self.bundles and not any(self.bundles.values()):
            raise ValueError("bundles: give at least one a weight above 0, or leave them out")
        if not 0 <= self.bundles_per_day <= MOST_A_DAY:
            raise ValueError(f"bundles_per_day is {self.bundles_per_day}; give 0 to {MOST_A_DAY}")
        if self.most_top_ups_per_day < 0:
            raise ValueError(f"most_top_ups_per_day is {self.most_top_ups_per_day}; give 0 or more")
