"""(d) A kernel for this one tariff, compiled by numba: all that can be known beforehand is."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numba import njit

from ossbss.contract.units import DAY_MS, HOUR_MS
from tests.benchmarks.rating_rivals.dataset import CLASSES, PLANS, ZONES
from tests.benchmarks.rating_rivals.tariff import (
    ALLOWANCES,
    DAY_FROM_HOUR,
    DAY_UNTIL_HOUR,
    MONTH_ENDS_MS,
    NIGHT_PRICE,
    OFFSET_MS,
    PRICE,
)

FIRST_ENDS_MS, SECOND_ENDS_MS = MONTH_ENDS_MS
DAY_FROM_MS, DAY_UNTIL_MS = DAY_FROM_HOUR * HOUR_MS, DAY_UNTIL_HOUR * HOUR_MS
VOICE, SMS, DATA = range(3)
ON_NET, ABROAD = 0, 2
PRICES = np.array([[PRICE.get((name, zone), 0) for zone in ZONES] for name in CLASSES], dtype=np.int64)
ALLOWED = np.array([[ALLOWANCES.get(plan, {}).get(name, 0) for name in ("voice", "data")] for plan in PLANS])


class Columns(NamedTuple):
    """Records in order of line, time and id; ``key``: plan × 9 + class × 3 + zone."""

    line: np.ndarray
    key: np.ndarray
    start_ms: np.ndarray
    quantity: np.ndarray


@njit(cache=True, error_model="numpy")
def kernel(columns, prices, allowed, amount_micros, free):
    """Fills the last two, record by record."""
    minutes, minutes_after, data, month, line = 0, 0, 0, -1, -1
    for row in range(len(columns.line)):
        start_ms, quantity, key = columns.start_ms[row], columns.quantity[row], np.int64(columns.key[row])
        plan, kind, zone = key // 9, key // 3 % 3, key % 3
        here = 0 if start_ms < FIRST_ENDS_MS else 1
        if columns.line[row] != line:
            minutes = minutes_after = allowed[plan, 0]
            data, month, line = allowed[plan, 1], here, columns.line[row]
        elif here != month:
            minutes, minutes_after, data, month = minutes_after, allowed[plan, 0], allowed[plan, 1], here
        is_covered = plan > 0 and zone != ABROAD
        if kind == SMS:
            free[row] = quantity if is_covered else 0
            amount_micros[row] = 0 if is_covered else quantity * prices[SMS, zone]
        elif kind == DATA:
            pulses = (quantity + 99_999) // 100_000
            taken = min(pulses, data)
            data -= taken
            free[row] = min(taken * 100_000, quantity)
            amount_micros[row] = (pulses - taken) * prices[DATA, 0]
        else:
            inside = quantity
            if is_covered:
                inside = min(quantity, (FIRST_ENDS_MS if here == 0 else SECOND_ENDS_MS) - start_ms)
            pulses, taken = (inside + 999) // 1000, 0
            if is_covered:
                taken = min(pulses, minutes)
                minutes -= taken
            paid, covered = pulses - taken, min(taken * 1000, inside)
            if inside < quantity:
                pulses = (quantity - inside + 999) // 1000
                taken = min(pulses, minutes_after)
                minutes_after -= taken
                paid, covered = paid + pulses - taken, covered + min(taken * 1000, quantity - inside)
            price = prices[VOICE, zone]
            if zone == ON_NET:
                local_ms = (start_ms + OFFSET_MS) % DAY_MS
                price = price if DAY_FROM_MS <= local_ms < DAY_UNTIL_MS else NIGHT_PRICE
            free[row] = covered
            amount_micros[row] = (2 * paid * price + 60) // 120


def columns_of(usage: pl.DataFrame) -> tuple[Columns, np.ndarray]:
    """Texts as numbers, in order of line, time and id; and that order."""
    line = usage["subscriber_id"].cast(pl.Categorical).to_physical().to_numpy()
    plan, kind, zone = (
        usage[name].cast(pl.Enum(values)).to_physical().to_numpy()
        for name, values in (("offering_id", PLANS), ("class", CLASSES), ("zone", ZONES))
    )
    key = plan * np.uint8(9) + kind * np.uint8(3) + zone
    by_time = np.argsort(usage["started_ms"].to_numpy(), kind="stable")  # ids count up
    order = by_time[np.argsort(line.astype(np.uint16)[by_time], kind="stable")]
    order = order[np.argsort((line >> 16).astype(np.uint16)[order], kind="stable")]  # by digits: numpy's sort of 16 bits
    start_ms, quantity = usage["started_ms"].to_numpy()[order], usage["quantity"].to_numpy()[order]
    return Columns(line[order], key[order], start_ms, quantity), order


def rated_columns(columns: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Amounts, and units for nothing."""
    amount_micros, free = np.empty(len(columns.line), np.int64), np.empty(len(columns.line), np.int64)
    kernel(columns, PRICES, ALLOWED, amount_micros, free)
    return amount_micros, free


def rated(usage: pl.DataFrame) -> pl.DataFrame:
    """usage_id, amount_micros, free, in the order of the records."""
    columns, order = columns_of(usage)
    found = []
    for values in rated_columns(columns):
        placed = np.empty_like(values)
        placed[order] = values
        found.append(placed)
    return pl.DataFrame({"usage_id": usage["usage_id"], "amount_micros": found[0], "free": found[1]})
