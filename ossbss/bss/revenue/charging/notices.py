"""What a line is told: a bucket or a balance runs low, or is about to expire, there is no credit. Each once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ossbss.bss.revenue.charging.balances import Bucket, Money
from ossbss.bss.revenue.charging.charge import INSUFFICIENT
from ossbss.bss.revenue.charging.holdings import MAIN, Event, Holdings
from ossbss.contract.units import UNLIMITED

THRESHOLD = "threshold"
EXPIRING = "expiring"
NO_CREDIT = "out_of_credit"


def low(
    have: Holdings, subjects: Iterable[str], percents: Sequence[int], at_ms: int
) -> tuple[Holdings, tuple[Event, ...]]:
    """Of these buckets and balances the lowest threshold that each has reached; those above it are not told any more.

    What a session holds and has not used counts as left.
    """
    events, highest = list[Event](), max(percents, default=0)
    for name in subjects:
        left, full = _left(have, name)
        if not full or left * 100 > full * highest:
            continue
        reached = [percent for percent in percents if left * 100 <= full * percent]
        new = {(THRESHOLD, name, percent) for percent in reached} - have.noticed
        if new and min(reached) == min(percent for *_, percent in new):
            events.append(_event(have, name, at_ms, left, min(reached)))
        if new:
            have = replace(have, noticed=have.noticed | new)
    return have, tuple(events)


def _event(have: Holdings, name: str, at_ms: int, left: int, percent: int) -> Event:
    is_bucket = name in have.buckets
    return Event(THRESHOLD, at_ms, name, left if is_bucket else 0, 0 if is_bucket else left, percent)


def _left(have: Holdings, name: str) -> tuple[int, int]:
    """What is left, and what there was; nothing where no end of it is."""
    bucket = have.buckets.get(name)
    if bucket is not None:
        return (bucket.left + held_units(have, name), bucket.size) if bucket.left < UNLIMITED else (0, 0)
    balance = have.money.get(name)
    return (balance.value_micros + held_micros(have, name), balance.full_micros) if balance else (0, 0)


def held_units(have: Holdings, bucket: str) -> int:
    """Taken from a bucket for sessions, and not used yet."""
    if not have.sessions:
        return 0
    return sum(
        sign * taken.quantity
        for each in have.sessions.values()
        for sign, charged in ((1, each.leg.taken), (-1, each.leg.paid))
        for taken in charged.taken
        if taken.bucket == bucket
    )


def held_micros(have: Holdings, balance: str) -> int:
    """Taken from a balance for sessions, and not used yet."""
    if not have.sessions:
        return 0
    return sum(
        each.leg.taken.debited.get(balance, 0) - each.leg.paid.debited.get(balance, 0)
        for each in have.sessions.values()
    )


def expiring(have: Holdings, ahead_ms: int, at_ms: int) -> tuple[Holdings, tuple[Event, ...]]:
    """Of each bucket and balance that has something left and expires within ``ahead_ms``."""
    each: list[Bucket | Money] = [*have.buckets.values(), *have.money.values()]
    near = (of for of in each if at_ms < of.expires_ms <= at_ms + ahead_ms)
    due = [of for of in near if _free(of) and (EXPIRING, of.id, 0) not in have.noticed]
    if not due:
        return have, ()
    told = frozenset((EXPIRING, of.id, 0) for of in due)
    return replace(have, noticed=have.noticed | told), tuple(_about_to_expire(of, at_ms) for of in due)


def _free(of: Bucket | Money) -> int:
    return of.left if isinstance(of, Bucket) else of.value_micros


def _about_to_expire(of: Bucket | Money, at_ms: int) -> Event:
    if isinstance(of, Money):
        return Event(EXPIRING, at_ms, of.id, amount_micros=of.value_micros)
    return Event(EXPIRING, at_ms, of.id, of.left if of.left < UNLIMITED else 0)


def out_of_credit(have: Holdings, reason: str, at_ms: int) -> tuple[Holdings, tuple[Event, ...]]:
    """Where that is why something was cut or refused; until the next top-up once."""
    told = (NO_CREDIT, MAIN, 0)
    if reason != INSUFFICIENT or told in have.noticed:
        return have, ()
    return replace(have, noticed=have.noticed | {told}), (Event(NO_CREDIT, at_ms, MAIN),)
