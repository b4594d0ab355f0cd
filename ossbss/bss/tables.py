"""The BSS's records as columns, for whoever opens them with a data-frame tool."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import polars as pl

from ossbss.bss.customer.care import Ticket
from ossbss.bss.revenue.billing.invoice import Invoice
from ossbss.bss.revenue.cycles import local_text

INVOICES_SCHEMA: dict[str, type[pl.DataType]] = {
    "invoice_id": pl.String,
    "account_id": pl.String,
    "subscriber_id": pl.String,
    "contract_from_ms": pl.Int64,
    "period_start": pl.String,
    "period_end": pl.String,
    "total_micros": pl.Int64,
    "currency": pl.String,
}
INVOICE_LINES_SCHEMA: dict[str, type[pl.DataType]] = {
    "invoice_id": pl.String,
    "line": pl.Int64,
    "account_id": pl.String,
    "kind": pl.String,
    "amount_micros": pl.Int64,
    "text": pl.String,
}
TICKETS_SCHEMA: dict[str, type[pl.DataType]] = {
    "ticket_id": pl.String,
    "subscriber_id": pl.String,
    "service_id": pl.String,
    "state": pl.String,
    "opened_ms": pl.Int64,
    "problem_id": pl.String,
    "resolved_ms": pl.Int64,
}


def invoices_table(invoices: Iterable[Invoice], zone: ZoneInfo, currency: str) -> pl.DataFrame:
    """INVOICES_SCHEMA; periods in local time, ISO 8601."""
    rows = [
        (i.invoice_id, i.account_id, i.subscriber_id, i.contract_from_ms, local_text(i.period.start_ms, zone),
         local_text(i.period.end_ms, zone), i.total_micros, currency)
        for i in invoices
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=INVOICES_SCHEMA, orient="row")


def invoice_lines(invoices: Iterable[Invoice]) -> pl.DataFrame:
    """INVOICE_LINES_SCHEMA; lines are numbered from 1 within their invoice."""
    rows = [
        (invoice.invoice_id, number, invoice.account_id, line.kind, line.amount_micros, line.text)
        for invoice in invoices
        for number, line in enumerate(invoice.lines, start=1)
    ]
    return pl.DataFrame(rows, schema=INVOICE_LINES_SCHEMA, orient="row")


def tickets_table(tickets: Iterable[Ticket]) -> pl.DataFrame:
    """TICKETS_SCHEMA; the last state of each."""
    return pl.DataFrame([tuple(vars(t).values()) for t in tickets], schema=TICKETS_SCHEMA, orient="row")
