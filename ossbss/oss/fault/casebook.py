"""The casebook: incidents, service problems and actions as they stand now; every change of one is noted whole."""

from collections.abc import Iterator
from dataclasses import replace

from ossbss.contract.desk import Desk
from ossbss.oss.fault.records import ActionKind, ActionRecord, ActionState, Cause, Incident, ServiceProblem
from ossbss.oss.fault.symptoms import Identity


class Casebook:
    """What operations believe and do, by id; ids count up."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.incidents: dict[str, Incident] = {}
        self.problems: dict[str, ServiceProblem] = {}
        self.open_problem_of: dict[str, str] = {}
        """service → its open problem"""
        self.actions: dict[str, ActionRecord] = {}

    def open_incidents(self) -> list[Incident]:
        return [incident for incident in self.incidents.values() if incident.state != "closed"]

    def believed_causes(self, besides: str | None = None) -> frozenset[str]:
        """Resources that are believed to have failed now; ``besides``: an incident that is left out."""
        causes = (i.root_cause_resource for i in self.open_incidents() if i.incident_id != besides)
        return frozenset(cause for cause in causes if cause)

    def open_incident(self, cause: Cause | None, alarms: frozenset[Identity], began_ms: int, now_ms: int) -> Incident:
        """A new incident with these alarms, diagnosed where a cause is believed."""
        incident = Incident(
            incident_id=f"incident-{len(self.incidents) + 1}",
            state="diagnosed" if cause else "undiagnosed",
            root_cause_resource=cause.resource if cause else None,
            equivalents=cause.equivalents if cause else (),
            alarms=tuple(sorted(alarms)),
            occurred_ms=began_ms,
            known_ms=now_ms,
            probability=cause.probability if cause else None,
            margin=cause.margin if cause else None,
            suspects=cause.suspects if cause else (),
            kind=cause.kind if cause else None,
            complaints=tuple(sorted(cause.complaints)) if cause else (),
        )
        self.keep(incident)
        return incident

    def keep(self, incident: Incident, at_ms: int | None = None) -> None:
        """``at_ms``: when this came about; None for a diagnosis, which speaks of when the failure began."""
        self.incidents[incident.incident_id] = incident
        occurred_ms = incident.occurred_ms if at_ms is None else at_ms
        hop = "root_cause" if incident.state in ("diagnosed", "undiagnosed") else "remediation"
        self.desk.note(hop, f"incident.{incident.state}", incident.incident_id, occurred_ms, incident)

    def close(self, incident: Incident, now_ms: int) -> None:
        """Its alarms are gone, and probes have proved it."""
        self.keep(replace(incident, state="closed", closed_ms=now_ms), now_ms)
        self.act(incident, "verify", "succeeded", now_ms, now_ms)

    def keep_problem(self, problem: ServiceProblem) -> None:
        self.problems[problem.problem_id] = problem
        if problem.resolved_ms is None:
            self.open_problem_of[problem.service_id] = problem.problem_id
        else:
            del self.open_problem_of[problem.service_id]
        occurred_ms = problem.occurred_ms if problem.resolved_ms is None else problem.resolved_ms
        self.desk.note("service_impact", f"service_problem.{problem.state}", problem.problem_id, occurred_ms, problem)

    def open_problems(self) -> Iterator[ServiceProblem]:
        """By service."""
        return (self.problems[self.open_problem_of[service]] for service in sorted(self.open_problem_of))

    def act(
        self, incident: Incident, kind: ActionKind, state: ActionState, occurred_ms: int,
        ended_ms: int | None = None, attempt: int = 1, target: str | None = None,
    ) -> str:  # fmt: skip
        """A new action about an incident, at its cause where no other target is given; its id."""
        action_id = f"action-{len(self.actions) + 1}"
        at = incident.root_cause_resource or "" if target is None else target
        known_ms = occurred_ms if ended_ms is None else ended_ms
        record = ActionRecord(action_id, incident.incident_id, kind, at, state, occurred_ms, known_ms, ended_ms,
                              attempt)  # fmt: skip
        self.keep_action(record)
        return action_id

    def keep_action(self, action: ActionRecord) -> None:
        self.actions[action.action_id] = action
        at_ms = action.occurred_ms if action.ended_ms is None else action.ended_ms
        self.desk.note("remediation", f"action.{action.state}", action.action_id, at_ms, action)
