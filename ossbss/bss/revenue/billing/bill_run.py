"""Who gets a bill for a period, and what stands on it? One loop makes the bills of a real run and of a dry one."""

from collections.abc import Mapping, Sequence

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.billing.invoice import Contract, Invoice, make_invoice
from ossbss.bss.revenue.cycles import Period
from ossbss.errors import BrokenInvariantError

Due = Mapping[str, Mapping[str, int]]
"""Account → class → micro-units."""


def contracts_of(accounts: pl.DataFrame) -> list[Contract]:
    """The contracts of ACCOUNTS_SCHEMA rows in the order of their bills: by account, begin, line."""
    ordered = accounts.sort("account_id", "valid_from_ms", "subscriber_id")
    return [Contract(*row) for row in ordered.select(*Contract.__dataclass_fields__).iter_rows()]


def bill_run(
    contracts: Sequence[Contract],
    billed: Period,
    cycle: Period,
    usage: Due,
    outages: Mapping[str, Sequence[Period]],
    catalogue: Catalogue,
    first_number: int = 1,
) -> list[Invoice]:
    """A bill for each contract that runs in ``billed``, and a last one where an ended contract has something due.

    ``contracts``: as ``contracts_of`` orders them. ``usage``: rated and not yet billed; it stands on the first bill of
    its account, so that it is billed once, and where no contract of the account runs on that of the last to end.
    ``outages``: service → resolved and not yet credited. BrokenInvariantError where usage finds no bill.
    """
    running = {c.account_id for c in contracts if c.within(billed).length_ms}
    latest = _latest(contracts, billed)
    due, invoices = dict(usage), list[Invoice]()
    for contract in contracts:
        account, runs = contract.account_id, bool(contract.within(billed).length_ms)
        takes = runs if account in running else contract == latest.get(account)
        mine = due.pop(account, {}) if takes else {}
        known = outages.get(contract.service_id, ())
        if not runs and not any(mine.values()) and not any(contract.within(outage).length_ms for outage in known):
            continue
        number = f"invoice-{first_number + len(invoices):07d}"
        invoice = make_invoice(number, contract, billed, cycle, mine, known, catalogue)
        if runs or {line.kind for line in invoice.lines} & {"usage", "credit"}:
            invoices.append(invoice)
    if any(amount for amounts in due.values() for amount in amounts.values()):
        raise BrokenInvariantError(f"usage of accounts without a contract: {', '.join(sorted(due)[:5])}")
    return invoices


def _latest(contracts: Sequence[Contract], billed: Period) -> dict[str, Contract]:
    """Account → of its contracts that ended before the period does, the last to end."""
    ended = [(c.valid_until_ms, c) for c in contracts if c.valid_until_ms is not None]
    ordered = sorted((until_ms, place) for place, (until_ms, _) in enumerate(ended) if until_ms <= billed.end_ms)
    return {ended[place][1].account_id: ended[place][1] for _, place in ordered}
