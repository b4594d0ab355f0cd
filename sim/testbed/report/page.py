"""The report: one HTML file that needs no network."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from ossbss.bss.revenue.billing.invoice import Invoice, InvoiceLine
from ossbss.bss.revenue.billing.invoice_html import invoice_html
from ossbss.bss.revenue.cycles import Period
from ossbss.contract.units import SECOND_MS
from sim.testbed.expectations import Verdict
from sim.testbed.kpis import value_text
from sim.testbed.paired import PairedSeries
from sim.testbed.port_load import port_loads
from sim.testbed.report.impact import impact_rows
from sim.testbed.report.load import load_figure, worst_rows
from sim.testbed.report.map import network_map
from sim.testbed.report.pairs import paired_figure
from sim.testbed.report.story import story
from sim.testbed.report.style import svg
from sim.testbed.report.timeline import twin_timeline
from sim.testbed.report.wallets import wallet_figure
from sim.testbed.scenario import Scenario
from sim.testbed.view import RunView

_TEMPLATES = Environment(loader=PackageLoader("sim.testbed.report", "templates"), autoescape=True)


def report_html(
    scenario: Scenario,
    view: RunView,
    kpis: Mapping[str, Mapping[str, Any]],
    verdicts: Sequence[Verdict],
    series: Sequence[PairedSeries] = (),
) -> str:
    """The whole page; everything in it is escaped but the pictures and the invoices, which are our own."""
    crew_sites = tuple(crew.site for crew in scenario.spec.operations.crews)
    currency, zone = scenario.catalogue.currency, scenario.catalogue.zone
    loads = port_loads(view)
    bills = [Markup(invoice_html(invoice, currency, zone)) for invoice in shown_invoices(view)]
    return _TEMPLATES.get_template("report.html.j2").render(
        scenario=scenario,
        verdicts=verdicts,
        pairs=[Markup(svg(paired_figure(one, currency))) for one in series if not one.undefined],
        kpis=[(name, value_text(kpi, currency), kpi) for name, kpi in kpis.items()],
        map=Markup(svg(network_map(view, crew_sites))),
        timeline=Markup(svg(twin_timeline(view))),
        load=None if loads.is_empty() else Markup(svg(load_figure(view, loads))),
        ports=worst_rows(view, loads),
        wallets=None if view.tables["wallets"].is_empty() else Markup(svg(wallet_figure(view))),
        impacts=impact_rows(view),
        story=story(view),
        invoices=bills,
        truth=[_fault(row) for row in view.truth("fault").iter_rows(named=True)],
    )


def _fault(row: Mapping[str, Any]) -> str:
    return f"{json.loads(row['body'])['do']}: {row['subject']}"


def shown_invoices(view: RunView) -> list[Invoice]:
    """The bill with the largest credit, and the first without one."""
    lines, bills = view.tables["invoice_lines"], view.tables["invoices"]
    credit = lines.filter(pl.col("kind") == "credit").sort("amount_micros", "invoice_id")["invoice_id"].to_list()
    others = [invoice for invoice in bills["invoice_id"].head(1000).to_list() if invoice not in set(credit)]
    return [invoice_of(view, invoice) for invoice in [*credit[:1], *others[:1]]]


def invoice_of(view: RunView, invoice_id: str) -> Invoice:
    """An invoice from its rows in the tables."""
    bill = view.tables["invoices"].row(by_predicate=pl.col("invoice_id") == invoice_id, named=True)
    rows = view.tables["invoice_lines"].filter(pl.col("invoice_id") == invoice_id)
    lines = tuple(InvoiceLine(*row) for row in rows.select("kind", "amount_micros", "text").iter_rows())
    start, end = (int(datetime.fromisoformat(bill[k]).timestamp()) * SECOND_MS for k in ("period_start", "period_end"))
    account, line, since_ms = bill["account_id"], bill["subscriber_id"], bill["contract_from_ms"]
    return Invoice(invoice_id, account, line, since_ms, Period(start, end), lines)
