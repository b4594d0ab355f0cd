"""What an element remembers of its own alarms, so that a manager that missed one can read it later."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sim.world.elements.events import ElementEvent

Thing = tuple[str, str]
"""(port, card, probe, power, mains, …; its name): what a raise and its clear have in common"""

_RAISES = {
    "port_down", "card_failed", "probe_failed", "power_lost", "mains_failed", "battery_low", "generator_failed",
    "fuel_low",
}  # fmt: skip
_RUNNING = {"generator_running", "generator_stopped"}
"""What a generator does, which neither raises nor ends the alarm that it has failed."""


@dataclass(frozen=True)
class Said:
    """The latest event of one thing, and the lines in which it was put."""

    event: ElementEvent
    lines: tuple[bytes, ...]

    @property
    def is_raise(self) -> bool:
        return self.event.kind in _RAISES


@dataclass
class AlarmMemory:
    """The alarm log of one element; it outlives a restart (assumption: kept on flash)."""

    _latest: dict[Thing, Said] = field(default_factory=dict)

    def note(self, said: Said) -> None:
        """Remember this event in place of what was before."""
        self._latest[thing_of(said.event)] = said

    def raised(self) -> Iterator[Said]:
        """All that goes on, as an element answers when it is asked for its alarms."""
        return (said for said in self._latest.values() if said.is_raise)

    def unheard(self, heard: dict[Thing, Said]) -> Iterator[Said]:
        """What somebody who has heard this much must still be told: raises, and clears of raises that it has heard."""
        for thing, said in self._latest.items():
            before = heard.get(thing)
            if said is not before and (said.is_raise or (before is not None and before.is_raise)):
                yield said

    def latest(self) -> list[ElementEvent]:
        """The latest event of each thing."""
        return [said.event for said in self._latest.values()]


def thing_of(event: ElementEvent) -> Thing:
    """What the event is about."""
    return "engine" if event.kind in _RUNNING else event.kind.split("_")[0], event.name
