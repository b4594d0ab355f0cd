"""Things that come and go within a period, such as seats: each change walks through the tiers, up or down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from ossbss.bss.product.pricing.amounts import NOTHING
from ossbss.bss.product.pricing.tiers import Tiers, bounds, length, reached
from ossbss.documents import Strict


@dataclass(frozen=True)
class SignedEvent:
    """``units`` come (above 0) or go (below 0); ``prorated``: what they count for in this period, of the same sign."""

    units: Fraction
    prorated: Fraction

    def __post_init__(self) -> None:
        if self.prorated and self.units * self.prorated <= 0:
            raise ValueError(f"{self.units} units count for {self.prorated}; both must be above 0, or both below")


class GraduatedProratedEvents(Strict):
    """The prorated part of a change is priced by the tiers walked through; flat fees are due whole for each tier that
    was ever reached. Below 0 the first tier goes on."""

    model: Literal["graduated_prorated_events"] = "graduated_prorated_events"
    tiers: Tiers

    def parts(self, events: Sequence[SignedEvent]) -> tuple[Fraction, ...]:
        """Micro-units: the changes together, then the flat fee of each tier.

        The changes are never below 0 together, and nothing is due where more went than came.
        """
        positions = _positions(events)
        fees = zip(self.tiers, reached(self.tiers, max(positions)), strict=True)
        steps = zip(events, pairwise(positions), strict=True)
        walked = sum((self._walked(event, *sorted(step)) for event, step in steps), NOTHING)
        if positions[-1] < 0:
            return ()
        return (max(NOTHING, walked), *(tier.flat_fee if is_reached else NOTHING for tier, is_reached in fees))

    def _walked(self, event: SignedEvent, low: Fraction, high: Fraction) -> Fraction:
        bands = zip(self.tiers, self._bands(), strict=True)
        whole = sum((length(low, high, *band) * tier.unit_price for tier, band in bands), NOTHING)
        return whole * event.prorated / abs(event.units) if event.units else NOTHING

    def _bands(self) -> Iterator[tuple[Fraction | None, Fraction | None]]:
        for index, (lower, upper) in enumerate(bounds([tier.up_to for tier in self.tiers])):
            yield lower if index else None, upper


def _positions(events: Sequence[SignedEvent]) -> list[Fraction]:
    """Before the first event, and after each."""
    found = [NOTHING]
    for event in events:
        found.append(found[-1] + event.units)
    return found
