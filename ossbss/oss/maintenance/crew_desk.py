"""The desk of the crews: who is free and where, what hinders a repair, who is sent, and what follows from reports."""

from collections.abc import Iterable, Mapping

from ossbss.contract.assurance import CrewReport
from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.impact import Impact
from ossbss.oss.fault.records import Incident
from ossbss.oss.inventory import Inventory
from ossbss.oss.maintenance import workforce
from ossbss.oss.maintenance.dispatch import Hindrance, assign, jobs, next_ms
from ossbss.oss.policy import OperationsPolicy


class CrewDesk:
    """``free``: crew → the site it stands at; ``hindrances``: incident → what the last crew there said."""

    def __init__(self, inventory: Inventory, policy: OperationsPolicy, cases: Casebook, desk: Desk) -> None:
        self.inventory, self.cases, self.desk = inventory, cases, desk
        self.crews = {crew.crew_id: crew for crew in policy.crews}
        self.free = {crew.crew_id: crew.base_site for crew in policy.crews}
        self.hindrances: dict[str, Hindrance] = {}
        self.next_ms: int | None = None

    def reports(self, report: CrewReport) -> Incident | None:
        """Take what a crew says; the incident that is to be thought over because of it, if any."""
        self.desk.note("maintenance", f"crew.{report.result}", report.work_order_id, report.occurred_ms, report)
        if report.result in workforce.UNDER_WAY:
            return None
        if report.crew_id in self.crews:
            self.free[report.crew_id] = report.site_id
        incident_id = self.cases.actions[report.work_order_id].incident_id
        again, hindrance = workforce.conclude(report, self.cases, self.hindrances.get(incident_id))
        if hindrance:
            self.hindrances[incident_id] = hindrance
        return again

    def dispatch(
        self, incidents: Iterable[Incident], examined: Iterable[Incident], priorities: Mapping[str, ServicePriority],
        impacts: Mapping[str, Impact], now_ms: int,
    ) -> None:  # fmt: skip
        """Send free crews to what waits for one. What is still ``examined`` keeps its crew, where it is heavier."""
        waiting = jobs(incidents, priorities, self.inventory, self.hindrances, impacts)
        soon = jobs(examined, priorities, self.inventory, self.hindrances, impacts)
        pairs = assign([*waiting, *soon], self.free, self.inventory.place_of_site, self.crews, now_ms)
        pairs = [(job, to) for job, to in pairs if job in waiting]
        workforce.send(pairs, self.cases, self.desk, now_ms)
        self.free = {c: site for c, site in self.free.items() if c not in {to for _, to in pairs}}
        idle = {*waiting}.difference(job for job, _ in pairs)
        self.next_ms = next_ms(idle, self.free, self.crews, now_ms)
