"""Does the network look as the inventory says? What a diagnosis cannot make fit tells where that is out of date.

Nothing is corrected here: somebody has to look.
"""

from collections.abc import Set
from dataclasses import dataclass

from ossbss.oss.fault.cause.answer import Answer
from ossbss.oss.fault.symptoms import Identity


@dataclass(frozen=True)
class Doubt:
    """``resources``: of which the inventory may be wrong; ``doubts``: those that failed with what they do not rest on,
    as the inventory has it, or did not take the path that it gives; ``unexplained``: alarms that outlived a diagnosis
    and that no failure raises, as the inventory has it."""

    resources: tuple[str, ...]
    doubts: tuple[str, ...]
    unexplained: tuple[Identity, ...]

    @property
    def subject(self) -> str:
        return "+".join(self.resources)


def doubt(answer: Answer, stayed: frozenset[Identity], told: Set[tuple[str, ...]]) -> Doubt | None:
    """What does not fit; None where all does, or these resources were ``told`` of before.

    ``stayed``: alarms that a diagnosis before this one has left unexplained, or that its cause does not account for:
    one that nothing explains at first may only have come before the others.
    """
    unexplained = tuple(sorted(stayed.intersection(answer.unexplained)))
    resources = tuple(sorted({*answer.doubts, *(alarmed_object for alarmed_object, _, _ in unexplained)}))
    if not resources or resources in told:
        return None
    return Doubt(resources, answer.doubts, unexplained)
