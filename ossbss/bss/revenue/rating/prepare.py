"""Usage and entitlements as columns of integers, in the order in which the batch executor reads them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.columns import COUNTER, ENTITLED, NONE, Usage
from ossbss.bss.revenue.rating.in_order import InOrder, in_order, line_numbers
from ossbss.bss.revenue.rating.memory import COUNTED, Memory
from ossbss.bss.revenue.rating.monthly import counters
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.rating.tables import PlanKey, Tables, tables
from ossbss.bss.revenue.rating.timetables import Ints, Rows, table


@dataclass(frozen=True, eq=False)
class Prepared:
    """``given``: the records in their order; ``usage``: the same as columns; ``entitled``: what its accounts have, all
    unused, with the ids ``entitlements``; ``tables``: the rules; ``counted``: what the counters count."""

    given: InOrder
    entitlements: pl.Series
    usage: Usage
    entitled: Rows
    tables: Tables
    counted: pl.DataFrame


def prepare(usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet) -> Prepared:
    """See ``scalar.rate`` for the columns; neither may be longer than memory. NotInBatchError."""
    return by_rules(in_order(usage), usage["subscriber_id"], entitled, rules)


def by_rules(given: InOrder, lines: pl.Series, entitled: pl.DataFrame, rules: RuleSet) -> Prepared:
    """What is in order for these rules; ``lines``: the subscribers, in the order of the usage."""
    plans: list[PlanKey] = [(rules.plan(*key), key[1], key[2]) for key in given.plan_keys.iter_rows()]
    counter, counted = counters(given, lines, plans, rules)
    own, rows = _in_order_of_use(entitled, given, rules)
    usage = Usage(given.owners.rows, rows, given.records, counter)
    return Prepared(
        given, own["entitlement_id"], usage, _entitled(own, rules), tables(plans, rules.sold, given.span), counted
    )


def state_of(prepared: Prepared, before: Memory) -> tuple[Rows, Rows]:
    """Entitlements and counters as they were before these records; they move. NotInBatchError where too much comes."""
    entitled = prepared.entitled.copy()
    if before.left.height:
        known = prepared.entitlements.to_frame().join(
            before.left, on="entitlement_id", how="left", maintain_order="left"
        )
        entitled.left = known["left"].fill_null(pl.Series(entitled.left)).to_numpy()
        entitled.is_settled = known["is_settled"].fill_null(0).to_numpy()
    used = prepared.counted.join(before.used, on=COUNTED, how="left", maintain_order="left")
    if used.filter(pl.col("quantity").fill_null(0) > pl.col("most") - pl.col("more")).height:
        raise NotInBatchError("a line has used more in a month than is counted together")
    counts = np.zeros(used.height, dtype=COUNTER).view(np.recarray)
    counts.counted, counts.events = (used[name].fill_null(0).to_numpy() for name in ("quantity", "events"))
    return entitled, counts


def _in_order_of_use(entitled: pl.DataFrame, given: InOrder, rules: RuleSet) -> tuple[pl.DataFrame, Ints]:
    """Those of each account with records by falling priority, the nearest expiry first, then the oldest, as
    ``balances.in_order`` has it; and where those of each account begin."""
    owner = given.owners.find(entitled["account_id"])
    priority = np.array([-sold.allowance.priority for sold in rules.sold], dtype=np.int64)
    by = [entitled[name].to_numpy() for name in ("bought_ms", "until_ms")]
    by += [priority[entitled["allowance"].to_numpy()], owner]
    order = np.lexsort(by)
    order = order[np.searchsorted(owner[order], 0) :]  # without those of nobody here
    counts = np.bincount(owner[order], minlength=len(given.owners.keys))
    return entitled[order], np.append(0, np.cumsum(counts)).astype(np.int64)


def _entitled(own: pl.DataFrame, rules: RuleSet) -> Rows:
    units = np.array([rules.units(sold) for sold in rules.sold], dtype=np.int64)
    found = np.zeros(own.height, dtype=ENTITLED).view(np.recarray)
    lines = own["subscriber_id"]
    found.line = np.where(lines.is_null().to_numpy(), NONE, line_numbers(lines))
    found.spec, found.from_ms, found.until_ms = (own[name].to_numpy() for name in ("allowance", "from_ms", "until_ms"))
    found.carried_from = NONE
    carrying = np.flatnonzero(own["carried_from"].is_not_null().to_numpy())
    if len(carrying):
        places = own.select(pl.col("entitlement_id").alias("carried_from")).with_row_index("place")
        wanted = own.select("carried_from")[carrying].join(places, on="carried_from", how="left", maintain_order="left")
        found.carried_from[carrying] = wanted["place"].cast(pl.Int64).fill_null(NONE).to_numpy()
    found.left = units[found.spec]
    return found
