"""Steps of sessions as rows of CHARGING_REQUESTS_SCHEMA."""

import polars as pl

from ossbss.contract.charging import CHARGING_REQUESTS_SCHEMA

NUMBER = 77
"""of the session, where a test has one only"""


def frame(*rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=CHARGING_REQUESTS_SCHEMA, orient="row")


def begin(at_ms, wanted, kind="voice", zone="on_net", number=NUMBER, line="a", called=None):
    return (number, line, "session_begin", kind, zone, called, at_ms, wanted, None, None, None)


def update(at_ms, used, wanted, kind="voice", number=NUMBER, line="a"):
    return (number, line, "session_update", kind, None, None, at_ms, wanted, used, None, None)


def end(at_ms, used, kind="voice", number=NUMBER, line="a"):
    return (number, line, "session_end", kind, None, None, at_ms, None, used, None, None)
