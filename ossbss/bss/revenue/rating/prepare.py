"""Usage and entitlements as columns of integers, in the order in which the batch executor reads them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.columns import COUNTER, ENTITLED, NONE, Usage
from ossbss.bss.revenue.rating.in_order import PLAN_KEY, InOrder, in_order, kinds, line_numbers
from ossbss.bss.revenue.rating.memory import COUNTED, Memory
from ossbss.bss.revenue.rating.monthly import counters, may_count
from ossbss.bss.revenue.rating.owners import by_digits, may_be_among
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.rating.tables import PlanKey, Tables, tables
from ossbss.bss.revenue.rating.timetables import Ints, Rows


@dataclass(frozen=True, eq=False)
class Prepared:
    """``given``: the records in their order; ``usage``: the same as columns; ``entitled``: what its accounts have, all
    unused, in their order of use, which are those of the rows ``used`` of ``entitlements``, ids as they were given;
    ``tables``: the rules; ``counted``: what the counters count."""

    given: InOrder
    entitlements: pl.DataFrame
    used: Ints
    usage: Usage
    entitled: Rows
    tables: Tables
    counted: pl.DataFrame


def prepare(usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet) -> Prepared:
    """See ``scalar.rate`` for the columns; neither may be longer than memory. NotInBatchError.

    Only what an allowance or a monthly counter may concern is brought into order.
    """
    of = kinds(usage)
    together = may_be_among(usage["account_id"], entitled["account_id"])
    together |= may_count(plans_of(of.keys, rules))[of.plan]
    return by_rules(in_order(usage, of, together), usage["subscriber_id"], entitled, rules)


def prepare_for_any(usage: pl.DataFrame) -> InOrder:
    """What of it is the same by whatever rules, for ``by_rules``."""
    return in_order(usage, kinds(usage))


def by_rules(given: InOrder, lines: pl.Series, entitled: pl.DataFrame, rules: RuleSet) -> Prepared:
    """What is in order for these rules; ``lines``: the subscribers, in the order of the usage."""
    plans = plans_of(given.plan_keys, rules)
    counter, counted = counters(given, lines, plans, rules)
    own = entitled.with_columns(pl.Series("owner", given.owners.find(entitled["account_id"])))
    own = own.filter(pl.col("owner") != NONE)
    used = _in_order_of_use(own, rules)
    each = np.bincount(own["owner"].to_numpy(), minlength=len(given.owners.keys))
    # The first owner is nobody: what stands for itself.
    alone = len(given.records) - int(given.owners.rows[-1])
    owner_rows = np.append(0, given.owners.rows + alone)
    entitled_rows = np.append([0, 0], np.cumsum(each)).astype(np.int64)
    return Prepared(
        given, own.select("entitlement_id"), used, Usage(owner_rows, entitled_rows, given.records, counter),
        _entitled(own, used, rules), tables(plans, rules.sold, given.span), counted,
    )  # fmt: skip


def plans_of(keys: pl.DataFrame, rules: RuleSet) -> list[PlanKey]:
    return [(rules.plan(*key), key[1], key[2]) for key in keys.select(PLAN_KEY).iter_rows()]


def state_of(prepared: Prepared, before: Memory) -> tuple[Rows, Rows]:
    """Entitlements and counters as they were before these records; they move. NotInBatchError where too much comes."""
    entitled = prepared.entitled.copy()
    if before.left.height:
        known = prepared.entitlements.join(before.left, on="entitlement_id", how="left", maintain_order="left")
        known = known.select("left", "is_settled")[prepared.used]
        entitled.left = known["left"].fill_null(pl.Series(entitled.left)).to_numpy()
        entitled.is_settled = known["is_settled"].fill_null(0).to_numpy()
    used = prepared.counted.join(before.used, on=COUNTED, how="left", maintain_order="left")
    if used.filter(pl.col("quantity").fill_null(0) > pl.col("most") - pl.col("more")).height:
        raise NotInBatchError("a line has used more in a month than is counted together")
    counts = np.zeros(used.height, dtype=COUNTER).view(np.recarray)
    counts.counted, counts.events = (used[name].fill_null(0).to_numpy() for name in ("quantity", "events"))
    return entitled, counts


def _in_order_of_use(own: pl.DataFrame, rules: RuleSet) -> Ints:
    """Rows by owner, those of each by falling priority, the nearest expiry first, then the oldest, as
    ``balances.in_order`` has it."""
    priority = np.array([-sold.allowance.priority for sold in rules.sold], dtype=np.int64)
    by = [own[name].to_numpy() for name in ("bought_ms", "until_ms")]
    owner = own["owner"].to_numpy()
    in_turn = np.lexsort((*by, priority[own["allowance"].to_numpy()]))
    return by_digits(owner.view(np.uint64), in_turn, int(owner.max(initial=0)).bit_length())


def _entitled(own: pl.DataFrame, used: Ints, rules: RuleSet) -> Rows:
    units = np.array([rules.units(sold) for sold in rules.sold], dtype=np.int64)
    found = np.zeros(own.height, dtype=ENTITLED).view(np.recarray)
    lines = own["subscriber_id"]
    found.line = np.where(lines.is_null().to_numpy(), NONE, line_numbers(lines))
    found.spec, found.from_ms, found.until_ms = (own[name].to_numpy() for name in ("allowance", "from_ms", "until_ms"))
    found.carried_from = _carried_from(own, used)
    found.left = units[found.spec]
    return found.take(used).view(np.recarray)


def _carried_from(own: pl.DataFrame, used: Ints) -> Ints:
    """Of each row the place of another in the order of use."""
    found = np.full(own.height, NONE, dtype=np.int64)
    carrying = own["carried_from"].is_not_null().arg_true().to_numpy()
    if len(carrying):
        places = own.select(pl.col("entitlement_id").alias("carried_from"))[used].with_row_index("place")
        wanted = own.select("carried_from")[carrying].join(places, on="carried_from", how="left", maintain_order="left")
        found[carrying] = wanted["place"].cast(pl.Int64).fill_null(NONE).to_numpy()
    return found
