"""Paired runs as a picture: one dot a seed, the mean and its interval, and the line of no difference."""

from matplotlib.figure import Figure

from ossbss.contract.units import MICROS_PER_UNIT
from sim.testbed.paired import PairedSeries
from sim.testbed.report.style import FAILED, INK, OSS, PALE, figure


def paired_figure(series: PairedSeries, currency: str) -> Figure:
    """Differences of a KPI, this run minus its rival on the same seed."""
    money = series.unit == "micros"
    scale, unit = (MICROS_PER_UNIT, currency) if money else (1, series.unit)
    drawn, axes = figure(9.5, 1.9)
    axes.axvline(0, color=FAILED, linewidth=1, zorder=1)
    axes.plot([d / scale for d in series.differences], [0] * len(series.seeds), "o", color=OSS, alpha=0.45, zorder=2)
    low, high = (bound / scale for bound in series.interval_95)
    axes.plot([low, high], [0.5, 0.5], color=INK, linewidth=2, zorder=3)
    axes.plot([series.mean / scale], [0.5], "D", color=INK, zorder=3)
    axes.annotate("mean and 95 % interval", (high, 0.5), xytext=(8, -3), textcoords="offset points", fontsize=8)
    axes.set_yticks([])
    axes.set_ylim(-0.5, 1)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=PALE, linewidth=0.6)
    axes.set_xlabel(f"{series.kpi}: this run minus {series.rival} on the same seed, {unit}", color=INK)
    axes.set_title(f"{len(series.seeds)} paired runs", loc="left", color=INK, fontsize=9)
    return drawn
