"""What usage of one class costs, to some zones: by windows of the calendar and bands, or by a quantity model."""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from ossbss.bss.product.pricing.amounts import Fee
from ossbss.bss.product.pricing.bands import Quantity, Rate
from ossbss.bss.product.pricing.models import OfQuantity
from ossbss.bss.product.pricing.percentage import Percentage
from ossbss.contract.quantities import ExactMicros
from ossbss.contract.units import MINUTE_MS
from ossbss.documents import Strict
from ossbss.mistakes import MistakenError

UNIT_OF_CLASS = {"voice": MINUTE_MS, "sms": 1, "data": 1_000_000, "content": 1_000_000}
"""Prices are for a minute, a message, a megabyte, a unit of the currency."""
TIMED = frozenset({"voice"})
"""Classes whose quantity is time (ms): their sessions run through windows and versions."""
ALWAYS = "always"
_SHORT = ("per", "pulse", "connection_fee")


class ShortForm(Strict):
    """Keys of the short form of a price that has no other use for them."""

    price: ExactMicros | None = None
    """at all times, for one ``per``"""
    prices: dict[str, ExactMicros | Rate] | None = None
    """by window of the calendar, each for one ``per``; ``always`` for all the time that no window named here holds"""
    per: Quantity | None = Field(default=None, gt=0)
    """of ``price`` and ``prices``; none: the unit of the class (a minute, a message, a megabyte)"""
    connection_fee: Fee = 0
    """of ``price`` and ``prices``: once a session"""


class UsagePrice(Strict):
    """Short form: ``price: 4.87`` or ``prices: {day: 4.87, night: 2.50}`` with ``pulse``; long form: ``rates`` by
    window, each with its bands."""

    short_form: ClassVar = ShortForm

    zones: tuple[str, ...] = ()
    """destinations at this price; none: all that no other price of the class names"""
    rates: dict[str, Rate] = Field(default_factory=dict)
    """by window of the calendar; ``always`` for all the time that no window named here holds"""
    by_quantity: OfQuantity | Percentage | None = Field(default=None, discriminator="model")
    """in place of rates: by how much is used, in units of the class; of content in its money"""
    pulse: Quantity = Field(default=1, gt=0)
    """use is rounded up to whole pulses; each band of ``rates`` has its own"""
    over: Literal["month", "session"] = "month"
    """of ``by_quantity``: how long quantities are counted together"""
    priced_at: Literal["instant", "start"] = "instant"
    """each part of a session by the window in which it lies, or all of it by the window in which it begins"""
    most: Fee | None = None
    """the most that one session costs, without its connection fee"""
    at_most: Literal["free", "disconnect"] = "free"
    """what happens when it is reached"""
    quota: Quantity | None = Field(default=None, gt=0)
    """units that are reserved where the network asks for none"""

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "rates" in data or not {"price", "prices"} & data.keys():
            return data
        given = dict(data)
        shared = {key: given.pop(key) for key in _SHORT if key in given}
        prices = given.pop("prices", None)
        prices = {ALWAYS: given.pop("price", None)} if prices is None else prices
        if not isinstance(prices, Mapping):
            return {**given, "rates": prices}
        return {**given, "rates": {window: _rate(price, shared) for window, price in prices.items()}}

    @property
    def counts_a_month(self) -> bool:
        """Whether what a record costs depends on what was used before in its month."""
        return self.by_quantity is not None and self.over == "month"

    def rate_in(self, window: str | None) -> Rate | None:
        """None where nothing is priced."""
        return self.rates.get(window or ALWAYS, self.rates.get(ALWAYS))

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if bool(self.rates) == (self.by_quantity is not None):
            raise ValueError("give a price, prices by window, rates or by_quantity: one of them")
        return self

    @model_validator(mode="after")
    def _nothing_unheard(self) -> Self:
        """A key that would change nothing is a mistake: somebody counts on it."""
        if self.rates and "pulse" in self.model_fields_set:
            raise MistakenError("each band of rates has a pulse of its own", "put the pulse into the bands")
        if self.rates and "over" in self.model_fields_set:
            raise MistakenError("over is for by_quantity; it changes nothing here", "leave it out")
        return self

    @model_validator(mode="after")
    def _says_what_happens(self) -> Self:
        if self.most is None and self.at_most != "free":
            raise ValueError("at_most says what happens at the most that a session costs; give `most` too")
        return self


def _rate(price: object, shared: Mapping[str, object]) -> object:
    if isinstance(price, Mapping):
        return price
    fee = {key: value for key, value in shared.items() if key == "connection_fee"}
    return {**fee, "bands": [{"price": price, **{k: v for k, v in shared.items() if k != "connection_fee"}}]}
