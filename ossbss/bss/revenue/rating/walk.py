"""One session after the other, each account in the order of time: allowances as far as they go, prices beside them."""

from ossbss.bss.revenue.charging.balances import UNLIMITED
from ossbss.bss.revenue.rating.columns import Priced, Usage
from ossbss.bss.revenue.rating.compiled import compiled, inlined
from ossbss.bss.revenue.rating.kernel import (
    FAR_MS,
    closing,
    in_bands,
    opening,
    rate_in,
    rounded,
    share_of,
    stretch_at,
    version_at,
    whole_cost,
)
from ossbss.bss.revenue.rating.tables import BY_PIECES, BY_RATE, BY_SHARE, NONE, Tables
from ossbss.bss.revenue.rating.timetables import Ints, Rows

MOST_BITES = 256
"""out of allowances, that one session may take; more is a broken invariant"""


@compiled
def walk(
    tables: Tables,
    usage: Usage,
    entitled: Rows,
    counters: Rows,
    mode: int,
    step_micros: int,
    found: Priced,
    bites: Ints,
) -> None:
    """Fills ``found``; moves what is left of the entitlements, and the counters. ``bites``: room for MOST_BITES."""
    plans, versions, windows, rates, bands, pieces, specs, is_open, serves, cells, stretches = tables
    owner_rows, entitled_rows, lines, plan_of, starts, quantities, is_first, counter_of = usage
    amounts, fees, free_units, is_priced = found
    for owner in range(len(owner_rows) - 1):
        first, last = entitled_rows[owner], entitled_rows[owner + 1]
        for row in range(owner_rows[owner], owner_rows[owner + 1]):
            plan, start_ms, quantity, timed = plan_of[row], starts[row], quantities[row], plans[plan_of[row]].timed
            settle(entitled, first, last, start_ms)
            while first < last and entitled[first].until_ms <= start_ms:
                first += 1
            version = version_at(plans, versions, plan, start_ms)
            counted, events = seen_before(counters, counter_of[row])
            cost, fee, free, paid, position, taken = 0, NONE, 0, 0, 0, 0
            while position < quantity:
                at_ms, end_ms = (start_ms + position, start_ms + quantity) if timed else (start_ms, start_ms + 1)
                place, until_ms = usable(specs, is_open, serves, cells, stretches, entitled, first, last, lines[row],
                                         plan, at_ms, end_ms)  # fmt: skip
                until = until_ms - start_ms if timed else quantity
                if place != NONE:
                    fee = specs[entitled[place].spec].fee if fee == NONE else fee
                    units = bite(specs, entitled, place, until - position, bites, taken)
                    taken += 1
                    free += min(units, quantity - position)
                    position = min(position + units, quantity)
                    continue
                fee = opening_fee(versions, windows, rates, cells, stretches, version, start_ms) if fee == NONE else fee
                if is_by_quantity(versions, version):
                    used, more = counted + paid, in_pulses(versions, version, until - position)
                    cost += by_quantity(versions, pieces, version, used, events + int(paid > 0), more)
                    paid += more
                else:
                    part = by_rates(plans, versions, windows, rates, bands, cells, stretches, plan, version, start_ms,
                                    position, until)  # fmt: skip
                    if part == NONE:
                        break
                    cost += part
                position = until
            if position < quantity:
                undo(entitled, bites, taken)
                continue
            cost = at_most(plans, versions, plan, version, cost)
            divisor = plans[plan].denominator * step_micros
            fees[row] = fee if is_first[row] and fee != NONE else 0
            amounts[row] = rounded(cost, divisor, mode) * step_micros + fees[row]
            free_units[row], is_priced[row] = free, 1
            count(counters, counter_of[row], paid)


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
def usable(
    specs: Rows,
    is_open: Ints,
    serves: Ints,
    cells: Ints,
    stretches: Rows,
    entitled: Rows,
    first: int,
    last: int,
    line: int,
    plan: int,
    at_ms: int,
    end_ms: int,
) -> tuple[int, int]:
    """The first allowance that may be used at an instant (NONE: none may), and until when nothing changes that."""
    until = end_ms
    for place in range(first, last):
        here = entitled[place]
        if here.line in (NONE, line) and serves[here.spec, plan] and here.left >= specs[here.spec].pulse:
            opens = opening(specs, is_open, cells, stretches, entitled, place, at_ms, end_ms)
            if opens == at_ms:
                closes = closing(specs, is_open, cells, stretches, entitled, place, at_ms, end_ms)
                return place, min(until, closes)
            if opens != FAR_MS:
                until = min(until, opens)
    return NONE, until


@inlined
def bite(specs: Rows, entitled: Rows, place: int, needed: int, bites: Ints, taken: int) -> int:
    """Units that are taken: whole pulses, as many as there are."""
    here, pulse = entitled[place], specs[entitled[place].spec].pulse
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
def opening_fee(
    versions: Rows, windows: Ints, rates: Rows, cells: Ints, stretches: Rows, version: int, start_ms: int
) -> int:
    """Of the window in which the session begins."""
    if version == NONE or not versions[version].has_fee:
        return 0
    stretch = stretch_at(cells, stretches, versions[version].cells, versions[version].stretches, start_ms)
    rate = rate_in(versions, windows, stretches, version, stretch)
    return 0 if rate == NONE else int(rates[rate].fee)


@inlined
def by_rates(
    plans: Rows,
    versions: Rows,
    windows: Ints,
    rates: Rows,
    bands: Rows,
    cells: Ints,
    stretches: Rows,
    plan: int,
    opening_version: int,
    start_ms: int,
    start: int,
    end: int,
) -> int:
    """Numerator of the part [start, end) of a session, through versions and windows where it is timed; NONE where some
    of it has no price."""
    total, position = 0, start
    at_once = plans[plan].timed == 0 or (opening_version != NONE and versions[opening_version].at_start == 1)
    version = opening_version if at_once else version_at(plans, versions, plan, start_ms + start)
    while position < end:
        if version == NONE:
            return NONE
        at_ms = start_ms if at_once else start_ms + position
        stretch = stretch_at(cells, stretches, versions[version].cells, versions[version].stretches, at_ms)
        rate = rate_in(versions, windows, stretches, version, stretch)
        if rate == NONE:
            return NONE
        until = end if at_once else min(end, stretches[stretch].end_ms - start_ms)
        if not at_once and version + 1 < plans[plan].last:
            until = min(until, versions[version + 1].from_ms - start_ms)
        total += in_bands(rates, bands, rate, position, until)
        position = until
        if not at_once:
            version = version_at(plans, versions, plan, start_ms + position)
    return total


@inlined
def is_by_quantity(versions: Rows, version: int) -> bool:
    return version != NONE and versions[version].kind > BY_RATE


@inlined
def in_pulses(versions: Rows, version: int, quantity: int) -> int:
    """What counts of a part that is priced by quantity."""
    if versions[version].kind != BY_PIECES:
        return quantity
    pulse = versions[version].pulse
    return int((quantity + pulse - 1) // pulse * pulse)


@inlined
def by_quantity(versions: Rows, pieces: Rows, version: int, used: int, events: int, more: int) -> int:
    """Numerator of what is used after something else."""
    if versions[version].kind == BY_SHARE:
        return share_of(versions, version, used, events, more)
    then = whole_cost(versions, pieces, version, used) if events else 0
    return whole_cost(versions, pieces, version, used + more) - then


@inlined
def at_most(plans: Rows, versions: Rows, plan: int, version: int, numerator: int) -> int:
    """A session that has cost the most goes on for nothing."""
    if version == NONE or versions[version].most == NONE or not versions[version].is_free_beyond:
        return numerator
    return int(min(numerator, versions[version].most * plans[plan].denominator))


@inlined
def seen_before(counters: Rows, counter: int) -> tuple[int, int]:
    """Units and sessions."""
    return (0, 0) if counter == NONE else (counters[counter].counted, counters[counter].events)


@inlined
def count(counters: Rows, counter: int, paid: int) -> None:
    if counter != NONE and paid:
        counters[counter].counted += paid
        counters[counter].events += 1
