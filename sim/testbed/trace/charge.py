"""Why a record of a run cost what it cost: worked out again from the run's own tables, when somebody asks.

What a wallet paid is told as it was asked and answered.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from ossbss.bss.product.pricing.amounts import in_currency
from ossbss.bss.revenue.billing.invoice_html import amount_text
from ossbss.bss.revenue.charging.explanation import Line, part_words, pulse_words
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.explain import explain
from ossbss.errors import BrokenInvariantError
from sim.testbed.trace.quantity import quantity_text
from sim.testbed.trace.step import Records, Step


def explanation(run: Records, rated: dict[str, Any]) -> Sequence[Line]:
    """The lines of one rated record (a row of ``rated``); BrokenInvariantError where they come to another amount."""
    account, usage_id = rated["account_id"], rated["usage_id"]
    bought = pl.DataFrame(schema=PURCHASES_SCHEMA)  # only wallets buy bundles
    found = explain(
        usage_id, _runs(run, account), run.where("accounts", account_id=account), bought, RuleSet(run.catalogue)
    )
    if found is None or found.amount_micros != rated["amount_micros"]:
        again = found.amount_micros if found else "nothing"
        raise BrokenInvariantError(f"usage {usage_id} was rated at {rated['amount_micros']}, worked out again: {again}")
    return found.lines


def is_paid_by_wallet(rated: dict[str, Any]) -> bool:
    return rated["parts"]["free"] is None


def wallet_steps(run: Records, rated: dict[str, Any]) -> Iterator[Step]:
    """What charging was asked for one record, what it answered, and where the ledger booked it."""
    for asked in run.where("charges", request_id=rated["usage_id"]).sort("position").iter_rows(named=True):
        yield Step(asked["at_ms"], asked["at_ms"], "bss.charging", _answer_text(asked, rated["currency"]), asked)
        if asked["amount_micros"]:
            yield _booked(run, asked, rated)


def _answer_text(asked: dict[str, Any], currency: str) -> str:
    name, kind = asked["class"], asked["kind"]
    wanted = f" for {quantity_text(name, asked['quantity'])}" if asked["quantity"] is not None else ""
    used = f", {quantity_text(name, asked['used'])} used" if asked["used"] is not None else ""
    granted = f", {quantity_text(name, asked['granted'])} granted" if kind != "session_end" else ""
    balance = asked["balance_micros"]
    left = f", {amount_text(balance)} {currency} left" if balance is not None else ""
    why = f" ({asked['reason']})" if asked["reason"] else ""
    when = "late, when the record came: " if asked["is_late"] else ""
    leaked = f", {quantity_text(name, asked['leaked'])} leaked" if asked["leaked"] else ""
    paid = f"{amount_text(asked['amount_micros'])} {currency}"
    return f"{when}{kind}{wanted}{used}: {asked['outcome']}{why}{granted}{leaked}, {paid} paid{left}"


def _booked(run: Records, asked: dict[str, Any], rated: dict[str, Any]) -> Step:
    cause, account = f"{asked['batch_id']}/{asked['account_id']}", f"revenue:usage:{asked['class']}"
    earned = run.where("postings", cause=cause, account=account)
    amount = -int(earned["amount_micros"].sum())
    facts = {"cause": cause, "postings": earned["posting_id"].to_list(), "amount_micros": amount}
    text = f"prepaid_liability to {account}, {amount_text(amount)} {rated['currency']} in all (cause {cause})"
    return Step(asked["at_ms"], int(earned["booked_ms"].item()), "bss.ledger", text, facts)


def line_text(line: Line, usage_class: str) -> str:
    """One line as people read it."""
    part = part_words(line, usage_class)
    if line.kind == "allowance":
        allowance, _, _ = line.name.rsplit("/", 2)
        return f"{part} by {allowance}"
    words = [part, line.name, pulse_words(line, usage_class), line.price and f"at {line.price}"]
    return f"{' '.join(word for word in words if word)} = {in_currency(line.exact)}"


def line_facts(line: Line) -> dict[str, Any]:
    return {**vars(line), "exact": str(line.exact)}


def _runs(run: Records, account_id: str) -> Iterator[pl.DataFrame]:
    """What each rating run rated of an account, in order of the runs."""
    rated = run.where("rated", account_id=account_id)
    collected = run.tables["usage"].unique("usage_id", keep="first", maintain_order=True)
    quantities = collected.select("usage_id", "subscriber_id", "quantity")
    whole = rated.join(quantities, on="usage_id").with_columns(
        pl.col("offering_version").str.extract(r"^(.*)@").alias("offering_id"), pl.lit(1, dtype=pl.Int64).alias("leg")
    )
    for run_id in run.where("journal", kind="rating_run.finished").sort("position")["subject"]:
        yield whole.filter(pl.col("run_id") == run_id)
