"""Prices by bands of a session's length: the seconds (octets, messages) of a band at its own price and pulse."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ossbss.bss.product.pricing.amounts import Fee
from ossbss.contract.quantities import ExactMicros, duration_ms, octets
from ossbss.documents import Strict


def quantity(value: object) -> object:
    """A duration in ms or a volume in octets, written with its unit, or a plain count."""
    if not isinstance(value, str):
        return value
    for read in (duration_ms, octets):
        try:
            return read(value)
        except ValueError:
            continue
    raise ValueError(f"{value!r} is no quantity; give a count, a duration (400 min) or a volume (5 GB)")


QUANTITY_SCHEMA: dict[str, Any] = {
    "anyOf": [{"type": "integer"}, {"type": "string", "pattern": r"^\s*\d.*[A-Za-z]\s*$"}],
    "examples": [1, "60 s", "100 KB"], "x-written": "count, duration or volume",
}  # fmt: skip
Quantity = Annotated[int, BeforeValidator(quantity), WithJsonSchema(QUANTITY_SCHEMA)]


class Band(Strict):
    """From this far into a session on: use is rounded up to ``pulse``, each ``per`` of it costs ``price``."""

    starts_at: Quantity = Field(default=0, ge=0, alias="from")
    """counted from the beginning of the record, not of the window"""
    price: ExactMicros = Field(ge=0)
    """of each ``per``"""
    per: Quantity | None = Field(default=None, gt=0)
    """none: the unit of the class (a minute, a message, a megabyte)"""
    pulse: Quantity = Field(gt=0)
    """use in this band is rounded up to whole pulses"""


class Rate(Strict):
    """What a session pays in one window."""

    connection_fee: Fee = 0
    """once, where the session begins in this window"""
    bands: tuple[Band, ...] = Field(min_length=1)
    """the first from 0 on, in rising order"""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        begins = [band.starts_at for band in self.bands]
        if begins[0] != 0 or begins != sorted(set(begins)):
            raise ValueError(f"bands begin at {begins}; the first must begin at 0, each later one further on")
        return self
