"""Windows of the calendar over the time of a batch, as tables: which counts at an instant, and until when."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ossbss.bss.product.calendars import stretches
from ossbss.bss.revenue.charging.plan import Timetable
from ossbss.bss.revenue.cycles import Period

Ints = NDArray[np.int64]
CELL_BITS = 20
"""A stretch is looked for from the one in which a cell begins, 2**20 ms (about 17 minutes) long."""


class TimeTables(NamedTuple):
    """``cells_of``, ``stretches_of``: where the rows of a timetable begin; ``cell``: the stretch (among its own) in
    which a cell begins; ``end_ms``, ``window``: of a stretch; a window is its place in the timetable, after the last
    where none holds."""

    start_ms: int
    cells_of: Ints
    cell: Ints
    stretches_of: Ints
    end_ms: Ints
    window: Ints


def time_tables(timetables: Sequence[Timetable], span: Period) -> TimeTables:
    """For any instant of the span."""
    cells, ends, windows = list[Ints](), list[Ints](), list[Ints]()
    starts = np.arange(span.start_ms, span.end_ms + (1 << CELL_BITS), 1 << CELL_BITS, dtype=np.int64)
    for timetable in timetables:
        places = {name: place for place, name in enumerate(timetable.windows)}
        found = stretches(timetable.windows, timetable.zone, span.start_ms, int(starts[-1]) + (1 << CELL_BITS))
        ends.append(np.array([stretch.end_ms for stretch in found], dtype=np.int64))
        none = len(places)
        windows.append(np.array([none if s.window is None else places[s.window] for s in found], dtype=np.int64))
        cells.append(np.searchsorted(ends[-1], starts, side="right").astype(np.int64))
    return TimeTables(span.start_ms, begins(cells), joined(cells), begins(ends), joined(ends), joined(windows))


def begins(rows: Sequence[Ints]) -> Ints:
    """Where each begins when they are joined, and where the last ends."""
    return np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)


def joined(rows: Sequence[Ints]) -> Ints:
    return np.concatenate(rows).astype(np.int64) if rows else np.zeros(0, dtype=np.int64)
