"""The OSS as one system: keeps its state and the order of the hops, nothing else.

elements → surveillance → correlation → root cause → service impact → remediation → dispatch → collection
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import polars as pl

from ossbss.contract import assurance as words
from ossbss.contract.charging import USAGE_SCHEMA, UsageBatch, UsageFile
from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.ports import Message, Outbox
from ossbss.oss.collection import collect
from ossbss.oss.elements import adapters
from ossbss.oss.fault import correlation, remediation, service_impact, surveillance
from ossbss.oss.fault.records import ActionRecord, Incident, IncidentState, ServiceProblem
from ossbss.oss.fault.root_cause import Cause, RootCauseFinder, SetCover
from ossbss.oss.fault.surveillance import ListedAlarm
from ossbss.oss.fault.symptoms import Identity, causes_of, footprint
from ossbss.oss.inventory import read_inventory
from ossbss.oss.maintenance.dispatch import assign, jobs
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
        self.finder = finder or SetCover()
        self.names = {node: self.inventory.names_of(node) for node in self.inventory.site_of_node}
        self.footprints = {r: footprint(self.inventory, r) for r in self.inventory.resources}
        self.causes_of = causes_of(self.footprints)
        self.alarms: dict[Identity, ListedAlarm] = {}
        self.active: set[Identity] = set()
        self.outages: dict[str, service_impact.Outage] = {}
        self.pending: dict[Identity, int] = {}
        self.missed = dict.fromkeys(sorted(self.inventory.site_of_node), 0)
        self.incidents: dict[str, Incident] = {}
        self.problems: dict[str, ServiceProblem] = {}
        self.open_problem_of: dict[str, str] = {}
        self.actions: dict[str, ActionRecord] = {}
        self.priorities: dict[str, ServicePriority] = {}
        self.reported: set[str] = set()
        self.verdicts: dict[str, tuple[int, bool]] = {}
        self.asked_ms: dict[str, int] = {}
        self.free_crews = {crew.crew_id: crew.base_site for crew in policy.crews}
        self.usage = [pl.DataFrame(schema={**USAGE_SCHEMA, "known_ms": pl.Int64})]
        self.next_poll_ms = starts_ms + policy.poll_period_ms
        self.desk = Desk(self.name)

    def step(self, now_ms: int, inbox: Sequence[Message]) -> Outbox:
        """One instant: take what came, think, act."""
        self.desk.clear()
        self._listen(now_ms, inbox)
        self._collect(now_ms, [m for m in inbox if isinstance(m, UsageFile)])
        self._correlate(now_ms)
        self._open_problems(now_ms)
        self._resolve_problems(now_ms)
        self._close_incidents(now_ms)
        self._dispatch(now_ms)
        self._probe(now_ms)
        self._poll(now_ms)
        return self.desk.out

    @property
    def next_wakeup_ms(self) -> int | None:
        due = [self.next_poll_ms]
        if self.pending:
            due.append(min(self.pending.values()) + self.policy.correlation_window_ms)
        hold_ms = service_impact.next_hold_ms(self.outages, frozenset(self.open_problem_of), self.policy)
        return min(due if hold_ms is None else [*due, hold_ms])

    def tables(self) -> Mapping[str, pl.DataFrame]:
        """``usage``: what collection received, in order of arrival."""
        return {"usage": pl.concat(self.usage)}

    # -- what comes in ---------------------------------------------------------------------------------

    def _listen(self, now_ms: int, inbox: Sequence[Message]) -> None:
        notifications: list[words.Alarm] = []
        for message in inbox:
            match message:
                case words.VendorMessage():
                    notifications += self._read(message, now_ms)
                case words.PollReply():
                    self.missed, alarms = surveillance.contact_alarms(
                        self.missed, message.occurred_ms, message.answered, now_ms, self.policy
                    )
                    notifications += alarms
                case words.TestResult(passed=bool() as passed):
                    self.verdicts[message.target] = (now_ms, passed)
                case words.CrewReport():
                    self._crew_reports(message)
                case words.CustomerReport():
                    self.reported.add(message.service_id)
                    self.desk.note("care_evidence", "customer_report.received", message.service_id, now_ms, message)
                case ServicePriority():
                    self.priorities[message.service_id] = message
        self._list(now_ms, notifications)

    def _read(self, message: words.VendorMessage, now_ms: int) -> Sequence[words.Alarm]:
        reading = adapters.read(message, now_ms, self.names)
        if reading.rejected:
            body = {"reason": reading.rejected, "payload": message.payload.decode("utf-8", "replace")}
            self.desk.note("elements", "message.rejected", message.element_id, message.occurred_ms, body)
        return reading.alarms

    def _list(self, now_ms: int, notifications: Sequence[words.Alarm]) -> None:
        for change in surveillance.survey(self.alarms, notifications):
            raised = change.alarm.raised
            self.alarms[raised.identity] = change.alarm
            (self.active.add if change.alarm.active else self.active.discard)(raised.identity)
            if change.kind == "raised":
                self.pending[raised.identity] = now_ms
            self.desk.note("surveillance", f"alarm.{change.kind}", change.alarm.alarm_id, change.occurred_ms,
                           change.alarm.as_body())  # fmt: skip
        services = {n.alarmed_object for n in notifications} & self.inventory.services.keys()
        mine = (self.alarms.get(i) for s in services for i in self.inventory.services[s].alarms_of_outage)
        self.outages |= service_impact.outages((a.raised, a.cleared_ms) for a in mine if a)

    def _crew_reports(self, report: words.CrewReport) -> None:
        self.desk.note("maintenance", f"crew.{report.result}", report.work_order_id, report.occurred_ms, report)
        if report.result == "arrived":
            return
        self.free_crews[report.crew_id] = report.site_id
        action = self.actions[report.work_order_id]
        mended = report.result == "repaired"
        self._act(replace(action, state="succeeded" if mended else "failed", ended_ms=report.occurred_ms))
        incident = self.incidents[action.incident_id]
        if incident.state != "closed":
            changed = replace(incident, state="repaired") if mended else remediation.rule_out(incident)
            self._keep(changed, report.occurred_ms)
        if incident.state != "closed" and not mended:
            self._diagnose_again(self.incidents[incident.incident_id])

    def _collect(self, now_ms: int, files: list[UsageFile]) -> None:
        if not files:
            return
        batch = collect(files, now_ms)
        self.usage.append(batch)
        self.desk.send(UsageBatch(**self.desk.head(now_ms), usage=batch))
        self.desk.note("collection", "usage.collected", files[0].file_id, now_ms,
                       {"files": [f.file_id for f in files], "records": batch.height})  # fmt: skip

    # -- thinking --------------------------------------------------------------------------------------

    def _correlate(self, now_ms: int) -> None:
        if not self.pending or now_ms < min(self.pending.values()) + self.policy.correlation_window_ms:
            return
        waiting, self.pending = list(self.pending), {}
        active = [i for i in waiting if self.alarms[i].active]
        for incident in correlation.joined(self.incidents.values(), active, self.footprints):
            self._keep(incident, now_ms)
            active = [i for i in active if i not in incident.alarms]
        groups = correlation.correlate([self.alarms[i].raised for i in active], self.causes_of)
        for group in groups:
            self._diagnose(frozenset(a.identity for a in group), now_ms)

    def _diagnose(self, present: frozenset[Identity], now_ms: int) -> None:
        found = self.finder.find(present, self.footprints, frozenset(), self.policy)
        for cause in found.causes:
            self._open(cause, cause.explains, now_ms)
        if found.unexplained:
            self._open(None, found.unexplained, now_ms)

    def _diagnose_again(self, incident: Incident) -> None:
        active = frozenset(self.active.intersection(incident.alarms))
        found = self.finder.find(active, self.footprints, frozenset(incident.ruled_out), self.policy)
        if found.causes:
            best = found.causes[0]
            self._keep(replace(incident, state="diagnosed", root_cause_resource=best.resource,
                               equivalents=best.equivalents))  # fmt: skip

    def _open(self, cause: Cause | None, alarms: frozenset[Identity], now_ms: int) -> None:
        began_ms = min(self.alarms[i].raised.occurred_ms for i in alarms)
        state: IncidentState = "diagnosed" if cause else "undiagnosed"
        resource, equivalents = (cause.resource, cause.equivalents) if cause else (None, ())
        incident = Incident(f"incident-{len(self.incidents) + 1}", state, resource, equivalents, tuple(sorted(alarms)),
                            began_ms, now_ms)  # fmt: skip
        self._keep(incident)
        if cause:
            self._reroute(incident, now_ms)

    def _reroute(self, incident: Incident, now_ms: int) -> None:
        """First line of the runbook: has the network found its own way round?"""
        down = remediation.probe_targets(self.inventory, incident).intersection(self.inventory.services)
        state: Literal["failed", "succeeded"] = "failed" if down else "succeeded"
        self._act(ActionRecord(self._action_id(), incident.incident_id, "reroute", incident.root_cause_resource or "",
                               state, incident.occurred_ms, now_ms))  # fmt: skip

    # -- services --------------------------------------------------------------------------------------

    def _open_problems(self, now_ms: int) -> None:
        covered = frozenset(self.open_problem_of)
        for outage in service_impact.to_open(self.outages, covered, now_ms, self.policy):
            self._open_problem(outage.service_id, outage.began_ms, outage.uncertainty_ms, "alarm", now_ms)
        for service in sorted(self.reported - covered):
            verdict = self.verdicts.get(service)
            if verdict == (now_ms, False) and service not in self.open_problem_of:
                self._open_problem(service, now_ms, self.policy.poll_period_ms, "probe", now_ms)
            if verdict and verdict[0] == now_ms:
                self.reported.discard(service)

    def _open_problem(self, service: str, occurred_ms: int, uncertainty_ms: int, source: Any, now_ms: int) -> None:
        incident = service_impact.incident_of(service, self.incidents)
        cause = incident.root_cause_resource if incident else None
        problem = ServiceProblem(f"problem-{len(self.problems) + 1}", service, "opened", occurred_ms, uncertainty_ms,
                                 now_ms, incident.incident_id if incident else None, cause, source)  # fmt: skip
        self.open_problem_of[service] = problem.problem_id
        self._keep_problem(problem)
        self.desk.send(service_impact.opened_message(problem, self.desk.head(occurred_ms)))

    def _resolve_problems(self, now_ms: int) -> None:
        seen = self.outages
        for service, problem_id in sorted(self.open_problem_of.items()):
            outage, problem = seen.get(service), self.problems[problem_id]
            if self.verdicts.get(service) != (now_ms, True) or (outage and outage.ended_ms is None):
                continue
            problem = service_impact.resolved(
                problem, outage, service_impact.incident_of(service, self.incidents), now_ms
            )
            del self.open_problem_of[service]
            self._keep_problem(problem)
            head = self.desk.head(problem.resolved_ms or now_ms)
            self.desk.send(service_impact.resolved_message(problem, head))

    # -- acting ----------------------------------------------------------------------------------------

    def _close_incidents(self, now_ms: int) -> None:
        for incident in [i for i in self.incidents.values() if i.state != "closed"]:
            targets = remediation.probe_targets(self.inventory, incident)
            failing = [t for t in targets if self.verdicts.get(t) != (now_ms, True)]
            if not remediation.may_close(incident, self.active, failing):
                continue
            self._keep(replace(incident, state="closed", closed_ms=now_ms), now_ms)
            self._act(ActionRecord(self._action_id(), incident.incident_id, "verify",
                                   incident.root_cause_resource or "", "succeeded", now_ms, now_ms))  # fmt: skip

    def _probe(self, now_ms: int) -> None:
        """Ask the network itself wherever the alarms say it is over, or a customer says it is not."""
        seen = self.outages
        wanted = self.reported | {s for s in self.open_problem_of if s not in seen or seen[s].ended_ms is not None}
        wanted |= remediation.probes_wanted(self.inventory, self.incidents.values(), self.active)
        due = [t for t in sorted(wanted) if now_ms >= self.asked_ms.get(t, 0) + self.policy.probe_period_ms]
        for target in due:
            self.asked_ms[target] = now_ms
            self.desk.send(words.TestRequest(**self.desk.head(now_ms), method="probe", target=target))

    def _dispatch(self, now_ms: int) -> None:
        waiting = jobs(self.incidents.values(), self.priorities, self.inventory)
        for job, crew in assign(waiting, self.free_crews, self.inventory.place_of_site):
            del self.free_crews[crew]
            action_id = self._action_id()
            self._act(ActionRecord(action_id, job.incident_id, "dispatch", job.resource_id, "started", now_ms))
            self._keep(replace(self.incidents[job.incident_id], state="dispatched", crew_id=crew), now_ms)
            self.desk.send(words.WorkOrder(**self.desk.head(now_ms), work_order_id=action_id, crew_id=crew,
                                       site_id=job.site_id, resource_id=job.resource_id))  # fmt: skip

    def _poll(self, now_ms: int) -> None:
        if now_ms < self.next_poll_ms:
            return
        self.next_poll_ms = now_ms + self.policy.poll_period_ms
        self.desk.send(words.PollRequest(**self.desk.head(now_ms), element_ids=tuple(self.missed)))

    # -- keeping and telling ---------------------------------------------------------------------------

    def _keep(self, incident: Incident, at_ms: int | None = None) -> None:
        """``at_ms``: when this came about; None for a diagnosis, which speaks of when the failure began."""
        self.incidents[incident.incident_id] = incident
        occurred_ms = incident.occurred_ms if at_ms is None else at_ms
        hop = "root_cause" if incident.state in ("diagnosed", "undiagnosed") else "remediation"
        self.desk.note(hop, f"incident.{incident.state}", incident.incident_id, occurred_ms, incident)

    def _keep_problem(self, problem: ServiceProblem) -> None:
        self.problems[problem.problem_id] = problem
        occurred_ms = problem.resolved_ms if problem.resolved_ms is not None else problem.occurred_ms
        kind = f"service_problem.{problem.state}"
        self.desk.note("service_impact", kind, problem.problem_id, occurred_ms, problem)

    def _action_id(self) -> str:
        return f"action-{len(self.actions) + 1}"

    def _act(self, action: ActionRecord) -> None:
        self.actions[action.action_id] = action
        kind = f"action.{action.state}"
        self.desk.note("remediation", kind, action.action_id, action.ended_ms or action.occurred_ms, action)
