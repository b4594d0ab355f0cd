"""Why did this record cost that? What its account used is rated again by the clear executor, run by run, up to it."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from ossbss.bss.revenue.charging.explanation import Line, lines
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.run import entitled_in
from ossbss.bss.revenue.rating.scalar import Rated, rate


@dataclass(frozen=True)
class Explained:
    """The lines sum to ``amount_micros``."""

    lines: tuple[Line, ...]
    amount_micros: int


def explain(
    usage_id: int, runs: Iterable[pl.DataFrame], accounts: pl.DataFrame, purchases: pl.DataFrame, rules: RuleSet
) -> Explained | None:
    """``runs``: what each rating run rated of one account, in order, in the columns of ``scalar.rate``; None where it
    is in none of them, or nothing prices it."""
    memory = NOTHING_YET
    for usage in (run for run in runs if run.height):
        found, memory = rate(usage, entitled_in(usage, accounts, purchases, rules), rules, memory)
        for one in found:
            if one.record["usage_id"] == usage_id:
                return _explained(one, rules)
    return None


def _explained(one: Rated, rules: RuleSet) -> Explained | None:
    record = one.record
    if isinstance(one.charge, str):
        return None
    price = rules.plan(record["offering_id"], record["class"], record["zone"]).price_at(record["started_ms"])
    return Explained(tuple(lines(one.charge, price, record["class"])), one.charge.amount_micros)
