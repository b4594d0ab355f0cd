"""Prepaid life of one run: at the end of each hour its requests go to charging, and its attempts are cut."""

from collections.abc import Mapping

import polars as pl

from ossbss.contract.ports import OnlineCharging
from sim.world.people.credit.door import Door, Reach, everything_asked
from sim.world.people.credit.habits import PrepaidHabits
from sim.world.people.credit.meter import Meter
from sim.world.people.credit.people import Hour, PrepaidPeople
from sim.world.people.credit.requests import ORDER, REQUESTS_SCHEMA, USES
from sim.world.streams import Streams


class Credit:
    """Asks charging at each barrier: first for all that the hour wants, in order of time, then to end what has ended,
    which only the first answers tell."""

    def __init__(
        self,
        places: Mapping[str, pl.DataFrame],
        habits: PrepaidHabits,
        streams: Streams,
        charging: OnlineCharging,
        reach: Reach = everything_asked,
    ) -> None:
        """``places``: place → its lines (subscriber_id, payment); ``reach``: what can be asked for (see ``door``)."""
        self.people = PrepaidPeople(places, habits, streams)
        self.meter = Meter(self.people.lines)
        self.door = Door(charging, reach)
        self.untold = pl.DataFrame(schema=REQUESTS_SCHEMA)
        """ends of sessions that charging was out of reach for, kept until it is back (assumption; RFC 8506, 8.15,
        buffers single events so)"""

    def open(self, starts_ms: int) -> None:
        """Wallets are filled before anybody begins."""
        opening = self.people.opening(starts_ms).sort(ORDER)
        self.people.hear(opening, self.door.ask(opening))

    def charge(self, attempts: pl.DataFrame, hour: Hour, now_ms: int) -> pl.DataFrame:
        """The attempts of the hour that is over, and those going on, as charging leaves them (ATTEMPT_COLUMNS).

        ``attempts``: as the network carried them until ``now_ms``, the hour's end.
        """
        again = self.door.ask(self.untold, now_ms - 1)
        self.untold = self.untold.filter(~again["is_asked"])
        acts = self.people.acts(hour).filter(pl.col("at_ms") < now_ms)
        wanted = pl.concat([acts, self.meter.wants(attempts, hour.begins_ms, now_ms)]).sort(ORDER)
        answers = self.door.ask(wanted)
        after, ends = self.meter.cut(attempts, answers.filter(wanted["kind"].is_in(USES)))
        ends = ends.sort(ORDER)
        heard = self.door.ask(ends)
        self.untold = pl.concat([self.untold, ends.filter(~heard["is_asked"])])
        self.people.hear(pl.concat([wanted, ends]), pl.concat([answers, heard]))
        return after
