"""Questions that the batch executor asks of the tables: which window, which rate, what a part costs."""


from ossbss.bss.revenue.rating.compiled import inlined
from ossbss.bss.revenue.rating.tables import BY_RATE, NONE
from ossbss.bss.revenue.rating.timetables import CELL_BITS, Ints, Rows

FAR_MS = 2**62


@inlined
def rounded(numerator: int, divisor: int, mode: int) -> int:
    """A whole number; ``divisor`` above 0, mode as in MODES."""
    if divisor == 1:
        return numerator
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


@inlined
def stretch_at(cells: Ints, stretches: Rows, own_cells: int, own_stretches: int, at_ms: int) -> int:
    """Place of the stretch of a timetable that holds an instant."""
    place = own_stretches + cells[own_cells + (at_ms >> CELL_BITS)]
    while stretches[place].end_ms <= at_ms:
        place += 1
    return int(place)


@inlined
def version_at(plans: Rows, versions: Rows, plan: int, at_ms: int) -> int:
    """NONE where nothing is sold yet."""
    found = plans[plan].last - 1
    while found >= plans[plan].first and versions[found].from_ms > at_ms:
        found -= 1
    return int(found if found >= plans[plan].first else NONE)


@inlined
def rate_in(versions: Rows, windows: Ints, stretches: Rows, version: int, stretch: int) -> int:
    """NONE where nothing is priced."""
    if versions[version].kind != BY_RATE:
        return NONE
    return int(windows[versions[version].windows + stretches[stretch].window])


@inlined
def opening(
    specs: Rows, is_open: Ints, cells: Ints, stretches: Rows, entitled: Rows, place: int, at_ms: int, end_ms: int
) -> int:
    """When this allowance may be used, from an instant on and before ``end_ms``; FAR_MS: it may not."""
    spec = specs[entitled[place].spec]
    at = max(at_ms, entitled[place].from_ms)
    until = min(end_ms, entitled[place].until_ms)
    if at >= until:
        return FAR_MS
    if spec.always:
        return int(at)
    stretch = stretch_at(cells, stretches, spec.cells, spec.stretches, at)
    while not is_open[spec.windows + stretches[stretch].window]:
        at = stretches[stretch].end_ms
        if at >= until:
            return FAR_MS
        stretch += 1
    return int(at)


@inlined
def closing(
    specs: Rows, is_open: Ints, cells: Ints, stretches: Rows, entitled: Rows, place: int, at_ms: int, end_ms: int
) -> int:
    """Until when it may be used, being open at an instant; at most ``end_ms``."""
    spec = specs[entitled[place].spec]
    until = min(end_ms, entitled[place].until_ms)
    if spec.always:
        return int(until)
    stretch = stretch_at(cells, stretches, spec.cells, spec.stretches, at_ms)
    while stretches[stretch].end_ms < until:
        if not is_open[spec.windows + stretches[stretch + 1].window]:
            return int(stretches[stretch].end_ms)
        stretch += 1
    return int(until)


@inlined
def in_bands(rates: Rows, bands: Rows, rate: int, start: int, end: int) -> int:
    """Numerator of the part [start, end) of a session at one rate."""
    total = 0
    last = rates[rate].last
    for band in range(rates[rate].first, last):
        begins = max(start, bands[band].starts_at)
        ends = end if band + 1 == last else min(end, bands[band + 1].starts_at)
        if begins < ends:
            pulse = bands[band].pulse
            total += int((ends - begins + pulse - 1) // pulse * bands[band].num)
    return total


@inlined
def whole_cost(versions: Rows, pieces: Rows, version: int, used: int) -> int:
    """Numerator of all that was used, by pieces."""
    place = versions[version].pieces
    while used > pieces[place].up_to:
        place += 1
    piece = pieces[place]
    blocks = (max(used - piece.low, 0) + piece.block - 1) // piece.block
    return int(piece.fixed_num + blocks * piece.num)


@inlined
def share_of(versions: Rows, version: int, counted: int, events: int, amount: int) -> int:
    """Numerator of a share of the amount of one event, after others."""
    share = versions[version]
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
