"""In which order are waiting messages read, so that the flood of one element starves no other?

Elements take turns, a message each; within an element the order of arrival stays. What an element says beyond its
bound is not read, but kept and counted as rejected: nothing is dropped in silence. ``Operations`` reads every message
of an instant and so does not use it; an intake with limited capacity before the dialects does.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

FLOOD = "flood"


class FromElement(Protocol):
    """Any message that says which element it came from, by the transport and not by its own words."""

    @property
    def element_id(self) -> str: ...


Item = TypeVar("Item", bound=FromElement)


@dataclass(frozen=True)
class IntakePolicy:
    """``most_of_one``: how many messages of one element are read in a batch, the rest being its flood.

    The default is 1,000 a batch (assumption): ten times the alarms that a node with 100 ports says when it restarts.
    """

    most_of_one: int = 1_000

    def __post_init__(self) -> None:
        if self.most_of_one < 1:
            raise ValueError(f"most_of_one is {self.most_of_one}; give 1 or more")


@dataclass(frozen=True)
class Intake(Generic[Item]):
    """``taken``: to be read, in this order; ``flood``: rejected with the reason FLOOD, in the order of arrival."""

    taken: Sequence[Item]
    flood: Sequence[Item]
    flood_of: Mapping[str, int]
    """element → how many of its messages are beyond the bound; elements with none are left out"""


def fair(batch: Iterable[Item], policy: IntakePolicy) -> Intake[Item]:
    """Round robin over the elements in the order in which they first spoke; every message is in one of the two."""
    waiting: dict[str, deque[Item]] = {}
    flood: list[Item] = []
    counts: Counter[str] = Counter()
    for message in batch:
        queue = waiting.setdefault(message.element_id, deque())
        if len(queue) < policy.most_of_one:
            queue.append(message)
        else:
            flood.append(message)
            counts[message.element_id] += 1
    return Intake(tuple(_in_turn(waiting)), tuple(flood), dict(counts))


def _in_turn(waiting: Mapping[str, deque[Item]]) -> Iterable[Item]:
    turns = deque(waiting.values())
    while turns:
        queue = turns.popleft()
        yield queue.popleft()
        if queue:
            turns.append(queue)
