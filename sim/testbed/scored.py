"""A run with what several KPIs need of it, computed once; and what a KPI says that has no value."""

from functools import cached_property

import polars as pl

from sim.testbed.port_load import port_loads
from sim.testbed.revenue_score import RevenueScore, revenue_score
from sim.testbed.scorecard import FaultScore, believed, fault_scores
from sim.testbed.true_redundancy import Spans, believed_at_risk, truly_at_risk
from sim.testbed.view import RunView


class Undefined(Exception):  # noqa: N818 - an answer, not an error
    """A KPI that has no value in this run; the message is the reason."""


class Scored:
    """A run with everything that several KPIs need, computed once."""

    def __init__(self, view: RunView) -> None:
        self.view = view

    def __getitem__(self, table: str) -> pl.DataFrame:
        return self.view.tables[table]

    @cached_property
    def faults(self) -> list[FaultScore]:
        return fault_scores(self.view)

    @cached_property
    def revenue(self) -> RevenueScore:
        return revenue_score(self.view)

    @cached_property
    def loads(self) -> pl.DataFrame:
        return port_loads(self.view)

    @cached_property
    def outage_ms(self) -> dict[str, int]:
        """Service → time out of service."""
        ends = pl.col("until_ms").fill_null(self.view.ends_ms)
        outages = self.view.truth("service_outage").group_by("subject").agg((ends - pl.col("at_ms")).sum())
        return dict(outages.iter_rows())

    @cached_property
    def at_risk(self) -> tuple[Spans, Spans]:
        """When services were at risk: as believed, and truly."""
        return believed_at_risk(self.view), truly_at_risk(self.view)

    @cached_property
    def named_causes(self) -> tuple[int, int]:
        """(incidents that name a true fault, those that name anything); what names planned work alone is neither."""
        targets, planned = {fault.target for fault in self.faults}, set(self.view.truth("planned_work")["subject"])
        every = [set(believed(row)) for row in self["incidents"].iter_rows(named=True)]
        causes = [c for c in every if c & targets or not c & planned]
        return sum(bool(c & targets) for c in causes), sum(bool(c) for c in causes)


def ratio(part: float, whole: float, reason: str) -> float:
    """Undefined, for this reason, where the whole is nothing."""
    if not whole:
        raise Undefined(reason)
    return part / whole
