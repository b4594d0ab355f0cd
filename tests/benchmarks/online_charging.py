"""An hour of online charging at one barrier: 100,000 requests of 20,000 prepaid wallets, in order of time.

The tariff is that of the tests' prepaid shop. Half of the wallets have two bundles; of the requests 30 % are calls, 30 %
data and 33 % messages, the rest top-ups and purchases; wallets have money for nearly all. ``clear`` is the same hour
with every session through ``charge``, the clear executor, and must give the same grants. Seconds are of the process.
"""

from collections.abc import Callable
from functools import partial
from time import process_time
from unittest.mock import patch

import numpy as np
import polars as pl

from ossbss.bss.revenue.charging import holdings
from ossbss.bss.revenue.charging.answers import Line
from ossbss.bss.revenue.charging.online import Charging
from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA
from ossbss.contract.units import HOUR_MS, micros
from tests.benchmarks.harness import Result, interleaved
from tests.bss.charging.prepaid_shop import NOON, RULES

REQUESTS, WALLETS = 100_000, 20_000
KINDS = {"topup": 0.04, "purchase": 0.03, "voice": 0.3, "data": 0.3, "sms": 0.33}
UP_TO = {"voice": 300_000, "data": 5_000_000, "sms": 1}


def hour(requests: int, wallets: int) -> pl.DataFrame:
    """CHARGING_REQUESTS_SCHEMA."""
    chance = np.random.default_rng(1)
    kinds = chance.choice(list(KINDS), requests, p=list(KINDS.values()))
    lines, times = chance.integers(0, wallets, requests), NOON + chance.integers(0, HOUR_MS, requests)
    sizes = chance.random(requests)
    rows = [_row(no, str(kinds[no]), f"line-{lines[no]}", int(times[no]), sizes[no]) for no in range(requests)]
    return pl.DataFrame(rows, schema=CHARGING_REQUESTS_SCHEMA, orient="row")


def _row(no: int, kind: str, line: str, at_ms: int, size: float) -> tuple[object, ...]:
    if kind == "topup":
        return (no, line, kind, None, None, None, at_ms, None, None, micros(50), None)
    if kind == "purchase":
        return (no, line, kind, None, None, None, at_ms, None, None, None, "talk")
    return (no, line, "usage", kind, "on_net", None, at_ms, 1 + int(size * (UP_TO[kind] - 1)), None, None, None)


def door(wallets: int) -> Charging:
    """Each wallet with money, every second one with bundles."""
    charging = Charging(RULES, [Line(f"line-{no}", f"wallet-{no}", "payg") for no in range(wallets)])
    rows = [_row(no, "topup", f"line-{no}", NOON - HOUR_MS, 0) for no in range(wallets)]
    rows += [
        (wallets + no, f"line-{no}", "purchase", None, None, None, NOON - HOUR_MS, None, None, None, bundle)
        for no in range(0, wallets, 2) for bundle in ("talk", "data-day")
    ]  # fmt: skip
    charging.grant(pl.DataFrame(rows, schema=CHARGING_REQUESTS_SCHEMA, orient="row"))
    return charging


def measure(repetitions: int, requests: int = REQUESTS, wallets: int = WALLETS) -> Result:
    asked = hour(requests, wallets).with_columns(pl.col("request_id") + 10 * wallets)

    def quick() -> Callable[[], pl.DataFrame]:
        return partial(door(wallets).grant, asked)

    def clear() -> Callable[[], pl.DataFrame]:
        charging = door(wallets)

        def work() -> pl.DataFrame:
            with patch.object(holdings, "quick_charge", lambda *_: None):
                return charging.grant(asked)

        return work

    grants = quick()()
    assert grants.equals(clear()())
    seconds = interleaved({"quick": quick, "clear": clear}, repetitions, process_time)
    figures = {"requests": requests, "wallets": wallets, "full_rate": (grants["outcome"] == "full").mean()}
    figures |= {f"{name}_requests_per_s": requests / taken for name, taken in seconds.items()}
    return Result("online_charging", figures, {"clear_over_quick": seconds["clear"] / seconds["quick"]}, repetitions)
