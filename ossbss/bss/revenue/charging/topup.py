"""A top-up: what is owed is repaid first, the rest is money, with bonus airtime where a promotion gives some.

The bonuses of a promotion that end at the same time are one balance.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ossbss.bss.product.promotions import TopUpBonus
from ossbss.bss.revenue.charging.advance import repay
from ossbss.bss.revenue.charging.balances import Money
from ossbss.bss.revenue.charging.holdings import MAIN, Change, Event, Holdings, with_value
from ossbss.contract.units import NEVER_MS

NO_AMOUNT = "no_amount"
VOUCHER_USED = "voucher_used"
"""it has been used for another wallet"""
BONUS_PRIORITY = 1
"""the balance of top-ups has 0, and is used after it"""


@dataclass(frozen=True)
class TopUp:
    """``id``: of the voucher, or of the payment."""

    id: str
    wallet_id: str
    amount_micros: int
    at_ms: int


def top_up(
    have: Holdings, made: TopUp, bonuses: Iterable[tuple[str, TopUpBonus]], used: Mapping[str, str]
) -> Change:  # fmt: skip
    """``bonuses``: (promotion, what it gives); ``used``: top-up → wallet. The same twice is one; what the second says
    is ``repeated``."""
    if made.id in used:
        same = used[made.id] == made.wallet_id
        return Change(have, "repeated" if same else "refused", "" if same else VOUCHER_USED)
    if made.amount_micros <= 0:
        return Change(have, "refused", NO_AMOUNT)
    after, left, events = repay(have, made.amount_micros, made.at_ms)
    after = _filled(after, MAIN, after.money[MAIN], left)
    events += (Event("topped_up", made.at_ms, MAIN, amount_micros=left),)
    gained = left
    for promotion, terms in bonuses:
        bonus, expires_ms = terms.bonus_micros(made.amount_micros), terms.expires_ms(made.at_ms)
        if bonus:
            name = f"bonus/{promotion}" + (f"/{expires_ms}" if expires_ms < NEVER_MS else "")
            after = _filled(after, name, after.money.get(name, _bonus_balance(name, terms, expires_ms)), bonus)
            events += (Event("bonus", made.at_ms, name, amount_micros=bonus),)
            gained += bonus
    return Change(after, "full", "", gained, events=events)


def _bonus_balance(name: str, bonus: TopUpBonus, expires_ms: int) -> Money:
    return Money(
        name, 0, BONUS_PRIORITY, excluded_zones=frozenset(bonus.excluded_zones), usage_only=not bonus.buys_bundles,
        expires_ms=expires_ms,
    )  # fmt: skip


def _filled(have: Holdings, name: str, balance: Money, amount_micros: int) -> Holdings:
    """It counts as full again, and what has been told of it may be told again."""
    value = balance.value_micros + amount_micros
    money = {**have.money, name: replace(with_value(balance, value), full_micros=value)}
    noticed = frozenset(told for told in have.noticed if told[1] != name)
    return replace(have, money=money, noticed=noticed)
