"""Two months of usage of the shipped price list shillings-a: what every rival of the benchmark of rating is given.

Shares, lengths and volumes are assumptions, chosen so that all happens that the price list can tell apart: four plans,
day and night, three zones, allowances that last and such that end in the middle of a session, calls over the end of a
month. Lines differ in how much they do, lognormally. Half of the postpaid lines share an account with another one (but
no allowance: the list has none that is shared). Records come as elements write them: files of one day and one element,
each in order of time, stamped to the second; so they are nearly in order of time, and never in order of subscribers.
"""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from ossbss.bss.customer.accounts import ACCOUNTS_SCHEMA
from ossbss.contract.units import DAY_MS, SECOND_MS
from sim.world.streams import Streams

NAIROBI = ZoneInfo("Africa/Nairobi")
STARTS_MS, SECOND_MONTH_MS, ENDS_MS = (
    int(datetime(2024, month, 1, tzinfo=NAIROBI).timestamp()) * 1000 for month in (4, 5, 6)
)
PLANS = ("payg", "postpay-s", "postpay-m", "postpay-l")
PLAN_SHARES = (0.6, 0.2, 0.12, 0.08)
CLASSES = ("voice", "sms", "data")
CLASS_SHARES = (0.45, 0.25, 0.3)
ZONES = ("on_net", "off_net", "international")
ZONE_SHARES = (0.7, 0.25, 0.05)
ELEMENTS = 4
CALL_MEDIAN_MS, CALL_SIGMA = 150_000, 1.2
SESSION_OCTETS = 400_000_000
ACTIVITY_SIGMA = 0.9


@dataclass(frozen=True, eq=False)
class Dataset:
    """``usage``: what ``batch.rate`` reads, in order of coming, numbered in it; ``accounts``: ACCOUNTS_SCHEMA."""

    usage: pl.DataFrame
    accounts: pl.DataFrame


def dataset(records: int, subscribers: int) -> Dataset:
    rng = Streams(1).get(f"benchmark/rating/{subscribers}/{records}")
    plan = rng.choice(len(PLANS), subscribers, p=PLAN_SHARES)
    lines = pl.DataFrame({
        "subscriber_id": [f"254{700_000_000 + number}" for number in range(subscribers)],
        "account_id": [f"A{number}" for number in _payers(plan)],
        "offering_id": np.array(PLANS)[plan],
    })  # fmt: skip
    drawn = _drawn(records, subscribers, rng)
    usage = lines[drawn.pop("who")].with_columns(**{name: pl.Series(values) for name, values in drawn.items()})
    day = (pl.col("started_ms") - STARTS_MS) // DAY_MS
    usage = usage.sort(day, "element", "started_ms").drop("element").with_columns(
        pl.int_range(1, records + 1, dtype=pl.Int64).alias("usage_id"), pl.lit(1, dtype=pl.Int64).alias("leg")
    )
    terms = lines.with_columns(
        pl.col("subscriber_id").alias("service_id"), pl.lit(0, dtype=pl.Int64).alias("valid_from_ms"),
        pl.lit(None, dtype=pl.Int64).alias("valid_until_ms"),
        pl.lit("postpaid").alias("payment"),
    )  # fmt: skip
    return Dataset(usage, terms.select(*ACCOUNTS_SCHEMA))


def _payers(plan: np.ndarray) -> np.ndarray:
    """Of every fourth and the next line, where both are postpaid, the account is the same."""
    numbers = np.arange(len(plan))
    together = (numbers % 4 == 1) & (plan > 0) & (np.roll(plan, 1) > 0)
    return numbers - together


def _drawn(records: int, subscribers: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    activity = rng.lognormal(0, ACTIVITY_SIGMA, subscribers)
    code = rng.choice(len(CLASSES), records, p=CLASS_SHARES)
    zone = np.where(code == CLASSES.index("data"), 0, rng.choice(len(ZONES), records, p=ZONE_SHARES))
    octets = np.maximum(1, rng.exponential(SESSION_OCTETS, records)).astype(np.int64)
    calls_ms = np.maximum(1, rng.lognormal(np.log(CALL_MEDIAN_MS), CALL_SIGMA, records)).astype(np.int64)
    return {
        "who": rng.choice(subscribers, records, p=activity / activity.sum()),
        "class": np.array(CLASSES)[code],
        "zone": np.array(ZONES)[zone],
        "started_ms": rng.integers(STARTS_MS // SECOND_MS, ENDS_MS // SECOND_MS, records) * SECOND_MS,
        "quantity": np.choose(code, [calls_ms, rng.integers(1, 4, records), octets]),
        "element": rng.integers(0, ELEMENTS, records),
    }
