"""Which problem explains which ticket."""

import pytest

from ossbss.bss.business import Business
from ossbss.bss.customer import care
from ossbss.bss.policy import BusinessPolicy
from ossbss.contract.assurance import Contact, ServiceProblemOpened
from ossbss.contract.units import DAY_MS, HOUR_MS
from tests.bss import shop

OPENED_MS = 10 * DAY_MS
TICKETS = [
    care.open_ticket("t-1", "a", "svc-a", None, OPENED_MS),
    care.open_ticket("t-2", "b", "svc-b", None, OPENED_MS),
    care.open_ticket("t-3", "a", "svc-a", "p-0", OPENED_MS),
]


@pytest.mark.parametrize(
    ("began_ms", "linked"),
    [(OPENED_MS - DAY_MS, ["t-1"]), (OPENED_MS + HOUR_MS, ["t-1"]), (OPENED_MS + HOUR_MS + 1, [])],
)
def test_a_problem_explains_the_open_tickets_of_its_service_that_are_not_older(began_ms, linked):
    found = care.link(TICKETS, "svc-a", "p-1", began_ms, HOUR_MS)
    assert [(ticket.ticket_id, ticket.problem_id) for ticket in found] == [(name, "p-1") for name in linked]


def test_todays_problem_does_not_explain_last_weeks_complaint():
    start_ms = shop.at("2024-05-06 00:00")
    bss = Business(shop.catalogue(), shop.accounts("a"), BusinessPolicy(), start_ms)
    now_ms = start_ms + 8 * DAY_MS
    for at_ms in (start_ms, now_ms - HOUR_MS):
        head = {"sender": "world", "message_id": str(at_ms), "occurred_ms": at_ms}
        bss.step(at_ms, [Contact(**head, subscriber_id="a", complaint="no_service")])
    problem = ServiceProblemOpened(
        sender="oss", message_id="p", occurred_ms=now_ms, problem_id="p-1", service_id="svc-a",
        occurred_uncertainty_ms=0, root_cause_resource=None,
    )  # fmt: skip
    bss.step(now_ms, [problem])
    assert [ticket.state for ticket in bss.tickets.values()] == ["opened", "linked"]
