"""The usage model once more, session by session: an oracle for the batches of ``sim.world.people``.

Every line is a SimPy process a class; it draws the start of its next session by thinning (Lewis and Shedler 1979) the
day's non-homogeneous Poisson process, and asks its cell whether it is served. A session that goes on is a process
that waits for its own end and is interrupted when its cell goes down. Nothing of the batches is imported but
``Habits`` and the tables of hours; what this file follows is what the docstrings there say.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import simpy

from sim.world.people.habits import Habits
from sim.world.streams import Streams
from tests.oracle.wishes import WISHES, Day, Wish, rhythm, starts

Outages = Mapping[str, Sequence[tuple[int, int]]]
"""cell → half-open intervals [down_ms, up_ms) in order of time"""
COLUMNS = {"class": pl.String, "place_id": pl.String, "started_ms": pl.Float64, "requested": pl.Float64,
           "served": pl.Float64, "outcome": pl.String, "dropped": pl.Boolean}  # fmt: skip


@dataclass(eq=False)
class Cell:
    """A place: up or down, and the sessions that go on there."""

    name: str
    up: bool = True
    ongoing: set[simpy.Process] = field(default_factory=set)

    def interrupt_all(self, cause: str) -> None:
        for session in self.ongoing:
            session.interrupt(cause)


def play(
    lines: pl.DataFrame, outages: Outages, day: Day, habits: Habits, streams: Streams,
    classes: Sequence[str] = tuple(WISHES),
) -> pl.DataFrame:  # fmt: skip
    """What became of every session (COLUMNS; voice in ms, sms in messages, data in octets), in order of its end.

    ``lines``: subscriber_id, place_id, octets_per_day. Streams are named ``oracle/CLASS/LINE``.
    """
    return SessionModel(lines, outages, day, habits, streams, classes).run()


class SessionModel:
    """The environment with its cells and lines, ready to run once."""

    def __init__(
        self, lines: pl.DataFrame, outages: Outages, day: Day, habits: Habits, streams: Streams, classes: Sequence[str]
    ) -> None:
        self.env, self.day, self.rows = simpy.Environment(initial_time=day.starts_ms), day, []
        cells = {name: Cell(name) for name in lines["place_id"].unique(maintain_order=True)}
        for name, cell in cells.items():
            self.env.process(self._access(cell, outages.get(name, ())))
        for line, place, octets in lines.select("subscriber_id", "place_id", "octets_per_day").iter_rows():
            for kind in classes:
                if kind != "data" or octets > 0:
                    luck = streams.get(f"oracle/{kind}/{line}")
                    self.env.process(self._line(cells[place], kind, octets, habits, luck))
        self.closing = self.env.process(self._close(cells.values()))

    def run(self) -> pl.DataFrame:
        self.env.run(until=self.closing)
        return pl.DataFrame(self.rows, schema=COLUMNS, orient="row")

    def _access(self, cell: Cell, outages: Sequence[tuple[int, int]]) -> Generator[simpy.Event, Any, None]:
        for down_ms, up_ms in outages:
            yield self.env.timeout(down_ms - self.env.now)
            cell.up = False
            cell.interrupt_all("outage")
            yield self.env.timeout(up_ms - self.env.now)
            cell.up = True

    def _line(
        self, cell: Cell, kind: str, octets: float, habits: Habits, luck: np.random.Generator
    ) -> Generator[simpy.Event, Any, None]:
        per_day, weights = rhythm(kind, habits)
        wishes = WISHES[kind](octets, habits, luck)
        for at_ms in starts(self.day, per_day, weights, luck):
            yield self.env.timeout(at_ms - self.env.now)
            self._begin(cell, next(wishes))

    def _begin(self, cell: Cell, wish: Wish) -> None:
        if not cell.up:
            self._note(cell, wish, self.env.now, "blocked")
        elif wish.answer != "answered":
            self._note(cell, wish, self.env.now, wish.answer)
        elif wish.lasts_ms == 0:
            self._note(cell, wish, self.env.now, "answered", 1)
        else:
            self.env.process(self._session(cell, wish))

    def _session(self, cell: Cell, wish: Wish) -> Generator[simpy.Event, Any, None]:
        me, began_ms = self.env.active_process, self.env.now
        cell.ongoing.add(me)
        try:
            yield self.env.timeout(wish.lasts_ms)
        except simpy.Interrupt as stop:
            over = stop.cause == "outage"
            share = (self.env.now - began_ms) / wish.lasts_ms
            self._note(cell, wish, began_ms, "answered" if over else "in_progress", share, dropped=over)
        else:
            self._note(cell, wish, began_ms, "answered", 1)
        finally:
            cell.ongoing.remove(me)

    def _close(self, cells: Sequence[Cell]) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(self.day.ends_ms - self.env.now)
        for cell in cells:
            cell.interrupt_all("end")
        yield self.env.timeout(0)  # interrupts are urgent: all are handled before this returns

    def _note(
        self, cell: Cell, wish: Wish, began_ms: float, outcome: str, share: float = 0, dropped: bool = False
    ) -> None:
        row = (wish.kind, cell.name, began_ms, wish.requested, wish.requested * share, outcome, dropped)
        self.rows.append(row)
