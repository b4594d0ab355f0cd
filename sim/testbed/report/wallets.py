"""What became of the wishes of those who pay ahead, hour by hour, and what money went through their wallets."""

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ossbss.bss.revenue.charging.books import SPENDING
from ossbss.contract.units import DAY_MS, HOUR_MS, MICROS_PER_UNIT
from sim.testbed.report.hours import date, tick_labels, tick_times
from sim.testbed.report.style import BSS, FAILED, INK, OSS, PALE, WORLD, figure
from sim.testbed.view import RunView

FATES = (
    ("served", "#9ccbb0"),
    ("cut off, no credit left", "#e0b15a"),
    ("refused, no credit", FAILED),
    ("blocked, network or charging away", WORLD),
)
"""What became of a wish, from the bottom up, and its colour."""
_FLOWS = (("topup", "paid in", OSS), ("paid", "used and bought", BSS))


def wallet_figure(view: RunView) -> Figure:
    """Above: attempts of prepaid lines that would have cost something. Below: money paid in and money used, since the
    beginning, and what the wallets hold; the top-ups with which everybody begins are in it."""
    zone = view.catalogue.zone
    drawn, (wishes, money) = figure(11, 4.8, nrows=2, sharex=True, height_ratios=[1.4, 1])
    _fates(wishes, view)
    _money(money, view)
    ticks = tick_times(view.starts_ms, view.ends_ms, zone)
    money.set_xticks([date(tick) for tick in ticks], tick_labels(ticks, zone))
    money.set_xlim(date(view.starts_ms), date(view.ends_ms))
    for axes in (wishes, money):
        axes.grid(axis="y", color=PALE, linewidth=0.6)
        axes.set_axisbelow(True)
        axes.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize=8)
    return drawn


def fates(view: RunView) -> pl.DataFrame:
    """hour_ms, fate, attempts: of prepaid lines, but for calls that the other side did not answer and free ones."""
    lines = view.accounts.filter(pl.col("payment") == "prepaid")["subscriber_id"]
    mine = view.tables["attempts"].filter(
        pl.col("subscriber_id").is_in(lines.implode()) & (pl.col("class") != "emergency")
        & pl.col("outcome").is_in(["answered", "in_progress", "refused", "blocked"])
    )  # fmt: skip
    names = [name for name, _ in FATES]
    fate = (
        pl.when(pl.col("outcome") == "refused").then(pl.lit(names[2]))
        .when(pl.col("outcome") == "blocked").then(pl.lit(names[3]))
        .when("cut_off").then(pl.lit(names[1])).otherwise(pl.lit(names[0]))
    )  # fmt: skip
    hour = (pl.col("started_ms") - view.starts_ms) // HOUR_MS * HOUR_MS + view.starts_ms
    return mine.group_by(hour.alias("hour_ms"), fate.alias("fate")).agg(pl.len().alias("attempts")).sort("hour_ms")


def _fates(axes: Axes, view: RunView) -> None:
    told = fates(view)
    hours = range(view.starts_ms, view.ends_ms, HOUR_MS)
    below = [0] * len(hours)
    for name, colour in FATES:
        of = dict(told.filter(pl.col("fate") == name).select("hour_ms", "attempts").iter_rows())
        counts = [of.get(hour, 0) for hour in hours]
        days, width = [date(hour) for hour in hours], HOUR_MS / DAY_MS * 0.9
        axes.bar(days, counts, width, below, align="edge", color=colour, label=name)
        below = [count + under for count, under in zip(counts, below, strict=True)]
    axes.set_ylabel("attempts of prepaid lines\nper hour", color=BSS)


def _money(axes: Axes, view: RunView) -> None:
    charges = view.tables["charges"].sort("at_ms", "position")
    kinds = {"topup": ("topup",), "paid": SPENDING}
    for flow, label, colour in _FLOWS:
        moved = charges.filter(pl.col("kind").is_in(kinds[flow]) & (pl.col("amount_micros") > 0))
        totals = (moved["amount_micros"].cum_sum() / MICROS_PER_UNIT).to_list()
        days = [date(at_ms) for at_ms in moved["at_ms"]]
        if days:
            axes.step([*days, date(view.ends_ms)], [*totals, totals[-1]], where="post", color=colour, label=label)
    held = int(view.tables["wallets"]["balance_micros"].sum()) / MICROS_PER_UNIT
    axes.plot([date(view.ends_ms)], [held], "D", color=INK, markersize=4, clip_on=False, label="left in wallets")
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.set_ylabel(f"since the beginning, {view.catalogue.currency}", color=BSS)
