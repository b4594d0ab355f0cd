"""What one owner has and owes, as plain data: how a charge moves it, and what becomes of what has expired."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ossbss.bss.revenue.charging.balances import Bucket, Money, Request
from ossbss.bss.revenue.charging.by_quantity import Counted, counted_at, used_after
from ossbss.bss.revenue.charging.charge import NO_PRICE, Charge, Terms, charge
from ossbss.bss.revenue.charging.earlier import NOTHING_USED, Used
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.quick import quick_charge
from ossbss.bss.revenue.charging.reservation import Session
from ossbss.contract.units import UNLIMITED, Rounding

Kind = TypeVar("Kind")
MAIN = "main"
"""the balance that top-ups fill"""
LAPSED_BONUS = "bonus_lapsed"
OPTED_OUT = "opted_out"
"""the line wants no use out of its bundles"""


@dataclass(frozen=True)
class Event:
    """Something that happened to a wallet. ``subject``: the bucket, balance, offering or session; ``percent``: of a
    threshold."""

    kind: str
    at_ms: int
    subject: str
    units: int = 0
    amount_micros: int = 0
    percent: int | None = None


@dataclass(frozen=True)
class Advance:
    """Airtime that was lent. ``owed_micros``: what is still to be repaid, with the fee."""

    at_ms: int
    lent_micros: int
    fee_micros: int
    owed_micros: int


@dataclass(frozen=True)
class Granted:
    """The answer to one step of a session. ``granted``: units that may be used until ``until_ms``; ``final``: no more
    will be granted; ``charged_micros``: for all of the session so far, with ``fee_micros``, the connection fee;
    ``leaked``: used, and not to be paid."""

    outcome: str
    granted: int = 0
    until_ms: int = 0
    final: bool = False
    reason: str = ""
    charged_micros: int = 0
    leaked_units: int = 0
    leaked_micros: int = 0
    fee_micros: int = 0


@dataclass(frozen=True)
class OpenSession:
    """A session that runs, in legs; ``settled_micros`` is what those before ``leg`` cost, with ``settled_fee_micros``.
    ``number`` of its last step, and the answer to it; ``silent_ms``: it is closed then if nothing is heard before."""

    plan: Plan
    leg: Session
    number: int
    answer: Granted
    silent_ms: int = 0
    settled_micros: int = 0
    settled_fee_micros: int = 0


@dataclass(frozen=True)
class Holdings:
    """Money and buckets are without what the sessions have taken. ``opted_out``: classes that are used out of bundles
    only; ``noticed``: (kind, subject, percent) of what has been told; ``used``: at prices that count a month."""

    money: Mapping[str, Money]
    buckets: Mapping[str, Bucket] = field(default_factory=dict)
    advance: Advance | None = None
    sessions: Mapping[str, OpenSession] = field(default_factory=dict)
    opted_out: frozenset[str] = frozenset()
    noticed: frozenset[tuple[str, str, int]] = frozenset()
    used: Mapping[Counted, Used] = field(default_factory=dict)

    @property
    def free_micros(self) -> int:
        """Money that nothing holds."""
        return sum([balance.value_micros for balance in self.money.values()])

    def without_out_of_bundle(self, classes: Iterable[str]) -> "Holdings":
        """The line wants these classes served by its bundles only; none: all may cost money again."""
        return replace(self, opted_out=frozenset(classes))

    @property
    def held_micros(self) -> int:
        """Money that running sessions have taken: of that they are charged when they end, the rest is given back."""
        return sum(each.settled_micros + each.leg.taken.amount_micros for each in self.sessions.values())

    @property
    def owed_micros(self) -> int:
        return self.advance.owed_micros if self.advance else 0


def pay(have: Holdings, plan: Plan, request: Request, rounding: Rounding, terms: Terms) -> tuple[Holdings, Charge]:
    """Charge what is used at once, and take what it costs."""
    is_barred = request.usage_class in have.opted_out
    buckets, money = tuple(have.buckets.values()), tuple(have.money.values())
    by = without_prices(plan) if is_barred else plan
    found = quick_charge(by, request, buckets, money, rounding, terms)
    if found is None:
        key = counted_at(by, request.line, request.start_ms)
        used = have.used.get(key, NOTHING_USED) if key else NOTHING_USED
        found = charge(by, request, buckets, money, rounding, terms, used)
        have = counted(have, key, found.counted)
    if is_barred and found.reason == NO_PRICE:
        found = replace(found, reason=OPTED_OUT)
    return (moved(have, found, -1) if found.debited or found.taken else have), found


def counted(have: Holdings, key: Counted | None, more: Used) -> Holdings:
    """With what a session has used at a price that counts a month."""
    after = used_after(have.used, key, more)
    return have if after is have.used else replace(have, used=after)


def without_prices(plan: Plan) -> Plan:
    """For those who use their bundles only."""
    return Plan((), plan.timed)


def moved(have: Holdings, charged: Charge, sign: int) -> Holdings:
    """Without what a charge takes (-1), or with it again (1)."""
    money, buckets = have.money, have.buckets
    if charged.debited:
        money = dict(money)
        for name, amount in charged.debited.items():
            money[name] = with_value(money[name], money[name].value_micros + sign * amount)
    if charged.taken:
        buckets = dict(buckets)
        for taken in charged.taken:
            bucket = buckets[taken.bucket]
            if bucket.left < UNLIMITED:
                buckets[taken.bucket] = _copied(bucket, left=bucket.left + sign * taken.quantity)
    return _copied(have, money=money, buckets=buckets)


def with_value(balance: Money, value_micros: int) -> Money:
    return _copied(balance, value_micros=value_micros)


def _copied(of: Kind, **changes: object) -> Kind:
    """``dataclasses.replace`` in a fraction of its time: every charge does it."""
    copy = object.__new__(type(of))
    copy.__dict__.update(of.__dict__, **changes)
    return copy


def sweep(have: Holdings, at_ms: int) -> tuple[Holdings, tuple[Event, ...]]:
    """Without buckets and balances that have expired; what a session holds of them stays until its next report."""
    have, of_units = _without_buckets(have, at_ms)
    have, of_money = _without_balances(have, at_ms)
    return have, (*of_units, *of_money)


def _without_balances(have: Holdings, at_ms: int) -> tuple[Holdings, tuple[Event, ...]]:
    """What is left of them lapses when it is free, so that books kept in order of time agree with the wallet."""
    over = sorted((m for m in have.money.values() if m.expires_ms <= at_ms), key=lambda m: m.rank)
    if not over:
        return have, ()
    held = {name for each in have.sessions.values() for name in each.leg.taken.debited}
    money = {name: balance for name, balance in have.money.items() if balance.expires_ms > at_ms}
    money.update({balance.id: with_value(balance, 0) for balance in over if balance.id in held})
    lapsed = [Event(LAPSED_BONUS, at_ms, m.id, amount_micros=m.value_micros) for m in over if m.value_micros]
    noticed = frozenset(told for told in have.noticed if told[1] not in have.money or told[1] in money)
    return replace(have, money=money, noticed=noticed), tuple(lapsed)


def _without_buckets(have: Holdings, at_ms: int) -> tuple[Holdings, tuple[Event, ...]]:
    """What is left goes to the bucket that inherits it, else lapses; of unlimited ones nothing is told."""
    over = [bucket for bucket in have.buckets.values() if bucket.expires_ms <= at_ms]
    if not over:
        return have, ()
    held = {taken.bucket for each in have.sessions.values() for taken in each.leg.taken.taken}
    buckets, events = dict(have.buckets), list[Event]()
    for name in (bucket.id for bucket in sorted(over, key=lambda b: (b.expires_ms, b.bought_ms))):
        bucket = buckets[name]
        units = bucket.left if bucket.left < UNLIMITED else 0
        heir = buckets.get(bucket.carried_to) if bucket.carried_to else None
        if units and heir is not None:
            buckets[heir.id] = _inherited(heir, units)
            events.append(Event("carried", bucket.expires_ms, name, units))
        elif units:
            events.append(Event("lapsed", bucket.expires_ms, name, units))
        if name in held:
            buckets[name] = replace(bucket, left=bucket.left - units)
        else:
            del buckets[name]
    noticed = frozenset(told for told in have.noticed if told[1] not in have.buckets or told[1] in buckets)
    return replace(have, buckets=buckets, noticed=noticed), tuple(events)


def _inherited(heir: Bucket, units: int) -> Bucket:
    return heir if heir.left >= UNLIMITED else replace(heir, left=heir.left + units, size=heir.size + units)


@dataclass(frozen=True)
class Change:
    """What a purchase, a top-up or an advance came to. ``amount_micros``: what the balances lose (a purchase) or gain;
    ``fee_micros``: of an advance, owed beside it; ``outcome``: full, refused or repeated."""

    holdings: Holdings
    outcome: str = "full"
    reason: str = ""
    amount_micros: int = 0
    fee_micros: int = 0
    events: tuple[Event, ...] = ()
