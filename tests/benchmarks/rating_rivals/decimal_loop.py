"""(a) A plain loop over records with ``Decimal`` money: what a careful person writes first."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter

import polars as pl

from ossbss.contract.units import DAY_MS, HOUR_MS
from tests.benchmarks.rating_rivals.tariff import (
    ALLOWANCES,
    DAY_FROM_HOUR,
    DAY_UNTIL_HOUR,
    DIVISOR,
    MONTH_ENDS_MS,
    NIGHT_PRICE,
    OFFSET_MS,
    PRICE,
    PULSE,
)

Row = tuple[str, int, int, str, str, str, int]
COLUMNS = ("subscriber_id", "started_ms", "usage_id", "offering_id", "class", "zone", "quantity")
MICRO = Decimal("0.000001")
PER_PULSE = {key: Decimal(price) / 10**6 / DIVISOR[key[0]] for key, price in PRICE.items()}
NIGHT = Decimal(NIGHT_PRICE) / 10**6 / 60


def rows_of(usage: pl.DataFrame) -> list[Row]:
    """In order of subscriber, time and id."""
    return sorted(usage.select(COLUMNS).iter_rows(), key=itemgetter(0, 1, 2))


def rated(rows: Iterable[Row]) -> list[tuple[int, Decimal, int]]:
    """(usage_id, amount, units for nothing) of rows in order."""
    left: dict[tuple[str, str, int], int] = {}
    found = []
    for line, start_ms, usage_id, offering, usage_class, zone, quantity in rows:
        allowed = ALLOWANCES.get(offering) if zone != "international" else None
        if usage_class == "sms":
            paid, free = (quantity, 0) if allowed is None else (0, quantity)
        elif allowed is None:
            paid, free = -(-quantity // PULSE[usage_class]), 0
        else:
            paid, free = 0, 0
            for month, part in _parts(start_ms, usage_class, quantity):
                key = (line, usage_class, month)
                pulses, pulse = -(-part // PULSE[usage_class]), PULSE[usage_class]
                have = left.get(key, allowed[usage_class])
                taken = min(have, pulses)
                left[key] = have - taken
                free += min(taken * pulse, part)
                paid += pulses - taken
        price = PER_PULSE[usage_class, zone]
        if usage_class == "voice" and zone == "on_net" and _is_night(start_ms):
            price = NIGHT
        amount = (paid * price).quantize(MICRO, ROUND_HALF_UP) if paid else Decimal(0)
        found.append((usage_id, amount, free))
    return found


def _parts(start_ms: int, usage_class: str, quantity: int) -> Sequence[tuple[int, int]]:
    """(month, quantity) of what of a session lies in each month."""
    month = sum(start_ms >= end for end in MONTH_ENDS_MS)
    ends_ms = MONTH_ENDS_MS[month]
    if usage_class != "voice" or start_ms + quantity <= ends_ms:
        return ((month, quantity),)
    return ((month, ends_ms - start_ms), (month + 1, quantity - (ends_ms - start_ms)))


def _is_night(start_ms: int) -> bool:
    hour = (start_ms + OFFSET_MS) % DAY_MS // HOUR_MS
    return not DAY_FROM_HOUR <= hour < DAY_UNTIL_HOUR


def frame_of(found: list[tuple[int, Decimal, int]]) -> pl.DataFrame:
    """usage_id, amount_micros, free."""
    rows = [(usage_id, int(amount * 10**6), free) for usage_id, amount, free in found]
    return pl.DataFrame(rows, schema=["usage_id", "amount_micros", "free"], orient="row")
