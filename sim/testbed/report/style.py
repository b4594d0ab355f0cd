"""One look for all pictures: colours, and figures as SVG that depend on nothing but their content."""

from io import BytesIO, StringIO
from typing import Any

import matplotlib
from matplotlib.figure import Figure

WORLD, OSS, BSS = "#6b7280", "#1d5f8a", "#2e7d4f"
FAILED, PALE, INK = "#c0392b", "#d5dae1", "#1f2933"

_RC: Any = {  # matplotlib spells out every key as a type
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": PALE,
    "svg.fonttype": "none",
    "svg.hashsalt": "ossbss",
    "font.family": "sans-serif",
}


class Picture(Figure):
    """A figure without pyplot that a notebook can still show."""

    def _repr_png_(self) -> bytes:
        picture = BytesIO()
        self.savefig(picture, format="png", metadata={"Software": None})
        return picture.getvalue()


def figure(width_in: float, height_in: float, **layout: Any) -> tuple[Picture, Any]:
    """A picture and its axes (``layout`` as of ``Figure.subplots``); no window, no global state."""
    with matplotlib.rc_context(_RC):
        drawn = Picture(figsize=(width_in, height_in), layout="constrained")
        return drawn, drawn.subplots(**layout)


def svg(drawn: Figure) -> str:
    """The figure as an SVG element without a date, for a page."""
    text = StringIO()
    with matplotlib.rc_context(_RC):
        drawn.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    whole = text.getvalue()
    return whole[whole.index("<svg") :]
