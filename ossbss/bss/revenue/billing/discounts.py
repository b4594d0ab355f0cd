"""What discounts and promotions take off the charges of one bill."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.promotions import discounted
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.contract.units import round_money


def taken_off(
    charges: Mapping[str, int], offering_id: str, since_ms: int, billed: Period, catalogue: Catalogue
) -> Iterator[tuple[str, int]]:
    """(discount, micro-units) for the charges of a bill by ChargeKind, each one charge; rounded as charges are.

    ``since_ms``: when the contract began; a discount for so many cycles is given on its first bills. It is given where
    it is in force as the billed period begins.
    """
    at_ms = max(billed.start_ms, since_ms)
    rounding = catalogue.rounding.charge.at("charge")
    for kind, amount in charges.items():
        found = catalogue.discounts_at(offering_id, kind, at_ms)
        given = [d for d in found if d.cycles is None or bills_before(since_ms, billed.start_ms, catalogue) < d.cycles]
        for name, less in discounted(Fraction(amount), given):
            if micros := round_money(less, rounding):
                yield name, micros


def bills_before(since_ms: int, at_ms: int, catalogue: Catalogue) -> int:
    """How many cycles of a contract were over before the one that holds an instant."""
    cycle, number = cycle_at(since_ms, catalogue.zone), 0
    while cycle.end_ms <= at_ms:
        cycle, number = cycle_at(cycle.end_ms, catalogue.zone), number + 1
    return number
