"""What a scenario may say about management: which way leads to each node, and how elements and managers work."""

from pydantic import Field, model_validator

from ossbss.contract.quantities import DurationMs
from ossbss.contract.units import SECOND_MS
from ossbss.documents import Strict
from sim.testbed.scenario_words import PeriodMs


class PartlySharedSpec(Strict):
    """Which nodes are managed through the network itself; the others by one beside it, which may share its ducts."""

    in_band_nodes: tuple[str, ...] = ()
    """nodes that are managed in band"""
    in_band_roles: tuple[str, ...] = ()
    """every node of these roles as well, such as edge"""
    shares: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """duct or cable → the nodes whose way beside the network lies in it all the same: it is lost with the duct, and
    there is no other (assumption)"""


class ManagementSpec(Strict):
    """Elements and the systems of their vendors that manage them, all of them alike. Not given: managers that pass
    everything on at once, and ask an element whenever the OSS asks them."""

    cycle: PeriodMs | None = None
    """in what time a manager asks all its elements once, one after the other; it then also reads again what it has
    missed; not given: it asks when the OSS asks"""
    forward: DurationMs = 0
    """how long a manager takes for a message or a reply, besides its processor"""
    messages_per_s: float | None = Field(default=None, gt=0, le=1_000_000)
    """messages and questions that each worker of a manager handles in a second; not given: no limit"""
    workers: int = Field(default=1, gt=0, le=1_000)
    """messages that a manager handles at the same time"""
    queue: int | None = Field(default=None, gt=0)
    """messages that may be inside a manager; more are dropped; not given: no limit"""
    element_messages_per_s: float | None = Field(default=None, gt=0, le=1_000_000)
    """messages and answers that an element sends in a second; not given: no limit"""
    answer: DurationMs = 5 * SECOND_MS
    """an answer that takes an element longer is none (assumption)"""

    @model_validator(mode="after")
    def _limits_of_something(self) -> "ManagementSpec":
        given = [key for key, none in (("queue", None), ("workers", 1)) if getattr(self, key) != none]
        if given and self.messages_per_s is None:
            raise ValueError(f"{given[0]} is for a manager with a limit; give messages_per_s too, or leave it out")
        return self
