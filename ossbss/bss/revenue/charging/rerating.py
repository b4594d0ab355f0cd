"""What would have been charged by other rules, or in the order in which things happened? Refund all, charge again."""

from collections.abc import Sequence

from ossbss.bss.revenue.charging.balances import Request
from ossbss.bss.revenue.charging.charge import Charge, Terms
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.wallet import Wallet
from ossbss.contract.units import Rounding


def rerate(
    wallet: Wallet, paid: Sequence[tuple[Request, Charge]], plan: Plan, rounding: Rounding, terms: Terms
) -> list[Charge]:
    """``paid``: usage and what was charged for it, in any order; what is charged now, in the same order.

    The difference of each record is what is posted; the former charges stay as they are.
    """
    for _, charged in paid:
        wallet.refund(charged)
    found: dict[int, Charge] = {}
    for place in sorted(range(len(paid)), key=lambda place: paid[place][0].start_ms):
        found[place] = wallet.pay(plan, paid[place][0], rounding, terms)
    return [found[place] for place in range(len(paid))]
