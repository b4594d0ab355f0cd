"""A top-up: what is owed is repaid first, the rest is money, with bonus airtime where a promotion gives some."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from ossbss.bss.revenue.charging.advance import repay
from ossbss.bss.revenue.charging.balances import Money
from ossbss.bss.revenue.charging.holdings import MAIN, Change, Event, Holdings, with_value
from ossbss.bss.revenue.charging.prepaid_policy import Promotion
from ossbss.contract.units import round_money

NO_AMOUNT = "no_amount"
VOUCHER_USED = "voucher_used"
"""it has been used for another wallet"""


@dataclass(frozen=True)
class TopUp:
    """``id``: of the voucher, or of the payment."""

    id: str
    wallet_id: str
    amount_micros: int
    at_ms: int


def top_up(have: Holdings, made: TopUp, promotions: Iterable[Promotion], used: Mapping[str, str]) -> Change:
    """``used``: top-up → wallet. The same twice is one; what the second says is ``repeated``."""
    if made.id in used:
        same = used[made.id] == made.wallet_id
        return Change(have, "repeated" if same else "refused", "" if same else VOUCHER_USED)
    if made.amount_micros <= 0:
        return Change(have, "refused", NO_AMOUNT)
    after, left, events = repay(have, made.amount_micros, made.at_ms)
    after = _filled(after, MAIN, after.money[MAIN], left)
    events += (Event("topped_up", made.at_ms, MAIN, amount_micros=left),)
    gained = left
    for promotion in promotions:
        bonus = bonus_micros(promotion, made)
        if bonus:
            name = f"bonus/{promotion.id}"
            after = _filled(after, name, after.money.get(name, _bonus_balance(name, promotion)), bonus)
            events += (Event("bonus", made.at_ms, name, amount_micros=bonus),)
            gained += bonus
    return Change(after, "full", "", gained, events=events)


def bonus_micros(promotion: Promotion, made: TopUp) -> int:
    """What a promotion adds to a top-up."""
    in_time = promotion.from_ms <= made.at_ms < promotion.until_ms
    if not in_time or made.amount_micros < promotion.at_least:
        return 0
    exact = Fraction(made.amount_micros * promotion.percent, 100)
    bonus = round_money(exact, promotion.rounding.at("bonus"))
    return bonus if promotion.most is None else min(bonus, promotion.most)


def _bonus_balance(name: str, promotion: Promotion) -> Money:
    zones = frozenset(promotion.zones) or None
    return Money(name, 0, promotion.priority, zones=zones, usage_only=promotion.usage_only)


def _filled(have: Holdings, name: str, balance: Money, amount_micros: int) -> Holdings:
    """It counts as full again, and what has been told of it may be told again."""
    value = balance.value_micros + amount_micros
    money = {**have.money, name: replace(with_value(balance, value), full_micros=value)}
    noticed = frozenset(told for told in have.noticed if told[1] != name)
    return replace(have, money=money, noticed=noticed)
