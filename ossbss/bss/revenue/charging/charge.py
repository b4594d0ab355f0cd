"""What does a session cost, who pays it, and how far does the money go? One pure walk over the session.

The clear executor of the rules: used online, to explain, and as the oracle of the batch engine.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from ossbss.bss.revenue.charging.balances import Bucket, Money, Request, debit, in_order, usable
from ossbss.bss.revenue.charging.by_quantity import QuantityPart
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Used
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.segments import Segment, first_rate, segments
from ossbss.contract.units import UNLIMITED, Rounding, round_money

Part = Segment | QuantityPart
Outcome = Literal["full", "partial", "refused"]
NO_PRICE = "no_price"
INSUFFICIENT = "insufficient_credit"
MOST_REACHED = "most_reached"


@dataclass(frozen=True)
class Terms:
    """How a session may be paid. ``on_credit``: what the money cannot pay is owed; ``whole``: all of it or nothing;
    ``cut``: it may be ended where its price reaches the most (a session that is over cannot)."""

    on_credit: bool = False
    whole: bool = False
    cut: bool = True


@dataclass(frozen=True)
class Taken:
    """``quantity`` out of a bucket, for the part [start, end) of the session."""

    bucket: str
    quantity: int
    start: int
    end: int


@dataclass(frozen=True)
class Charge:
    """``granted``: so much of the session is served beyond what was ``earlier``; ``usage_micros`` is rounded,
    ``fee_micros`` the connection fee; ``taken`` from buckets, ``priced`` (a part, its pulses) from money, which
    ``debited`` tells by balance; ``exact``: what all of it has cost, before it is rounded and cut off."""

    outcome: Outcome
    granted: int
    usage_micros: int = 0
    fee_micros: int = 0
    taken: tuple[Taken, ...] = ()
    priced: tuple[tuple[Part, int], ...] = ()
    debited: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    exact: Fraction = field(default=Fraction(0), compare=False)

    @property
    def amount_micros(self) -> int:
        return self.usage_micros + self.fee_micros

    @property
    def counted(self) -> Used:
        """What counts for those prices that look at how much was used before."""
        parts = [pulses * part.pulse for part, pulses in self.priced if isinstance(part, QuantityPart)]
        return Used(sum(parts), int(bool(parts)))


def charge(
    plan: Plan,
    request: Request,
    buckets: Sequence[Bucket],
    money: Sequence[Money] | None,
    rounding: Rounding,
    terms: Terms,
    used: Used = NOTHING_USED,
) -> Charge:
    """``money``: None where somebody pays later, whatever it is. ``used``: this month, at a price by quantity."""
    payers = None if money is None else usable(money, request)
    limit = None if payers is None or (terms.on_credit and payers) else sum(max(m.value_micros, 0) for m in payers)
    walk = _Walk(plan, request, in_order(buckets, request), limit, rounding, terms.cut, used)
    walk.run()
    outcome: Outcome = "full" if walk.position == request.quantity else "refused" if terms.whole else "partial"
    granted = walk.position - request.earlier.units
    if outcome == "refused" or not granted:
        return Charge(outcome, 0, reason=walk.reason, exact=request.earlier.exact)
    debited = debit(payers, walk.amount_micros) if payers else {}
    return Charge(
        outcome, granted, walk.usage_micros, walk.fee_micros or 0, tuple(walk.taken), tuple(walk.priced), debited,
        walk.reason, walk.exact,
    )  # fmt: skip


class _Walk:
    """One session from its beginning on: buckets as far as they go, money beside them."""

    def __init__(
        self,
        plan: Plan,
        request: Request,
        buckets: list[Bucket],
        limit: int | None,
        rounding: Rounding,
        cut: bool,
        used: Used,
    ) -> None:
        """``limit``: micro-units that there are; None: no end of them."""
        self.plan, self.request, self.buckets, self.limit, self.rounding = plan, request, buckets, limit, rounding
        self.left = {bucket.id: bucket.left for bucket in buckets}
        self.earlier = request.earlier
        self.position, self.exact = self.earlier.units, self.earlier.exact
        self.fee_micros: int | None = None if request.is_first and request.quantity > self.position else 0
        """None: nothing is used yet"""
        self.taken: list[Taken] = []
        self.priced: list[tuple[Part, int]] = []
        self.reason = ""
        self.borders = self._borders()
        self.price = plan.price_at(request.start_ms)
        self.most = self.price.most if self.price else None
        self.is_cut = cut and self.price is not None and self.price.at_most == "disconnect"
        self.is_free_beyond = self.price is not None and self.price.at_most == "free"
        self.used = used if self.price and self.price.over == "month" else self.earlier.counted

    def run(self) -> None:
        while self.position < self.request.quantity and not self.reason:
            bucket = self._bucket_at(self.position)
            if bucket is None:
                self._pay(self._until_a_bucket())
            else:
                self._take(bucket)

    @property
    def usage_micros(self) -> int:
        return self._usage_micros(self.exact)

    @property
    def amount_micros(self) -> int:
        return self.usage_micros + (self.fee_micros or 0)

    def _usage_micros(self, exact: Fraction) -> int:
        capped = min(exact, Fraction(self.most)) if self.most is not None and self.is_free_beyond else exact
        return round_money(capped, self.rounding) - self.earlier.usage_micros

    def _borders(self) -> list[int]:
        """Places at which a bucket may become usable, or cease to be; the end last."""
        start_ms, quantity = self.request.start_ms, self.request.quantity
        if not self.plan.timed:
            return [quantity]
        cuts = {at for bucket in self.buckets for at in bucket.borders(start_ms, start_ms + quantity)}
        return [*sorted(at - start_ms for at in cuts), quantity]

    def _border_after(self, position: int) -> int:
        return next(border for border in self.borders if border > position)

    def _bucket_at(self, position: int) -> Bucket | None:
        at_ms = self.request.start_ms + (position if self.plan.timed else 0)
        return next((b for b in self.buckets if self.left[b.id] >= b.pulse and b.open_at(at_ms)), None)

    def _until_a_bucket(self) -> int:
        border = self._border_after(self.position)
        while border < self.request.quantity and self._bucket_at(border) is None:
            border = self._border_after(border)
        return border

    def _take(self, bucket: Bucket) -> None:
        """Whole pulses, up to the next border; the last may reach beyond it."""
        if not self._connected(bucket.connection_fee):
            return
        needed = self._border_after(self.position) - self.position
        pulses = min(-(-needed // bucket.pulse), self.left[bucket.id] // bucket.pulse)
        end = min(self.position + pulses * bucket.pulse, self.request.quantity)
        self.taken.append(Taken(bucket.id, pulses * bucket.pulse, self.position, end))
        if bucket.left < UNLIMITED:
            self.left[bucket.id] -= pulses * bucket.pulse
        self.position = end

    def _pay(self, end: int) -> None:
        """Money for the part up to ``end``, as far as it goes."""
        parts = self._parts(end)
        rate = first_rate(self.plan, self.request.start_ms)
        if not parts:
            self.reason = NO_PRICE
        elif self._connected(rate.connection_fee if rate else 0):
            for part in parts:
                pulses = self._payable(part)
                if pulses:
                    self.exact += part.cost(pulses)
                    self.priced.append((part, pulses))
                    self.position = min(part.start + pulses * part.pulse, part.end)
                if pulses < part.pulses:
                    self.reason = MOST_REACHED if self._allowed(self.exact + part.cost(pulses + 1)) else INSUFFICIENT
                    return
            if self.position < end:
                self.reason = NO_PRICE

    def _parts(self, end: int) -> Sequence[Part]:
        if self.price is None or self.price.by_quantity is None:
            return segments(self.plan, self.request.start_ms, self.position, end)
        here = sum(pulses * part.pulse for part, pulses in self.priced)
        used = Used(self.used.quantity + here, self.used.events + bool(self.priced))
        unit = self.plan.versions[self.plan.number_at(self.request.start_ms)].unit
        return [QuantityPart(self.position, end, self.price, unit, used)]

    def _connected(self, fee: int) -> bool:
        """The connection fee is paid with the first part."""
        if self.fee_micros is None:
            if self.limit is not None and fee > self.limit:
                self.reason = INSUFFICIENT
                return False
            self.fee_micros = fee
        return True

    def _payable(self, part: Part) -> int:
        """Of its pulses as many as there is money for."""
        if self._may_cost(self.exact + part.cost(part.pulses)):
            return part.pulses
        low, high = 0, part.pulses
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._may_cost(self.exact + part.cost(middle)) else (low, middle)
        return low

    def _may_cost(self, exact: Fraction) -> bool:
        below_most = not self.is_cut or self.most is None or exact <= self.most
        return below_most and self._allowed(exact)

    def _allowed(self, exact: Fraction) -> bool:
        return self.limit is None or self._usage_micros(exact) + (self.fee_micros or 0) <= self.limit
