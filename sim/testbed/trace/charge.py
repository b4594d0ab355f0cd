"""Why a record of a run cost what it cost: worked out again from the run's own tables, when somebody asks."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl

from ossbss.bss.product.pricing.amounts import in_currency
from ossbss.bss.revenue.charging.explanation import Line, part_words, pulse_words
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.bss.revenue.rating.explain import explain
from ossbss.errors import BrokenInvariantError
from sim.testbed.trace.step import Records


def explanation(run: Records, rated: dict[str, Any]) -> Sequence[Line]:
    """The lines of one rated record (a row of ``rated``); BrokenInvariantError where they come to another amount."""
    account, usage_id = rated["account_id"], rated["usage_id"]
    bought = pl.DataFrame(schema=PURCHASES_SCHEMA)
    found = explain(
        usage_id, _runs(run, account), run.where("accounts", account_id=account), bought, RuleSet(run.catalogue)
    )
    if found is None or found.amount_micros != rated["amount_micros"]:
        again = found.amount_micros if found else "nothing"
        raise BrokenInvariantError(f"usage {usage_id} was rated at {rated['amount_micros']}, worked out again: {again}")
    return found.lines


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
