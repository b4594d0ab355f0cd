"""An incident hop by hop: what each room said, in words, with the time since the failure."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.revenue.invoice_html import amount_text
from ossbss.contract.units import SECOND_MS
from sim.testbed.view import RunView


@dataclass(frozen=True)
class Step:
    """One thing that happened; ``system`` is world, oss or bss, ``after`` the time since the first fault."""

    clock: str
    after: str
    system: str
    hop: str
    text: str


Body = Mapping[str, Any]
_SENTENCES: Mapping[str, Callable[[str, Body], str]] = {
    "alarm.raised": lambda _, b: (
        f"{b['perceived_severity']} {b['probable_cause']} on {b['alarmed_object']}, said by {b['source']}"
    ),
    "alarm.cleared": lambda _, b: f"cleared: {b['probable_cause']} on {b['alarmed_object']}",
    "incident.diagnosed": lambda s, b: f"{s}: {len(b['alarms'])} alarms have one cause, {b['root_cause_resource']}",
    "incident.undiagnosed": lambda s, b: f"{s}: no cause explains {len(b['alarms'])} alarms",
    "incident.dispatched": lambda s, b: f"{s}: {b['crew_id']} is sent",
    "incident.repaired": lambda s, _: f"{s}: the crew says it is mended; not yet believed",
    "incident.closed": lambda s, _: f"{s}: closed, alarms gone and every probe answered",
    "action.failed": lambda _, b: f"{b['kind']} of {b['target']} did not help",
    "action.succeeded": lambda _, b: f"{b['kind']} of {b['target']} succeeded",
    "crew.arrived": lambda _, b: f"{b['crew_id']} has arrived at {b['site_id']}",
    "crew.repaired": lambda _, b: f"{b['crew_id']} has mended it",
    "crew.nothing_found": lambda _, b: f"{b['crew_id']} found nothing wrong",
    "service_problem.opened": lambda s, b: (
        f"{s}: {b['service_id']} is down, {_because(b['root_cause_resource'])}"
    ),
    "service_problem.resolved": lambda s, b: f"{s}: {b['service_id']} works again, a probe says so",
    "problem.known": lambda s, b: f"care knows of {s} on {b['service_id']}",
    "cycle.closed": lambda s, b: f"cycle closed at {s}: {b['invoices']} invoices, {amount_text(b['total_micros'])}",
}
_MANY = ("alarm.raised", "alarm.cleared", "ticket.opened", "ticket.linked", "ticket.resolved", "credit.granted")
"""Told as a count when there are several at one instant, or of money."""


def story(view: RunView) -> list[Step]:
    """The steps of all incidents, in the order of the journal, led by the faults themselves."""
    faults = view.truth("fault")
    zero_ms = min(faults["at_ms"].to_list(), default=view.starts_ms)
    zone = view.catalogue.zone
    steps = [
        (at, Step(_clock(at, zone), _after(at - zero_ms), "world", "fault", f"{subject} fails; nobody knows it yet"))
        for at, subject in faults.select("at_ms", "subject").iter_rows()
    ]
    journal = view.tables["journal"].filter(pl.col("kind").is_in([*_SENTENCES, *_MANY]))
    grouped = journal.group_by("at_ms", "source", "kind", maintain_order=True).agg("subject", "body")
    for at, source, kind, subjects, bodies in grouped.iter_rows():
        system, hop = source.split(".", 1)
        text = _sentence(kind, subjects, [json.loads(body) for body in bodies])
        steps.append((at, Step(_clock(at, zone), _after(at - zero_ms), system, hop, text)))
    return [step for _, step in sorted(steps, key=lambda pair: pair[0])]


def _because(cause: str | None) -> str:
    return f"because of {cause}" if cause else "the cause is not known yet"


def _sentence(kind: str, subjects: list[str], bodies: list[Body]) -> str:
    if kind == "credit.granted":
        return f"{len(bodies)} credits granted, {amount_text(sum(b['amount_micros'] for b in bodies))} in all"
    if kind.startswith("ticket"):
        lines = f"{len(subjects)} tickets" if len(subjects) > 1 else subjects[0]
        return f"{lines} {kind.split('.')[1]}"
    sentences = [_SENTENCES[kind](subject, body) for subject, body in zip(subjects, bodies, strict=True)]
    return "; ".join(sentences)


def _clock(at_ms: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at_ms / SECOND_MS, zone).strftime("%d %b %H:%M:%S")


def _after(length_ms: int) -> str:
    seconds = length_ms // SECOND_MS
    if abs(seconds) < 60:
        return f"{length_ms / SECOND_MS:+.1f} s"
    hours, rest = divmod(abs(seconds), 3600)
    sign = "+" if seconds >= 0 else "-"
    return f"{sign}{hours} h {rest // 60:02} min" if hours else f"{sign}{rest // 60} min {rest % 60:02} s"
