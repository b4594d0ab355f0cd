"""In which order are waiting messages read, so that the flood of one element starves no other?

Elements take turns, a message each; within an element the order of arrival stays. What an element says beyond its
bound is not read, but kept and counted as rejected: nothing is dropped in silence.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

from ossbss.contract.units import MINUTE_MS

FLOOD = "flood"
_NOTHING_READ: Mapping[str, int] = MappingProxyType({})


class FromElement(Protocol):
    """Any message that says which element it came from, by the transport and not by its own words."""

    @property
    def element_id(self) -> str: ...


Item = TypeVar("Item", bound=FromElement)


@dataclass(frozen=True)
class IntakePolicy:
    """``most_of_one``: how many messages of one element are read in a minute, the rest being its flood.

    The default is 1,000 a minute (assumption): ten times the alarms that a node with 100 ports says when it restarts.
    """

    most_of_one: int = 1_000
    over_after_ms: int = MINUTE_MS
    """A flood is over when nothing had to be rejected for so long (assumption)."""
    told_every_ms: int = 5 * MINUTE_MS
    """While a flood goes on its element is asked for all its alarms so often (assumption)."""

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if value < 1:
                raise ValueError(f"{name} is {value}; give 1 or more")


@dataclass(frozen=True)
class Intake(Generic[Item]):
    """``taken``: to be read, in this order; ``flood``: rejected with the reason FLOOD, in the order of arrival."""

    taken: Sequence[Item]
    flood: Sequence[Item]
    flood_of: Mapping[str, int]
    """element → how many of its messages are beyond the bound; elements with none are left out"""


def fair(batch: Iterable[Item], policy: IntakePolicy, read: Mapping[str, int] = _NOTHING_READ) -> Intake[Item]:
    """Round robin over the elements in the order in which they first spoke; every message is in one of the two.

    ``read``: element → how many of its messages were read in this minute before.
    """
    waiting: dict[str, deque[Item]] = {}
    flood: list[Item] = []
    counts: Counter[str] = Counter()
    for message in batch:
        queue = waiting.setdefault(message.element_id, deque())
        if len(queue) + read.get(message.element_id, 0) < policy.most_of_one:
            queue.append(message)
        else:
            flood.append(message)
            counts[message.element_id] += 1
    return Intake(tuple(_in_turn(waiting)), tuple(flood), dict(counts))


def _in_turn(waiting: Mapping[str, deque[Item]]) -> Iterable[Item]:
    turns = deque(queue for queue in waiting.values() if queue)
    while turns:
        queue = turns.popleft()
        yield queue.popleft()
        if queue:
            turns.append(queue)
