"""One record after the other, each account in the order of time: in the usual way where nothing changes meanwhile."""

from typing import NamedTuple

import numpy as np

from ossbss.bss.revenue.rating.columns import NONE, Priced, Usage
from ossbss.bss.revenue.rating.compiled import compiled, inlined
from ossbss.bss.revenue.rating.kernel import REFUSED, rounded
from ossbss.bss.revenue.rating.session import MOST_BITES, count, one
from ossbss.bss.revenue.rating.tables import Tables
from ossbss.bss.revenue.rating.timetables import Ints, Rows
from ossbss.bss.revenue.rating.usual import OTHERWISE, first_serving, usual
from ossbss.contract.units import NEVER_MS, UNLIMITED


class Scratch(NamedTuple):
    """Room. ``bites``: what one session takes out of which allowance; ``serving``: of each plan which allowance serves
    it now, of which line, found in which period."""

    bites: Ints
    serving: Ints


def scratch(plans: int) -> Scratch:
    return Scratch(np.zeros((MOST_BITES, 2), dtype=np.int64), np.zeros((plans, 3), dtype=np.int64))


@compiled
def walk(
    tables: Tables,
    usage: Usage,
    entitled: Rows,
    counters: Rows,
    mode: int,
    step_micros: int,
    found: Priced,
    room: Scratch,
) -> None:
    """Fills ``found``; moves what is left of the entitlements, and the counters.

    The time of an account is cut into periods, in which the same of its allowances are valid.
    """
    period = 0
    for owner in range(len(usage.owner_rows) - 1):
        first, last = usage.entitled_rows[owner], usage.entitled_rows[owner + 1]
        changes_ms = NEVER_MS if first == last else -NEVER_MS
        for number in range(usage.owner_rows[owner], usage.owner_rows[owner + 1]):
            row = np.uint64(number)  # which no index from the end need be looked for: a twentieth of the time
            record = usage.records[row]
            plan = record.plan
            if record.start_ms >= changes_ms:
                first, changes_ms = next_period(entitled, first, last, record.start_ms)
                period += 1
            place = NONE
            if first < last and tables.plans[plan].served != NONE:
                place = serving(tables, entitled, room.serving, period, first, last, record)
            cost, fee, free = usual(tables, entitled, record, place, changes_ms)
            if cost == OTHERWISE:
                cost, fee, free, paid = one(tables, usage, entitled, counters, room.bites, row, first, last)
                if cost != REFUSED:
                    count(counters, usage.counter[row], paid)
            if cost != REFUSED:
                divisor = tables.plans[plan].denominator * step_micros
                amount_micros = rounded(cost, divisor, mode) * step_micros
                if record.is_first and fee > 0:
                    amount_micros += fee
                    found.fee_micros[row] = fee
                found.amount_micros[row], found.free[row], found.is_priced[row] = amount_micros, free, True


@compiled
def next_period(entitled: Rows, first: int, last: int, at_ms: int) -> tuple[int, int]:
    """The first of the allowances that has not ended, and when another begins or ends."""
    settle(entitled, first, last, at_ms)
    while first < last and entitled[first].until_ms <= at_ms:
        first += 1
    changes_ms = NEVER_MS
    for place in range(first, last):
        for then_ms in (entitled[place].from_ms, entitled[place].until_ms):
            if then_ms > at_ms:
                changes_ms = min(changes_ms, then_ms)
    return first, changes_ms


@inlined
def settle(entitled: Rows, first: int, last: int, at_ms: int) -> None:
    """What is left of a bundle is added to the one that was bought after it, once that has begun."""
    for place in range(first, last):
        here = entitled[place]
        if here.carried_from != NONE and not here.is_settled and here.from_ms <= at_ms:
            before = entitled[here.carried_from]
            if here.left < UNLIMITED and before.left < UNLIMITED:
                here.left += before.left
                before.left = 0
            here.is_settled = 1


@inlined
def serving(
    tables: Tables, entitled: Rows, known: Ints, period: int, first: int, last: int, record: np.record
) -> int:
    """The first allowance that serves a record at its beginning; what was found for its like is remembered."""
    way, line = tables.plans[record.plan].served, record.line
    place = known[way, 2]
    is_known = known[way, 0] == period and known[way, 1] == line
    if is_known and (place < 0 or entitled[place].left >= tables.specs[entitled[place].spec].pulse):
        return int(place)
    place = first_serving(tables, entitled, first, last, line, record.plan, record.start_ms)
    known[way, 0], known[way, 1], known[way, 2] = period, line, place
    return int(place)
