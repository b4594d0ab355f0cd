"""Prepaid people: what they know of their credit, and what they do about it hour by hour."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import polars as pl

from ossbss.contract.units import DAY_MS, MICROS_PER_UNIT
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.credit.luck import amounts_micros, chance_of_hour, draw_luck
from sim.world.people.credit.requests import REQUESTS_SCHEMA, UNKNOWN_SESSION, USES, requests
from sim.world.people.intents import CLASSES, first_id
from sim.world.streams import Streams

_CODES = {kind: len(CLASSES) + i for i, kind in enumerate(("purchase", "topup", "advance", "opening"))}
"""Kind → its code among the numbers of an hour and place."""
_UNKNOWN = np.iinfo(np.int64).max
"""the balance of a line that nobody has told one"""


class Hour(NamedTuple):
    """``number``: counted from the start of the run; ``day``: any number of the local day."""

    number: int
    begins_ms: int
    local_hour: int
    day: int

    @classmethod
    def of(cls, number: int, begins_ms: int, utc_offset_ms: int) -> "Hour":
        day, since = divmod(begins_ms + utc_offset_ms, DAY_MS)
        return cls(number, begins_ms, since * 24 // DAY_MS, day)


class PrepaidPeople:
    """Lines that pay ahead. What they know is what charging has told them up to the end of the last hour."""

    def __init__(self, places: Mapping[str, pl.DataFrame], habits: PrepaidHabits, streams: Streams) -> None:
        """``places``: place → all its lines (subscriber_id, payment), in the order of the whole run."""
        self.habits, self.streams, self.places = habits, streams, places
        everybody = pl.concat([pl.DataFrame(schema={"subscriber_id": pl.String, "place_id": pl.String}), *(
            of.filter(pl.col("payment") == "prepaid").select("subscriber_id", pl.lit(name).alias("place_id"))
            for name, of in places.items()
        )])  # fmt: skip
        self.lines = everybody.with_row_index("line").with_columns(pl.col("line").cast(pl.Int64))
        """line (its number among these), subscriber_id, place_id"""
        count = self.lines.height
        self.balance_micros = np.full(count, _UNKNOWN)
        self.is_dry = np.zeros(count, dtype=bool)
        """refused or cut off for want of credit, and no credit since"""
        self.ran_dry_now = np.zeros(count, dtype=bool)
        """in the last hour"""
        self.day, self.topped_up_today = 0, np.zeros(count, dtype=np.int64)

    def opening(self, starts_ms: int) -> pl.DataFrame:
        """What everybody has topped up before the run (REQUESTS_SCHEMA)."""
        parts = []
        for place, (name, of) in enumerate(self.places.items()):
            amounts = amounts_micros(of.height, self.habits.opening, self.streams.get(f"prepaid/{name}/opening"))
            number = first_id(0, place, _CODES["opening"]) + np.arange(of.height)
            parts.append(of.select("subscriber_id").with_columns(
                pl.Series("request_id", number), pl.Series("amount_micros", amounts),
                pl.lit(starts_ms).alias("at_ms"), pl.lit("topup").alias("kind"),
            ))  # fmt: skip
        return requests(self._with_line(pl.concat(parts)) if parts else pl.DataFrame(schema=REQUESTS_SCHEMA))

    def acts(self, hour: Hour) -> pl.DataFrame:
        """Top-ups, purchases and advances of an hour (REQUESTS_SCHEMA), by its luck and by what was known before."""
        if hour.day != self.day:
            self.day = hour.day
            self.topped_up_today[:] = 0
        luck = self._luck(hour)
        topping_up = self._wants_to_top_up(luck["tops_up"].to_numpy(), hour.local_hour)
        self.topped_up_today += topping_up
        borrowing = self.ran_dry_now & ~topping_up & (luck["borrows"].to_numpy() * 1000 < self.habits.dry_borrows_milli)
        chosen = {"topup": topping_up, "purchase": luck["buys"].to_numpy(), "advance": borrowing}
        return pl.concat([_done(kind, luck.filter(pl.Series(who, dtype=pl.Boolean)), hour)
                          for kind, who in chosen.items()])  # fmt: skip

    def hear(self, asked: pl.DataFrame, granted: pl.DataFrame) -> None:
        """What charging answered to requests of an hour (REQUESTS_SCHEMA), in order of time."""
        told = pl.concat([asked.select("line", "kind", "quantity"), granted], how="horizontal")
        known = told.filter(pl.col("balance_micros").is_not_null())
        self.balance_micros[known["line"].to_numpy()] = known["balance_micros"].to_numpy()
        short = pl.col("kind").is_in(USES) & (pl.col("granted") < pl.col("quantity"))
        short &= pl.col("is_asked") & (pl.col("reason") != UNKNOWN_SESSION)
        credit = pl.col("kind").is_in(["topup", "advance"]) & (pl.col("granted") > 0)
        turned = told.filter(short | credit).select("line", short.alias("is_short"))
        self.ran_dry_now[:] = False
        line, is_short = turned["line"].to_numpy(), turned["is_short"].to_numpy()
        self.is_dry[line] = self.ran_dry_now[line] = is_short  # of several, the last counts

    def _wants_to_top_up(self, luck: np.ndarray, local_hour: int) -> np.ndarray:
        low = self.balance_micros < self.habits.tops_up_below * MICROS_PER_UNIT
        chance = np.where(low, chance_of_hour(self.habits.low_tops_up_milli, local_hour), 0.0)
        chance = np.where(self.is_dry, chance_of_hour(self.habits.dry_tops_up_milli, local_hour), chance)
        wants: np.ndarray = (luck < chance) & (self.topped_up_today < self.habits.most_top_ups_per_day)
        return wants

    def _luck(self, hour: Hour) -> pl.DataFrame:
        """LUCK_SCHEMA with line, subscriber_id, place_id and ``in_hour`` of all prepaid lines."""
        return self._with_line(pl.concat(list(self._luck_of_places(hour)))).sort("line")

    def _luck_of_places(self, hour: Hour) -> Iterator[pl.DataFrame]:
        for place, (name, of) in enumerate(self.places.items()):
            stream = self.streams.get(f"prepaid/{name}/{hour.begins_ms}")
            drawn = draw_luck(of.height, self.habits, hour.local_hour, stream)
            number = pl.Series("in_hour", first_id(hour.number, place, 0) + np.arange(of.height))
            yield drawn.with_columns(number, of["subscriber_id"])

    def _with_line(self, of: pl.DataFrame) -> pl.DataFrame:
        return of.join(self.lines, on="subscriber_id")


_COLUMNS = {
    "topup": {"at": "top_up_ms", "amount_micros": "top_up_micros"},
    "purchase": {"at": "buys_ms", "offering_id": "bundle"},
    "advance": {"at": "advance_ms", "amount_micros": "advance_micros"},
}


def _done(kind: str, luck: pl.DataFrame, hour: Hour) -> pl.DataFrame:
    """What the lines whose luck this is ask for, all of one kind."""
    columns = dict(_COLUMNS[kind])
    at_ms = (pl.lit(hour.begins_ms) + pl.col(columns.pop("at"))).alias("at_ms")
    number = (pl.col("in_hour") + first_id(0, 0, _CODES[kind])).alias("request_id")
    renamed = [pl.col(name).alias(column) for column, name in columns.items()]
    return requests(
        luck.select("line", "subscriber_id", "place_id", at_ms, number, pl.lit(kind).alias("kind"), *renamed)
    )
