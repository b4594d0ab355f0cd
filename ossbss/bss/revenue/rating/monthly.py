"""Which records count together over a month, at prices that look at how much of it was used before?"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ossbss.bss.product.pricing.amounts import INT64_MOST
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.bss.revenue.charging.plan import Plan
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.cycles import Period, cycle_at
from ossbss.bss.revenue.rating.columns import NONE
from ossbss.bss.revenue.rating.in_order import InOrder
from ossbss.bss.revenue.rating.memory import COUNTED, USED_SCHEMA
from ossbss.bss.revenue.rating.tables import MOST_COUNTED, PlanKey
from ossbss.bss.revenue.rating.timetables import Ints
from ossbss.contract.charging import LARGEST

COUNTED_SCHEMA: dict[str, type[pl.DataType]] = {
    **{name: USED_SCHEMA[name] for name in COUNTED},
    "more": pl.Int64,
    "most": pl.Int64,
}
"""``more``: how much these records have, in units of their class; ``most``: what a month may come to."""


def counters(
    given: InOrder, lines: pl.Series, plans: list[PlanKey], rules: RuleSet
) -> tuple[NDArray[np.int32], pl.DataFrame]:
    """Of each record (of ``given.records``; ``lines``: in the order of the usage) the place of what is counted, NONE
    for none; and COUNTED_SCHEMA by place."""
    found = np.full(len(given.records), NONE, dtype=np.int32)
    rows, price = _counting(given, plans)
    if not len(rows):
        return found, pl.DataFrame(schema=COUNTED_SCHEMA)
    begins = np.array([month.start_ms for month in _months(given.span, rules)])
    starts, plan = given.records.start_ms[rows], given.records.plan[rows]
    most = np.array([MOST_COUNTED * LARGEST[usage_class] for _, usage_class, _ in plans])
    each = pl.DataFrame({
        "subscriber_id": lines.gather(given.order[rows]),
        "price_id": price,
        "month_ms": begins[np.searchsorted(begins, starts, side="right") - 1],
        "more": given.records.quantity[rows],
        "most": most[plan],
    })  # fmt: skip
    more = pl.col("more").cast(pl.Int128).sum().clip(upper_bound=INT64_MOST).cast(pl.Int64)
    known = each.group_by(COUNTED, maintain_order=True).agg(more, pl.col("most").first())
    places = known.select(COUNTED).with_row_index("place")
    found[rows] = each.join(places, on=COUNTED, how="left", maintain_order="left")["place"].to_numpy()
    return found, known.select(*COUNTED_SCHEMA)


def may_count(plans: list[PlanKey]) -> NDArray[np.bool_]:
    """Of each plan whether a version of it has a price that counts over a month."""
    return np.array([any(_counts(version.price) for version in plan.versions) for plan, *_ in plans], dtype=np.bool_)


def _counts(price: UsagePrice | None) -> bool:
    return price is not None and price.counts_a_month


def _counting(given: InOrder, plans: list[PlanKey]) -> tuple[Ints, pl.Series]:
    """Places of the records whose price counts over a month, and the ids of those prices."""
    may = may_count(plans)
    if not may.any():
        return np.empty(0, dtype=np.int64), pl.Series(dtype=pl.String)
    rows = np.flatnonzero(may[given.records.plan])
    ids, number = list[str](), np.full(len(rows), NONE)
    for place in np.flatnonzero(may).tolist():
        own = np.flatnonzero(given.records.plan[rows] == place)
        number[own] = _prices(plans[place][0], given.records.start_ms[rows[own]], ids)
    counted = number != NONE
    return rows[counted], pl.Series(ids, dtype=pl.String).gather(number[counted])


def _prices(plan: Plan, starts: Ints, ids: list[str]) -> Ints:
    """Place in ``ids``, which grow, of the price of each start that counts over a month."""
    versions = plan.versions
    places = [NONE]
    for version in versions:
        places.append(len(ids) if _counts(version.price) else NONE)
        ids.append(version.price_id)
    return np.array(places)[np.searchsorted([version.from_ms for version in versions], starts, side="right")]


def _months(span: Period, rules: RuleSet) -> list[Period]:
    found = [cycle_at(span.start_ms, rules.catalogue.zone)]
    while found[-1].end_ms <= span.end_ms:
        found.append(cycle_at(found[-1].end_ms, rules.catalogue.zone))
    return found
