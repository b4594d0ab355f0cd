"""What prepaid use asks of charging, and what the answers leave of it.

What begins and ends within an hour is one request for all that the network carried of it. What goes on over the end of
an hour is a session: each hour it asks for what the network carries of it in that hour, no more, and first tells what
it used of the hour before; so nothing is held ahead of use, and a session that charging cuts off ends at the very
instant to which its units last.
"""

import polars as pl

from ossbss.contract.charging import CHARGEABLE_CLASSES
from sim.world.people.credit.requests import requests
from sim.world.people.usage import ATTEMPT_COLUMNS

SESSIONS_SCHEMA: dict[str, type[pl.DataType]] = {
    "intent_id": pl.Int64, "granted_before": pl.Int64, "unreported": pl.Int64, "is_open": pl.Boolean,
}  # fmt: skip
"""Of use that goes on: units granted so far; those that charging granted and was not told of yet; whether a session has
begun there."""
ENDS = ("line", "place_id", "subscriber_id", "class", "zone")


class Meter:
    """Keeps the sessions that go on from one hour to the next."""

    def __init__(self, lines: pl.DataFrame) -> None:
        """``lines``: line and subscriber_id of those that pay ahead."""
        self.lines = lines.select("line", "subscriber_id")
        self.sessions = pl.DataFrame(schema=SESSIONS_SCHEMA)
        self._uses = pl.DataFrame()
        """of the hour that is being charged: one row for each use, what it wants, and as what"""

    def wants(self, attempts: pl.DataFrame, begins_ms: int, now_ms: int) -> pl.DataFrame:
        """Requests of the hour that is over (REQUESTS_SCHEMA), for its ``attempts`` as the network carried them."""
        mine = attempts.filter(pl.col("class").is_in(CHARGEABLE_CLASSES)).join(self.lines, on="subscriber_id")
        mine = mine.join(self.sessions, on="intent_id", how="left").with_columns(
            pl.col("granted_before", "unreported").fill_null(0), pl.col("is_open").fill_null(False),
            (pl.col("outcome") == "in_progress").alias("goes_on"),
            pl.max_horizontal("started_ms", pl.lit(begins_ms)).alias("from_ms"),
            pl.min_horizontal("ended_ms", pl.lit(now_ms)).alias("until_ms"),
        ).filter(pl.col("outcome").is_in(["answered", "in_progress"]) | (pl.col("granted_before") > 0))  # fmt: skip
        wanted = pl.max_horizontal(pl.col("served") - pl.col("granted_before"), 0)
        self._uses = mine.with_columns(wanted.alias("wanted")).with_columns(_kind().alias("kind"))
        asking = self._uses.filter(pl.col("kind").is_not_null())
        return requests(asking.with_columns(
            pl.col("intent_id").alias("request_id"), pl.col("from_ms").alias("at_ms"),
            pl.col("wanted").alias("quantity"),
            pl.when(kind="session_update").then("unreported").alias("used"),
        ))  # fmt: skip

    def cut(self, attempts: pl.DataFrame, answers: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The attempts as the answers to all that ``wants`` asked leave them (columns and order stay), and the sessions
        that are to be ended (REQUESTS_SCHEMA).

        ``answers``: request_id, granted, is_asked. What is granted nothing is refused, or, where charging was out of
        reach, blocked; what is granted less than it wants is cut off (a message is one unit: all or none).
        """
        given = answers.select(pl.col("request_id").alias("intent_id"), "granted", "is_asked")
        uses = self._uses.join(given, on="intent_id", how="left").with_columns(
            pl.min_horizontal(pl.col("granted").fill_null(0), "wanted").alias("granted"),
            pl.col("is_asked").fill_null(False),
        )  # fmt: skip
        uses = _stopped(uses)
        self.sessions = uses.filter(pl.col("goes_on")).select(*SESSIONS_SCHEMA)
        found = uses.select("intent_id", *_CHANGED)
        left = attempts.join(found, on="intent_id", how="left", suffix="_now", maintain_order="left")
        after = left.with_columns(pl.coalesce(f"{name}_now", name).alias(name) for name in _CHANGED)
        return after.select(ATTEMPT_COLUMNS), _ends(uses)


_CHANGED = ("served", "outcome", "dropped", "cut_off", "ended_ms")


def _kind() -> pl.Expr:
    """As what the use of an hour is asked for; null: it is not."""
    goes_on, is_open, wants = pl.col("goes_on"), pl.col("is_open"), pl.col("wanted") > 0
    return (
        pl.when(is_open & (goes_on | wants)).then(pl.lit("session_update"))
        .when(wants & goes_on).then(pl.lit("session_begin"))
        .when(wants).then(pl.lit("usage"))
    )  # fmt: skip


def _stopped(uses: pl.DataFrame) -> pl.DataFrame:
    """Uses after the hour: what they were served in all, where they end, whether they go on, what is unreported."""
    short = pl.col("granted") < pl.col("wanted")
    total = pl.col("granted_before") + pl.col("granted")
    lasted = pl.col("until_ms") - pl.col("from_ms")
    part_ms = (lasted.cast(pl.Int128) * pl.col("granted") // pl.max_horizontal("wanted", 1)).cast(pl.Int64)
    stop_ms = pl.col("from_ms") + part_ms
    nothing = pl.when("is_asked").then(pl.lit("refused")).otherwise(pl.lit("blocked"))
    is_told = (pl.col("kind") == "session_update").fill_null(False) & pl.col("is_asked")
    has_begun = (pl.col("kind") == "session_begin").fill_null(False) & pl.col("is_asked") & (pl.col("granted") > 0)
    of_charging = pl.when("is_asked").then("granted").otherwise(0)
    return uses.with_columns(
        total.alias("served"),
        pl.when(short).then(stop_ms).otherwise("ended_ms").alias("ended_ms"),
        pl.when(short & (total == 0)).then(nothing)
        .when(short | (pl.col("outcome") == "blocked")).then(pl.lit("answered"))
        .otherwise("outcome").alias("outcome"),
        (pl.col("dropped") & ~short).alias("dropped"),
        (short & (total > 0)).alias("cut_off"),
        (pl.col("goes_on") & ~short).alias("goes_on"),
        total.alias("granted_before"),
        (pl.when(is_told).then(0).otherwise("unreported") + of_charging).alias("unreported"),
        (pl.col("is_open") | has_begun).alias("is_open"),
    )  # fmt: skip


def _ends(uses: pl.DataFrame) -> pl.DataFrame:
    """Of sessions that are over: when, and what they used since they last reported."""
    over = uses.filter(pl.col("is_open") & ~pl.col("goes_on"))
    return requests(over.select(
        *ENDS, pl.col("intent_id").alias("request_id"), pl.col("ended_ms").alias("at_ms"),
        pl.lit("session_end").alias("kind"), pl.col("unreported").alias("used"),
    ))  # fmt: skip
