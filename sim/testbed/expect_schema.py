"""What a scenario may expect: one clause, in one of its forms."""

from typing import Any

from pydantic import Field, model_validator

from ossbss.contract.quantities import DurationMs
from ossbss.documents import Strict
from sim.testbed.scenario_words import Condition, Count

RELATIONS = ("below", "above", "at_most", "at_least")
BASE = "base"
"""The scenario without a variant, where a clause names a rival."""


class ClauseSpec(Strict):
    """One expectation: a KPI within bounds or against a variant on the same seed, or a number of journal entries."""

    kpi: str | None = None
    """a KPI by name"""
    is_: Condition | None = Field(default=None, alias="is")
    """what its value must meet"""
    equals: float | None = None
    """what its value must be"""
    tolerance: float = Field(default=0, ge=0)
    """by how much the value may differ from ``equals``"""
    below: str | None = None
    """a variant, or base: the value must be below that run's"""
    above: str | None = None
    """a variant, or base: the value must be above that run's"""
    at_most: str | None = None
    """a variant, or base: the value must be that run's or less"""
    at_least: str | None = None
    """a variant, or base: the value must be that run's or more"""
    seeds: int | None = Field(default=None, ge=2, le=10_000)
    """how many seeds in a row; the paired differences count, and only ``run --paired`` looks at it"""
    journal: str | None = None
    """a kind of journal entry"""
    where: dict[str, Any] = Field(default_factory=dict)
    """fields of the entry and their values; only entries with all of them count"""
    count: Count | None = None
    """how many entries there must be; not given: at least one"""
    within: DurationMs | None = None
    """only entries this soon after the first fault count"""

    @model_validator(mode="after")
    def _one_form(self) -> "ClauseSpec":
        rivals = [getattr(self, relation) for relation in RELATIONS]
        bounds = sum(bound is not None for bound in (self.is_, self.equals, *rivals))
        of_kpi = self.kpi is not None and bounds == 1 and self.journal is None
        of_journal = self.journal is not None and self.kpi is None and bounds == 0
        if not (of_kpi or of_journal) or (self.seeds and not self.rival):
            raise ValueError(
                "give {kpi, is}, {kpi, equals, tolerance}, {kpi, below|above|at_most|at_least: VARIANT, seeds}"
                " or {journal, where, count, within}"
            )
        return self

    @property
    def relation(self) -> str | None:
        """below, above, at_most or at_least, in a clause against a variant."""
        return next((relation for relation in RELATIONS if getattr(self, relation) is not None), None)

    @property
    def rival(self) -> str | None:
        """The variant this clause looks at beside the run itself."""
        return getattr(self, self.relation) if self.relation else None
