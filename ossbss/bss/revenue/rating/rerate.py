"""What would usage have cost by other rules, or in the order in which it happened? Refund all, rate again in the order
of time, post the difference: a new run beside the old ones, which stay as they are.

| column of DIFFERENCES_SCHEMA | dtype | meaning |
|---|---|---|
| usage_id | Int64 | the record; two rows where it is now another account's |
| run_id | String | the new run |
| instead_of | String | the run that rated it before; null: none did |
| account_id, class | String | |
| before_micros, after_micros | Int64 | 0 where it had, or has, no price |
| amount_micros | Int64 | what is to be posted, never 0 |
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating import batch
from ossbss.bss.revenue.rating.columns import Priced
from ossbss.bss.revenue.rating.compiled import compiled
from ossbss.bss.revenue.rating.memory import Memory
from ossbss.bss.revenue.rating.prepare import Prepared, state_of
from ossbss.bss.revenue.rating.run import RatingRun, rate
from ossbss.bss.revenue.rating.timetables import Ints, Rows

DIFFERENCES_SCHEMA: dict[str, type[pl.DataType]] = {
    "usage_id": pl.Int64,
    "run_id": pl.String,
    "instead_of": pl.String,
    "account_id": pl.String,
    "class": pl.String,
    "before_micros": pl.Int64,
    "after_micros": pl.Int64,
    "amount_micros": pl.Int64,
}
_SAME = ("usage_id", "account_id", "class")


@dataclass(frozen=True, eq=False)
class Rerating:
    """``run``: as if none of it had been rated before; ``differences``: DIFFERENCES_SCHEMA by usage_id, whose sums by
    account are new minus old: rows for ``ledger.of_rating``."""

    run: RatingRun
    differences: pl.DataFrame


def rerate(
    rated: pl.DataFrame,
    usage: pl.DataFrame,
    accounts: pl.DataFrame,
    purchases: pl.DataFrame,
    rules: RuleSet,
    since: Memory,
    run_id: str,
) -> Rerating:
    """``rated``: RATED_SCHEMA, what counts now of these records; ``usage``: those and any that came late, guided;
    ``since``: what was remembered before the first of them.

    ValueError names records that were rated and are not given to be rated again.
    """
    lost = rated.join(usage, on="usage_id", how="anti")["usage_id"].sort()
    if len(lost):
        raise ValueError(f"{len(lost)} rated records are not in the usage: {lost.head(5).to_list()}; give them too")
    run = rate(usage, accounts, purchases, rules, since, run_id)
    before = rated.select(*_SAME, pl.col("run_id").alias("instead_of"), pl.col("amount_micros").alias("before_micros"))
    after = run.rated.select(*_SAME, pl.col("amount_micros").alias("after_micros"))
    both = before.join(after, on=_SAME, how="full", coalesce=True).with_columns(
        pl.col("before_micros", "after_micros").fill_null(0), pl.lit(run_id).alias("run_id")
    )
    differ = both.with_columns((pl.col("after_micros") - pl.col("before_micros")).alias("amount_micros"))
    return Rerating(run, differ.filter(pl.col("amount_micros") != 0).select(*DIFFERENCES_SCHEMA).sort(_SAME))


def rerate_prepared(
    prepared: Prepared, before_micros: Ints, rules: RuleSet, since: Memory
) -> tuple[Priced, pl.DataFrame]:
    """The same for millions of records that were prepared once (``prepare_for_any``, ``by_rules``).

    ``before_micros``: what each was rated at, in their order. What they cost now; and account_id, class and
    amount_micros of the differences, as the ledger wants them.
    """
    found = batch.run(prepared, *state_of(prepared, since), rules)
    differ = found.amount_micros - before_micros
    owners, keys = prepared.given.owners, prepared.given.plan_keys
    if owners.rows[-1] != len(differ):
        raise ValueError("some of these records stand for themselves; prepare them for any rules")
    classes = keys["class"].unique().sort()
    class_of = np.searchsorted(classes.to_numpy(), keys["class"].to_numpy())
    sums = np.zeros((len(owners.names), len(classes)), dtype=np.int64)
    add_up(owners.rows, prepared.usage.records, class_of, differ, sums)
    each = pl.DataFrame({name: sums[:, number] for number, name in enumerate(classes)})
    rows = each.with_columns(owners.names.alias("account_id")).unpivot(
        index="account_id", variable_name="class", value_name="amount_micros"
    )
    return found, rows.filter(pl.col("amount_micros") != 0).sort("account_id", "class")


@compiled
def add_up(owner_rows: Ints, records: Rows, class_of: Ints, amounts: Ints, sums: Ints) -> None:
    """Adds to ``sums``, by owner and class."""
    for owner in range(len(owner_rows) - 1):
        for row in range(owner_rows[owner], owner_rows[owner + 1]):
            sums[owner, class_of[records[row].plan]] += amounts[row]
