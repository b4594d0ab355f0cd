"""Belief against truth, on tables that are made by hand."""

import polars as pl

from ossbss.bss.business import Business
from ossbss.bss.policy import BusinessPolicy
from ossbss.contract.assurance import ServiceProblemResolved
from sim.testbed.journal import Journal
from sim.testbed.kpis import KPIS
from sim.testbed.scorecard import credit_errors
from sim.testbed.scored import Scored
from sim.testbed.view import RunView
from tests.bss import shop

STARTS, ENDS = shop.at("2024-05-01 00:00"), shop.at("2024-06-01 00:00")
OUTAGE = (shop.at("2024-05-07 00:00"), shop.at("2024-05-08 00:00"))
TICKETS = {"ticket_id": pl.String, "service_id": pl.String, "opened_ms": pl.Int64, "problem_id": pl.String}
PROBLEMS = {"problem_id": pl.String, "service_id": pl.String, "known_ms": pl.Int64}


def kpi(name, **tables):
    (found,) = [kpi for kpi in KPIS if kpi.name == name]
    return found.formula(Scored(RunView(tables, shop.catalogue(), {}, STARTS, ENDS)))


def billed(accounts, service="svc-b"):
    """May, with one outage of a day that everybody knows of."""
    bss, journal = Business(shop.catalogue(), accounts, BusinessPolicy(), STARTS), Journal()
    problem = ServiceProblemResolved(
        sender="oss", message_id="1", occurred_ms=OUTAGE[1], problem_id="p", service_id=service, opened_ms=OUTAGE[0],
        opened_uncertainty_ms=0, occurred_uncertainty_ms=0, root_cause_resource=None,
    )  # fmt: skip
    bss.step(OUTAGE[1], [problem])
    journal.add(ENDS, bss.close_cycle_early(ENDS).entries)
    truth = pl.DataFrame(
        {"kind": ["service_outage"], "subject": [service], "at_ms": [OUTAGE[0]], "until_ms": [OUTAGE[1]]}
    )
    return RunView({**bss.tables(), "truth": truth, "journal": journal.table()}, shop.catalogue(), {}, STARTS, ENDS)


def test_each_bill_of_an_account_with_two_lines_is_judged_once_by_its_own_line():
    accounts = shop.accounts("a", "b").with_columns(pl.lit("acc").alias("account_id"))
    assert credit_errors(billed(accounts)).rows() == [
        ("invoice-0000001", 0, 0),
        ("invoice-0000002", 300_000_000, 300_000_000),
    ]


def test_an_outage_that_outlasts_its_contract_is_worth_what_it_was_credited():
    """Half of the day of the outage under contract: 3100 / 31 / 2 thrice."""
    until = pl.lit(shop.at("2024-05-07 12:00"), dtype=pl.Int64).alias("valid_until_ms")
    found = credit_errors(billed(shop.accounts("b").with_columns(until)))
    assert found.rows() == [("invoice-0000001", 150_000_000, 150_000_000)]


def test_a_problem_is_proactive_unless_a_ticket_about_it_came_first():
    """The ticket of the first outage says nothing of the second; one that nothing explains belongs to none."""
    problems = pl.DataFrame([("p1", "svc", 20), ("p2", "svc", 50)], schema=PROBLEMS, orient="row")
    tickets = [("t1", "svc", 10, "p1"), ("t2", "svc", 51, "p2"), ("t3", "svc", 1, None)]
    told = pl.DataFrame(tickets, schema=TICKETS, orient="row")
    assert kpi("proactive_ratio", service_problems=problems, tickets=told) == 0.5
    assert kpi("proactive_ratio", service_problems=problems, tickets=told.clear()) == 1
