"""The twin timeline: the OSS's day above, the BSS's day below, on one clock."""

from matplotlib.figure import Figure

from ossbss.contract.units import HOUR_MS
from sim.testbed.report.hours import date, tick_labels, tick_times
from sim.testbed.report.style import INK, figure
from sim.testbed.report.timeline_bss import bss_panel
from sim.testbed.report.timeline_oss import oss_panel
from sim.testbed.view import RunView


def twin_timeline(view: RunView) -> Figure:
    """From two hours before the first fault to three after the last repair; the whole run where nothing failed."""
    begins_ms, ends_ms = focus(view)
    zone = view.catalogue.zone
    drawn, (above, below) = figure(9.5, 5.6, nrows=2, sharex=True, height_ratios=(3, 2))
    oss_panel(above, view, ends_ms - begins_ms)
    bss_panel(below, view, begins_ms, ends_ms)
    below.set_xlim(date(begins_ms), date(ends_ms))
    ticks = tick_times(begins_ms, ends_ms, zone)
    below.set_xticks([date(t) for t in ticks], tick_labels(ticks, zone))
    below.set_xlabel(f"local time, {zone.key}", color=INK)
    return drawn


def focus(view: RunView) -> tuple[int, int]:
    """(from_ms, until_ms) of what is worth seeing."""
    faults = view.truth("fault")
    if faults.is_empty():
        return view.starts_ms, view.ends_ms
    first = min(faults["at_ms"].to_list())
    last = max(faults["until_ms"].fill_null(view.ends_ms).to_list())
    return max(view.starts_ms, first - 2 * HOUR_MS), min(view.ends_ms, last + 3 * HOUR_MS)
