"""What do customers tell us, and what do we tell them? Contacts become trouble tickets (TMF621), tickets evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True)
class Ticket:
    """One complaint of one line. ``problem_id``: the service problem that explains it, once known."""

    ticket_id: str
    subscriber_id: str
    service_id: str | None
    state: Literal["opened", "linked", "resolved"]
    opened_ms: int
    problem_id: str | None = None
    resolved_ms: int | None = None


def open_ticket(
    ticket_id: str, subscriber_id: str, service_id: str | None, problem_id: str | None, now_ms: int
) -> Ticket:
    """A new ticket, linked at once where a service problem is open already."""
    state: Literal["opened", "linked"] = "linked" if problem_id else "opened"
    return Ticket(ticket_id, subscriber_id, service_id, state, now_ms, problem_id)


def link(tickets: Iterable[Ticket], service_id: str, problem_id: str, began_ms: int, tolerance_ms: int) -> list[Ticket]:
    """Unexplained tickets of a service, now explained by its problem.

    A problem that began more than ``tolerance_ms`` after a ticket was opened does not explain it.
    """
    return [
        replace(ticket, state="linked", problem_id=problem_id)
        for ticket in tickets
        if ticket.service_id == service_id and ticket.state == "opened" and began_ms <= ticket.opened_ms + tolerance_ms
    ]


def resolve(tickets: Iterable[Ticket], problem_id: str, now_ms: int) -> list[Ticket]:
    """Tickets of a problem that is over."""
    return [
        replace(ticket, state="resolved", resolved_ms=now_ms)
        for ticket in tickets
        if ticket.problem_id == problem_id and ticket.state == "linked"
    ]
