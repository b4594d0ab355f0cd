"""What one owner has, and every change of it, one at a time."""

from collections.abc import Iterable, Mapping
from threading import Lock

from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms
from ossbss.bss.revenue.charging.holdings import Holdings, moved, pay
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.contract.units import Rounding


class Wallet:
    """Of a line, or of a group that shares. What two sessions do at once comes out as if one had waited: who changes
    ``holdings`` has the ``lock``."""

    def __init__(self, money: Iterable[Money], buckets: Iterable[Bucket] = ()) -> None:
        self.holdings = Holdings({balance.id: balance for balance in money}, {bucket.id: bucket for bucket in buckets})
        self.lock = Lock()

    def pay(self, plan: Plan, request: Request, rounding: Rounding, terms: Terms) -> Charge:
        """Charge a session, and take what it costs."""
        with self.lock:
            self.holdings, found = pay(self.holdings, plan, request, rounding, terms)
            return found

    def refund(self, paid: Charge) -> None:
        """Give back all that a charge has taken, to where it came from."""
        with self.lock:
            self.holdings = moved(self.holdings, paid, 1)

    @property
    def values_micros(self) -> Mapping[str, int]:
        """balance → what it holds"""
        return {balance.id: balance.value_micros for balance in self.holdings.money.values()}

    @property
    def units_left(self) -> Mapping[str, int]:
        """bucket → what is left of it"""
        return {bucket.id: bucket.left for bucket in self.holdings.buckets.values()}
