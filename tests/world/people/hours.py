"""Hours of prepaid use without a network: wishes and outages told, charging asked; fast enough for many examples."""

from dataclasses import dataclass, field

import polars as pl

from ossbss.contract.units import HOUR_MS
from sim.world.people.credit.credit import Credit
from sim.world.people.credit.door import everything_asked
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.credit.people import Hour
from sim.world.people.intents import INTENTS_SCHEMA
from sim.world.people.usage import attempts, cut
from sim.world.streams import Streams

PLACE = "cell-port"


def places(count: int, payment: str = "prepaid") -> dict[str, pl.DataFrame]:
    names = [f"line-{number:07d}" for number in range(count)]
    return {PLACE: pl.DataFrame({"subscriber_id": names, "payment": [payment] * count})}


@dataclass
class Hours:
    """``outages``: place → spans, as the plant has them; all are known from the beginning."""

    charging: object
    habits: PrepaidHabits
    lines: int = 1
    outages: dict = field(default_factory=dict)
    reach: object = everything_asked
    seed: int = 1

    def __post_init__(self):
        self.credit = Credit(places(self.lines), self.habits, Streams(self.seed), self.charging, self.reach)

    def pass_through(self, wishes: pl.DataFrame, starts_ms: int, count: int) -> pl.DataFrame:
        """Attempts at the end of so many hours."""
        self.credit.open(starts_ms)
        done, unfinished = [], pl.DataFrame(schema=INTENTS_SCHEMA)
        for number in range(count):
            begins_ms, ends_ms = (starts_ms + n * HOUR_MS for n in (number, number + 1))
            fresh = wishes.filter(pl.col("started_ms").is_between(begins_ms, ends_ms, closed="left"))
            everything = pl.concat([unfinished, fresh])
            found = attempts(cut(everything, self.outages, ends_ms), ends_ms)
            found = self.credit.charge(found, Hour.of(number, begins_ms, 3 * HOUR_MS), ends_ms)
            going_on = found.filter(outcome="in_progress")
            unfinished = everything.join(going_on, on="intent_id", how="semi")
            done.append(found.filter(pl.col("outcome") != "in_progress"))
        return pl.concat([*done, going_on]).sort("intent_id")
