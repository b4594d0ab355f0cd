"""An account: its contract, what it used, what went wrong, what it was charged, and where its books stand."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from ossbss.bss.revenue.billing.invoice_html import amount_text
from sim.testbed.report.sentences import counted, sentence
from sim.testbed.trace.bills import bills, instant_ms
from sim.testbed.trace.quantity import quantity_text
from sim.testbed.trace.step import Records, Step, Trail, unknown
from sim.testbed.trace.truth import true_outages

_AMOUNT = pl.col("amount_micros")
_TICKETS = ("ticket.opened", "ticket.linked", "ticket.resolved")
_PROBLEMS = ("service_problem.opened", "service_problem.resolved")


def trace_account(run: Records, account_id: str) -> Trail:
    """BadInputError where the run has no such account."""
    contracts = run.where("accounts", account_id=account_id)
    if contracts.is_empty():
        raise unknown(run, "account", account_id, run.tables["accounts"]["account_id"].unique().sort().to_list())
    services, lines = contracts["service_id"].to_list(), contracts["subscriber_id"].to_list()
    steps = [
        *_contracts(contracts),
        *_usage(run, account_id),
        *_unrated(run, lines),
        *_problems(run, services),
        *(true_outages(run, services) if "truth" in run.tables else ()),
        *_tickets(run, lines),
        *_invoices(run, account_id),
        *_books(run, account_id),
    ]
    return Trail(account_id, _headline(run, account_id), steps)


def _headline(run: Records, account_id: str) -> str:
    invoices = run.where("invoices", account_id=account_id)
    rated = counted(run.where("rated", account_id=account_id).height, "rated record")
    billed = amount_text(int(invoices["total_micros"].sum()))
    owed = int(run.where("postings", account="receivables", party=account_id)["amount_micros"].sum())
    return f"{account_id}: {rated}, {counted(invoices.height, 'invoice')} of {billed}, owes {amount_text(owed)}"


def _contracts(contracts: pl.DataFrame) -> Iterator[Step]:
    for row in contracts.iter_rows(named=True):
        text = f"{row['subscriber_id']} takes {row['offering_id']} on {row['service_id']}"
        yield Step(row["valid_from_ms"], row["valid_from_ms"], "bss.accounts", text, row)


# -- usage ---------------------------------------------------------------------------------------------


def _usage(run: Records, account_id: str) -> Iterator[Step]:
    """Rated records by class."""
    rated = run.where("rated", account_id=account_id).join(
        run.tables["usage"].unique("usage_id", keep="first", maintain_order=True).select("usage_id", "quantity"),
        on="usage_id",
    )
    ran_ms = dict(run.where("journal", kind="rating_run.finished").select("subject", "at_ms").iter_rows())
    for (name,), own in rated.sort("class", "usage_id").group_by("class", maintain_order=True):
        facts = {"class": name, "records": own.height, "quantity": int(own["quantity"].sum()),
                 "amount_micros": int(own["amount_micros"].sum())}  # fmt: skip
        text = (
            f"{counted(own.height, f'{name} record')} rated, {quantity_text(str(name), facts['quantity'])}: "
            f"{amount_text(facts['amount_micros'])}"
        )
        known_ms = max(ran_ms[run_id] for run_id in own["run_id"].unique())
        yield Step(min(own["started_ms"].to_list()), known_ms, "bss.rating", text, facts, several=True)


def _unrated(run: Records, lines: list[str]) -> Iterator[Step]:
    """Records of its lines that were not rated, by reason."""
    usage = run.tables["usage"].filter(pl.col("subscriber_id").is_in(lines))
    numbered = usage.unique("usage_id", keep="first").select("usage_id", "started_ms", "known_ms")
    mine = run.tables["unrated"].join(numbered, on="usage_id").sort("state", "reason", "usage_id")
    for (state, reason), own in mine.group_by("state", "reason", maintain_order=True):
        facts = {"state": state, "reason": reason, "records": own.height, "usage_ids": own["usage_id"].to_list()}
        text = f"{counted(own.height, 'record')}, {state}: {reason}"
        began_ms, known_ms = min(own["started_ms"].to_list()), max(own["known_ms"].to_list())
        yield Step(began_ms, known_ms, "bss.mediation", text, facts, several=own.height > 1)


# -- trouble -------------------------------------------------------------------------------------------


def _problems(run: Records, services: list[str]) -> Iterator[Step]:
    of_service = run.tables["service_problems"].filter(pl.col("service_id").is_in(services))
    for entry in run.entries(_PROBLEMS, of_service["problem_id"].to_list()):
        yield _told(entry, entry["occurred_ms"])


def _tickets(run: Records, lines: list[str]) -> Iterator[Step]:
    tickets = run.tables["tickets"].filter(pl.col("subscriber_id").is_in(lines))
    opened_ms = dict(tickets.select("ticket_id", "opened_ms").iter_rows())
    for entry in run.entries(_TICKETS, opened_ms):
        about = f", about {entry['body']['problem_id']}" if entry["kind"] == "ticket.linked" else ""
        resolved = entry["kind"] == "ticket.resolved"
        yield _told(entry, entry["at_ms"] if resolved else opened_ms[entry["subject"]], about)


def _told(entry: dict[str, Any], occurred_ms: int, more: str = "") -> Step:
    text = sentence(entry["kind"], [entry["subject"]], [entry["body"]]) + more
    facts = {name: entry[name] for name in ("kind", "subject")}
    return Step(occurred_ms, entry["at_ms"], entry["source"], text, facts)


# -- money ---------------------------------------------------------------------------------------------


def _invoices(run: Records, account_id: str) -> Iterator[Step]:
    """Each invoice, line by line."""
    closings = bills(run)
    for invoice in run.where("invoices", account_id=account_id).iter_rows(named=True):
        end_ms = instant_ms(invoice["period_end"])
        known_ms = next(b.known_ms for b in closings if b.previous_end_ms < end_ms <= b.period_end_ms)
        facts = {name: invoice[name] for name in ("invoice_id", "period_start", "period_end", "total_micros")}
        lines = run.where("invoice_lines", invoice_id=invoice["invoice_id"]).sort("line")
        for line in lines.iter_rows(named=True):
            source = "bss.sla" if line["kind"] == "credit" else "bss.billing"
            text = f"{line['invoice_id']}, line {line['line']}, “{line['text']}”: {amount_text(line['amount_micros'])}"
            yield Step(end_ms, known_ms, source, text, line)
        text = f"{invoice['invoice_id']}: {amount_text(invoice['total_micros'])} {invoice['currency']} to pay"
        yield Step(end_ms, known_ms, "bss.billing", text, facts)


def _books(run: Records, account_id: str) -> Iterator[Step]:
    """Postings and balance of each ledger account; a debit is positive."""
    own = run.where("postings", party=account_id).group_by("account").agg(
        pl.len().alias("postings"), _AMOUNT.sum(), pl.col("booked_ms").min().alias("first_ms"),
        pl.col("booked_ms").max().alias("last_ms"),
    )  # fmt: skip
    for row in own.sort("account").iter_rows(named=True):
        text = f"{row['account']}: {counted(row['postings'], 'posting')}, balance {amount_text(row['amount_micros'])}"
        facts = {"account": row["account"], "postings": row["postings"], "balance_micros": row["amount_micros"]}
        yield Step(row["first_ms"], row["last_ms"], "bss.ledger", text, facts, several=True)
