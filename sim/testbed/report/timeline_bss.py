"""The lower half of the twin timeline: usage, revenue, and who complained."""

import polars as pl
from matplotlib.axes import Axes

from ossbss.contract.units import DAY_MS, HOUR_MS, MICROS_PER_UNIT, MINUTE_MS
from sim.testbed.report.hours import date, tick_labels
from sim.testbed.report.style import BSS, INK, PALE, WORLD
from sim.testbed.view import RunView

_LONG_MS = 12 * HOUR_MS
"""Spans longer than this are shown by the hour, shorter ones by the quarter."""
_PRICED_SHARE = 0.1
"""Where fewer records cost anything, allowances pay for the usage and a line of revenue would say nothing."""


def bss_panel(axes: Axes, view: RunView, begins_ms: int, ends_ms: int) -> None:
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
        since = tick_labels([begins_ms], view.catalogue.zone)[0].split("\n")[0]
        _revenue(axes, rated, ends_ms, f"revenue since {since}, {view.catalogue.currency}")
    axes.set_title("BSS: money and customers, front office", loc="left", color=BSS, fontweight="bold")


def _usage(axes: Axes, started_ms: pl.Series, bin_ms: int) -> int:
    """Bars of records per bin; the height of the tallest."""
    bins = started_ms.to_frame().group_by(pl.col("started_ms") // bin_ms * bin_ms).len().sort("started_ms")
    lefts, width = [date(t) for t in bins["started_ms"]], bin_ms / DAY_MS * 0.9
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
    dates = [date(t) for t in opened_ms]
    axes.plot(dates, [height * 1.14] * len(dates), "v", color=INK, label="complaint (ticket)")
    axes.legend(loc="lower right", bbox_to_anchor=(1.01, 0.97), frameon=False, fontsize=8)


def _revenue(axes: Axes, rated: pl.DataFrame, ends_ms: int, label: str) -> None:
    """The running total, by the time of use: where nobody can call it is flat."""
    money = rated.sort("started_ms", "usage_id").with_columns(pl.col("amount_micros").cum_sum() / MICROS_PER_UNIT)
    dates, totals = [date(t) for t in money["started_ms"]], money["amount_micros"].to_list()
    beside = axes.twinx()
    beside.step([*dates, date(ends_ms)], [*totals, totals[-1]], where="post", color=BSS, linewidth=1.6)
    beside.set_ylim(0, totals[-1] * 1.25)
    beside.yaxis.set_major_formatter("{x:,.0f}")
    beside.set_ylabel(label, color=BSS, fontsize=9)
    beside.tick_params(length=0, labelsize=9)
    beside.spines[:].set_visible(False)
