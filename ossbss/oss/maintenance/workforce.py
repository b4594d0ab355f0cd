"""Work orders and tickets: what is sent to crews and partners, and what follows from their reports."""

from collections.abc import Iterable
from dataclasses import replace

from ossbss.contract.assurance import CrewReport, WorkOrder
from ossbss.contract.desk import Desk
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.records import ActionKind, Incident
from ossbss.oss.fault.remediation import rule_out
from ossbss.oss.maintenance.dispatch import Hindrance, Job

UNDER_WAY = ("arrived", "acknowledged")
"""Results after which the work order goes on."""


def send(pairs: Iterable[tuple[Job, str]], cases: Casebook, desk: Desk, now_ms: int) -> None:
    """A work order for each pair of job and crew, a ticket for each of job and partner."""
    for job, to in pairs:
        incident = cases.incidents[job.incident_id]
        kind: ActionKind = "dispatch" if job.partner_id is None else "partner_ticket"
        action_id = cases.act(incident, kind, "started", now_ms)
        cases.keep(replace(incident, state="dispatched", crew_id=to), now_ms)
        desk.send(WorkOrder(**desk.head(now_ms), work_order_id=action_id, crew_id=to, site_id=job.site_id,
                            resource_id=job.resource_id))  # fmt: skip


def conclude(report: CrewReport, cases: Casebook, before: Hindrance | None) -> tuple[Incident | None, Hindrance | None]:
    """A work order has ended: note what became of its incident. What remains to be done: an incident whose cause was
    ruled out, to be diagnosed again; or what hinders a repair whose cause stands. ``before``: what hindered it."""
    action = cases.actions[report.work_order_id]
    mended = report.result == "repaired"
    cases.keep_action(replace(action, state="succeeded" if mended else "failed", ended_ms=report.occurred_ms))
    incident = cases.incidents[action.incident_id]
    if incident.state == "closed":
        return None, None
    if mended:
        cases.keep(replace(incident, state="repaired"), report.occurred_ms)
        return None, None
    if report.result == "nothing_found":
        cases.keep(rule_out(incident), report.occurred_ms)
        return cases.incidents[incident.incident_id], None
    cases.keep(replace(incident, state="diagnosed", crew_id=None), report.occurred_ms)
    return None, _hindrance(report, action.target, before)


def _hindrance(report: CrewReport, resource: str, before: Hindrance | None) -> Hindrance:
    learnt = before.skill if before and before.resource_id == resource else None
    return Hindrance(
        resource_id=resource,
        skill=report.needs if report.result == "wrong_skill" else learnt,
        partner_id=report.needs if report.result == "no_access" else None,
        ready_ms=report.ready_ms,
    )
