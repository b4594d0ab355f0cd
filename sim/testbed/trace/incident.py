"""An incident, from the alarms it explains to the credits that came of it."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from ossbss.bss.revenue.billing.invoice_html import amount_text
from sim.testbed.report.sentences import counted, sentence, tested
from sim.testbed.trace.bills import Bill, bills, credit_lines
from sim.testbed.trace.step import Records, Step, Trail, unknown
from sim.testbed.trace.truth import true_faults, true_outages

FOREVER_MS = 2**62
_QUOTED = 160
"""Characters of an element's message that are printed; all of it stands in the facts."""
_OWN = (
    "incident.diagnosed", "incident.undiagnosed", "incident.dispatched", "incident.repaired", "incident.closed",
    "impact.assessed",
    "service_problem.opened", "service_problem.resolved", "problem.known",
    "crew.arrived", "crew.acknowledged", "crew.repaired", "crew.nothing_found", "crew.wrong_skill", "crew.no_access",
    "crew.no_spare", "test.answered", "command.sent", "action.awaiting_approval", "action.started",
    "action.verifying", "action.failed", "action.rolled_back", "action.succeeded",
)  # fmt: skip


def trace_incident(run: Records, incident_id: str) -> Trail:
    """BadInputError where the run has no such incident."""
    found = run.where("incidents", incident_id=incident_id)
    if found.is_empty():
        raise unknown(run, "incident", incident_id, run.tables["incidents"]["incident_id"].to_list())
    incident = found.row(0, named=True)
    alarms, problems = _alarms(run, incident), _problems(run, incident)
    credits_ = list(_credits(run, problems))
    own = _own_steps(run, incident_id, problems)
    steps = [*_alarm_steps(run, alarms), *own, *_ticket_steps(run, problems), *credits_]
    if "truth" in run.tables:
        until_ms = FOREVER_MS if incident["closed_ms"] is None else incident["closed_ms"]
        outages = true_outages(run, problems["service_id"].unique().sort().to_list())
        steps = [*true_faults(run, incident["occurred_ms"], until_ms), *outages, *steps]
    headline = _headline(run, incident, alarms, problems, credits_)
    return Trail(incident_id, headline, sorted(steps, key=lambda step: step.known_ms))


def _headline(
    run: Records, incident: dict[str, Any], alarms: pl.DataFrame, problems: pl.DataFrame, credits_: Sequence[Step]
) -> str:
    cause = incident["root_cause_resource"] or "unknown"
    tickets = run.tables["tickets"].filter(pl.col("problem_id").is_in(problems["problem_id"].to_list())).height
    parts = [counted(alarms.height, "alarm"), counted(problems.height, "service problem"), counted(tickets, "ticket")]
    count, amount = (sum(step.facts[name] for step in credits_) for name in ("accounts", "amount_micros"))
    return (
        f"{incident['incident_id']}: {incident['state']}, believed cause {cause}; {', '.join(parts)}, "
        f"{counted(count, 'credit')} of {amount_text(amount)} in all"
    )


# -- alarms --------------------------------------------------------------------------------------------


def _alarms(run: Records, incident: dict[str, Any]) -> pl.DataFrame:
    """The raises of the incident's alarm identities that were in the list while it was open."""
    identities = pl.DataFrame(
        json.loads(incident["alarms"]), schema=["alarmed_object", "known_by", "source"], orient="row"
    )
    closed_ms = FOREVER_MS if incident["closed_ms"] is None else incident["closed_ms"]
    gone_ms = pl.col("clear_known_ms").fill_null(FOREVER_MS)
    open_meanwhile = (pl.col("known_ms") <= closed_ms) & (gone_ms >= incident["known_ms"])
    cause, qualifier = pl.col("probable_cause"), pl.col("qualifier")
    known_by = pl.when(qualifier == "").then(cause).otherwise(cause + "/" + qualifier)
    listed = run.tables["alarms"].with_columns(known_by=known_by)
    own = listed.join(identities, on=identities.columns, how="semi", maintain_order="left")
    return own.filter(open_meanwhile & (pl.col("perceived_severity") != "cleared"))


def _alarm_steps(run: Records, alarms: pl.DataFrame) -> Iterator[Step]:
    said = {(e["kind"], e["subject"]): e["body"]
            for e in run.entries(("alarm.raised", "alarm.cleared"), alarms["alarm_id"].to_list())}  # fmt: skip
    for alarm in alarms.iter_rows(named=True):
        facts = {name: alarm[name] for name in ("alarm_id", "repeats", "occurred_uncertainty_ms")}
        text = sentence("alarm.raised", [alarm["alarm_id"]], [alarm])
        message = _message(said.get(("alarm.raised", alarm["alarm_id"]), {}))
        told = text + _quoted(message)
        yield Step(alarm["occurred_ms"], alarm["known_ms"], "oss.surveillance", told, facts | message)
        if alarm["clear_known_ms"] is not None:
            text = f"{sentence('alarm.cleared', [alarm['alarm_id']], [alarm])}, said by {alarm['source']}"
            message = _message(said.get(("alarm.cleared", alarm["alarm_id"]), {}))
            told, known_ms = text + _quoted(message), alarm["clear_known_ms"]
            yield Step(alarm["cleared_ms"], known_ms, "oss.surveillance", told, facts | message)


def _quoted(message: dict[str, Any]) -> str:
    """The element's own words, on one line."""
    if not message:
        return ""
    words = " ".join(message["raw"].split())
    return f": “{words if len(words) <= _QUOTED else words[:_QUOTED] + ' …'}”"


def _message(body: dict[str, Any]) -> dict[str, Any]:
    """The element's message as it came; nothing where the station said it itself."""
    return {"message_id": body["message_id"], "raw": body.get("raw", body["text"])} if "message_id" in body else {}


# -- what the OSS did, and care heard ------------------------------------------------------------------


def _problems(run: Records, incident: dict[str, Any]) -> pl.DataFrame:
    """Service problems linked to it; one that opened before the diagnosis is linked when it resolves."""
    services = {name for name, _, _ in json.loads(incident["alarms"])}
    closed_ms = FOREVER_MS if incident["closed_ms"] is None else incident["closed_ms"]
    still_open = pl.col("incident_id").is_null() & pl.col("resolved_ms").is_null()
    unlinked = still_open & pl.col("service_id").is_in(list(services)) & (pl.col("known_ms") <= closed_ms)
    return run.tables["service_problems"].filter((pl.col("incident_id") == incident["incident_id"]) | unlinked)


def _own_steps(run: Records, incident_id: str, problems: pl.DataFrame) -> Iterator[Step]:
    actions, tests = (run.where(name, incident_id=incident_id)[key].to_list()
                      for name, key in (("actions", "action_id"), ("tests", "test_id")))  # fmt: skip
    before: dict[str, Any] = {}
    for entry in run.entries(_OWN, [incident_id, *actions, *tests, *problems["problem_id"]]):
        kind, subject, body = entry["kind"], entry["subject"], entry["body"]
        text = sentence(kind, [subject], [body])
        if subject == incident_id and kind != "impact.assessed":
            text = _joined(before, body) or text
            before = body
        yield Step(entry["occurred_ms"], entry["at_ms"], entry["source"], text, {"kind": kind, "subject": subject})


def _joined(before: dict[str, Any], body: dict[str, Any]) -> str:
    """An incident that is told again in the same state has been tested, or has only taken in more alarms."""
    if body["mode"] and before.get("mode") != body["mode"]:
        return tested(body)
    more = len(body["alarms"]) - len(before.get("alarms", ()))
    same = all(before.get(name) == body[name] for name in ("state", "root_cause_resource", "crew_id"))
    return f"{body['incident_id']}: {counted(more, 'more alarm')} with the same cause" if same else ""


# -- customers and money -------------------------------------------------------------------------------


def _ticket_steps(run: Records, problems: pl.DataFrame) -> Iterator[Step]:
    """First and last of many; those resolved at one instant as a count."""
    tickets = run.tables["tickets"].filter(pl.col("problem_id").is_in(problems["problem_id"].to_list()))
    opened_ms = dict(tickets.select("ticket_id", "opened_ms").iter_rows())
    for kind in ("ticket.opened", "ticket.linked"):
        told = list(run.entries([kind], opened_ms))
        for number, entry in enumerate(told, start=1):
            if number in (1, len(told)):
                rank = f" ({'first' if number == 1 else 'last'} of {len(told)})" if len(told) > 1 else ""
                to = f" to {entry['body']['problem_id']}" if kind == "ticket.linked" else ", not explained yet"
                text = sentence(kind, [entry["subject"]], [entry["body"]]) + to + rank
                yield Step(opened_ms[entry["subject"]], entry["at_ms"], entry["source"], text, {"tickets": len(told)})
    resolved: dict[int, list[dict[str, Any]]] = {}
    for entry in run.entries(["ticket.resolved"], opened_ms):
        resolved.setdefault(entry["at_ms"], []).append(entry)
    for at_ms, told in resolved.items():
        text = sentence("ticket.resolved", [e["subject"] for e in told], [e["body"] for e in told])
        yield Step(at_ms, at_ms, "bss.care", f"{text}; the customers are told", {"tickets": len(told)})


def _credits(run: Records, problems: pl.DataFrame) -> Iterator[Step]:
    """Credits on the first bill that closed after each problem, one step a bill run."""
    on_bills: dict[int, tuple[Bill, set[str]]] = {}
    for service, resolved_ms in problems.select("service_id", "resolved_ms").drop_nulls().iter_rows():
        bill = next((b for b in bills(run) if b.period_end_ms >= resolved_ms), None)
        if bill:
            on_bills.setdefault(bill.position, (bill, set()))[1].add(service)
    for bill, services in on_bills.values():
        lines = credit_lines(run, bill, services)
        if lines.is_empty():
            continue
        amounts = [{"amount_micros": -amount} for amount in lines["amount_micros"]]
        text = sentence("credit.granted", lines["account_id"].to_list(), amounts)
        others = _others(run, problems, services, bill)
        facts = {"accounts": lines.height, "amount_micros": sum(a["amount_micros"] for a in amounts), "shared": others}
        shared = f" (shared with {', '.join(others)} on the same bills)" if others else ""
        yield Step(bill.known_ms, bill.known_ms, "bss.sla", text + shared, facts)


def _others(run: Records, problems: pl.DataFrame, services: set[str], bill: Bill) -> list[str]:
    """Other problems of the same services on the same bills: a bill has one credit line for all of them."""
    ended = pl.col("resolved_ms").is_between(bill.previous_end_ms, bill.period_end_ms, closed="right")
    same = run.tables["service_problems"].filter(ended & pl.col("service_id").is_in(sorted(services)))
    return same.join(problems, on="problem_id", how="anti")["problem_id"].to_list()
