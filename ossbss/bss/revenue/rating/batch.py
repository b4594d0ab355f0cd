"""The batch executor: the same rules over columns of integers, as fast as the machine adds."""

import numpy as np
import polars as pl

from ossbss.bss.revenue.charging.by_quantity import Used
from ossbss.bss.revenue.charging.rules import RuleSet
from ossbss.bss.revenue.rating.columns import MODES, Priced, RoundTo, State
from ossbss.bss.revenue.rating.memory import NOTHING_YET, Memory
from ossbss.bss.revenue.rating.prepare import Prepared, prepare, state_of
from ossbss.bss.revenue.rating.tables import tables
from ossbss.bss.revenue.rating.timetables import time_tables
from ossbss.bss.revenue.rating.walk import walk


def rate(
    usage: pl.DataFrame, entitled: pl.DataFrame, rules: RuleSet, before: Memory = NOTHING_YET
) -> tuple[pl.DataFrame, Memory]:
    """Records in order of account, time and id, and what is remembered after them.

    ``usage``: the columns that ``scalar.rate`` reads. They come back with ``amount_micros``, ``fee_micros``, ``free``
    (units that allowances covered) and ``is_priced``.
    """
    prepared = prepare(usage, entitled, rules)
    state = state_of(prepared, rules, before)
    found = run(prepared, state, rules)
    columns = [
        pl.Series("amount_micros", found.amount_micros),
        pl.Series("fee_micros", found.fee_micros),
        pl.Series("free", found.free),
        pl.Series("is_priced", found.is_priced.astype(np.bool_)),
    ]
    return prepared.records.with_columns(columns), _remembered(prepared, state, before)


def run(prepared: Prepared, state: State, rules: RuleSet) -> Priced:
    """Rate what is prepared; ``state`` moves."""
    plans, specs, timetables = tables(prepared.plans, rules.sold)
    times = time_tables(timetables, prepared.span)
    rounding = rules.catalogue.rounding.charge.at("charge")
    to = RoundTo(MODES.index(rounding.mode), rounding.step_micros)
    found = Priced(*(np.zeros(prepared.records.height, dtype=np.int64) for _ in Priced._fields))
    walk(plans, specs, times, prepared.usage, prepared.entitled, state, to, found)
    return found


def _remembered(prepared: Prepared, state: State, before: Memory) -> Memory:
    names = prepared.entitlements["entitlement_id"].to_list()
    left = dict(zip(names, state.left.tolist(), strict=True))
    settled = {name for name, done in zip(names, state.is_settled.tolist(), strict=True) if done}
    counts = zip(prepared.counted, state.counted.tolist(), state.events.tolist(), strict=True)
    used = {key: Used(quantity, events) for key, quantity, events in counts if events}
    return Memory({**before.left, **left}, before.settled | settled, {**before.used, **used})
