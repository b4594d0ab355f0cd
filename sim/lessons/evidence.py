"""The runs that answers are computed from: the evening cut with the seed it ships with, played once when asked for."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from sim.testbed.play import Played, play
from sim.testbed.scenario import Scenario

LINK, OTHER_LINK = "east-port", "farm-north"


@cache
def evening_cut(link: str = LINK) -> Played:
    """The day with this link cut at 19:00; same seed, so the same people want the same calls."""
    scenario = Scenario.load("healthy-day", variant="evening-cut", overrides={"timeline.0.target": link})
    with TemporaryDirectory() as folder:
        return play(scenario, Path(folder), lambda _: None)


def cut_ms() -> int:
    """When it was cut, by the truth."""
    return int(str(evening_cut().view.truth("fault")["at_ms"].min()))


def since_cut_ms(kind: str) -> int:
    """From the cut to the first entry of this kind in the journal."""
    journal = evening_cut().view.tables["journal"]
    found = journal.filter((pl.col("kind") == kind) & (pl.col("at_ms") >= cut_ms()))
    return int(str(found["at_ms"].min())) - cut_ms()


def revenue_lost(link: str) -> int:
    """Micro-units of the currency."""
    return int(evening_cut(link).kpis["revenue_lost"]["value"])
