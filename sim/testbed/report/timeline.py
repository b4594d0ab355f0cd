"""The twin timeline: the OSS's day above, the BSS's day below, on one clock."""

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import matplotlib.dates as mdates
import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from sim.testbed.report.style import BSS, FAILED, INK, OSS, PALE, WORLD, figure
from sim.testbed.view import RunView

BIN_MS = 15 * MINUTE_MS
_PHASES = ("incident.diagnosed", "incident.dispatched", "crew.arrived", "incident.repaired", "incident.closed")
_SHADES = {"diagnosed": "#9cc3dd", "dispatched": "#5b9cc4", "at work": OSS, "verifying": "#0f3d5c"}


def twin_timeline(view: RunView) -> Figure:
    """From two hours before the first fault to three after the last repair; the whole run where nothing failed."""
    begins_ms, ends_ms = focus(view)
    drawn, (above, below) = figure(9.5, 5.6, nrows=2, sharex=True, height_ratios=(3, 2))
    _oss(above, view, (ends_ms - begins_ms) // 12)
    _bss(below, view, begins_ms, ends_ms)
    zone = view.catalogue.zone
    below.set_xlim(_date(begins_ms), _date(ends_ms))
    below.set_xticks([_date(t) for t in tick_times(begins_ms, ends_ms, zone)])
    below.xaxis.set_major_formatter(mdates.DateFormatter("%H:%M\n%d %b", tz=zone))  # type: ignore[no-untyped-call]
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


def tick_times(begins_ms: int, ends_ms: int, zone: ZoneInfo) -> list[int]:
    """At most ten whole local hours within the span, evenly apart; for long spans whole days."""
    shift_ms = int((datetime.fromtimestamp(begins_ms / 1000, zone).utcoffset() or timedelta()).total_seconds()) * 1000
    steps = [HOUR_MS * hours for hours in (1, 2, 3, 6, 12, 24)]
    days = max(1, -(-(ends_ms - begins_ms) // (9 * DAY_MS)))
    step_ms = next((step for step in steps if (ends_ms - begins_ms) // step < 10), days * DAY_MS)
    first_ms = -(-(begins_ms + shift_ms) // step_ms) * step_ms - shift_ms
    return list(range(first_ms, ends_ms + 1, step_ms))


def _date(at_ms: int) -> float:
    """Days since the epoch, matplotlib's unit of dates."""
    return at_ms / DAY_MS


def _bar(axes: Axes, row: float, from_ms: int, until_ms: int, colour: str, label: str = "") -> None:
    start = _date(from_ms)
    axes.barh(row, _date(until_ms) - start, left=start, height=0.55, color=colour, zorder=2)
    if label:
        axes.annotate(label, (start, row + 0.3), xytext=(1, 2), textcoords="offset points", fontsize=8, color=INK)


def _oss(axes: Axes, view: RunView, label_needs_ms: int) -> None:
    """A label is written only over a bar that is long enough for it."""
    for subject, at_ms, until_ms in view.truth("fault").select("subject", "at_ms", "until_ms").iter_rows():
        _bar(axes, 3, at_ms, until_ms or view.ends_ms, WORLD, subject)
    alarms = view.tables["alarms"]
    axes.plot([_date(t) for t in alarms["known_ms"]], [2.12] * alarms.height, "|", color=FAILED, markersize=11)
    cleared = alarms["clear_known_ms"].drop_nulls()
    axes.plot([_date(t) for t in cleared], [1.88] * cleared.len(), "|", color=BSS, markersize=11)
    for incident in view.tables["incidents"]["incident_id"]:
        _incident(axes, view, incident, label_needs_ms)
    problems = view.tables["service_problems"]
    for row in problems.iter_rows(named=True):
        label = row["service_id"] if problems.height == 1 else ""
        _bar(axes, 0, row["occurred_ms"], row["resolved_ms"] or view.ends_ms, FAILED, label)
    axes.set_yticks([3, 2, 1, 0], ["what failed\n(truth)", "alarms:\nraised, cleared", "incident", "service\nproblems"])
    axes.set_ylim(-0.6, 3.9)
    axes.tick_params(length=0)
    axes.set_title("OSS: the network, technical staff", loc="left", color=OSS, fontweight="bold")


def _incident(axes: Axes, view: RunView, incident_id: str, label_needs_ms: int) -> None:
    """Its phases, each until the next begins."""
    journal = view.tables["journal"]
    work = view.tables["actions"].filter(pl.col("incident_id") == incident_id)["action_id"].to_list()
    mine = journal.filter(pl.col("kind").is_in(_PHASES) & pl.col("subject").is_in([incident_id, *work]))
    steps = [(int(at), _PHASES.index(kind)) for at, kind in mine.select("at_ms", "kind").iter_rows()]
    names = [*_SHADES, ""]
    for (at_ms, phase), (next_ms, _) in pairwise([*steps, (view.ends_ms, 0)]):
        if names[phase]:
            label = names[phase] if next_ms - at_ms > label_needs_ms else ""
            _bar(axes, 1, at_ms, next_ms, _SHADES[names[phase]], label)


def _bss(axes: Axes, view: RunView, begins_ms: int, ends_ms: int) -> None:
    """Usage records of the lines that lost service, and their calls to care."""
    services = view.tables["service_problems"]["service_id"].unique().to_list()
    lines = view.accounts.filter(pl.col("service_id").is_in(services))["subscriber_id"] if services else None
    usage = view.tables["usage"].filter(pl.col("started_ms").is_between(begins_ms, ends_ms))
    if lines is not None:
        usage = usage.filter(pl.col("subscriber_id").is_in(lines.implode()))
    bins = usage.group_by(pl.col("started_ms") // BIN_MS * BIN_MS).len().sort("started_ms")
    width = BIN_MS / DAY_MS * 0.9
    axes.bar([_date(t) for t in bins["started_ms"]], bins["len"].to_list(), width=width, align="edge", color="#9ccbb0")
    whose = "lines that lost service" if services else "all lines"
    axes.set_ylabel(f"usage records per 15 min\n({whose})", color=BSS)
    tickets = view.tables["tickets"]
    height = max(bins["len"].to_list(), default=1)
    axes.plot(
        [_date(t) for t in tickets["opened_ms"]], [height * 1.06] * tickets.height, "v", color=INK, label="ticket"
    )
    if tickets.height:
        axes.legend(loc="upper right", frameon=False, fontsize=8)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_title("BSS: money and customers, front office", loc="left", color=BSS, fontweight="bold")
