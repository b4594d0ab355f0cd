"""What would each account have paid under another price list, had it used exactly the same?

Both lists rate and bill the same guided records from nothing, by the code that rates and bills in earnest. Left out on
both sides: SLA credits, and anything people would do differently. One row an account (two where some of its lines are
prepaid and others are not):

| column | dtype | meaning |
|---|---|---|
| account_id, offering_id | String | who pays, for what (several offerings joined by `` + ``) |
| payment | String | postpaid: by invoices; prepaid: by a wallet, at once |
| voice, sms, data | Int64 | micro-units, as rated |
| bundles | Int64 | fees of the bundles that a wallet bought |
| recurring, discount, tax, rounding | Int64 | over all invoices; discount: below 0; tax: what is added to prices |
| total | Int64 | as billed, or paid: the sum of the eight before it |
"""

from collections import Counter
from collections.abc import Iterator

import polars as pl

from ossbss.bss.customer.accounts import POSTPAID, PREPAID
from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.for_sale import bundles_not_sold, why_not_sold
from ossbss.bss.revenue.billing.bill_run import bill_run, contracts_of
from ossbss.bss.revenue.billing.invoice import Invoice
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.bss.revenue.mediation import Mediated, mediate
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.run import UNPRICED, rate
from ossbss.bss.revenue.seen import SEEN_SCHEMA
from ossbss.contract.charging import CHARGEABLE_CLASSES
from ossbss.contract.units import NEVER_MS
from ossbss.documents import DocumentError, Mistake
from ossbss.errors import BrokenInvariantError

PARTS = (*CHARGEABLE_CLASSES, "bundles", "recurring", "discount", "tax", "rounding")
"""What a bill, or what a wallet pays, is made of; they sum to its total."""
COLUMNS = (*PARTS, "total")
WHO = ("account_id", "offering_id", "payment")
NOTHING_BOUGHT = pl.DataFrame(schema=PURCHASES_SCHEMA)


def guide(usage: pl.DataFrame, accounts: pl.DataFrame, span: Period) -> Mediated:
    """Collected usage (UsageBatch columns) mediated from nothing; what starts outside the span is filtered out.

    Mediation knows no prices, so that every list rates the same records.
    """
    within = pl.col("started_ms").is_between(span.start_ms, span.end_ms, closed="left").fill_null(value=True)
    return mediate(usage.filter(within), accounts, pl.DataFrame(schema=SEEN_SCHEMA))


def mistakes(
    accounts: pl.DataFrame,
    catalogue: Catalogue,
    currency: str,
    span: Period,
    bought: pl.DataFrame = NOTHING_BOUGHT,
) -> list[Mistake]:
    """Why these accounts cannot be billed by this list: another currency, an offering or a bundle not (yet) sold."""
    found = []
    if catalogue.currency != currency:
        problem = f"{catalogue.currency!r}: bills in {catalogue.currency} and in {currency} cannot be compared"
        found.append(Mistake(f"{catalogue.name}.currency", None, problem, f"give a price list in {currency}"))
    begins = pl.max_horizontal("valid_from_ms", pl.lit(span.start_ms)).min().alias("begins_ms")
    needed = _under_contract(accounts, span).group_by("offering_id").agg(begins, pl.len()).sort("offering_id")
    for offering_id, begins_ms, count in needed.iter_rows():
        problem, mend = why_not_sold(offering_id, begins_ms, catalogue)
        if problem:
            found.append(
                Mistake(f"{catalogue.name}.offerings", None, f"{problem}; accounts that have it: {count}", mend)
            )
    return [*found, *bundles_not_sold(bought, catalogue)]


def bills(
    guided: pl.DataFrame,
    accounts: pl.DataFrame,
    catalogue: Catalogue,
    span: Period,
    bought: pl.DataFrame = NOTHING_BOUGHT,
) -> pl.DataFrame:
    """What each account pays for the span under one list (the table above), in order of account_id and payment.

    ``bought``: PURCHASES_SCHEMA, the bundles that wallets paid. A wallet pays prices and fees as they stand, whatever
    it holds: no tax is added, nothing is rounded again, there is no fee for the month, and what was not bought is no
    allowance. BrokenInvariantError where money is on no row; DocumentError where a record has
    no price.
    """
    contracts, rules = _under_contract(accounts, span), RuleSet(catalogue)
    is_prepaid = pl.col("payment") == PREPAID
    is_ahead = pl.col("subscriber_id").is_in(accounts.filter(is_prepaid)["subscriber_id"].implode())
    later = _rated(guided.filter(~is_ahead), accounts.filter(~is_prepaid), NOTHING_BOUGHT, rules)
    at_once = _rated(guided.filter(is_ahead), accounts.clear(), bought, rules)
    postpaid, fees = contracts.filter(~is_prepaid), _fees(bought, catalogue, span)
    billed = _table(postpaid, POSTPAID, later, _invoiced(later, postpaid, catalogue, span))
    paid = _table(contracts.filter(is_prepaid), PREPAID, at_once, fees)
    table = pl.concat([billed, paid.with_columns(pl.sum_horizontal(PARTS).alias("total"))])
    due = sum(int(frame["amount_micros"].sum()) for frame in (later, at_once)) + int(fees["bundles"].sum())
    is_lost = due != sum(int(table[name].sum()) for name in (*CHARGEABLE_CLASSES, "bundles"))
    if is_lost or table.filter(pl.sum_horizontal(PARTS) != pl.col("total")).height:
        raise BrokenInvariantError(f"{catalogue.name}: bills do not add up to the usage rated, fees, tax and rounding")
    return table.sort("account_id", "payment")


def _rated(guided: pl.DataFrame, entitled: pl.DataFrame, bought: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """RATED_SCHEMA; ``entitled``: accounts that have allowances by the month."""
    result = rate(guided, entitled, bought, rules, NOTHING_YET, "what-if")
    if result.unpriced.height:
        raise DocumentError("tariff-test", list(_no_price(result.unpriced, rules)))
    return result.rated


def _no_price(unpriced: pl.DataFrame, rules: RuleSet) -> Iterator[Mistake]:
    """What a list lacks that is to rate everything that was used."""
    for name, count in unpriced.group_by("class").len().sort("class").iter_rows():
        first = min(unpriced.filter(pl.col("class") == name)["usage_id"].to_list())
        problem = f"{count} records of {name} have {UNPRICED}, the first is usage {first}"
        mend = f"give {name} a price to every zone it went to"
        yield Mistake(f"{rules.catalogue.name}.offerings", None, problem, mend)


def _table(contracts: pl.DataFrame, payment: str, rated: pl.DataFrame, rest: pl.DataFrame) -> pl.DataFrame:
    """One row an account of these contracts; ``rest``: what it pays beside its usage, by account_id."""
    amount = pl.col("amount_micros")
    by_class = [amount.filter(pl.col("class") == name).sum().alias(name) for name in CHARGEABLE_CLASSES]
    usage = rated.group_by("account_id").agg(by_class)
    payers = contracts.group_by("account_id").agg(pl.col("offering_id").unique().sort().str.join(" + "))
    whole = payers.join(usage, on="account_id", how="left").join(rest, on="account_id", how="left")
    none = [pl.lit(None, dtype=pl.Int64).alias(name) for name in COLUMNS if name not in whole.columns]
    filled = whole.with_columns(none).with_columns(pl.col(COLUMNS).fill_null(0), pl.lit(payment).alias("payment"))
    return filled.select(*WHO, *COLUMNS)


def _invoiced(rated: pl.DataFrame, contracts: pl.DataFrame, catalogue: Catalogue, span: Period) -> pl.DataFrame:
    """account_id, and what its invoices add to its usage, with their totals."""
    rows = [(invoice.account_id, *_money(invoice)) for invoice in _invoices(rated, contracts, catalogue, span)]
    schema = {"account_id": pl.String, **dict.fromkeys(("recurring", "discount", "tax", "rounding", "total"), pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row").group_by("account_id").agg(pl.all().sum())


def _fees(bought: pl.DataFrame, catalogue: Catalogue, span: Period) -> pl.DataFrame:
    """account_id, bundles: the fees at the instants of the purchases."""
    within = bought.filter(pl.col("bought_ms").is_between(span.start_ms, span.end_ms, closed="left"))
    rows = [
        (account, catalogue.sold_at(offering_id, at_ms).one_time_fee)
        for account, offering_id, at_ms in within.select("account_id", "offering_id", "bought_ms").iter_rows()
    ]
    paid = pl.DataFrame(rows, schema={"account_id": pl.String, "bundles": pl.Int64}, orient="row")
    return paid.group_by("account_id").agg(pl.col("bundles").sum())


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


def _money(invoice: Invoice) -> tuple[int, ...]:
    """Recurring, discount, tax, rounding, total; taxes that prices hold are taken out of them and added again."""
    of = Counter[str]()
    for line in invoice.lines:
        of[line.kind] += line.amount_micros
    tax = of["tax"] + of["included_tax"]
    return of["recurring"], of["discount"], tax, of["rounding"], invoice.total_micros


def paired(baseline: pl.DataFrame, candidate: pl.DataFrame) -> pl.DataFrame:
    """Two tables of ``bills`` side by side, candidate minus baseline, in order of account_id and payment.

    Columns: WHO, baseline_micros, candidate_micros, difference_micros (totals as billed), and
    ``PART_difference_micros`` for each of PARTS, which sum to difference_micros.
    """
    both = baseline.join(candidate, on=WHO, validate="1:1", suffix="_new")
    if not both.height == baseline.height == candidate.height:
        raise BrokenInvariantError("the two lists bill different accounts")
    minus = [(pl.col(f"{part}_new") - pl.col(part)).alias(f"{part}_difference_micros") for part in PARTS]
    return both.select(
        *WHO,
        pl.col("total").alias("baseline_micros"),
        pl.col("total_new").alias("candidate_micros"),
        (pl.col("total_new") - pl.col("total")).alias("difference_micros"),
        *minus,
    ).sort("account_id", "payment")
