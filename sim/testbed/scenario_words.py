"""The words of a scenario that are no plain numbers: how each is written, and the mistake when it is not."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from ossbss.contract.quantities import DurationMs, duration_ms
from ossbss.contract.units import SECOND_MS
from ossbss.mistakes import nearest, shown
from sim.testbed.clock import at_ms

_OFFSET_TIME = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$"
FIRST_YEAR, LAST_YEAR = 1970, 2200


def _starts(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        wanted = "an ISO 8601 time with its offset, such as 2024-05-06T00:00:00+03:00"
        raise ValueError(f"{shown(value)} is not {wanted}")
    if not FIRST_YEAR < found.year < LAST_YEAR:
        raise ValueError(f"{shown(value)} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return found


def _at(value: object) -> object:
    at_ms(value if isinstance(value, str) else shown(value), datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
    return value


def repair(value: object) -> object:
    """``crew`` and laws as they are, a time in ms; ValueError for what is neither, and for no time at all."""
    if value == "crew" or isinstance(value, dict):
        return value
    try:
        found = duration_ms(value)
    except ValueError:
        near = nearest(str(value), ["crew"])
        wanted = "crew, nor a number with a unit such as 90 min" + (f"; {near}" if near else "")
        raise ValueError(f"{shown(value)} is neither {wanted}") from None
    if found == 0:
        raise ValueError(f"{shown(value)} is no time to repair; give more than 0, or crew")
    return found


def _longer_than_0(value: int) -> int:
    if value == 0:
        raise ValueError("it must be longer than 0")
    return value


def _count(value: object) -> object:
    number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    if not number and not (isinstance(value, str) and re.match(CONDITION_PATTERN, value)):
        raise ValueError(f'{shown(value)} is no count; give a whole number, or a condition such as ">= 1"')
    return value


CONDITION_PATTERN = r"^\s*(<=|>=|<|>|==|!=)\s*-?\d+(\.\d+)?\s*$"
Milli = Annotated[int, Field(ge=0, le=1000, json_schema_extra={"x-unit": "thousandths"})]
"""Thousandths."""
Condition = Annotated[
    str, Field(pattern=CONDITION_PATTERN, examples=["<= 120"], json_schema_extra={"x-written": "condition"})
]
"""such as ``<= 120``"""
Count = Annotated[int | Condition, BeforeValidator(_count)]
Text = Annotated[dict[Literal["en", "sw"], str], Field(examples=[{"en": "Two routers fail"}])]
Starts = Annotated[
    datetime,
    BeforeValidator(_starts),
    WithJsonSchema(
        {"type": "string", "pattern": _OFFSET_TIME, "examples": ["2024-05-06T00:00:00+03:00"], "x-written": "instant"}
    ),
]
At = Annotated[
    str,
    BeforeValidator(_at),
    WithJsonSchema({"type": "string", "examples": ["19h", "day 2 19:00"], "x-written": "time"}),
]
"""A time, as ``sim.testbed.clock`` reads it."""


def _at_least_a_second(value: int) -> int:
    if value < SECOND_MS:
        raise ValueError("it must be at least 1 s, or the run never ends")
    return value


def _plain_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}", value):
        raise ValueError("a name has small letters, digits and hyphens, 60 at most, such as fibre-cut")
    return value


Name = Annotated[str, AfterValidator(_plain_name), WithJsonSchema({"type": "string", "examples": ["fibre-cut"]})]
"""What a scenario or a variant is called; folders are named after it."""
PositiveMs = Annotated[DurationMs, AfterValidator(_longer_than_0)]
"""A duration of more than nothing."""
PeriodMs = Annotated[DurationMs, AfterValidator(_at_least_a_second)]
"""How often something is done."""
