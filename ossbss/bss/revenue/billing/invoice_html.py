"""An invoice as a person reads it: one HTML fragment, no script, no network."""

from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader

from ossbss.bss.revenue.billing.invoice import Invoice
from ossbss.bss.revenue.cycles import local_text
from ossbss.contract.units import MICROS_PER_UNIT

_TEMPLATES = Environment(loader=PackageLoader("ossbss.bss.revenue.billing", "templates"), autoescape=True)


def amount_text(amount_micros: int) -> str:
    """The amount in currency units with two to six decimals, as many as it needs.

    >>> amount_text(-112160000), amount_text(487), amount_text(5)
    ('-112.16', '0.000487', '0.000005')
    """
    whole, rest = divmod(abs(amount_micros), MICROS_PER_UNIT)
    decimals = f"{rest:06d}".rstrip("0").ljust(2, "0")
    return f"{'-' if amount_micros < 0 else ''}{whole:,}.{decimals}"


def invoice_html(invoice: Invoice, currency: str, zone: ZoneInfo) -> str:
    """The invoice as an HTML ``<article>``; every text in it is escaped."""
    rows = [(line.text, line.kind, amount_text(line.amount_micros)) for line in invoice.lines]
    return _TEMPLATES.get_template("invoice.html.j2").render(
        invoice=invoice,
        rows=rows,
        total=amount_text(invoice.total_micros),
        currency=currency,
        start=local_text(invoice.period.start_ms, zone),
        end=local_text(invoice.period.end_ms, zone),
    )
