"""Usage that was prepared once, rated again: from nothing, and by another price list with its allowances.

The records are those of ``rating``. ``from_nothing``: the same rules, all allowances and counters as new; ``other_list``:
prices of calls doubled and allowances halved, so that all tables and what accounts have are made anew. ``difference``:
and the difference to what was rated before, summed for the ledger. The text ids of entitlements, one for each line,
month and allowance, cost more than all that: ``entitlements_s``, made once for a list, is told apart.
"""

from collections.abc import Callable
from functools import partial
from time import process_time

import polars as pl

from ossbss.bss.product.catalogue import read_catalogue
from ossbss.bss.product.shipped import catalogue_file
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating import batch
from ossbss.bss.revenue.rating.memory import NOTHING_YET
from ossbss.bss.revenue.rating.prepare import by_rules, prepare_for_any, state_of
from ossbss.bss.revenue.rating.rerate import rerate_prepared
from tests.benchmarks.harness import Result, interleaved
from tests.benchmarks.rating import RECORDS, SUBSCRIBERS, entitled_of
from tests.benchmarks.rating_rivals import dataset


def other_rules() -> RuleSet:
    text = catalogue_file("shillings-a").read_text(encoding="utf-8")
    for old, new in (("4.87", "9.74"), ("2.50", "5"), ("400 min", "200 min"), ("1000 min", "500 min"), ("5 GB", "2 GB")):
        text = text.replace(old, new)
    return RuleSet(read_catalogue(text, "other"))


def measure(repetitions: int, records: int = RECORDS, subscribers: int = SUBSCRIBERS) -> Result:
    data = dataset.dataset(records, subscribers)
    rules, other = RuleSet(read_catalogue(catalogue_file("shillings-a").read_text("utf-8"), "shillings-a")), other_rules()
    given, lines = prepare_for_any(data.usage), data.usage["subscriber_id"]
    began = process_time()
    entitled = entitled_of(data.accounts, rules)
    entitlements_s = process_time() - began
    prepared, others = by_rules(given, lines, entitled, rules), entitled_of(data.accounts, other)
    before = batch.run(prepared, *state_of(prepared, NOTHING_YET), rules).amount_micros
    right = batch.rate(data.usage, others, other)[0]["amount_micros"]

    def by_others() -> None:
        again = by_rules(given, lines, others, other)
        found = batch.run(again, *state_of(again, NOTHING_YET), other)
        assert found.amount_micros.sum() == right.sum()

    def with_difference() -> None:
        again = by_rules(given, lines, others, other)
        differ: pl.DataFrame = rerate_prepared(again, before, other, NOTHING_YET)[1]
        assert differ["amount_micros"].sum() == right.sum() - before.sum()

    works: dict[str, Callable[[], object]] = {
        "from_nothing": lambda: batch.run(prepared, *state_of(prepared, NOTHING_YET), rules),
        "other_list": by_others,
        "other_list_and_difference": with_difference,
    }
    seconds = interleaved({name: partial(_ready, work) for name, work in works.items()}, repetitions, process_time)
    figures: dict[str, float] = {"records": records, "subscribers": subscribers, "entitlements": entitled.height}
    figures |= {"entitlements_s": entitlements_s}
    figures |= {f"{name}_records_per_s": records / taken for name, taken in seconds.items()}
    ratios = {f"{name}_over_from_nothing_s": seconds[name] / seconds["from_nothing"] for name in list(works)[1:]}
    return Result("rerating", figures, ratios, repetitions)


def _ready(work: Callable[[], object]) -> Callable[[], object]:
    return work
