"""Service problems as they stand: opened once when an outage lasts, resolved once when a probe confirms its end."""

from collections.abc import Iterable
from typing import Literal

from ossbss.contract.desk import Desk
from ossbss.oss.fault import service_impact
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.impact import Impacts
from ossbss.oss.fault.probing import Probing
from ossbss.oss.fault.records import ServiceProblem
from ossbss.oss.fault.symptoms import Identity
from ossbss.oss.inventory import Inventory
from ossbss.oss.policy import OperationsPolicy


class ProblemList:
    """``outages``: service → its latest outage by alarm."""

    def __init__(
        self, inventory: Inventory, policy: OperationsPolicy, starts_ms: int, cases: Casebook, watch: WatchedAlarms,
        probing: Probing, impacts: Impacts, desk: Desk,
    ) -> None:  # fmt: skip
        self.inventory, self.policy, self.starts_ms = inventory, policy, starts_ms
        self.cases, self.watch, self.probing, self.impacts, self.desk = cases, watch, probing, impacts, desk
        self.outages: dict[str, service_impact.Outage] = {}

    def listed(self, changed: Iterable[Identity]) -> None:
        """Work out anew the outages of services whose alarms have changed."""
        services = {alarmed_object for alarmed_object, _, _ in changed} & self.inventory.services.keys()
        mine = (self.watch.alarms.get(i) for s in services for i in self.inventory.services[s].alarms_of_outage)
        self.outages |= service_impact.outages(listed for listed in mine if listed)

    @property
    def down(self) -> frozenset[str]:
        """Services whose outage goes on, by alarm."""
        return frozenset(service for service, outage in self.outages.items() if outage.ended_ms is None)

    @property
    def over(self) -> frozenset[str]:
        """Services with an open problem whose alarms are gone."""
        return frozenset(self.cases.open_problem_of) - self.down

    @property
    def next_ms(self) -> int | None:
        """When the next outage outlives its hold time."""
        return service_impact.next_hold_ms(self.outages, frozenset(self.cases.open_problem_of), self.policy)

    def worked_ms(self, service: str) -> int:
        """When a service was last known to work."""
        return service_impact.worked_ms(self.starts_ms, self.probing.tried(service), self.outages.get(service))

    def open(self, now_ms: int) -> None:
        """For outages that have lasted; and for services that customers complain of, or that are believed to be down
        and say nothing, when their probe fails."""
        covered = frozenset(self.cases.open_problem_of)
        for outage in service_impact.to_open(self.outages, covered, now_ms, self.policy):
            self._open(outage.service_id, outage.began_ms, outage.uncertainty_ms, "alarm", now_ms)
        for service in sorted((self.probing.reported | self.impacts.unverified) - covered):
            tried = self.probing.tried(service)
            if tried.failed_ms == now_ms and service not in self.cases.open_problem_of:
                self._open(service, now_ms, now_ms - self.worked_ms(service), "probe", now_ms)
            if tried.heard_ms == now_ms:
                self.probing.reported.discard(service)

    def _open(
        self, service: str, occurred_ms: int, uncertainty_ms: int, source: Literal["alarm", "probe"], now_ms: int
    ) -> None:
        by_alarm = service_impact.incident_of(service, self.cases.incidents, occurred_ms)
        incident = by_alarm or self.impacts.blame(service)
        cause = incident.root_cause_resource if incident else self.watch.work_behind(service, occurred_ms)
        problem_id, incident_id = f"problem-{len(self.cases.problems) + 1}", incident.incident_id if incident else None
        problem = ServiceProblem(problem_id, service, "opened", occurred_ms, uncertainty_ms, now_ms, incident_id, cause,
                                 source)  # fmt: skip
        self.cases.keep_problem(problem)
        self.desk.send(service_impact.opened_message(problem, self.desk.head(occurred_ms)))

    def resolve(self, now_ms: int) -> None:
        """Those whose alarms are gone and whose probe has passed at this instant."""
        for problem in list(self.cases.open_problems()):
            service = problem.service_id
            outage, tried = self.outages.get(service), self.probing.tried(service)
            if not tried.passed_since(now_ms) or (outage and outage.ended_ms is None):
                continue
            incident = service_impact.incident_of(service, self.cases.incidents, problem.occurred_ms)
            over = service_impact.resolved(problem, outage, incident, tried.failed_ms, now_ms)
            self.cases.keep_problem(over)
            self.desk.send(service_impact.resolved_message(over, self.desk.head(over.resolved_ms or now_ms)))
