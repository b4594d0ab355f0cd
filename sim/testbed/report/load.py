"""How full the network was: the busiest ports over time, and what they lost."""

from datetime import datetime
from typing import Any

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ossbss.contract.units import MINUTE_MS, SECOND_MS
from sim.testbed.report.hours import date, tick_labels, tick_times
from sim.testbed.report.style import BSS, FAILED, INK, OSS, PALE, WORLD, figure
from sim.testbed.view import RunView

SHOWN = 5
_COLOURS = (OSS, FAILED, "#b7791f", BSS, "#7c3aed")
_LABEL_GAP = 0.075


def busiest(loads: pl.DataFrame) -> pl.DataFrame:
    """The period in which each of the busiest links was fullest, and the port that was; of equals what lost more."""
    order = ["utilisation", "lost", "port", "interval_start_ms"]
    fullest = loads.sort(order, descending=[True, True, False, False])
    return fullest.unique("link_id", keep="first", maintain_order=True).head(SHOWN)


def load_figure(view: RunView, loads: pl.DataFrame) -> Figure:
    """Utilisation (top) and lost share (below) of the busiest ports; grey: faults. ``loads``: as ``port_loads``."""
    zone = view.catalogue.zone
    drawn, (full, lossy) = figure(11, 4.6, nrows=2, sharex=True, height_ratios=[3, 1.2])
    ports = busiest(loads)["port"].to_list()
    for port, colour in zip(ports, _COLOURS, strict=False):
        rows = loads.filter(pl.col("port") == port)
        days = [date(at_ms) for at_ms in rows["interval_start_ms"]]
        for axes, column in ((full, "utilisation"), (lossy, "lost")):
            axes.step(days, rows[column] * 100, where="post", color=colour, linewidth=1.3)
    _labels(full, loads, ports, view.ends_ms)
    _faults((full, lossy), view)
    full.axhline(100, color=INK, linewidth=0.6, linestyle=":")
    full.set_ylim(0, 108)
    lossy.set_ylim(bottom=0)
    full.set_ylabel("utilisation, %")
    lossy.set_ylabel("packets lost, %")
    ticks = tick_times(view.starts_ms, view.ends_ms, zone)
    lossy.set_xticks([date(tick) for tick in ticks], tick_labels(ticks, zone))
    lossy.set_xlim(date(view.starts_ms), date(view.ends_ms))
    for axes in (full, lossy):
        axes.grid(axis="y", color=PALE, linewidth=0.6)
    return drawn


def _labels(axes: Axes, loads: pl.DataFrame, ports: list[str], ends_ms: int) -> None:
    """Each line's name beside its end, moved apart where they would lie on each other."""
    last = {port: loads.filter(pl.col("port") == port)["utilisation"][-1] for port in ports}
    order = sorted(range(len(ports)), key=lambda number: -last[ports[number]])
    height = 1 + _LABEL_GAP
    style: dict[str, Any] = {"xytext": (6, -3), "textcoords": "offset points", "fontsize": 8, "annotation_clip": False}
    for number in order:
        height = min(last[ports[number]], height - _LABEL_GAP)
        axes.annotate(ports[number], (date(ends_ms), height * 100), color=_COLOURS[number], **style)


def _faults(both: tuple[Axes, Axes], view: RunView) -> None:
    for at_ms, until_ms in view.truth("fault").select("at_ms", "until_ms").iter_rows():
        for axes in both:
            end_ms = view.ends_ms if until_ms is None else max(until_ms, at_ms + MINUTE_MS)
            axes.axvspan(date(at_ms), date(end_ms), color=WORLD, alpha=0.12, linewidth=0)


def worst_rows(view: RunView, loads: pl.DataFrame) -> list[dict[str, str]]:
    """The same ports as text: when each was fullest, and what its packets met then."""
    return [
        {
            "port": row["port"],
            "at": f"{datetime.fromtimestamp(row['interval_start_ms'] / SECOND_MS, view.catalogue.zone):%d %b %H:%M}",
            "utilisation": f"{row['utilisation']:.1%}",
            "lost": f"{row['lost']:.2%}",
            "delay": f"{row['delay_ms']:.2f} ms",
        }
        for row in busiest(loads).iter_rows(named=True)
    ]
