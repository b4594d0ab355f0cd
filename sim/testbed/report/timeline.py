"""The twin timeline: the OSS's day above, the BSS's day below, on one clock."""

from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ossbss.contract.units import DAY_MS, HOUR_MS, MICROS_PER_UNIT, MINUTE_MS
from sim.testbed.report.style import BSS, FAILED, INK, OSS, PALE, WORLD, figure
from sim.testbed.view import RunView

_LONG_MS = 12 * HOUR_MS
"""Spans longer than this are shown by the hour, shorter ones by the quarter."""
_PRICED_SHARE = 0.1
"""Where fewer records cost anything, allowances pay for the usage and a line of revenue would say nothing."""
_PHASES = ("incident.diagnosed", "incident.dispatched", "crew.arrived", "incident.repaired", "incident.closed")
_SHADES = {"diagnosed": "#9cc3dd", "dispatched": "#5b9cc4", "at work": OSS, "verifying": "#0f3d5c"}
_ROWS = {3: "what failed\n(truth)", 2: "alarms:\nraised, cleared", 1: "incident", 0: "service\nproblems"}


def twin_timeline(view: RunView) -> Figure:
    """From two hours before the first fault to three after the last repair; the whole run where nothing failed."""
    begins_ms, ends_ms = focus(view)
    drawn, (above, below) = figure(9.5, 5.6, nrows=2, sharex=True, height_ratios=(3, 2))
    _oss(above, view, (ends_ms - begins_ms) // 12)
    _bss(below, view, begins_ms, ends_ms)
    zone = view.catalogue.zone
    below.set_xlim(_date(begins_ms), _date(ends_ms))
    ticks = tick_times(begins_ms, ends_ms, zone := view.catalogue.zone)
    below.set_xticks([_date(t) for t in ticks], _tick_labels(ticks, zone))
    below.set_xlabel(f"local time, {zone.key}", color=INK)
    # A figure made without pyplot tells a notebook nothing of itself; this lets it be seen there.
    drawn._repr_png_ = partial(_png, drawn)  # type: ignore[attr-defined]
    return drawn


def _png(drawn: Figure) -> bytes:
    picture = BytesIO()
    drawn.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


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


def _tick_labels(ticks: list[int], zone: ZoneInfo) -> list[str]:
    """The hour, and the date below it where a day begins and at the first."""
    times = [datetime.fromtimestamp(tick / 1000, zone) for tick in ticks]
    return [f"{t:%H:%M}\n{t:%d %b}" if t == times[0] or not t.hour else f"{t:%H:%M}" for t in times]


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
    _empty_rows(axes, view)
    axes.set_yticks(list(_ROWS), list(_ROWS.values()))
    axes.set_ylim(-0.6, 3.9)
    axes.tick_params(length=0)
    axes.set_title("OSS: the network, technical staff", loc="left", color=OSS, fontweight="bold")


def _empty_rows(axes: Axes, view: RunView) -> None:
    """A row without anything says so: an empty picture could as well be a broken one."""
    links = len(view.network["links"])
    rows = {
        3: (view.truth("fault"), f"nothing failed: all {links} links worked"),
        2: (view.tables["alarms"], "no alarm"),
        1: (view.tables["incidents"], "no incident"),
        0: (view.tables["service_problems"], "no service problem"),
    }
    for row, (table, words) in rows.items():
        if table.is_empty():
            axes.axhline(row, color=PALE, linewidth=1.2, zorder=1)
            axes.annotate(words, (0.5, row), xycoords=("axes fraction", "data"), ha="center", va="center", color=WORLD,
                          fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 3})  # fmt: skip


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
    """Usage and revenue of the lines that lost service (of all, where none did), and calls to care."""
    services = view.tables["service_problems"]["service_id"].unique().to_list()
    lines = view.accounts.filter(pl.col("service_id").is_in(services)) if services else view.accounts
    within = pl.col("started_ms").is_between(begins_ms, ends_ms)
    usage = view.tables["usage"].filter(within & pl.col("subscriber_id").is_in(lines["subscriber_id"].implode()))
    rated = view.tables["rated"].filter(within & pl.col("account_id").is_in(lines["account_id"].implode()))
    whose = "lines that lost service" if services else "all lines"
    long = ends_ms - begins_ms > _LONG_MS
    height = _usage(axes, usage["started_ms"], HOUR_MS if long else 15 * MINUTE_MS)
    axes.set_ylabel(f"usage records per {'hour' if long else '15 min'}\n({whose})", color=BSS)
    _complaints(axes, view.tables["tickets"]["opened_ms"], height)
    if (rated["amount_micros"] > 0).sum() > _PRICED_SHARE * rated.height:
        since = _tick_labels([begins_ms], view.catalogue.zone)[0].split("\n")[0]
        _revenue(axes, rated, ends_ms, f"revenue since {since}, {view.catalogue.currency}")
    axes.set_title("BSS: money and customers, front office", loc="left", color=BSS, fontweight="bold")


def _usage(axes: Axes, started_ms: pl.Series, bin_ms: int) -> int:
    """Bars of records per bin; the height of the tallest."""
    bins = started_ms.to_frame().group_by(pl.col("started_ms") // bin_ms * bin_ms).len().sort("started_ms")
    lefts, width = [_date(t) for t in bins["started_ms"]], bin_ms / DAY_MS * 0.9
    axes.bar(lefts, bins["len"].to_list(), width=width, align="edge", color="#9ccbb0")
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    return max(bins["len"].to_list(), default=1)


def _complaints(axes: Axes, opened_ms: pl.Series, height: int) -> None:
    """Above the bars; where nobody called, that is said."""
    axes.set_ylim(0, height * 1.25)
    if opened_ms.is_empty():
        axes.set_title("no complaint", loc="right", color=WORLD, fontsize=9)
        return
    dates = [_date(t) for t in opened_ms]
    axes.plot(dates, [height * 1.14] * len(dates), "v", color=INK, label="complaint (ticket)")
    axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.97), frameon=False, fontsize=8)


def _revenue(axes: Axes, rated: pl.DataFrame, ends_ms: int, label: str) -> None:
    """The running total, by the time of use: where nobody can call it is flat."""
    money = rated.sort("started_ms", "usage_id").with_columns(pl.col("amount_micros").cum_sum() / MICROS_PER_UNIT)
    dates, totals = [_date(t) for t in money["started_ms"]], money["amount_micros"].to_list()
    beside = axes.twinx()
    beside.step([*dates, _date(ends_ms)], [*totals, totals[-1]], where="post", color=BSS, linewidth=1.6)
    beside.set_ylim(0, totals[-1] * 1.25)
    beside.yaxis.set_major_formatter("{x:,.0f}")
    beside.set_ylabel(label, color=BSS, fontsize=9)
    beside.tick_params(length=0, labelsize=9)
    beside.spines[:].set_visible(False)
