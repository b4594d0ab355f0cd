"""Windows of the calendar over the time of a batch, as tables: which counts at an instant, and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ossbss.bss.product.calendars import stretches
from ossbss.bss.revenue.charging.plan import Timetable
from ossbss.bss.revenue.cycles import Period

CELL_BITS = 20
"""A stretch is looked for from the one in which a cell begins, 2**20 ms (about 17 minutes) long."""
Ints = NDArray[np.int64]
Rows = np.recarray[Any, Any]
STRETCH = [("end_ms", "i8"), ("window", "i8")]
"""A window is its place in the timetable; the place after the last: none holds."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Of one timetable: cell (an instant >> CELL_BITS) + ``cells`` → in which of its stretches it begins, which stand
    from ``stretches`` on."""

    cells: int
    stretches: int


@dataclass(frozen=True, eq=False)
class TimeTables:
    """``cells`` and ``stretches`` of all timetables one after the other, and where each has its own."""

    grids: list[Grid]
    cells: Ints
    stretches: Rows


def time_tables(timetables: Sequence[Timetable], span: Period) -> TimeTables:
    """For any instant of the span."""
    first = span.start_ms >> CELL_BITS
    begins = np.arange(first, (span.end_ms >> CELL_BITS) + 2, dtype=np.int64) << CELL_BITS
    cells, rows, grids = list[Ints](), list[tuple[int, int]](), list[Grid]()
    for timetable in timetables:
        places = {name: place for place, name in enumerate(timetable.windows)}
        found = stretches(timetable.windows, timetable.zone, int(begins[0]), int(begins[-1]) + (1 << CELL_BITS))
        grids.append(Grid(len(cells) * len(begins) - first, len(rows)))
        cells.append(np.searchsorted([stretch.end_ms for stretch in found], begins, side="right").astype(np.int64))
        rows += [(s.end_ms, len(places) if s.window is None else places[s.window]) for s in found]
    return TimeTables(grids, np.concatenate([np.zeros(0, dtype=np.int64), *cells]), table(rows, STRETCH))


def table(rows: Sequence[tuple[int, ...]], columns: Sequence[tuple[str, str]]) -> Rows:
    """Rows whose fields have names."""
    return np.array(list(rows), dtype=list(columns)).view(np.recarray)
