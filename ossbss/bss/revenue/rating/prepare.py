"""Usage and entitlements as columns of integers, in the order in which the batch executor reads them."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from ossbss.bss.product.pricing.amounts import INT64_MOST
from ossbss.bss.product.pricing.usage_price import TIMED, UsagePrice
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.bss.revenue.rating.columns import COUNTER, ENTITLED, Usage
from ossbss.bss.revenue.rating.memory import COUNTED, USED_SCHEMA, Memory
from ossbss.bss.revenue.rating.pieces import NotInBatchError
from ossbss.bss.revenue.rating.tables import MOST_COUNTED, NONE, PlanKey
from ossbss.bss.revenue.rating.timetables import Ints, Rows, table
from ossbss.contract.charging import LARGEST
from ossbss.contract.units import DAY_MS

PLAN_KEY = ("offering_id", "class", "zone")


@dataclass(frozen=True, eq=False)
class Prepared:
    """``records``: usage in order of account, time and id; ``usage``: the same as columns; ``entitled``: what its
    accounts have, all unused, in the order of ``entitlements``; ``plans``: by their numbers; ``counted``: what the
    counters count."""

    records: pl.DataFrame
    entitlements: pl.DataFrame
    usage: Usage
    entitled: Rows
    plans: list[PlanKey]
    counted: pl.DataFrame
    span: Period


def prepare(usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet) -> Prepared:
    """See ``scalar.rate`` for the columns; neither may be longer than memory."""
    records = usage.sort("account_id", "started_ms", "usage_id")
    keys = records.select(PLAN_KEY).unique().sort(PLAN_KEY).with_row_index("plan")
    plan = _joined(records, keys, PLAN_KEY, "plan")
    plans = [(rules.plan(*key), key[1], key[2]) for key in keys.select(PLAN_KEY).iter_rows()]
    own = _in_order_of_use(entitled.join(records.select("account_id").unique(), on="account_id", how="semi"), rules)
    every_line = pl.concat([records["subscriber_id"], own["subscriber_id"].drop_nulls()])
    lines = every_line.unique().to_frame().with_row_index("line")
    counter, counted = _counters(records, plan, plans, rules)
    columns = Usage(
        owner_rows=_begins(records["account_id"]),
        entitled_rows=_entitled_rows(own, records),
        line=_joined(records, lines, ("subscriber_id",), "line"),
        plan=plan,
        start_ms=records["started_ms"].to_numpy(),
        quantity=records["quantity"].to_numpy(),
        is_first=(records["leg"] == 1).cast(pl.Int64).to_numpy(),
        counter=counter,
    )
    return Prepared(records, own, columns, _entitled(own, lines, rules), plans, counted, _span(records))


def state_of(prepared: Prepared, before: Memory) -> tuple[Rows, Rows]:
    """Entitlements and counters as they were before these records; they move. NotInBatchError where too much comes."""
    entitled = prepared.entitled.copy()
    if before.left.height:
        known = prepared.entitlements.select("entitlement_id").join(
            before.left, on="entitlement_id", how="left", maintain_order="left"
        )
        entitled.left = known["left"].fill_null(pl.Series(entitled.left)).to_numpy()
        entitled.is_settled = known["is_settled"].fill_null(0).to_numpy()
    used = prepared.counted.join(before.used, on=COUNTED, how="left", maintain_order="left")
    if used.filter(pl.col("quantity").fill_null(0) > pl.col("most") - pl.col("more")).height:
        raise NotInBatchError("a line has used more in a month than is counted together")
    return entitled, table(used.select(pl.col("quantity", "events").fill_null(0)).rows(), COUNTER)


def _joined(frame: pl.DataFrame, numbers: pl.DataFrame, on: tuple[str, ...], name: str) -> Ints:
    """The number of each row."""
    found = frame.select(on).join(numbers, on=on, how="left", nulls_equal=True, maintain_order="left")[name]
    return found.fill_null(NONE).cast(pl.Int64).to_numpy()


def _begins(owners: pl.Series) -> Ints:
    """Where the rows of each owner begin, one entry more for the end; the owners stand together."""
    changes = (owners != owners.shift()).fill_null(value=True).arg_true().to_numpy()
    return np.append(changes, len(owners)).astype(np.int64)


def _in_order_of_use(entitled: pl.DataFrame, rules: RuleSet) -> pl.DataFrame:
    """By falling priority, the nearest expiry first, then the oldest, as ``balances.in_order`` has it."""
    priorities = pl.Series([sold.allowance.priority for sold in rules.sold], dtype=pl.Int64)
    known = entitled.with_columns(priorities.gather(entitled["allowance"]).alias("priority"))
    by = ["account_id", "priority", "until_ms", "bought_ms"]
    return known.sort(by, descending=[False, True, False, False], maintain_order=True)


def _entitled_rows(own: pl.DataFrame, records: pl.DataFrame) -> Ints:
    """Where those of each account begin."""
    accounts = records["account_id"].unique(maintain_order=True)
    each = own.group_by("account_id").len()
    counts = accounts.to_frame().join(each, on="account_id", how="left", maintain_order="left")
    return np.append(0, np.cumsum(counts["len"].fill_null(0).to_numpy())).astype(np.int64)


def _entitled(own: pl.DataFrame, lines: pl.DataFrame, rules: RuleSet) -> Rows:
    places = own.select(pl.col("entitlement_id").alias("carried_from")).with_row_index("place")
    units = pl.Series([rules.units(sold) for sold in rules.sold], dtype=pl.Int64)
    found = np.zeros(own.height, dtype=ENTITLED).view(np.recarray)
    found.line = _joined(own, lines, ("subscriber_id",), "line")
    found.spec, found.from_ms, found.until_ms = (own[name].to_numpy() for name in ("allowance", "from_ms", "until_ms"))
    found.carried_from = _joined(own, places, ("carried_from",), "place")
    found.left = units.gather(own["allowance"]).to_numpy()
    return found


def _counters(
    records: pl.DataFrame, plan: Ints, plans: list[PlanKey], rules: RuleSet
) -> tuple[Ints, pl.DataFrame]:
    """Of records at a price that counts over a month the place of what is counted. With COUNTED: how much ``more``
    they have, in units of their class, and the ``most`` that a month may come to."""
    numbers, sums, most = dict[tuple[str, str, int], int](), Counter[int](), dict[int, int]()
    counter = np.full(len(plan), NONE, dtype=np.int64)
    may_count = np.array([any(_counts(v.price) for v in one.versions) for one, _, _ in plans], dtype=np.bool_)
    lines, starts, quantities = (records[name] for name in ("subscriber_id", "started_ms", "quantity"))
    for row in np.flatnonzero(may_count[plan]).tolist() if len(plans) else ():
        (one, usage_class, _), start_ms = plans[plan[row]], starts[row]
        version = one.number_at(start_ms)
        if version >= 0 and _counts(one.versions[version].price):
            month_ms = cycle_at(start_ms, rules.catalogue.zone).start_ms
            counter[row] = numbers.setdefault((lines[row], one.versions[version].price_id, month_ms), len(numbers))
            sums[int(counter[row])] += quantities[row]
            most[int(counter[row])] = MOST_COUNTED * LARGEST[usage_class]
    known = pl.DataFrame(list(numbers), schema=[(name, USED_SCHEMA[name]) for name in COUNTED], orient="row")
    more = [min(sums[number], INT64_MOST) for number in range(len(numbers))]
    limits = [most[number] for number in range(len(numbers))]
    return counter, known.with_columns(pl.Series("more", more, pl.Int64), pl.Series("most", limits, pl.Int64))


def _counts(price: UsagePrice | None) -> bool:
    return price is not None and price.counts_a_month


def _span(records: pl.DataFrame) -> Period:
    """All the time that the records may touch."""
    if not records.height:
        return Period(0, DAY_MS)
    length = pl.when(pl.col("class").is_in(TIMED)).then("quantity").otherwise(0)
    ends = (pl.col("started_ms") + length).max().alias("ends_ms")
    start_ms, end_ms = records.select(pl.col("started_ms").min(), ends).row(0)
    return Period(start_ms, end_ms + 1)

