"""Customers who turn to care: impatient ones, whose place has been out of service for a while."""

from collections.abc import Callable, Generator
from typing import Any

import polars as pl
import simpy

from ossbss.contract.assurance import Contact, Notice
from ossbss.contract.ports import Message
from ossbss.contract.units import MINUTE_MS
from sim.world.plant import Plant

CALL_CARE_AFTER_MS = 10 * MINUTE_MS
"""How long a caller who was blocked waits before turning to care (assumption)."""

Wish = tuple[int, str]
"""When somebody impatient wants to use a line, and which."""


class Callers:
    """Watches the impatient of a place only while it is down: a served network costs no events."""

    def __init__(
        self, env: simpy.Environment, plant: Plant, callers_milli: int, post: Callable[[Message], None]
    ) -> None:
        self.env, self.plant, self.callers_milli, self.post = env, plant, callers_milli, post
        self.impatient: dict[str, list[Wish]] = {}
        """place → wishes of this hour, in order of time"""
        self.informed: set[str] = set()
        self.contacts = 0
        plant.when_down = self._watch_from_now

    def expect(self, intents: pl.DataFrame) -> None:
        """The intents of the hour that begins."""
        impatient = intents.filter(pl.col("patience") * 1000 < self.callers_milli).sort("started_ms", "intent_id")
        wishes = impatient.select("place_id", "started_ms", "subscriber_id").iter_rows()
        self.impatient = {}
        for place, started_ms, subscriber in wishes:
            self.impatient.setdefault(place, []).append((started_ms, subscriber))
        for place in self.impatient:
            if self.plant.down_since(place) is not None:
                self._watch_from_now(place)

    def hear(self, notice: Notice) -> None:
        """A customer who knows that the fault is known does not call again until it is mended."""
        if notice.text_id == "fault_mended":
            self.informed.discard(notice.subscriber_id)
        else:
            self.informed.add(notice.subscriber_id)

    def _watch_from_now(self, place: str) -> None:
        if wishes := [wish for wish in self.impatient.get(place, ()) if wish[0] >= self.env.now]:
            self.env.process(self._watch(place, wishes))

    def _watch(self, place: str, wishes: list[Wish]) -> Generator[simpy.Event, Any, None]:
        """Until the outage that goes on now is over; the next one has a watch of its own."""
        outage = self.plant.down_since(place)
        for started_ms, subscriber in wishes:
            yield self.env.timeout(started_ms - int(self.env.now))
            if self.plant.down_since(place) != outage:
                return
            self.env.process(self._maybe_call(subscriber, place))

    def _maybe_call(self, subscriber: str, place: str) -> Generator[simpy.Event, Any, None]:
        yield self.env.timeout(CALL_CARE_AFTER_MS)
        if self.plant.down_since(place) is None or subscriber in self.informed:
            return
        self.contacts += 1
        self.informed.add(subscriber)
        self.post(Contact(
            sender="customers", message_id=f"contact-{self.contacts:06d}", occurred_ms=int(self.env.now),
            subscriber_id=subscriber, complaint="no_service",
        ))  # fmt: skip
