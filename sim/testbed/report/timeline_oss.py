"""The upper half of the twin timeline: what failed, what was heard, believed and done."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Patch

from sim.testbed.report.hours import date
from sim.testbed.report.style import BSS, FAILED, INK, OSS, PALE, WORLD
from sim.testbed.view import RunView

_PHASES = ("incident.diagnosed", "incident.dispatched", "crew.arrived", "incident.repaired", "incident.closed")
_SHADES = {"diagnosed": "#9cc3dd", "dispatched": "#5b9cc4", "at work": OSS, "verifying": "#0f3d5c"}
_ROWS = {3: "what failed\n(truth)", 2: "alarms:\nraised, cleared", 1: "incidents", 0: "service\nproblems"}
_ROW_HEIGHT = 0.62
_PALE_FROM = 1.8
"""Red, green and blue in all, from which dark letters read better than white ones."""
_LABELLED_LANES = 5
"""Where more things than this go on at once, bars are too thin for a name."""


@dataclass(frozen=True)
class Bar:
    """Something that lasted: its parts one after the other, each with its colour, and its name."""

    parts: Sequence[tuple[int, int, str]]
    """(from_ms, until_ms, colour)"""
    label: str

    @property
    def begins_ms(self) -> int:
        return self.parts[0][0]

    @property
    def ends_ms(self) -> int:
        return self.parts[-1][1]


def lanes(bars: Sequence[Bar]) -> list[int]:
    """A lane for each bar, the lowest in which nothing else goes on; bars in order of their beginning."""
    until: list[int] = []
    chosen = []
    for bar in bars:
        free = next((lane for lane, ends_ms in enumerate(until) if ends_ms <= bar.begins_ms), len(until))
        until[free : free + 1] = [bar.ends_ms]
        chosen.append(free)
    return chosen


def oss_panel(axes: Axes, view: RunView, span_ms: int) -> None:
    """Four rows over ``span_ms`` of time; a row without anything says so."""
    _row(axes, 3, _faults(view), span_ms)
    _alarms(axes, view)
    _row(axes, 1, _incidents(view), span_ms)
    _row(axes, 0, _problems(view), span_ms)
    _empty_rows(axes, view)
    if view.tables["incidents"].height:
        _phases(axes)
    axes.set_yticks(list(_ROWS), list(_ROWS.values()))
    axes.set_ylim(-0.6, 3.9)
    axes.tick_params(length=0)
    axes.set_title("OSS: the network, technical staff", loc="left", color=OSS, fontweight="bold")


def _row(axes: Axes, row: int, bars: Sequence[Bar], span_ms: int) -> None:
    """What goes on at the same time lies in lanes of its own, the first on top; names where there is room."""
    ordered = sorted(bars, key=lambda bar: bar.begins_ms)
    lane_of = lanes(ordered)
    count = max(lane_of, default=0) + 1
    height = _ROW_HEIGHT / count
    for bar, lane in zip(ordered, lane_of, strict=True):
        middle = row + _ROW_HEIGHT / 2 - height * (lane + 0.5)
        for from_ms, until_ms, colour in bar.parts:
            axes.barh(middle, date(until_ms) - date(from_ms), left=date(from_ms), height=height * 0.88, color=colour,
                      zorder=2)  # fmt: skip
        if count <= _LABELLED_LANES and bar.ends_ms - bar.begins_ms > span_ms // 12:
            _label(axes, bar, middle, height, count)


def _label(axes: Axes, bar: Bar, middle: float, height: float, count: int) -> None:
    """Above a bar that is alone, within one of several."""
    start = date(bar.begins_ms)
    if count == 1:
        axes.annotate(bar.label, (start, middle + height / 2), xytext=(1, 2), textcoords="offset points", fontsize=8,
                      color=INK)  # fmt: skip
    else:
        colour = INK if sum(to_rgb(bar.parts[0][2])) > _PALE_FROM else "white"
        axes.annotate(bar.label, (start, middle), xytext=(4, 0), textcoords="offset points", va="center", fontsize=7,
                      color=colour, zorder=4)  # fmt: skip


def _phases(axes: Axes) -> None:
    """What the shades of an incident mean."""
    shades = [Patch(color=shade, label=name) for name, shade in _SHADES.items()]
    axes.legend(handles=shades, fontsize=8, ncols=4, frameon=False,
                loc="lower right", bbox_to_anchor=(1.01, 0.96), handlelength=1, columnspacing=1)  # fmt: skip


def _faults(view: RunView) -> list[Bar]:
    rows = view.truth("fault").select("subject", "at_ms", "until_ms").iter_rows()
    return [Bar([(at_ms, until_ms or view.ends_ms, WORLD)], subject) for subject, at_ms, until_ms in rows]


def _problems(view: RunView) -> list[Bar]:
    rows = view.tables["service_problems"].iter_rows(named=True)
    return [Bar([(row["occurred_ms"], row["resolved_ms"] or view.ends_ms, FAILED)], row["service_id"]) for row in rows]


def _alarms(axes: Axes, view: RunView) -> None:
    alarms = view.tables["alarms"]
    axes.plot([date(t) for t in alarms["known_ms"]], [2.12] * alarms.height, "|", color=FAILED, markersize=11)
    cleared = alarms["clear_known_ms"].drop_nulls()
    axes.plot([date(t) for t in cleared], [1.88] * cleared.len(), "|", color=BSS, markersize=11)


def _incidents(view: RunView) -> list[Bar]:
    found = (_incident(view, incident) for incident in view.tables["incidents"]["incident_id"])
    return [bar for bar in found if bar]


def _incident(view: RunView, incident_id: str) -> Bar | None:
    """Its phases, each until the next begins; None where nobody found its cause."""
    journal = view.tables["journal"]
    work = view.tables["actions"].filter(pl.col("incident_id") == incident_id)["action_id"].to_list()
    mine = journal.filter(pl.col("kind").is_in(_PHASES) & pl.col("subject").is_in([incident_id, *work]))
    steps = [(int(at), _PHASES.index(kind)) for at, kind in mine.select("at_ms", "kind").iter_rows()]
    shades = [*_SHADES.values(), ""]
    ends = pairwise([*steps, (view.ends_ms, 0)])
    parts = [(at_ms, next_ms, shades[phase]) for (at_ms, phase), (next_ms, _) in ends if shades[phase]]
    return Bar(parts, incident_id) if parts else None


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
