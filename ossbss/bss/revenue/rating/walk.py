"""One session after the other, each account in the order of time: allowances as far as they go, prices beside them."""

import numpy as np

from ossbss.bss.revenue.charging.balances import UNLIMITED
from ossbss.bss.revenue.rating.columns import Entitled, Ints, Priced, RoundTo, State, Usage
from ossbss.bss.revenue.rating.compiled import compiled
from ossbss.bss.revenue.rating.kernel import (
    FAR_MS,
    by_rates,
    closing,
    in_bands,
    opening,
    rate_at,
    rounded,
    share_of,
    version_at,
    whole_cost,
)
from ossbss.bss.revenue.rating.tables import BY_PIECES, BY_RATE, BY_SHARE, NONE, UNPRICED, PlanTables, SpecTables
from ossbss.bss.revenue.rating.timetables import TimeTables

MOST_BITES = 256
"""out of allowances, that one session may take; more is a broken invariant"""


@compiled
def walk(
    plans: PlanTables,
    specs: SpecTables,
    times: TimeTables,
    usage: Usage,
    entitled: Entitled,
    state: State,
    to: RoundTo,
    found: Priced,
) -> None:
    """Fills ``found`` and moves ``state``."""
    bites = np.zeros((MOST_BITES, 2), dtype=np.int64)
    for owner in range(len(usage.owner_rows) - 1):
        first, last = entitled.owner_rows[owner], entitled.owner_rows[owner + 1]
        for row in range(usage.owner_rows[owner], usage.owner_rows[owner + 1]):
            for place in range(first, last):
                if entitled.carried_from[place] != NONE and not state.is_settled[place]:
                    settle(entitled, state, place, usage.start_ms[row])
            one(plans, specs, times, usage, entitled, state, to, found, row, first, last, bites)


@compiled
def settle(entitled: Entitled, state: State, place: int, at_ms: int) -> None:
    """What is left of the bundle that was bought before is added, once this one has begun."""
    if entitled.from_ms[place] <= at_ms:
        before = entitled.carried_from[place]
        if state.left[place] < UNLIMITED and state.left[before] < UNLIMITED:
            state.left[place] += state.left[before]
            state.left[before] = 0
        state.is_settled[place] = 1


@compiled
def one(
    plans: PlanTables,
    specs: SpecTables,
    times: TimeTables,
    usage: Usage,
    entitled: Entitled,
    state: State,
    to: RoundTo,
    found: Priced,
    row: int,
    first: int,
    last: int,
    bites: Ints,
) -> None:
    """One record; ``first``, ``last``: places of the allowances of its account."""
    plan, start_ms, quantity = usage.plan[row], usage.start_ms[row], usage.quantity[row]
    version = version_at(plans, plan, start_ms)
    timed = plans.timed[plan] == 1
    numerator, fee, free, paid, position, taken = 0, NONE, 0, 0, 0, 0
    good = True
    while position < quantity and good:
        at_ms = start_ms + position if timed else start_ms
        end_ms = start_ms + quantity if timed else at_ms + 1
        place, until_ms = usable(specs, times, entitled, state, usage, row, first, last, at_ms, end_ms)
        until = until_ms - start_ms if timed else quantity
        if place == NONE:
            cost = priced(plans, times, usage, state, row, version, position, until, paid)
            good = cost != NONE
            fee = connection_fee(plans, times, version, start_ms) if fee == NONE else fee
            numerator += cost
            paid += in_pulses(plans, version, until - position)
            position = until
        else:
            pulse = specs.pulse[entitled.spec[place]]
            units = min((until - position + pulse - 1) // pulse, state.left[place] // pulse) * pulse
            fee = specs.fee[entitled.spec[place]] if fee == NONE else fee
            if state.left[place] < UNLIMITED:
                state.left[place] -= units
                if taken == MOST_BITES:
                    raise ValueError("a session takes more bites out of allowances than can be remembered")
                bites[taken, 0], bites[taken, 1] = place, units
                taken += 1
            free += min(units, quantity - position)
            position = min(position + units, quantity)
    if not good:
        for bite in range(taken):
            state.left[bites[bite, 0]] += bites[bite, 1]
        return
    charge(plans, usage, state, to, found, row, version, numerator, paid)
    found.fee_micros[row] = fee if usage.is_first[row] and fee != NONE else 0
    found.amount_micros[row] += found.fee_micros[row]
    found.free[row] = free


@compiled
def usable(
    specs: SpecTables,
    times: TimeTables,
    entitled: Entitled,
    state: State,
    usage: Usage,
    row: int,
    first: int,
    last: int,
    at_ms: int,
    end_ms: int,
) -> tuple[int, int]:
    """The first allowance that may be used at an instant (NONE: none may), and until when nothing changes that."""
    until = end_ms
    for place in range(first, last):
        spec = entitled.spec[place]
        mine = entitled.line[place] == NONE or entitled.line[place] == usage.line[row]
        if mine and specs.serves[spec, usage.plan[row]] and state.left[place] >= specs.pulse[spec]:
            opens = opening(specs, times, entitled, place, at_ms, end_ms)
            if opens == at_ms:
                return place, min(until, closing(specs, times, entitled, place, at_ms, end_ms))
            if opens != FAR_MS:
                until = min(until, opens)
    return NONE, until


@compiled
def connection_fee(plans: PlanTables, times: TimeTables, version: int, start_ms: int) -> int:
    """Of the window in which the session begins."""
    rate = rate_at(plans, times, version, start_ms)
    return 0 if rate == NONE else int(plans.fee[rate])


@compiled
def priced(
    plans: PlanTables,
    times: TimeTables,
    usage: Usage,
    state: State,
    row: int,
    version: int,
    start: int,
    end: int,
    paid: int,
) -> int:
    """Numerator of the part [start, end) of a session, ``paid`` having been paid for before; NONE: it has no price."""
    plan, start_ms = usage.plan[row], usage.start_ms[row]
    at_once = version != NONE and (plans.at_start[version] or plans.kind[version] > BY_RATE)
    if plans.timed[plan] and not at_once:
        return by_rates(plans, times, plan, version_at(plans, plan, start_ms + start), start_ms, start, end)
    if version == NONE or plans.kind[version] == UNPRICED:
        return NONE
    if plans.kind[version] == BY_RATE:
        rate = rate_at(plans, times, version, start_ms)
        return NONE if rate == NONE else in_bands(plans, rate, start, end)
    counter = usage.counter[row]
    counted, events = (0, 0) if counter == NONE else (state.counted[counter], state.events[counter])
    if plans.kind[version] == BY_SHARE:
        return share_of(plans, version, counted + paid, events + (paid > 0), end - start)
    before = counted + paid
    then = whole_cost(plans, version, before) if events or paid else 0
    return whole_cost(plans, version, before + in_pulses(plans, version, end - start)) - then


@compiled
def in_pulses(plans: PlanTables, version: int, quantity: int) -> int:
    """What counts of a part that is priced by quantity."""
    if version == NONE or plans.kind[version] != BY_PIECES:
        return quantity
    pulse = plans.pulse[version]
    return int((quantity + pulse - 1) // pulse * pulse)


@compiled
def charge(
    plans: PlanTables,
    usage: Usage,
    state: State,
    to: RoundTo,
    found: Priced,
    row: int,
    version: int,
    numerator: int,
    paid: int,
) -> None:
    """The rounded amount, and what counts for the records that follow."""
    denominator = plans.denominator[usage.plan[row]]
    if version != NONE and plans.most[version] != NONE and plans.is_free_beyond[version]:
        numerator = min(numerator, plans.most[version] * denominator)
    found.amount_micros[row] = rounded(numerator, denominator * to.step_micros, to.mode) * to.step_micros
    found.is_priced[row] = 1
    counter = usage.counter[row]
    if counter != NONE and paid:
        state.counted[counter] += paid
        state.events[counter] += 1
