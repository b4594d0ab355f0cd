"""The BSS as one system: keeps its state and the order of the hops, nothing else.

mediation → rating → ledger → sla → billing; care beside them. Of prepaid lines wallets pay online.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from ossbss.bss import tables
from ossbss.bss.customer import care
from ossbss.bss.customer.accounts import POSTPAID, Lines, check_accounts
from ossbss.bss.customer.priorities import Priority, emergency_calls, priorities
from ossbss.bss.policy import BusinessPolicy
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue import ledger
from ossbss.bss.revenue.billing.bill_run import bill_run, contracts_of
from ossbss.bss.revenue.billing.invoice import Invoice
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period, cycle_at, local_text
from ossbss.bss.revenue.mediation import mediate
from ossbss.bss.revenue.prepaid import Charged, Prepaid
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.run import RATED_SCHEMA, as_rated, rate
from ossbss.bss.revenue.seen import SeenRecords
from ossbss.bss.revenue.unrated import UNRATED_SCHEMA
from ossbss.contract.assurance import (
    Contact,
    CustomerReport,
    Notice,
    NoticeText,
    ServiceProblemOpened,
    ServiceProblemResolved,
    plain,
)
from ossbss.contract.charging import UsageBatch
from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.ports import Outbox

NO_PURCHASES = pl.DataFrame(schema=PURCHASES_SCHEMA)
"""Bundles are bought by prepaid lines only so far: their wallets keep them."""


class Business:
    """Revenue and customers behind two doors (the ports ``System`` and ``OnlineCharging``)."""

    name = "bss"

    def __init__(self, catalogue: Catalogue, accounts: pl.DataFrame, policy: BusinessPolicy, starts_ms: int) -> None:
        """``accounts``: ACCOUNTS_SCHEMA columns (ValueError as ``check_accounts``); all begins at ``starts_ms``."""
        self.catalogue, self.accounts, self.policy = catalogue, accounts, policy
        self.rules = RuleSet(catalogue)
        check_accounts(accounts, catalogue, starts_ms)
        self.lines = Lines(accounts)
        self.contracts = contracts_of(accounts.filter(pl.col("payment") == POSTPAID))
        self.prepaid = Prepaid(self.rules, accounts, policy.prepaid)
        self.not_noted: list[Charged] = []
        self.cycle = cycle_at(starts_ms, catalogue.zone)
        self.starts_ms = self.billed_until_ms = starts_ms
        self.next_rating_ms = starts_ms + policy.rating_period_ms
        self.seen = SeenRecords()
        self.pending: list[pl.DataFrame] = []
        self.unrated: list[pl.DataFrame] = [pl.DataFrame(schema=UNRATED_SCHEMA)]
        self.rated: list[pl.DataFrame] = []
        self.memory = NOTHING_YET
        self.unbilled: list[pl.DataFrame] = []
        self.postings: list[pl.DataFrame] = [pl.DataFrame(schema=ledger.POSTINGS_SCHEMA)]
        self.invoices: dict[str, Invoice] = {}
        self.tickets: dict[str, care.Ticket] = {}
        self.open_problems: dict[str, str] = {}
        self.resolved: list[ServiceProblemResolved] = []
        self.guided: Mapping[str, Priority] | None = None
        self.emergency_calls: Counter[str] = Counter()
        self.runs = 0
        self.desk = Desk(self.name)

    def step(self, now_ms: int, inbox: Sequence[Any]) -> Outbox:
        """One instant: take what came, rate and bill what is due."""
        self.desk.clear()
        self._note_charging()
        if self.guided is None:
            self._guide(now_ms)
        for message in inbox:
            match message:
                case UsageBatch():
                    self._mediate(message, now_ms)
                case Contact():
                    self._contact(message, now_ms)
                case ServiceProblemOpened():
                    self._opened(message)
                case ServiceProblemResolved():
                    self._resolved(message, now_ms)
        if now_ms >= self.next_rating_ms:
            self.next_rating_ms = now_ms + self.policy.rating_period_ms
            self._rate(now_ms, now_ms - self.policy.rating_holdback_ms)
            self._guide(now_ms)
        if now_ms >= self._closing_ms():
            self._close_cycle(now_ms)
        return self.desk.out

    @property
    def next_wakeup_ms(self) -> int | None:
        return self.starts_ms if self.guided is None else min(self.next_rating_ms, self._closing_ms())

    def close_cycle_early(self, now_ms: int) -> Outbox:
        """Bill all that is over by ``now_ms`` (the end of a run): whole cycles, then the stub of the one that runs.

        What is billed once is not billed again: a second call at the same instant does nothing.
        """
        self.desk.clear()
        self._note_charging()
        while now_ms >= self.cycle.end_ms:
            self._close_cycle(now_ms)
        if now_ms > self.billed_until_ms:
            self._bill(Period(self.billed_until_ms, now_ms), now_ms)
            self.billed_until_ms = now_ms
        return self.desk.out

    def grant(self, requests: pl.DataFrame) -> pl.DataFrame:
        """Charging as the network asks for it (the port ``OnlineCharging``): answered and booked at once."""
        grants, charged = self.prepaid.grant(requests)
        self._book(charged, charged.at_ms)
        return grants

    def _book(self, charged: Charged, now_ms: int) -> None:
        self._post(charged.postings, now_ms)
        if charged.charges.height:
            self.not_noted.append(charged)

    def _note_charging(self) -> None:
        for charged in self.not_noted:
            self.desk.note("charging", "usage.charged", charged.batch_id, charged.at_ms, charged.summary())
        self.not_noted = []

    # -- customers -------------------------------------------------------------------------------------

    def _guide(self, now_ms: int) -> None:
        """Tell the OSS what matters, as far as that has changed."""
        rule, before = self.policy.priority_rule, self.guided or {}
        self.guided = priorities(self.accounts, self.catalogue, self.emergency_calls, rule, now_ms)
        changed = {service: p for service, p in self.guided.items() if before.get(service) != p}
        for service, priority in changed.items():
            self.desk.send(ServicePriority(**self.desk.head(now_ms), service_id=service, **vars(priority)))
        if changed:
            body = {"rule": vars(rule), "services": len(changed)}
            self.desk.note("priorities", "priorities.sent", "oss", now_ms, body)

    def _contact(self, contact: Contact, now_ms: int) -> None:
        service = self.lines.service_at(contact.subscriber_id, now_ms)
        problem = self.open_problems.get(service or "")
        ticket_id = f"ticket-{len(self.tickets) + 1}"
        self._keep(care.open_ticket(ticket_id, contact.subscriber_id, service, problem, now_ms))
        text_id: NoticeText = "fault_known" if problem else "fault_reported"
        self.desk.send(Notice(**self.desk.head(now_ms), subscriber_id=contact.subscriber_id, text_id=text_id))
        if service and not problem:
            self.desk.send(CustomerReport(**self.desk.head(now_ms), service_id=service))

    def _opened(self, problem: ServiceProblemOpened) -> None:
        self.open_problems[problem.service_id] = problem.problem_id
        body = {"service_id": problem.service_id}
        self.desk.note("care", "problem.known", problem.problem_id, problem.occurred_ms, body)
        began_ms = problem.occurred_ms - problem.occurred_uncertainty_ms
        tolerance_ms = self.policy.ticket_link_tolerance_ms
        for ticket in care.link(self.tickets.values(), problem.service_id, problem.problem_id, began_ms, tolerance_ms):
            self._keep(ticket)

    def _resolved(self, problem: ServiceProblemResolved, now_ms: int) -> None:
        self.open_problems.pop(problem.service_id, None)
        self.resolved.append(problem)
        for ticket in care.resolve(self.tickets.values(), problem.problem_id, now_ms):
            self._keep(ticket)
            head = self.desk.head(now_ms)
            self.desk.send(Notice(**head, subscriber_id=ticket.subscriber_id, text_id="fault_mended"))

    def _keep(self, ticket: care.Ticket) -> None:
        self.tickets[ticket.ticket_id] = ticket
        at_ms = ticket.opened_ms if ticket.resolved_ms is None else ticket.resolved_ms
        self.desk.note("care", f"ticket.{ticket.state}", ticket.ticket_id, at_ms, plain(ticket))

    # -- revenue ---------------------------------------------------------------------------------------

    def _mediate(self, batch: UsageBatch, now_ms: int) -> None:
        result = mediate(batch.usage, self.accounts, self.seen.near(batch.usage))
        self.seen.add(result.taken)
        self.pending.append(result.guided)
        self.emergency_calls += emergency_calls(result.emergency, self.lines)
        self.unrated.append(result.unrated)
        states = dict(result.unrated.group_by("state").len().sort("state").iter_rows())
        self.desk.note(
            "mediation", "usage.mediated", batch.message_id, now_ms, {"guided": result.guided.height, **states}
        )

    def _rate(self, now_ms: int, until_ms: int) -> None:
        """Rate everything that started before ``until_ms``, in the order in which it happened."""
        if not self.pending:
            return
        waiting = pl.concat(self.pending)
        due = waiting.filter(pl.col("started_ms") < until_ms)
        self.pending = [waiting.filter(pl.col("started_ms") >= until_ms)]
        self.runs += 1
        run_id = f"rating-{self.runs}"
        is_mine = self.prepaid.is_mine()
        paid = self._settle(due.filter(is_mine), run_id, now_ms)
        result = rate(due.filter(~is_mine), self.accounts, NO_PURCHASES, self.rules, self.memory, run_id)
        self.memory = result.memory
        self.rated += [paid, result.rated]
        self.unrated.append(result.unpriced)
        self.unbilled.append(result.rated.select("account_id", "class", "cycle_start_ms", "amount_micros"))
        self._post(ledger.of_rating(result.rated, run_id), now_ms)
        amount = sum(int(rated["amount_micros"].sum()) for rated in (paid, result.rated))
        body = {"records": paid.height + result.rated.height, "amount_micros": amount}
        self.desk.note("rating", "rating_run.finished", run_id, now_ms, body)

    def _settle(self, due: pl.DataFrame, run_id: str, now_ms: int) -> pl.DataFrame:
        """Records of prepaid lines, rated at what their wallets paid; what was served unasked is charged now."""
        found, charged = self.prepaid.settle(due, run_id)
        self._book(charged, now_ms)
        self._note_charging()
        return as_rated(found, self.rules, run_id)

    def _closing_ms(self) -> int:
        return self.cycle.end_ms + self.policy.rating_holdback_ms

    def _close_cycle(self, now_ms: int) -> None:
        self._bill(Period(self.billed_until_ms, self.cycle.end_ms), now_ms)
        self.billed_until_ms = self.cycle.end_ms
        self.cycle = cycle_at(self.cycle.end_ms, self.catalogue.zone)

    def _bill(self, period: Period, now_ms: int) -> None:
        self._rate(now_ms, period.end_ms)
        usage, outages = self._usage_due(), self._outages_due(period.end_ms)
        number = len(self.invoices) + 1
        invoices = bill_run(self.contracts, period, self.cycle, usage, outages, self.catalogue, number)
        self.invoices.update({invoice.invoice_id: invoice for invoice in invoices})
        self._post(ledger.of_invoices(tables.invoice_lines(invoices)), now_ms)
        total = sum(invoice.total_micros for invoice in invoices)
        body = {"invoices": len(invoices), "total_micros": total, "period_end_ms": period.end_ms}
        self.desk.note("billing", "cycle.closed", local_text(period.end_ms, self.catalogue.zone), now_ms, body)
        self._tell_credits(invoices, now_ms)

    def _tell_credits(self, invoices: Sequence[Invoice], now_ms: int) -> None:
        for invoice in invoices:
            for line in invoice.lines:
                if line.kind == "credit":
                    body = {"invoice_id": invoice.invoice_id, "amount_micros": -line.amount_micros, "text": line.text}
                    self.desk.note("sla", "credit.granted", invoice.account_id, now_ms, body)

    def _usage_due(self) -> dict[str, dict[str, int]]:
        """Rated amounts of this and earlier cycles by account and class; later cycles wait."""
        if not self.unbilled:
            return {}
        every = pl.concat(self.unbilled)
        due = every.filter(pl.col("cycle_start_ms") <= self.cycle.start_ms)
        self.unbilled = [every.filter(pl.col("cycle_start_ms") > self.cycle.start_ms)]
        found: dict[str, dict[str, int]] = {}
        for account, name, amount in due.group_by("account_id", "class").agg(pl.col("amount_micros").sum()).iter_rows():
            found.setdefault(account, {})[name] = amount
        return found

    def _outages_due(self, until_ms: int) -> dict[str, list[Period]]:
        """Outages that were over by ``until_ms``, by service; each is credited on one bill only."""
        due = [p for p in self.resolved if p.occurred_ms <= until_ms]
        self.resolved = [p for p in self.resolved if p.occurred_ms > until_ms]
        found: dict[str, list[Period]] = {}
        for problem in due:
            found.setdefault(problem.service_id, []).append(Period(problem.opened_ms, problem.occurred_ms))
        return found

    def _post(self, rows: pl.DataFrame, now_ms: int) -> None:
        first_id = sum(frame.height for frame in self.postings) + 1
        self.postings.append(ledger.post(rows, first_id, now_ms))

    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Accounts, usage rated and unrated (with what still waits for a rating run), postings, bills, tickets."""
        waiting = [
            frame.with_columns(pl.lit("suspended").alias("state"), pl.lit("waits for a rating run").alias("reason"))
            for frame in self.pending
        ]
        bills, zone, currency = self.invoices.values(), self.catalogue.zone, self.catalogue.currency
        return {
            "accounts": self.accounts,
            "rated": pl.concat([pl.DataFrame(schema=RATED_SCHEMA), *self.rated]),
            "unrated": pl.concat([*self.unrated, *(frame.select(*UNRATED_SCHEMA) for frame in waiting)]),
            "postings": pl.concat(self.postings),
            "invoices": tables.invoices_table(bills, zone, currency),
            "invoice_lines": tables.invoice_lines(bills),
            "tickets": tables.tickets_table(self.tickets.values()),
            "charges": pl.concat(self.prepaid.charges).with_row_index("position").cast({"position": pl.Int64}),
            "wallets": self.prepaid.charging.balances(),
        }
