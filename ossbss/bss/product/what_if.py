"""What would each account have paid under another price list, had it used exactly the same?

Both lists rate and bill the same guided records from nothing, by the code that rates and bills in earnest. Left out on
both sides: SLA credits, and anything people would do differently. One row an account:

| column | dtype | meaning |
|---|---|---|
| account_id, offering_id | String | who pays, for what (several offerings joined by `` + ``) |
| voice, sms, data, recurring, tax, rounding | Int64 | micro-units, over all invoices |
| total | Int64 | as billed: the sum of the six before it |
"""

from collections.abc import Iterator

import polars as pl

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.revenue.bill_run import bill_run, contracts_of
from ossbss.bss.revenue.billing import Invoice
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period, cycle_at, local_text
from ossbss.bss.revenue.mediation import Mediated, mediate
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.run import UNPRICED, rate
from ossbss.bss.revenue.seen import SEEN_SCHEMA
from ossbss.contract.charging import CHARGEABLE_CLASSES
from ossbss.contract.units import NEVER_MS
from ossbss.documents import Mistake, listing, nearest
from ossbss.errors import BrokenInvariantError

PARTS = (*CHARGEABLE_CLASSES, "recurring", "tax", "rounding")
"""What a bill is made of; they sum to its total."""
COLUMNS = (*PARTS, "total")


def guide(usage: pl.DataFrame, accounts: pl.DataFrame, span: Period) -> Mediated:
    """Collected usage (UsageBatch columns) mediated from nothing; what starts outside the span is filtered out.

    Mediation knows no prices, so that every list rates the same records.
    """
    within = pl.col("started_ms").is_between(span.start_ms, span.end_ms, closed="left").fill_null(value=True)
    return mediate(usage.filter(within), accounts, pl.DataFrame(schema=SEEN_SCHEMA))


def mistakes(accounts: pl.DataFrame, catalogue: Catalogue, currency: str, span: Period) -> list[Mistake]:
    """Why these accounts cannot be billed by this list: another currency, an offering not (yet) sold."""
    found = []
    if catalogue.currency != currency:
        problem = f"{catalogue.currency!r}: bills in {catalogue.currency} and in {currency} cannot be compared"
        found.append(Mistake(f"{catalogue.name}.currency", None, problem, f"give a price list in {currency}"))
    begins = pl.max_horizontal("valid_from_ms", pl.lit(span.start_ms)).min().alias("begins_ms")
    needed = _under_contract(accounts, span).group_by("offering_id").agg(begins, pl.len()).sort("offering_id")
    for offering_id, begins_ms, count in needed.iter_rows():
        problem, mend = _why_not_sold(offering_id, begins_ms, catalogue)
        if problem:
            found.append(
                Mistake(f"{catalogue.name}.offerings", None, f"{problem}; accounts that have it: {count}", mend)
            )
    return found


def _why_not_sold(offering_id: str, begins_ms: int, catalogue: Catalogue) -> tuple[str, str]:
    """Problem and mend; two empty texts where the offering is sold at that instant."""
    sold = {offering.id: offering for offering in catalogue.offerings}
    if offering_id not in sold:
        mend = nearest(offering_id, list(sold)) or "add it to the price list"
        return f"no offering {offering_id!r}; there are {listing(sold, offering_id)}", mend
    first = sold[offering_id].versions[0].valid_from
    if catalogue.starts_ms(sold[offering_id].versions[0]) > begins_ms:
        day = local_text(begins_ms, catalogue.zone)[:10]
        return f"{offering_id!r} is sold from {first} only", f"give a version with valid_from {day} or earlier"
    return "", ""


def bills(guided: pl.DataFrame, accounts: pl.DataFrame, catalogue: Catalogue, span: Period) -> pl.DataFrame:
    """What each account pays for the span under one list (the table above), in order of account_id.

    BrokenInvariantError where a rated record is on no bill, or a record has no price (see ``mistakes``).
    """
    bought = pl.DataFrame(schema=PURCHASES_SCHEMA)
    result = rate(guided, accounts, bought, RuleSet(catalogue), NOTHING_YET, "what-if")
    if result.unpriced.height:
        raise BrokenInvariantError(f"{catalogue.name}: {result.unpriced.height} records have {UNPRICED}")
    rated = result.rated
    contracts = _under_contract(accounts, span)
    rows = [(invoice.account_id, *_money(invoice)) for invoice in _invoices(rated, contracts, catalogue, span)]
    schema = {"account_id": pl.String, **dict.fromkeys(("recurring", "tax", "rounding", "total"), pl.Int64)}
    billed = pl.DataFrame(rows, schema=schema, orient="row").group_by("account_id").agg(pl.all().sum())
    amount = pl.col("amount_micros")
    by_class = [amount.filter(pl.col("class") == name).sum().alias(name) for name in CHARGEABLE_CLASSES]
    usage = rated.group_by("account_id").agg(by_class)
    bought = contracts.group_by("account_id").agg(pl.col("offering_id").unique().sort().str.join(" + "))
    whole = bought.join(billed, on="account_id").join(usage, on="account_id", how="left").sort("account_id")
    table = whole.with_columns(pl.col(CHARGEABLE_CLASSES).fill_null(0)).select("account_id", "offering_id", *COLUMNS)
    if table.filter(pl.sum_horizontal(PARTS) != pl.col("total")).height or usage.height > table.height:
        raise BrokenInvariantError(f"{catalogue.name}: bills do not add up to the usage rated, fees, tax and rounding")
    return table


def _under_contract(accounts: pl.DataFrame, span: Period) -> pl.DataFrame:
    until = pl.col("valid_until_ms").fill_null(NEVER_MS)
    return accounts.filter((pl.col("valid_from_ms") < span.end_ms) & (until > span.start_ms))


def _invoices(rated: pl.DataFrame, contracts: pl.DataFrame, catalogue: Catalogue, span: Period) -> Iterator[Invoice]:
    """The bills of each cycle, by the loop that makes them in earnest."""
    due, terms = _due(rated), contracts_of(contracts)
    for billed, cycle in _cycles(span, catalogue):
        yield from bill_run(terms, billed, cycle, due.get(cycle.start_ms, {}), {}, catalogue)


def _cycles(span: Period, catalogue: Catalogue) -> Iterator[tuple[Period, Period]]:
    """What is billed of each cycle that the span touches, and the cycle."""
    start_ms = span.start_ms
    while start_ms < span.end_ms:
        cycle = cycle_at(start_ms, catalogue.zone)
        yield Period(start_ms, min(cycle.end_ms, span.end_ms)), cycle
        start_ms = cycle.end_ms


def _due(rated: pl.DataFrame) -> dict[int, dict[str, dict[str, int]]]:
    """Cycle → what each account owes for its usage in it."""
    found: dict[int, dict[str, dict[str, int]]] = {}
    sums = rated.group_by("cycle_start_ms", "account_id", "class").agg(pl.col("amount_micros").sum())
    for start_ms, account, name, amount in sums.iter_rows():
        found.setdefault(start_ms, {}).setdefault(account, {})[name] = amount
    return found


def _money(invoice: Invoice) -> tuple[int, int, int, int]:
    """Recurring, tax, rounding, total."""
    of = {line.kind: line.amount_micros for line in invoice.lines}
    return of["recurring"], of["tax"], of.get("rounding", 0), invoice.total_micros


def paired(baseline: pl.DataFrame, candidate: pl.DataFrame) -> pl.DataFrame:
    """Two tables of ``bills`` side by side, candidate minus baseline, in order of account_id.

    Columns: account_id, offering_id, baseline_micros, candidate_micros, difference_micros (totals as billed), and
    ``PART_difference_micros`` for each of PARTS, which sum to difference_micros.
    """
    both = baseline.join(candidate, on=["account_id", "offering_id"], validate="1:1", suffix="_new")
    if not both.height == baseline.height == candidate.height:
        raise BrokenInvariantError("the two lists bill different accounts")
    minus = [(pl.col(f"{part}_new") - pl.col(part)).alias(f"{part}_difference_micros") for part in PARTS]
    return both.select(
        "account_id",
        "offering_id",
        pl.col("total").alias("baseline_micros"),
        pl.col("total_new").alias("candidate_micros"),
        (pl.col("total_new") - pl.col("total")).alias("difference_micros"),
        *minus,
    ).sort("account_id")
