"""Rows in which the world asks online charging: those of the contract, and whose and where they are.

REQUESTS_SCHEMA has besides CHARGING_REQUESTS_SCHEMA ``line``, the number of the prepaid line, and ``place_id``, where
it is. ANSWERS_SCHEMA has besides CHARGING_GRANTS_SCHEMA ``is_asked``: false where charging was out of reach and the
network decided by itself; nothing granted is then no want of credit.
"""

import polars as pl

from ossbss.contract.charging import CHARGING_GRANTS_SCHEMA, CHARGING_REQUESTS_SCHEMA

REQUESTS_SCHEMA: dict[str, type[pl.DataType]] = {**CHARGING_REQUESTS_SCHEMA, "line": pl.Int64, "place_id": pl.String}
ANSWERS_SCHEMA: dict[str, type[pl.DataType]] = {**CHARGING_GRANTS_SCHEMA, "is_asked": pl.Boolean}
USES = ("usage", "session_begin", "session_update")
"""Kinds that ask for units."""
UNKNOWN_SESSION = "unknown_session"
"""The reason where charging has closed a session that it did not hear of: no want of credit."""
ORDER = ("at_ms", "request_id")


def requests(some: pl.DataFrame) -> pl.DataFrame:
    """REQUESTS_SCHEMA: what is not given is null."""
    given = [
        pl.col(name).cast(dtype) if name in some.columns else pl.lit(None, dtype=dtype).alias(name)
        for name, dtype in REQUESTS_SCHEMA.items()
    ]
    return some.select(given)
