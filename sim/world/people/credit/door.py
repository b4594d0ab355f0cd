"""The network's door to online charging: what is asked there, what is not, and the log of both."""

from collections.abc import Callable

import polars as pl

from ossbss.contract.charging import CHARGING_GRANTS_SCHEMA, CHARGING_REQUESTS_SCHEMA, ON_UNREACHABLE
from ossbss.contract.ports import OnlineCharging
from sim.world.people.credit.requests import ANSWERS_SCHEMA, REQUESTS_SCHEMA, USES

Reach = Callable[[pl.DataFrame], pl.Series]
"""REQUESTS_SCHEMA → for each row ASKED, OPEN, CLOSED or NO_SERVICE."""
ASKED, NO_SERVICE = "asked", "no_service"
"""Charging is asked; nobody can ask anything, as the place is out of service."""
OPEN, CLOSED = ON_UNREACHABLE
"""Charging is out of reach, and the network serves unasked; or refuses."""
UNREACHABLE = "unreachable"
"""the reason of what was not asked for want of charging"""

LOG_SCHEMA: dict[str, type[pl.DataType]] = {
    **{name: dtype for name, dtype in REQUESTS_SCHEMA.items() if name not in ("destination", "amount_micros", "line")},
    "asked_micros": REQUESTS_SCHEMA["amount_micros"],
    **{name: dtype for name, dtype in ANSWERS_SCHEMA.items() if name != "request_id"},
}
"""Each request (as CHARGING_REQUESTS_SCHEMA; its amount is ``asked_micros``) with its answer (as
CHARGING_GRANTS_SCHEMA). Where not ``is_asked``, charging was never told of what was ``granted`` to use, nor of what an
ended session has ``used``."""


class ChargingAnswerError(ValueError):
    """Charging did not answer each request in its turn: a broken integration."""


def everything_asked(requests: pl.DataFrame) -> pl.Series:
    """Charging is always within reach."""
    return pl.Series([ASKED], dtype=pl.String).new_from_index(0, requests.height)


class Door:
    """Asks for those who can be asked for, and answers for the others as the network does."""

    def __init__(self, charging: OnlineCharging, reach: Reach = everything_asked) -> None:
        self.charging, self.reach = charging, reach
        self.told: list[pl.DataFrame] = [pl.DataFrame(schema=LOG_SCHEMA)]

    def ask(self, requests: pl.DataFrame, now_ms: int | None = None) -> pl.DataFrame:
        """REQUESTS_SCHEMA in order of time → ANSWERS_SCHEMA, row by row; ``now_ms``: when, if not as it happened."""
        when = requests if now_ms is None else requests.with_columns(pl.lit(now_ms).alias("at_ms"))
        is_asked = (way := self.reach(when)) == ASKED
        found = pl.concat([self._granted(requests.filter(is_asked)), _unasked(requests, way).filter(~is_asked)])
        places = pl.concat([is_asked.arg_true(), (~is_asked).arg_true()])
        answers = found.with_columns(places.alias("at")).sort("at").drop("at")
        asked = requests.rename({"amount_micros": "asked_micros"})
        self.told.append(pl.concat([asked, answers.drop("request_id")], how="horizontal").select(*LOG_SCHEMA))
        return answers

    def log(self) -> pl.DataFrame:
        """LOG_SCHEMA: all that was ever asked, in the order of asking."""
        return pl.concat(self.told)

    def _granted(self, requests: pl.DataFrame) -> pl.DataFrame:
        if requests.is_empty():
            return pl.DataFrame(schema=ANSWERS_SCHEMA)
        grants = self.charging.grant(requests.select(*CHARGING_REQUESTS_SCHEMA)).select(*CHARGING_GRANTS_SCHEMA)
        if not grants["request_id"].equals(requests["request_id"]):
            raise ChargingAnswerError("the grants are not those of the requests, in their order")
        return grants.with_columns(pl.lit(True).alias("is_asked"))


def _unasked(requests: pl.DataFrame, way: pl.Series) -> pl.DataFrame:
    """The network's own answers. Where it is open all use is served; nobody fills a wallet or buys there."""
    served = (way == OPEN) & requests["kind"].is_in(USES)
    return requests.select(
        "request_id",
        pl.when(served).then("quantity").otherwise(0).alias("granted"),
        pl.when(served).then(pl.lit("full")).otherwise(pl.lit("refused")).alias("outcome"),
        pl.when(way == NO_SERVICE).then(way).otherwise(pl.lit(UNREACHABLE)).alias("reason"),
        pl.lit(0, dtype=pl.Int64).alias("amount_micros"),
        pl.lit(0, dtype=pl.Int64).alias("fee_micros"),
        pl.lit(None, dtype=pl.Int64).alias("balance_micros"),
        pl.lit(False).alias("is_asked"),
    )
