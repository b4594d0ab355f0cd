"""Who may buy an offering: what a line must have already, and what it must not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ossbss.documents import Strict

Payment = Literal["prepaid", "postpaid"]


class Requires(Strict):
    """All that is given here must hold."""

    offerings: tuple[str, ...] = ()
    """one of them must be held"""
    payment: Payment | None = None
    """how the line pays; none: either"""
    segments: tuple[str, ...] = ()
    """the customer is of one of them; none: of any"""


@dataclass(frozen=True)
class Buyer:
    """A line that wants something: what it holds, how it pays, the segment of its customer."""

    holds: frozenset[str]
    payment: Payment
    segment: str | None = None


def why_not(requires: Requires, excludes: Sequence[str], buyer: Buyer) -> list[str]:
    """Every reason for which the line may not buy it; none where it may."""
    found = []
    if requires.offerings and not buyer.holds & set(requires.offerings):
        found.append(f"it needs {' or '.join(requires.offerings)}")
    if requires.payment not in (None, buyer.payment):
        found.append(f"it is for {requires.payment} lines; this one is {buyer.payment}")
    if requires.segments and buyer.segment not in requires.segments:
        found.append(f"it is for {' or '.join(requires.segments)}; this customer is {buyer.segment or 'of no segment'}")
    if barred := [name for name in excludes if name in buyer.holds]:
        found.append(f"it cannot be held beside {', '.join(barred)}")
    return found
