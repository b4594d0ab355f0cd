"""The OSS as one system: keeps its state and the order of the hops, nothing else.

elements → surveillance → correlation → root cause → service impact → remediation → dispatch → testing → collection
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from ossbss.contract import assurance as words
from ossbss.contract.charging import UsageFile
from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.ports import Message, Outbox
from ossbss.oss.collection import Collection
from ossbss.oss.elements import adapters
from ossbss.oss.fault import correlation, remediation, service_impact, testing
from ossbss.oss.fault.alarm_list import WatchedAlarms
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.port import RootCauseFinder
from ossbss.oss.fault.polling import Polling
from ossbss.oss.fault.records import Cause, Incident, ServiceProblem
from ossbss.oss.fault.root_cause import beliefs_of, case_behind, causes_of
from ossbss.oss.fault.symptoms import STATION, Identity, counters_tell
from ossbss.oss.fault.testing import UNTRIED, Trials
from ossbss.oss.inventory import read_inventory
from ossbss.oss.maintenance import planned_work, workforce
from ossbss.oss.maintenance.dispatch import Hindrance, assign, jobs, next_ms
from ossbss.oss.performance.performance import Performance
from ossbss.oss.policy import OperationsPolicy


class Operations:
    """Fault management, crews and usage collection behind one door (the ``System`` port)."""

    name = "oss"

    def __init__(
        self,
        document: Mapping[str, Any],
        policy: OperationsPolicy,
        starts_ms: int,
        finder: RootCauseFinder | None = None,
    ) -> None:
        self.inventory = read_inventory(document)
        self.policy = policy
        model = Diagnostician(self.inventory, beliefs_of(policy), STATION, suspect_all=False)
        self.finder = finder or model
        self.symptoms = model.symptoms
        self.outages: dict[str, service_impact.Outage] = {}
        self.priorities: dict[str, ServicePriority] = {}
        self.reported: set[str] = set()
        self.trials: dict[str, Trials] = {}
        self.look_again_ms: dict[str, int] = {}
        self.crews = {crew.crew_id: crew for crew in policy.crews}
        self.free_crews = {crew.crew_id: crew.base_site for crew in policy.crews}
        self.hindrances: dict[str, Hindrance] = {}
        self.next_correlation_ms: int | None = None
        self.next_probe_ms: int | None = None
        self.next_dispatch_ms: int | None = None
        self.starts_ms, self.desk = starts_ms, Desk(self.name)
        self.cases, self.polling = Casebook(self.desk), Polling(self.inventory, policy, starts_ms, self.desk)
        self.collection, self.performance = Collection(self.desk), Performance(self.inventory, policy)
        self.watch = WatchedAlarms(self.inventory, policy, self.desk)
        self.alarms, self.active = self.watch.alarms, self.watch.active

    def step(self, now_ms: int, inbox: Sequence[Message]) -> Outbox:
        """One instant: take what came, think, act."""
        self.desk.clear()
        self._listen(now_ms, inbox)
        self.collection.take(now_ms, [m for m in inbox if isinstance(m, UsageFile)])
        self._correlate(now_ms)
        self._reconsider(now_ms)
        self._open_problems(now_ms)
        self._resolve_problems(now_ms)
        self._close_incidents(now_ms)
        self._dispatch(now_ms)
        self._probe(now_ms)
        self.watch.ask(now_ms)
        self.polling.poll(now_ms)
        return self.desk.out

    @property
    def next_wakeup_ms(self) -> int | None:
        hold_ms = service_impact.next_hold_ms(self.outages, frozenset(self.cases.open_problem_of), self.policy)
        due = (self.polling.next_ms, self.next_correlation_ms, self.next_probe_ms, self.next_dispatch_ms, hold_ms,
               self.watch.next_ms, self.performance.next_ms)  # fmt: skip
        return min(at_ms for at_ms in due if at_ms is not None)

    def tables(self) -> Mapping[str, pl.DataFrame]:
        """``usage``: what collection received, in order of arrival."""
        return {"usage": self.collection.table()}

    # -- what comes in ---------------------------------------------------------------------------------

    def _listen(self, now_ms: int, inbox: Sequence[Message]) -> None:
        self.watch.tick(now_ms)
        notifications: list[words.Alarm] = []
        for message in inbox:
            match message:
                case words.VendorMessage():
                    notifications += self._read(message, now_ms)
                case words.AlarmList():
                    self.watch.told(message, adapters.read_list(message, now_ms, self.inventory.names), now_ms)
                case words.AlarmAction():
                    self.watch.act(message, now_ms)
                case words.PollReply():
                    notifications += self.polling.heard(message, now_ms)
                case words.TestResult(passed=bool() as passed):
                    self.trials[message.target] = self.trials.get(message.target, UNTRIED).heard(passed, now_ms)
                    if message.target in self.reported and not passed:
                        worked_ms = self._worked_ms(message.target)
                        notifications += testing.evidence(self.inventory.services[message.target], worked_ms, now_ms)
                case words.CrewReport():
                    self._crew_reports(message, now_ms)
                case words.CustomerReport():
                    self.reported.add(message.service_id)
                    self.desk.note("care_evidence", "customer_report.received", message.service_id, now_ms, message)
                case words.PlannedWork():
                    self.watch.plan(planned_work.window_of(message, self.inventory, self.symptoms), now_ms)
                    self.desk.note("maintenance", "planned_work.announced", message.message_id, now_ms, message)
                case ServicePriority():
                    self.priorities[message.service_id] = message
        self._list(now_ms, [*notifications, *self.polling.overdue(now_ms), *self.performance.judge(now_ms)])
        doubtful = [self.alarms[i] for i in sorted(self.active) if self.alarms[i].active and not counters_tell(i)]
        self._list(now_ms, testing.lost_clears(doubtful, self.inventory, self.trials, now_ms, self.policy))

    def _read(self, message: words.VendorMessage, now_ms: int) -> Sequence[words.Alarm]:
        reading = adapters.read(message, now_ms, self.inventory.names)
        if reading.rejected:
            body = adapters.rejection(message, reading.rejected)
            self.desk.note("elements", "message.rejected", message.element_id, message.occurred_ms, body)
        self.watch.heard(message.element_id, reading, now_ms)
        self.performance.take(reading.measurements, now_ms)
        return reading.alarms

    def _list(self, now_ms: int, notifications: Sequence[words.Alarm]) -> None:
        self.watch.take(notifications, now_ms)
        services = {n.alarmed_object for n in notifications} & self.inventory.services.keys()
        mine = (self.alarms.get(i) for s in services for i in self.inventory.services[s].alarms_of_outage)
        self.outages |= service_impact.outages(listed for listed in mine if listed)

    def _crew_reports(self, report: words.CrewReport, now_ms: int) -> None:
        self.desk.note("maintenance", f"crew.{report.result}", report.work_order_id, report.occurred_ms, report)
        if report.result in workforce.UNDER_WAY:
            return
        if report.crew_id in self.crews:
            self.free_crews[report.crew_id] = report.site_id
        incident_id = self.cases.actions[report.work_order_id].incident_id
        again, hindrance = workforce.conclude(report, self.cases, self.hindrances.get(incident_id))
        if hindrance:
            self.hindrances[incident_id] = hindrance
        if again:
            self._diagnose_again(again, now_ms)

    # -- thinking --------------------------------------------------------------------------------------

    def _correlate(self, now_ms: int) -> None:
        """Groups of alarms that have been waited for; what an open incident explains joins it."""
        if self.watch.pending and self.next_correlation_ms is None:
            self.next_correlation_ms = now_ms + self.policy.correlation_window_ms
        if self.next_correlation_ms is None or now_ms < self.next_correlation_ms:
            return
        waiting = {i: heard_ms for i, heard_ms in self.watch.pending.items() if i in self.active}
        groups = self._groups(waiting)
        due = [correlation.due_ms([waiting[a.identity] for a in group], self.policy) for group in groups]
        self.next_correlation_ms = min((at_ms for at_ms in due if at_ms > now_ms), default=None)
        ready = {a.identity for group, at_ms in zip(groups, due, strict=True) if at_ms <= now_ms for a in group}
        self.watch.pending = {i: heard_ms for i, heard_ms in waiting.items() if i not in ready}
        for group in self._groups(sorted(self._join(ready, now_ms))):
            for part in self.watch.apart(group):
                if left := self._join({a.identity for a in part}, now_ms):
                    self._diagnose(left, now_ms)

    def _join(self, alarms: set[Identity], now_ms: int) -> frozenset[Identity]:
        """Open incidents take what their cause explains; the rest is left."""
        for incident in correlation.joined(self.cases.incidents.values(), alarms, self.symptoms):
            self.cases.keep(incident, now_ms)
            alarms = alarms.difference(incident.alarms)
        return frozenset(alarms)

    def _groups(self, alarms: Iterable[Identity]) -> list[tuple[words.Alarm, ...]]:
        raised = [self.alarms[identity].raised for identity in alarms]
        return correlation.correlate(raised, self.symptoms.causes_of(alarm.identity for alarm in raised))

    def _diagnose(self, present: frozenset[Identity], now_ms: int) -> None:
        causes = self._causes(present, None, now_ms)
        for cause in causes:
            self._open(cause, cause.explains, now_ms)
        unexplained = present.difference(*(cause.explains for cause in causes))
        if unexplained:
            self._open(None, unexplained, now_ms)

    def _causes(self, present: frozenset[Identity], of: Incident | None, now_ms: int) -> tuple[Cause, ...]:
        """What explains these alarms, beside what is believed to be behind the other incidents' alarms."""
        case = case_behind(present, of, self.cases.open_incidents(), self.alarms, self.active, now_ms)
        return causes_of(self.finder.diagnose(case), present)

    def _reconsider(self, now_ms: int) -> None:
        """Incidents that are repaired or unexplained, and whose alarms stay all the same."""
        open_ = [i for i in self.cases.open_incidents() if i.state in ("repaired", "undiagnosed")]
        self.look_again_ms = {i.incident_id: self.look_again_ms.get(i.incident_id, now_ms + self.policy.settle_ms)
                              for i in open_}  # fmt: skip
        for incident in open_:
            if now_ms >= self.look_again_ms[incident.incident_id] and not self.active.isdisjoint(incident.alarms):
                del self.look_again_ms[incident.incident_id]
                self._diagnose_again(remediation.reopened(incident), now_ms)

    def _diagnose_again(self, incident: Incident, now_ms: int) -> None:
        active = frozenset(self.active.intersection(incident.alarms))
        first, others = correlation.shared(incident, self._causes(active, incident, now_ms))
        if first != self.cases.incidents[incident.incident_id]:
            self.cases.keep(first)
        for cause in others:
            self._open(cause, cause.explains, now_ms)

    def _open(self, cause: Cause | None, alarms: frozenset[Identity], now_ms: int) -> None:
        began_ms = min(self.alarms[i].raised.occurred_ms for i in alarms)
        incident = self.cases.open_incident(cause, alarms, began_ms, now_ms)
        if cause:  # first line of the runbook: has the network found its own way round?
            down = remediation.probe_targets(self.inventory, incident).intersection(self.inventory.services)
            self.cases.act(incident, "reroute", "failed" if down else "succeeded", incident.occurred_ms, now_ms)

    # -- services --------------------------------------------------------------------------------------

    def _open_problems(self, now_ms: int) -> None:
        covered = frozenset(self.cases.open_problem_of)
        for outage in service_impact.to_open(self.outages, covered, now_ms, self.policy):
            self._open_problem(outage.service_id, outage.began_ms, outage.uncertainty_ms, "alarm", now_ms)
        for service in sorted(self.reported - covered):
            tried = self.trials.get(service, UNTRIED)
            if tried.failed_ms == now_ms and service not in self.cases.open_problem_of:
                self._open_problem(service, now_ms, now_ms - self._worked_ms(service), "probe", now_ms)
            if tried.heard_ms == now_ms:
                self.reported.discard(service)

    def _open_problem(self, service: str, occurred_ms: int, uncertainty_ms: int, source: Any, now_ms: int) -> None:
        incident = service_impact.incident_of(service, self.cases.incidents, occurred_ms)
        cause = incident.root_cause_resource if incident else self.watch.work_behind(service, occurred_ms)
        problem_id, incident_id = f"problem-{len(self.cases.problems) + 1}", incident.incident_id if incident else None
        problem = ServiceProblem(problem_id, service, "opened", occurred_ms, uncertainty_ms, now_ms, incident_id, cause,
                                 source)  # fmt: skip
        self.cases.keep_problem(problem)
        self.desk.send(service_impact.opened_message(problem, self.desk.head(occurred_ms)))

    def _resolve_problems(self, now_ms: int) -> None:
        for problem in list(self.cases.open_problems()):
            service = problem.service_id
            outage, tried = self.outages.get(service), self.trials.get(service, UNTRIED)
            if not tried.passed_since(now_ms) or (outage and outage.ended_ms is None):
                continue
            incident = service_impact.incident_of(service, self.cases.incidents, problem.occurred_ms)
            over = service_impact.resolved(problem, outage, incident, tried.failed_ms, now_ms)
            self.cases.keep_problem(over)
            self.desk.send(service_impact.resolved_message(over, self.desk.head(over.resolved_ms or now_ms)))

    # -- acting ----------------------------------------------------------------------------------------

    def _close_incidents(self, now_ms: int) -> None:
        for incident in self.cases.open_incidents():
            if not remediation.may_close(incident, self.active, self._unproven(incident)):
                continue
            self.cases.keep(replace(incident, state="closed", closed_ms=now_ms), now_ms)
            self.cases.act(incident, "verify", "succeeded", now_ms, now_ms)

    def _probe(self, now_ms: int) -> None:
        """Ask the network itself wherever the alarms say it is over, or a customer says it is not."""
        listed = [self.alarms[identity] for identity in self.active if not counters_tell(identity)]
        down = {service for service, outage in self.outages.items() if outage.ended_ms is None}
        wanted = self.reported | (self.cases.open_problem_of.keys() - down)
        over = [i for i in self.cases.open_incidents() if self.active.isdisjoint(i.alarms)]
        wanted = wanted.union(*(self._unproven(incident) for incident in over))
        wanted |= testing.doubted(listed, self.inventory, self.trials, now_ms, self.policy)
        for target in sorted(wanted):
            if self.trials.get(target, UNTRIED).may_ask(now_ms, self.policy):
                self.trials[target] = self.trials.get(target, UNTRIED).asked(now_ms)
                self.desk.send(words.TestRequest(**self.desk.head(now_ms), method="probe", target=target))
        self.next_probe_ms = testing.next_ms(wanted, self.trials, self.policy)

    def _worked_ms(self, service: str) -> int:
        """When a service was last known to work."""
        passed_ms, outage = self.trials.get(service, UNTRIED).passed_ms, self.outages.get(service)
        known = (self.starts_ms, passed_ms, outage.ended_ms if outage else None)
        return max(at_ms for at_ms in known if at_ms is not None)

    def _unproven(self, incident: Incident) -> frozenset[str]:
        """What of an incident has not passed a probe since its last alarm was over."""
        quiet_ms = testing.quiet_since_ms((self.alarms[i] for i in incident.alarms), incident.known_ms)
        return testing.unproven(remediation.probe_targets(self.inventory, incident), self.trials, quiet_ms)

    def _dispatch(self, now_ms: int) -> None:
        waiting = jobs(self.cases.open_incidents(), self.priorities, self.inventory, self.hindrances)
        pairs = assign(waiting, self.free_crews, self.inventory.place_of_site, self.crews, now_ms)
        workforce.send(pairs, self.cases, self.desk, now_ms)
        self.free_crews = {c: site for c, site in self.free_crews.items() if c not in {to for _, to in pairs}}
        idle = {*waiting}.difference(job for job, _ in pairs)
        self.next_dispatch_ms = next_ms(idle, self.free_crews, self.crews, now_ms)
