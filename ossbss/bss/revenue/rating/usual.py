"""The usual record: one allowance covers it, or none serves it and one rate prices it. About three times as fast as
the rules in full, and the same to the last digit."""

import numpy as np

from ossbss.bss.revenue.rating.columns import NONE
from ossbss.bss.revenue.rating.compiled import compiled, inlined
from ossbss.bss.revenue.rating.kernel import REFUSED, stretch_at
from ossbss.bss.revenue.rating.tables import ALWAYS, BY_WINDOW, UNUSUAL, Tables
from ossbss.bss.revenue.rating.timetables import Rows
from ossbss.contract.units import UNLIMITED

OTHERWISE = REFUSED - 1
"""A record for the rules in full."""
UNSURE = -2
"""An allowance that is for some windows only may serve it."""


@inlined
def usual(tables: Tables, entitled: Rows, record: np.record, place: int, changes_ms: int) -> tuple[int, int, int]:
    """Numerator (REFUSED: it has no price), fee, units out of the allowance at ``place``, which moves."""
    plan, quantity = tables.plans[record.plan], record.quantity
    if quantity <= 0 or place == UNSURE or (plan.timed and record.start_ms + quantity > changes_ms):
        return OTHERWISE, 0, 0
    if place != NONE:
        here = entitled[place]
        units = in_pulses(quantity, tables.specs[here.spec].pulse)
        if units > here.left:
            return OTHERWISE, 0, 0
        if here.left < UNLIMITED:
            here.left -= units
        return 0, tables.specs[here.spec].fee, quantity
    place = OTHERWISE if plan.usual == UNUSUAL else one_rate(tables, plan, record)
    if place < 0:
        return REFUSED if place == NONE else OTHERWISE, 0, 0
    rate = tables.rates[place]
    return (quantity + rate.pulse - 1) // rate.pulse * rate.num, rate.fee, 0


@inlined
def one_rate(tables: Tables, plan: np.record, record: np.record) -> int:
    """The rate of all of it; NONE: it has no price; OTHERWISE where windows change meanwhile."""
    window = 0
    if plan.usual != ALWAYS:
        stretch = stretch_at(tables, plan.cells, plan.stretches, record.start_ms)
        if plan.usual == BY_WINDOW and tables.stretches[stretch].end_ms < record.start_ms + record.quantity:
            return OTHERWISE
        window = tables.stretches[stretch].window
    return int(tables.windows[plan.windows + window])


@inlined
def in_pulses(quantity: int, pulse: int) -> int:
    return quantity if pulse == 1 else (quantity + pulse - 1) // pulse * pulse


@compiled
def first_serving(
    tables: Tables, entitled: Rows, first: int, last: int, line: int, plan: int, at_ms: int
) -> int:
    """NONE: no allowance serves this plan and line in this period; UNSURE where windows must be asked."""
    for place in range(first, last):
        here = entitled[place]
        if (
            here.line in (NONE, line)
            and here.from_ms <= at_ms < here.until_ms
            and tables.serves[here.spec, plan]
            and here.left >= tables.specs[here.spec].pulse
        ):
            return place if tables.specs[here.spec].always else UNSURE
    return NONE
