"""What does a customer get back for time without service?"""

from collections.abc import Iterable
from fractions import Fraction

from ossbss.bss.product.sla_terms import SlaTerms
from ossbss.bss.revenue.cycles import Period
from ossbss.contract.units import Rounding, round_money


def merge_intervals(intervals: Iterable[Period]) -> list[Period]:
    """The same time as disjoint intervals in order; those that touch become one."""
    merged: list[Period] = []
    for interval in sorted(intervals, key=lambda p: (p.start_ms, p.end_ms)):
        if merged and interval.start_ms <= merged[-1].end_ms:
            merged[-1] = Period(merged[-1].start_ms, max(merged[-1].end_ms, interval.end_ms))
        else:
            merged.append(interval)
    return merged


def credited_ms(outages: Iterable[Period], contract: Period, terms: SlaTerms) -> int:
    """Time that counts: outages within the contract's time that last at least ``terms.min_outage``, whole."""
    clipped = (Period(max(o.start_ms, contract.start_ms), min(o.end_ms, contract.end_ms)) for o in outages)
    merged = merge_intervals(p for p in clipped if p.length_ms > 0)
    return sum(p.length_ms for p in merged if p.length_ms >= terms.min_outage)


def credit_micros(
    time_ms: int, fee_micros: int, cycle: Period, billed_fee_micros: int, terms: SlaTerms, rounding: Rounding
) -> int:
    """fee × multiple × time ÷ cycle, at most the cap's share of the recurring fee that is billed with it."""
    exact = Fraction(fee_micros * terms.fee_multiple * time_ms, cycle.length_ms)
    cap = Fraction(billed_fee_micros * terms.cap_milli, 1000)
    return round_money(min(exact, cap), rounding)
