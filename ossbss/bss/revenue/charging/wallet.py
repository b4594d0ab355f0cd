"""What one owner has: money and buckets, and every change of them, one at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from threading import Lock

from ossbss.bss.revenue.charging.balances import UNLIMITED, Bucket, Money, Request
from ossbss.bss.revenue.charging.charge import Charge, Terms, charge
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.contract.units import Rounding


class Wallet:
    """Of a line, or of a group that shares. What two sessions do at once comes out as if one had waited."""

    def __init__(self, money: Iterable[Money], buckets: Iterable[Bucket] = ()) -> None:
        self.money = {balance.id: balance for balance in money}
        self.buckets = {bucket.id: bucket for bucket in buckets}
        self._lock = Lock()

    def pay(self, plan: Plan, request: Request, rounding: Rounding, terms: Terms) -> Charge:
        """Charge a session, and take what it costs."""
        with self._lock:
            found = charge(plan, request, tuple(self.buckets.values()), tuple(self.money.values()), rounding, terms)
            self._move(found, -1)
            return found

    def refund(self, paid: Charge) -> None:
        """Give back all that a charge has taken, to where it came from."""
        with self._lock:
            self._move(paid, 1)

    @property
    def values_micros(self) -> Mapping[str, int]:
        """balance → what it holds"""
        return {balance.id: balance.value_micros for balance in self.money.values()}

    @property
    def units_left(self) -> Mapping[str, int]:
        """bucket → what is left of it"""
        return {bucket.id: bucket.left for bucket in self.buckets.values()}

    def _move(self, moved: Charge, sign: int) -> None:
        for name, amount in moved.debited.items():
            balance = self.money[name]
            self.money[name] = replace(balance, value_micros=balance.value_micros + sign * amount)
        for taken in moved.taken:
            bucket = self.buckets[taken.bucket]
            if bucket.left < UNLIMITED:
                self.buckets[taken.bucket] = replace(bucket, left=bucket.left + sign * taken.quantity)
