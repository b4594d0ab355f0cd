"""Airtime that is lent for a fee, and repaid first from the next top-up: the only way a line may owe."""

from dataclasses import replace
from fractions import Fraction

from ossbss.bss.revenue.charging.holdings import MAIN, Advance, Change, Event, Holdings, with_value
from ossbss.bss.revenue.charging.prepaid_policy import AdvanceTerms
from ossbss.contract.units import round_money

NOT_LENT = "not_lent"
"""this amount, or any, is not lent"""
ADVANCE_OWED = "advance_owed"
BALANCE_HIGH = "balance_high"
"""the line has money enough"""


def lend(have: Holdings, terms: AdvanceTerms | None, amount_micros: int, at_ms: int) -> Change:
    """The amount is added to the main balance; it and the fee are owed."""
    if terms is None or amount_micros not in terms.amounts:
        return Change(have, "refused", NOT_LENT)
    if have.advance is not None:
        return Change(have, "refused", ADVANCE_OWED)
    if terms.only_below is not None and have.free_micros >= terms.only_below:
        return Change(have, "refused", BALANCE_HIGH)
    fee = round_money(Fraction(amount_micros * terms.fee_milli, 1000), terms.rounding.at("advance"))
    main = with_value(have.money[MAIN], have.money[MAIN].value_micros + amount_micros)
    lent = Advance(at_ms, amount_micros, fee, amount_micros + fee)
    after = replace(have, money={**have.money, MAIN: main}, advance=lent)
    events = [Event("lent", at_ms, MAIN, amount_micros=amount_micros)]
    if fee:
        events.append(Event("advance_fee", at_ms, MAIN, amount_micros=fee))
    return Change(after, "full", "", amount_micros, fee, tuple(events))


def repay(have: Holdings, amount_micros: int, at_ms: int) -> tuple[Holdings, int, tuple[Event, ...]]:
    """What a top-up leaves after it has repaid as much as it can."""
    if have.advance is None:
        return have, amount_micros, ()
    repaid = min(amount_micros, have.advance.owed_micros)
    owed = have.advance.owed_micros - repaid
    after = replace(have, advance=replace(have.advance, owed_micros=owed) if owed else None)
    return after, amount_micros - repaid, (Event("repaid", at_ms, MAIN, amount_micros=repaid),)
