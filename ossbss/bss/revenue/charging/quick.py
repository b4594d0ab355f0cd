"""The same as ``charge`` for what is common: a session that one bucket serves, or one price and money, in integers.

``charge`` is its oracle; where more is asked for the answer is None, and the caller takes ``charge``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.revenue.charging.balances import Bucket, Money, Request, debit, in_order, usable
from ossbss.bss.revenue.charging.charge import INSUFFICIENT, Charge, Taken, Terms
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.contract.units import DAY_MS, Rounding


@dataclass(frozen=True)
class Flat:
    """One price during [from_ms, until_ms): micro-units (a fraction) for a pulse. ``pulse`` 0: it is not so simple."""

    from_ms: int
    until_ms: int
    pulse: int
    numerator: int = 0
    denominator: int = 1
    fee_micros: int = 0
    at_start: bool = False

    def cost(self, pulses: int, rounding: Rounding) -> int:
        return rounded(pulses * self.numerator, self.denominator * rounding.step_micros, rounding.mode) * (
            rounding.step_micros
        )

    def pulses_for(self, limit: int, too_many: int, rounding: Rounding) -> int:
        """The most that cost no more than ``limit``; they are looked for where they would be without rounding."""
        step, denominator = rounding.step_micros, self.denominator
        pulses = max((limit - step) * denominator // self.numerator, 0)
        beyond = min((limit + step) * denominator // self.numerator + 1, too_many)
        while beyond - pulses > 1:
            middle = (pulses + beyond) // 2
            pulses, beyond = (middle, beyond) if self.cost(middle, rounding) <= limit else (pulses, middle)
        return pulses


def quick_charge(
    plan: Plan,
    request: Request,
    buckets: Sequence[Bucket],
    money: Sequence[Money],
    rounding: Rounding,
    terms: Terms,
) -> Charge | None:
    """Its ``priced`` parts are left out."""
    start_ms, quantity = request.start_ms, request.quantity
    end_ms = start_ms + quantity if plan.timed else start_ms + 1
    if quantity <= 0:
        return None
    serving = in_order(buckets, request) if buckets else []
    if serving:
        if plan.timed and any(bucket.borders(start_ms, end_ms) for bucket in serving):
            return None
        first = next((b for b in serving if b.left >= b.pulse and b.open_at(start_ms)), None)
        if first is not None:
            return _of_bucket(first, request)
    flat = _flat_at(plan, start_ms)
    if flat.pulse and (not plan.timed or flat.at_start or end_ms <= flat.until_ms):
        return _of_money(flat, request, usable(money, request), rounding, terms)
    return None


def _of_bucket(bucket: Bucket, request: Request) -> Charge | None:
    units = -(-request.quantity // bucket.pulse) * bucket.pulse
    if units > bucket.left or (bucket.connection_fee and request.is_first):
        return None
    return Charge("full", request.quantity, taken=(Taken(bucket.id, units, 0, request.quantity),))


def _of_money(flat: Flat, request: Request, payers: list[Money], rounding: Rounding, terms: Terms) -> Charge:
    pulses, fee = -(-request.quantity // flat.pulse), flat.fee_micros if request.is_first else 0
    usage = flat.cost(pulses, rounding)
    if not (terms.on_credit and payers):
        limit = sum([balance.value_micros for balance in payers if balance.value_micros > 0])
        if usage + fee > limit:
            return _cut(flat, request, payers, limit - fee, rounding, terms)
    return Charge("full", request.quantity, usage, fee, debited=debit(payers, usage + fee) if payers else {})


def _cut(
    flat: Flat, request: Request, payers: list[Money], limit: int, rounding: Rounding, terms: Terms
) -> Charge:  # fmt: skip
    """As many whole pulses as ``limit`` pays after the fee."""
    pulses = flat.pulses_for(limit, -(-request.quantity // flat.pulse), rounding) if limit >= 0 else 0
    if terms.whole or not pulses:
        return Charge("refused" if terms.whole else "partial", 0, reason=INSUFFICIENT)
    usage, fee = flat.cost(pulses, rounding), flat.fee_micros if request.is_first else 0
    return Charge("partial", pulses * flat.pulse, usage, fee, debited=debit(payers, usage + fee), reason=INSUFFICIENT)


def _flat_at(plan: Plan, at_ms: int) -> Flat:
    """Requests come in order of time: the last one found is mostly the next one asked for."""
    last = plan.remembered[0] if plan.remembered else None
    if isinstance(last, Flat) and last.from_ms <= at_ms < last.until_ms:
        return last
    found = _flat(plan, at_ms)
    plan.remembered[:] = [found]
    return found


def _flat(plan: Plan, at_ms: int) -> Flat:
    number = plan.number_at(at_ms)
    if number < 0:
        return Flat(at_ms, at_ms + 1, 0)
    version = plan.versions[number]
    until_ms = plan.versions[number + 1].from_ms if number + 1 < len(plan.versions) else None
    stretch = next(version.timetable.between(at_ms, (at_ms // DAY_MS + 1) * DAY_MS))
    ends_ms = stretch.end_ms if until_ms is None else min(stretch.end_ms, until_ms)
    return _of_price(version.price, version.unit, stretch.window, at_ms, ends_ms)


def _of_price(price: UsagePrice | None, unit: int, window: str | None, from_ms: int, until_ms: int) -> Flat:
    rate = price.rate_in(window) if price is not None and price.by_quantity is None and price.most is None else None
    if price is None or rate is None or len(rate.bands) != 1:
        return Flat(from_ms, until_ms, 0)
    band = rate.bands[0]
    cost = band.pulse * band.price / (band.per or unit)
    is_at_start = price.priced_at == "start"
    return Flat(
        from_ms, until_ms, band.pulse, cost.numerator, cost.denominator, rate.connection_fee, is_at_start
    )  # fmt: skip


def rounded(numerator: int, denominator: int, mode: str) -> int:
    """A fraction of zero or more as a whole number, as ``units.round_exact`` does it."""
    if mode == "half_up":
        return (2 * numerator + denominator) // (2 * denominator)
    if mode in ("down", "floor"):
        return numerator // denominator
    if mode in ("up", "ceiling"):
        return -(-numerator // denominator)
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
