"""Questions that the batch executor asks of the tables: which version, window, rate, and what a part costs."""

from ossbss.bss.revenue.rating.columns import Entitled
from ossbss.bss.revenue.rating.compiled import compiled
from ossbss.bss.revenue.rating.tables import BY_RATE, NONE, PlanTables, SpecTables
from ossbss.bss.revenue.rating.timetables import CELL_BITS, TimeTables

FAR_MS = 2**62
@compiled
def rounded(numerator: int, divisor: int, mode: int) -> int:
    """A whole number; ``divisor`` above 0, mode as in MODES."""
    whole = numerator // divisor
    rest = numerator - whole * divisor
    if rest == 0 or mode == 5:
        return whole
    away = int(numerator > 0)
    if 2 <= mode <= 4:
        return whole + (1 if mode == 4 else away if mode == 2 else 1 - away)
    if rest * 2 != divisor:
        return whole + int(rest * 2 > divisor)
    return whole + (whole % 2 if mode == 1 else away)


@compiled
def stretch_at(times: TimeTables, timetable: int, at_ms: int) -> int:
    """Place of the stretch that holds an instant."""
    first = times.stretches_of[timetable]
    place = first + times.cell[times.cells_of[timetable] + ((at_ms - times.start_ms) >> CELL_BITS)]
    while times.end_ms[place] <= at_ms:
        place += 1
    return int(place)


@compiled
def version_at(plans: PlanTables, plan: int, at_ms: int) -> int:
    """NONE where nothing is sold yet."""
    found = NONE
    for version in range(plans.versions_of[plan], plans.versions_of[plan + 1]):
        if plans.from_ms[version] > at_ms:
            break
        found = version
    return found


@compiled
def rate_at(plans: PlanTables, times: TimeTables, version: int, at_ms: int) -> int:
    """NONE where nothing prices an instant."""
    if version == NONE or plans.kind[version] != BY_RATE:
        return NONE
    window = times.window[stretch_at(times, plans.timetable[version], at_ms)]
    return int(plans.rate_of_window[plans.windows_of[version] + window])


@compiled
def opening(specs: SpecTables, times: TimeTables, entitled: Entitled, place: int, at_ms: int, end_ms: int) -> int:
    """When this allowance may be used, from an instant on and before ``end_ms``; FAR_MS: it may not."""
    at = max(at_ms, entitled.from_ms[place])
    until = min(end_ms, entitled.until_ms[place])
    spec = entitled.spec[place]
    timetable = specs.timetable[spec]
    if at >= until:
        return FAR_MS
    if timetable == NONE:
        return int(at)
    stretch = stretch_at(times, timetable, at)
    while not specs.is_open[specs.windows_of[spec] + times.window[stretch]]:
        at = times.end_ms[stretch]
        if at >= until:
            return FAR_MS
        stretch += 1
    return int(at)


@compiled
def closing(specs: SpecTables, times: TimeTables, entitled: Entitled, place: int, at_ms: int, end_ms: int) -> int:
    """Until when it may be used, being open at an instant; at most ``end_ms``."""
    until = min(end_ms, entitled.until_ms[place])
    spec = entitled.spec[place]
    timetable = specs.timetable[spec]
    if timetable == NONE:
        return int(until)
    stretch = stretch_at(times, timetable, at_ms)
    while times.end_ms[stretch] < until:
        if not specs.is_open[specs.windows_of[spec] + times.window[stretch + 1]]:
            return int(times.end_ms[stretch])
        stretch += 1
    return int(until)


@compiled
def by_rates(plans: PlanTables, times: TimeTables, plan: int, version: int, start_ms: int, start: int, end: int) -> int:
    """Numerator of the part [start, end) of a session whose time passes through versions and windows; NONE where some
    of it has no price. ``version``: in force where the part begins."""
    total = 0
    at = start
    last = plans.versions_of[plan + 1]
    while at < end:
        rate = rate_at(plans, times, version, start_ms + at)
        if rate == NONE:
            return NONE
        until = end
        if version + 1 < last:
            until = min(until, plans.from_ms[version + 1] - start_ms)
        stretch = stretch_at(times, plans.timetable[version], start_ms + at)
        until = min(until, times.end_ms[stretch] - start_ms)
        total += in_bands(plans, rate, at, until)
        at = until
        while version + 1 < last and plans.from_ms[version + 1] <= start_ms + at:
            version += 1
    return total


@compiled
def in_bands(plans: PlanTables, rate: int, start: int, end: int) -> int:
    """Numerator of the part [start, end) of a session at one rate."""
    total = 0
    last = plans.bands_of[rate + 1]
    for band in range(plans.bands_of[rate], last):
        begins = max(start, plans.band_start[band])
        ends = end if band + 1 == last else min(end, plans.band_start[band + 1])
        if begins < ends:
            pulse = plans.band_pulse[band]
            total += int((ends - begins + pulse - 1) // pulse * plans.band_num[band])
    return total


@compiled
def whole_cost(plans: PlanTables, version: int, used: int) -> int:
    """Numerator of all that was used, by pieces."""
    piece = plans.pieces_of[version]
    while used > plans.piece_up_to[piece]:
        piece += 1
    above = max(used - plans.piece_low[piece], 0)
    blocks = (above + plans.piece_block[piece] - 1) // plans.piece_block[piece]
    return int(plans.piece_fixed_num[piece] + blocks * plans.piece_num[piece])


@compiled
def share_of(plans: PlanTables, version: int, counted: int, events: int, amount: int) -> int:
    """Numerator of a share of the amount of one event, after others."""
    rate, fixed, free_events, free_total, least, most = plans.share[version]
    free = 0
    if (free_events != NONE or free_total != NONE) and (free_events == NONE or events < free_events):
        free = amount if free_total == NONE else min(amount, max(free_total - counted, 0))
    if amount == free:
        return 0
    fee = (amount - free) * rate + fixed
    if least != NONE:
        fee = max(fee, least)
    return int(fee if most == NONE else min(fee, most))
