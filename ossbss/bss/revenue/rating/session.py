"""One session as the rules have it: allowances as far as they go, prices beside them, whatever may change within it."""

import numpy as np

from ossbss.bss.revenue.rating.columns import NONE, Usage
from ossbss.bss.revenue.rating.compiled import compiled, inlined
from ossbss.bss.revenue.rating.kernel import (
    REFUSED,
    closing,
    in_bands,
    opening,
    rate_in,
    share_of,
    stretch_at,
    version_at,
    whole_cost,
)
from ossbss.bss.revenue.rating.tables import BY_PIECES, BY_RATE, BY_SHARE, Tables
from ossbss.bss.revenue.rating.timetables import Ints, Rows
from ossbss.contract.units import NEVER_MS, UNLIMITED

MOST_BITES = 256
"""out of allowances, that one session may take; more is a broken invariant"""


@compiled
def one(
    tables: Tables, usage: Usage, entitled: Rows, counters: Rows, bites: Ints, row: np.uint64, first: int, last: int
) -> tuple[int, int, int, int]:
    """Numerator of one record (REFUSED: part of it has no price), fee, units out of allowances, units that were paid;
    ``first``, ``last``: the allowances of its account."""
    record, counter = usage.records[row], usage.counter[row]
    plan, start_ms, quantity = record.plan, record.start_ms, record.quantity
    timed, version = tables.plans[plan].timed, version_at(tables, plan, start_ms)
    cost, fee, free, paid, position, taken = 0, NONE, 0, 0, 0, 0
    while position < quantity:
        at_ms, end_ms = (start_ms + position, start_ms + quantity) if timed else (start_ms, start_ms + 1)
        place, until_ms = usable(tables, entitled, first, last, record.line, plan, at_ms, end_ms)
        until = until_ms - start_ms if timed else quantity
        if place != NONE:
            fee = tables.specs[entitled[place].spec].fee if fee == NONE else fee
            units = bite(tables, entitled, place, until - position, bites, taken)
            taken += 1
            free += min(units, quantity - position)
            position = min(position + units, quantity)
            continue
        fee = opening_fee(tables, version, start_ms) if fee == NONE else fee
        if is_by_quantity(tables, version):
            more = counted_units(tables, version, until - position)
            cost += by_quantity(tables, counters, counter, version, paid, more)
            paid += more
        else:
            part = by_rates(tables, plan, version, start_ms, position, until)
            if part == NONE:
                undo(entitled, bites, taken)
                return REFUSED, 0, 0, 0
            cost += part
        position = until
    return at_most(tables, plan, version, cost), fee, free, paid


@inlined
def usable(
    tables: Tables, entitled: Rows, first: int, last: int, line: int, plan: int, at_ms: int, end_ms: int
) -> tuple[int, int]:
    """The first allowance that may be used at an instant (NONE: none may), and until when nothing changes that."""
    until = end_ms
    for place in range(first, last):
        here = entitled[place]
        if here.line in (NONE, line) and tables.serves[here.spec, plan] and here.left >= tables.specs[here.spec].pulse:
            opens = opening(tables, entitled, place, at_ms, end_ms)
            if opens == at_ms:
                closes = closing(tables, entitled, place, at_ms, end_ms)
                return place, min(until, closes)
            if opens != NEVER_MS:
                until = min(until, opens)
    return NONE, until


@inlined
def bite(tables: Tables, entitled: Rows, place: int, needed: int, bites: Ints, taken: int) -> int:
    """Units that are taken: whole pulses, as many as there are."""
    here, pulse = entitled[place], tables.specs[entitled[place].spec].pulse
    units = min(needed, here.left) if pulse == 1 else min((needed + pulse - 1) // pulse, here.left // pulse) * pulse
    if taken >= MOST_BITES:
        raise ValueError("a session takes more bites out of allowances than can be remembered")
    bites[taken, 0], bites[taken, 1] = place, units
    if here.left < UNLIMITED:
        here.left -= units
    return int(units)


@inlined
def undo(entitled: Rows, bites: Ints, taken: int) -> None:
    """Give back what a session took that has no price further on."""
    for number in range(taken):
        if entitled[bites[number, 0]].left < UNLIMITED:
            entitled[bites[number, 0]].left += bites[number, 1]


@inlined
def opening_fee(tables: Tables, version: int, start_ms: int) -> int:
    """Of the window in which the session begins."""
    if version == NONE or not tables.versions[version].has_fee:
        return 0
    here = tables.versions[version]
    rate = rate_in(tables, version, stretch_at(tables, here.cells, here.stretches, start_ms))
    return 0 if rate == NONE else int(tables.rates[rate].fee)


@inlined
def by_rates(tables: Tables, plan: int, opening_version: int, start_ms: int, start: int, end: int) -> int:
    """Numerator of the part [start, end) of a session, through versions and windows where it is timed; NONE where some
    of it has no price."""
    total, position = 0, start
    starts_it = opening_version != NONE and tables.versions[opening_version].at_start == 1
    at_once = starts_it or not tables.plans[plan].timed
    version = opening_version if at_once else version_at(tables, plan, start_ms + start)
    while position < end:
        if version == NONE:
            return NONE
        at_ms = start_ms if at_once else start_ms + position
        stretch = stretch_at(tables, tables.versions[version].cells, tables.versions[version].stretches, at_ms)
        rate = rate_in(tables, version, stretch)
        if rate == NONE:
            return NONE
        until = end if at_once else min(end, tables.stretches[stretch].end_ms - start_ms)
        if not at_once and version + 1 < tables.plans[plan].last:
            until = min(until, tables.versions[version + 1].from_ms - start_ms)
        total += in_bands(tables, rate, position, until)
        position = until
        if not at_once:
            version = version_at(tables, plan, start_ms + position)
    return total


@inlined
def is_by_quantity(tables: Tables, version: int) -> bool:
    return version != NONE and tables.versions[version].kind > BY_RATE


@inlined
def counted_units(tables: Tables, version: int, quantity: int) -> int:
    """What counts of a part that is priced by quantity."""
    if tables.versions[version].kind != BY_PIECES:
        return quantity
    pulse = tables.versions[version].pulse
    return int((quantity + pulse - 1) // pulse * pulse)


@inlined
def by_quantity(tables: Tables, counters: Rows, counter: int, version: int, paid: int, more: int) -> int:
    """Numerator of what is used after what the month has had before, and this session has paid."""
    used, events = paid, int(paid > 0)
    if counter != NONE:
        used, events = used + counters[counter].counted, events + counters[counter].events
    if tables.versions[version].kind == BY_SHARE:
        return share_of(tables, version, used, events, more)
    then = whole_cost(tables, version, used) if events else 0
    return whole_cost(tables, version, used + more) - then


@inlined
def at_most(tables: Tables, plan: int, version: int, numerator: int) -> int:
    """A session that has cost the most goes on for nothing."""
    if version == NONE or tables.versions[version].most == NONE or not tables.versions[version].is_free_beyond:
        return numerator
    return int(min(numerator, tables.versions[version].most * tables.plans[plan].denominator))


@inlined
def count(counters: Rows, counter: int, paid: int) -> None:
    if counter != NONE and paid:
        counters[counter].counted += paid
        counters[counter].events += 1
