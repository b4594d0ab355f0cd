"""What charging did, for the books: every request with its answer, and what of it the ledger posts.

CHARGES_SCHEMA, one row an answer, in the order in which they were given:

| column | dtype | meaning |
|---|---|---|
| batch_id | String | the barrier, or the rating run, that asked |
| request_id, subscriber_id, kind, class, zone, at_ms, quantity, used, offering_id | | as asked |
| account_id | String | whose wallet; null: of a line that has none |
| granted, outcome, reason, amount_micros, fee_micros, balance_micros | | as answered |
| leaked, leaked_micros | Int64 | what was used and nothing pays, and what it would have cost |
| is_late | Boolean | charged when its record came, for charging had not been asked |

A session that fell silent has a row of kind ``session_timed_out`` with what it cost.
"""

from collections.abc import Mapping

import polars as pl

from ossbss.bss.revenue.charging.sessions import TIMED_OUT
from ossbss.bss.revenue.rating.entitlements import PURCHASES_SCHEMA
from ossbss.contract.charging import CHARGING_LATE_SCHEMA, CHARGING_REQUESTS_SCHEMA

_ASKED = ("subscriber_id", "kind", "class", "zone", "at_ms", "quantity", "used", "offering_id")
CHARGES_SCHEMA: dict[str, type[pl.DataType]] = {
    "batch_id": pl.String,
    "request_id": pl.Int64,
    **{name: CHARGING_REQUESTS_SCHEMA[name] for name in _ASKED},
    "account_id": pl.String,
    **{name: dtype for name, dtype in CHARGING_LATE_SCHEMA.items() if name != "request_id"},
    "is_late": pl.Boolean,
}
PAYING = ("usage", "session_end", TIMED_OUT)
"""kinds whose amount is what usage cost"""
SPENDING = (*PAYING, "purchase")
"""kinds whose amount a wallet has lost"""
LIABILITY, CASH, ADVANCES, BONUSES = "prepaid_liability", "cash", "advances", "revenue:top_up_bonus"
ENTRIES: Mapping[str, tuple[str, str]] = {
    "topped_up": (CASH, LIABILITY),
    "repaid": (CASH, ADVANCES),
    "bonus": (BONUSES, LIABILITY),
    "bonus_lapsed": (LIABILITY, BONUSES),
    "lent": (ADVANCES, LIABILITY),
    "advance_fee": (ADVANCES, "revenue:advance_fees"),
    "purchased": (LIABILITY, "revenue:bundles"),
}
"""Event → the accounts that are debited and credited."""


def charges(
    requests: pl.DataFrame, answers: pl.DataFrame, events: pl.DataFrame, wallets: Mapping[str, str], batch_id: str
) -> pl.DataFrame:
    """``requests``, ``answers``: row by row, CHARGING_REQUESTS_SCHEMA and CHARGING_GRANTS_SCHEMA or, late,
    CHARGING_LATE_SCHEMA; ``events``: CHARGING_EVENTS_SCHEMA; ``wallets``: line → wallet."""
    is_late = "leaked" in answers.columns
    late = [] if is_late else [pl.lit(0, dtype=pl.Int64).alias(name) for name in ("leaked", "leaked_micros")]
    asked = requests.drop("amount_micros", "request_id")
    told = pl.concat([asked, answers.with_columns(late)], how="horizontal").with_columns(
        pl.col("subscriber_id").replace_strict(wallets, default=None, return_dtype=pl.String).alias("account_id"),
        pl.lit(batch_id).alias("batch_id"),
        pl.lit(is_late).alias("is_late"),
    )
    return pl.concat([told.select(*CHARGES_SCHEMA), _timed_out(events, batch_id)])


def purchases(done: pl.DataFrame) -> pl.DataFrame:
    """PURCHASES_SCHEMA: the bundles that wallets paid, in the order of ``done`` (CHARGES_SCHEMA)."""
    is_bought = (pl.col("kind") == "purchase") & (pl.col("outcome") == "full") & pl.col("account_id").is_not_null()
    return done.filter(is_bought).rename({"at_ms": "bought_ms"}).select(*PURCHASES_SCHEMA)


def postings(done: pl.DataFrame, events: pl.DataFrame, batch_id: str) -> pl.DataFrame:
    """Rows of (account, party, amount_micros, cause), one set a wallet.

    ``done``: CHARGES_SCHEMA; ``events``: CHARGING_EVENTS_SCHEMA.
    """
    used = done.filter(pl.col("kind").is_in(PAYING) & (pl.col("amount_micros") != 0)).select(
        pl.col("account_id").alias("party"), pl.lit(LIABILITY).alias("debited"),
        pl.format("revenue:usage:{}", pl.col("class").fill_null("unfinished")).alias("credited"), "amount_micros",
    )  # fmt: skip
    kinds = {place: {kind: pair[place] for kind, pair in ENTRIES.items()} for place in (0, 1)}
    moved = events.filter(pl.col("kind").is_in(list(ENTRIES)) & (pl.col("amount_micros") != 0)).select(
        pl.col("wallet_id").alias("party"),
        pl.col("kind").replace_strict(kinds[0], return_dtype=pl.String).alias("debited"),
        pl.col("kind").replace_strict(kinds[1], return_dtype=pl.String).alias("credited"),
        "amount_micros",
    )
    both = pl.concat([used, moved]).group_by("party", "debited", "credited").agg(pl.col("amount_micros").sum())
    ordered, cause = both.sort("party", "debited", "credited"), pl.format("{}/{}", pl.lit(batch_id), "party")
    sides = [
        ordered.select(pl.col(side).alias("account"), "party", pl.col("amount_micros") * sign, cause.alias("cause"))
        for side, sign in (("debited", 1), ("credited", -1))
    ]
    whole = pl.concat(sides).group_by("account", "party", "cause").agg(pl.col("amount_micros").sum())
    return whole.sort("cause", "account").select("account", "party", "amount_micros", "cause")


def _timed_out(events: pl.DataFrame, batch_id: str) -> pl.DataFrame:
    silent = events.filter(pl.col("kind") == TIMED_OUT)
    given = silent.select(
        pl.lit(batch_id).alias("batch_id"), pl.col("subject").cast(pl.Int64).alias("request_id"),
        pl.lit(TIMED_OUT).alias("kind"), "at_ms", pl.col("wallet_id").alias("account_id"),
        pl.lit("full").alias("outcome"), "amount_micros", pl.lit(0, dtype=pl.Int64).alias("fee_micros"),
        pl.lit(False).alias("is_late"),
    )  # fmt: skip
    return pl.concat([pl.DataFrame(schema=CHARGES_SCHEMA), given], how="diagonal")
