"""Questions that the batch executor asks of the tables: which window, which rate, what a part costs."""


from ossbss.bss.revenue.rating.columns import NONE
from ossbss.bss.revenue.rating.compiled import inlined
from ossbss.bss.revenue.rating.tables import BY_RATE, Tables
from ossbss.bss.revenue.rating.timetables import CELL_BITS, Rows
from ossbss.contract.units import NEVER_MS

REFUSED = -(2**62)
"""in place of an amount: nothing prices it"""


@inlined
def rounded(numerator: int, divisor: int, mode: int) -> int:
    """A whole number; ``divisor`` above 0, mode as in MODES."""
    if divisor == 1:
        return numerator
    whole = numerator // divisor
    rest = numerator - whole * divisor
    if mode == 0:
        return whole + int(2 * rest + int(numerator > 0) > divisor)
    if rest == 0 or mode == 5:
        return whole
    away = int(numerator > 0)
    if 2 <= mode <= 4:
        return whole + (1 if mode == 4 else away if mode == 2 else 1 - away)
    if rest * 2 != divisor:
        return whole + int(rest * 2 > divisor)
    return whole + whole % 2


@inlined
def stretch_at(tables: Tables, cells: int, stretches: int, at_ms: int) -> int:
    """Place of the stretch that holds an instant, of the timetable whose cells and stretches begin there."""
    place = stretches + tables.cells[cells + (at_ms >> CELL_BITS)]
    while tables.stretches[place].end_ms <= at_ms:
        place += 1
    return int(place)


@inlined
def version_at(tables: Tables, plan: int, at_ms: int) -> int:
    """NONE where nothing is sold yet."""
    found, first = tables.plans[plan].last - 1, tables.plans[plan].first
    while found >= first and tables.versions[found].from_ms > at_ms:
        found -= 1
    return int(found if found >= first else NONE)


@inlined
def rate_in(tables: Tables, version: int, stretch: int) -> int:
    """NONE where nothing is priced."""
    here = tables.versions[version]
    return int(tables.windows[here.windows + tables.stretches[stretch].window]) if here.kind == BY_RATE else NONE


@inlined
def opening(tables: Tables, entitled: Rows, place: int, at_ms: int, end_ms: int) -> int:
    """When this allowance may be used, from an instant on and before ``end_ms``; NEVER_MS: it may not."""
    spec = tables.specs[entitled[place].spec]
    at = max(at_ms, entitled[place].from_ms)
    until = min(end_ms, entitled[place].until_ms)
    if at >= until:
        return NEVER_MS
    if spec.always:
        return int(at)
    stretch = stretch_at(tables, spec.cells, spec.stretches, at)
    while not tables.is_open[spec.windows + tables.stretches[stretch].window]:
        at = tables.stretches[stretch].end_ms
        if at >= until:
            return NEVER_MS
        stretch += 1
    return int(at)


@inlined
def closing(tables: Tables, entitled: Rows, place: int, at_ms: int, end_ms: int) -> int:
    """Until when it may be used, being open at an instant; at most ``end_ms``."""
    spec = tables.specs[entitled[place].spec]
    until = min(end_ms, entitled[place].until_ms)
    if spec.always:
        return int(until)
    stretch = stretch_at(tables, spec.cells, spec.stretches, at_ms)
    while tables.stretches[stretch].end_ms < until:
        if not tables.is_open[spec.windows + tables.stretches[stretch + 1].window]:
            return int(tables.stretches[stretch].end_ms)
        stretch += 1
    return int(until)


@inlined
def in_bands(tables: Tables, rate: int, start: int, end: int) -> int:
    """Numerator of the part [start, end) of a session at one rate."""
    total = 0
    last, bands = tables.rates[rate].last, tables.bands
    for band in range(tables.rates[rate].first, last):
        begins = max(start, bands[band].starts_at)
        ends = end if band + 1 == last else min(end, bands[band + 1].starts_at)
        if begins < ends:
            pulse = bands[band].pulse
            total += int((ends - begins + pulse - 1) // pulse * bands[band].num)
    return total


@inlined
def whole_cost(tables: Tables, version: int, used: int) -> int:
    """Numerator of all that was used, by pieces."""
    place = tables.versions[version].pieces
    while used > tables.pieces[place].up_to:
        place += 1
    piece = tables.pieces[place]
    blocks = (max(used - piece.low, 0) + piece.block - 1) // piece.block
    return int(piece.fixed_num + blocks * piece.num)


@inlined
def share_of(tables: Tables, version: int, counted: int, events: int, amount: int) -> int:
    """Numerator of a share of the amount of one event, after others."""
    share = tables.versions[version]
    free = 0
    if (share.free_events != NONE or share.free_total != NONE) and (
        share.free_events == NONE or events < share.free_events
    ):
        free = amount if share.free_total == NONE else min(amount, max(share.free_total - counted, 0))
    if amount == free:
        return 0
    fee = (amount - free) * share.share_num + share.fixed_num
    if share.least_num != NONE:
        fee = max(fee, share.least_num)
    return int(fee if share.greatest_num == NONE else min(fee, share.greatest_num))
