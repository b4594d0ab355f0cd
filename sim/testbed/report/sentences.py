"""What the entries of the journal say in words, and times as people read them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.contract.units import SECOND_MS

Body = Mapping[str, Any]
SENTENCES: Mapping[str, Callable[[str, Body], str]] = {
    "alarm.raised": lambda _, b: (
        f"{b['perceived_severity']} {b['probable_cause']} on {b['alarmed_object']}, said by {b['source']}"
    ),
    "alarm.cleared": lambda _, b: f"cleared: {b['probable_cause']} on {b['alarmed_object']}",
    "incident.diagnosed": lambda s, b: f"{s}: {_alarms(b)} with one cause, {b['root_cause_resource']}{_sure(b)}",
    "inventory.doubted": lambda _, b: f"what is heard does not fit the inventory: {', '.join(b['resources'])}",
    "incident.undiagnosed": lambda s, b: f"{s}: no cause explains {_alarms(b)}",
    "incident.dispatched": lambda s, b: f"{s}: {b['crew_id']} is sent",
    "incident.repaired": lambda s, _: f"{s}: said to be mended; not yet believed",
    "incident.closed": lambda s, _: f"{s}: closed, alarms gone and every probe answered",
    "action.awaiting_approval": lambda _, b: f"{_act(b)} waits for approval",
    "action.started": lambda _, b: f"{_act(b)} begins",
    "action.verifying": lambda _, b: f"{_act(b)} is done; tests are to prove it",
    "action.failed": lambda _, b: f"{_act(b)} did not help{_why(b)}",
    "action.rolled_back": lambda _, b: f"{_act(b)} did not help{_why(b)}; its element takes it back",
    "action.succeeded": lambda _, b: f"{_act(b)} succeeded",
    "crew.arrived": lambda _, b: f"{b['crew_id']} has arrived at {b['site_id']}",
    "crew.acknowledged": lambda _, b: f"{b['crew_id']} has taken up the ticket",
    "crew.repaired": lambda _, b: f"{b['crew_id']} has mended it",
    "crew.nothing_found": lambda _, b: f"{b['crew_id']} found nothing wrong",
    "crew.wrong_skill": lambda _, b: f"{b['crew_id']} cannot mend what it found; that takes skill in {b['needs']}",
    "crew.no_access": lambda _, b: f"{b['crew_id']} may not mend it: it belongs to {b['needs']}",
    "crew.no_spare": lambda _, b: f"{b['crew_id']} has no {b['needs'].replace('_', ' ')}; one is ordered",
    "test.ordered": lambda _, b: f"{b['method']} of {b['target']}{_from(b)} is ordered",
    "test.answered": lambda _, b: f"{b['method']} of {b['target']}{_from(b)}: {_shown(b)}",
    "command.sent": lambda _, b: f"{b['element_id']} is told: {_lines(b['payload'])}",
    "command.answered": lambda _, b: (
        f"{b['element_id']} answers" if b["payload"] else f"{b['element_id']} gives no answer: {b['reason']}"
    ),
    "impact.assessed": lambda s, b: (
        f"{s}: {counted(len(b['down']), 'service')} down with {counted(b['subscribers_down'], 'line')}, "
        f"{len(b['at_risk'])} at risk, {len(b['degraded'])} degraded"
    ),
    "service_problem.opened": lambda s, b: f"{s}: {b['service_id']} is down, {_because(b['root_cause_resource'])}",
    "service_problem.resolved": lambda s, b: f"{s}: {b['service_id']} works again, a probe says so",
    "problem.known": lambda s, b: f"care knows of {s} on {b['service_id']}",
    "cycle.closed": lambda s, b: (
        f"cycle closed at {s}: {counted(b['invoices'], 'invoice')}, {amount_text(b['total_micros'])}"
    ),
}
MANY = ("alarm.raised", "alarm.cleared", "ticket.opened", "ticket.linked", "ticket.resolved", "credit.granted")
"""Told as a count when there are several at one instant, or of money."""


def _because(cause: str | None) -> str:
    return f"because of {cause}" if cause else "the cause is not known yet"


def _sure(incident: Body) -> str:
    """How sure the cause is, and by how much likelier than the best that could stand in its place."""
    if incident.get("probability") is None:
        return ""
    share = f" ({incident['probability']:.1%} sure"
    return share + (f", log odds {incident['margin']:.1f} against the next)" if incident.get("margin") else ")")


def tested(incident: Body) -> str:
    """What tests have made of what was believed."""
    cause = f"{incident['root_cause_resource']}, {incident['mode']}"
    return f"{incident['incident_id']}: by its tests the cause is {cause}{_sure(incident)}"


def _act(action: Body) -> str:
    return f"{action['kind'].replace('_', ' ')} of {action['target']}"


def _why(action: Body) -> str:
    return f": {action['reason']}" if action["reason"] else ""


def _from(test: Body) -> str:
    return f" from {test['from_node']}" if test["from_node"] else ""


def _shown(test: Body) -> str:
    """What a test has shown, and what is believed because of it."""
    where = "" if test["distance_m"] is None else f" at {test['distance_m'] / 1_000:g} km"
    cause = test["cause_after"] or "nothing wrong"
    before = "" if test["cause_before"] == test["cause_after"] else test["cause_before"] or "nothing"
    shown = "lists nothing" if test["outcome"] == "lists " else test["outcome"]
    return f"{shown}{where}; likeliest: {cause}" + (f", and no longer {before}" if before else "")


def _lines(typed: str) -> str:
    return "; ".join(typed.split("\n")[:-1])


def _alarms(incident: Body) -> str:
    return counted(len(incident["alarms"]), "alarm")


def sentence(kind: str, subjects: Sequence[str], bodies: Sequence[Body]) -> str:
    """Entries of one kind in one sentence."""
    if kind == "credit.granted":
        total = amount_text(sum(b["amount_micros"] for b in bodies))
        return f"{counted(len(bodies), 'credit')} granted, {total} in all"
    if kind.startswith("ticket"):
        which = counted(len(subjects), "ticket") if len(subjects) > 1 else subjects[0]
        return f"{which} {kind.split('.')[1]}"
    told = [SENTENCES[kind](subject, body) for subject, body in zip(subjects, bodies, strict=True)]
    return "; ".join(told)


def fault_text(subject: str) -> str:
    """The truth's own words."""
    return f"{subject} fails"


def counted(number: int, noun: str) -> str:
    """The number with its noun.

    >>> counted(1, "alarm"), counted(1200, "alarm")
    ('1 alarm', '1,200 alarms')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def clock_text(at_ms: int, zone: ZoneInfo) -> str:
    """Day, month and local time to the second."""
    return datetime.fromtimestamp(at_ms / SECOND_MS, zone).strftime("%d %b %H:%M:%S")


def length_text(length_ms: int) -> str:
    """A length of time with its sign, in the two units that matter.

    >>> length_text(143), length_text(120_000), length_text(17_755_444)
    ('+0.1 s', '+2 min 00 s', '+4 h 55 min')
    """
    seconds = length_ms // SECOND_MS
    if abs(seconds) < 60:
        return f"{length_ms / SECOND_MS:+.1f} s"
    hours, rest = divmod(abs(seconds), 3600)
    sign = "+" if seconds >= 0 else "-"
    return f"{sign}{hours} h {rest // 60:02} min" if hours else f"{sign}{rest // 60} min {rest % 60:02} s"
