"""Who pays less and who pays more, drawn: every account's paired difference, in order of its size."""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ossbss.bss.customer.accounts import PREPAID
from ossbss.contract.units import MICROS_PER_UNIT
from sim.testbed.report.style import BSS, FAILED, INK, PALE, figure
from sim.testbed.tariff_test import Candidate, TariffTest

STEPS = 2000
"""At most so many steps are drawn; where more amounts differ, evenly spaced ones stand for the rest."""
LINEAR = 10
"""In currency units: differences below this are drawn to a linear scale."""


def winners_losers(test: TariffTest) -> Figure:
    """One panel a candidate; differences in currency, linear near zero and logarithmic beyond."""
    count = len(test.candidates)
    drawn, panels = figure(9, 0.6 + 3.2 * count, nrows=count, squeeze=False)
    for axes, candidate in zip(panels[:, 0], test.candidates, strict=True):
        _panel(axes, candidate, test)
    prepaid = test.bills.filter(pl.col("payment") == PREPAID).height
    ahead = f"; of prepaid ones, {prepaid:,}, wallets pay, without tax on top" if prepaid else ""
    panels[-1, 0].set_xlabel(f"accounts, from the largest gain to the largest loss{ahead}")
    title = "Same usage, other prices: what each account pays more or less"
    drawn.suptitle(title, x=0.01, ha="left", color=INK, fontsize=11)
    return drawn


def _panel(axes: Axes, candidate: Candidate, test: TariffTest) -> None:
    micros = sorted(candidate.pairs["difference_micros"].to_list())
    values, edges = _steps(micros)
    less, more = sum(v < 0 for v in micros), sum(v > 0 for v in micros)
    for sign, colour, name in ((-1, BSS, f"pay less: {less:,}"), (1, FAILED, f"pay more: {more:,}")):
        shown = [value if value * sign > 0 else 0 for value in values]
        axes.stairs(shown, edges, fill=True, color=colour, label=name)
    axes.plot([], [], color=INK, label=f"pay the same: {len(micros) - less - more:,}")
    axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=3, frameon=False, fontsize=8)
    axes.set_title(f"{candidate.catalogue.name} against {test.baseline.name}", loc="left", color=BSS, fontsize=10)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.set_ylabel(f"{test.baseline.currency} an account\n(logarithmic beyond ±{LINEAR})")
    _scales(axes, values, len(micros))


def _scales(axes: Axes, values: Sequence[float], accounts: int) -> None:
    """Amounts up to the next power of ten on both sides, so that every panel has marks to read off."""
    axes.set_yscale("symlog", linthresh=LINEAR)
    lowest, highest = min(values, default=0), max(values, default=0)
    axes.set_ylim(-_power_above(-lowest) if lowest < 0 else -LINEAR / 5, _power_above(highest))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+,.0f}" if value else "0"))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlim(0, max(accounts, 1))
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)


def _power_above(value: float) -> float:
    power = float(LINEAR)
    while power < value:
        power *= 10
    return power


def _steps(ordered: Sequence[int]) -> tuple[list[float], list[float]]:
    """Heights in currency, and the ranks between which each is drawn."""
    changes = [0, *(rank for rank, (before, here) in enumerate(pairwise(ordered), start=1) if before != here)]
    starts = changes[:: -(-len(changes) // STEPS)] if ordered else []
    return [ordered[rank] / MICROS_PER_UNIT for rank in starts], [*map(float, starts), float(len(ordered))]
