"""(c) DuckDB: the same running sum as a window function."""

from typing import Any

import polars as pl

from ossbss.contract.units import DAY_MS, HOUR_MS
from tests.benchmarks.rating_rivals.tariff import (
    ALLOWANCES,
    DAY_FROM_HOUR,
    DAY_UNTIL_HOUR,
    MONTH_ENDS_MS,
    NIGHT_PRICE,
    OFFSET_MS,
    PRICE,
    PULSE,
)

HOUR = f"((started_ms + {OFFSET_MS}) % {DAY_MS}) // {HOUR_MS}"
PER_CLASS = f"""CASE class WHEN 'voice' THEN {PULSE["voice"]} WHEN 'sms' THEN {PULSE["sms"]} ELSE {PULSE["data"]} END"""
PER_PULSE = f"""CASE class
    WHEN 'voice' THEN CASE
        WHEN zone = 'international' THEN {PRICE["voice", "international"]}
        WHEN zone = 'on_net' AND ({HOUR} < {DAY_FROM_HOUR} OR {HOUR} >= {DAY_UNTIL_HOUR}) THEN {NIGHT_PRICE}
        ELSE {PRICE["voice", "on_net"]} END
    WHEN 'sms' THEN CASE WHEN zone = 'international' THEN {PRICE["sms", "international"]}
        ELSE {PRICE["sms", "on_net"]} END
    ELSE {PRICE["data", "on_net"]} END"""
ALLOWED = "CASE offering_id " + " ".join(
    f"WHEN '{offering}' THEN CASE class WHEN 'voice' THEN {own['voice']} ELSE {own['data']} END"
    for offering, own in ALLOWANCES.items()
) + " ELSE 0 END"  # fmt: skip
MONTH = f"CASE WHEN started_ms < {MONTH_ENDS_MS[0]} THEN 0 ELSE 1 END"
ENDS = f"CASE WHEN started_ms < {MONTH_ENDS_MS[0]} THEN {MONTH_ENDS_MS[0]} ELSE {MONTH_ENDS_MS[1]} END"
IS_COUNTED = "offering_id <> 'payg' AND zone <> 'international' AND class <> 'sms'"
IS_FREE = "(offering_id <> 'payg' AND zone <> 'international')"
QUERY = f"""
WITH priced AS (
    SELECT usage_id, subscriber_id, offering_id, class, zone, started_ms, quantity, {MONTH} AS month,
        {ENDS} - started_ms AS inside, ({PER_CLASS})::BIGINT AS pulse, ({PER_PULSE})::BIGINT AS price
    FROM usage
), counted AS (
    SELECT *, class = 'voice' AND quantity > inside AS is_over FROM priced WHERE {IS_COUNTED}
), parts AS (
    SELECT usage_id, subscriber_id, offering_id, class, started_ms, price, pulse, is_over, month,
        CASE WHEN is_over THEN inside ELSE quantity END AS quantity
    FROM counted
    UNION ALL
    SELECT usage_id, subscriber_id, offering_id, class, started_ms, price, pulse, is_over, month + 1, quantity - inside
    FROM counted WHERE is_over
), wanted AS (
    SELECT *, (quantity + pulse - 1) // pulse AS pulses FROM parts
), taken AS (
    SELECT *, greatest(0, least(pulses, ({ALLOWED})::BIGINT - coalesce(sum(pulses) OVER (
        PARTITION BY subscriber_id, class, month
        ORDER BY started_ms, usage_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::BIGINT)) AS used
    FROM wanted
), paid AS (
    SELECT usage_id, class, price, is_over, pulses - used AS paid, least(used * pulse, quantity) AS free FROM taken
), joined AS (
    SELECT usage_id, class, price, paid, free FROM paid WHERE NOT is_over
    UNION ALL
    SELECT usage_id, any_value(class), any_value(price), sum(paid)::BIGINT, sum(free)::BIGINT
    FROM paid WHERE is_over GROUP BY usage_id
    UNION ALL
    SELECT usage_id, class, price, CASE WHEN {IS_FREE} THEN 0 ELSE (quantity + pulse - 1) // pulse END,
        CASE WHEN {IS_FREE} THEN quantity ELSE 0 END
    FROM priced WHERE NOT ({IS_COUNTED})
)
SELECT usage_id,
    CASE class WHEN 'voice' THEN (2 * paid * price + 60) // 120 ELSE paid * price END AS amount_micros, free
FROM joined
"""


def connection() -> Any:
    import duckdb  # of the extra bench

    opened = duckdb.connect(config={"preserve_insertion_order": False})
    opened.execute("SET enable_progress_bar = false")
    return opened


def rated(database: Any, usage: pl.DataFrame) -> pl.DataFrame:
    """usage_id, amount_micros, free, in some order."""
    database.register("usage", usage.to_arrow())
    found = database.sql(QUERY).pl()
    database.unregister("usage")
    return found


def load(database: Any, usage: pl.DataFrame) -> None:
    """The records as a table of its own."""
    database.register("given", usage.to_arrow())
    database.execute("CREATE OR REPLACE TABLE usage AS SELECT * FROM given")
    database.unregister("given")


def rated_table(database: Any) -> pl.DataFrame:
    return database.sql(QUERY).pl()
