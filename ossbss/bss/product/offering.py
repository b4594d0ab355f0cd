"""What can be bought: offerings in versions with effective dates, their fees, allowances and prices of usage."""

from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from ossbss.bss.product.pricing.bands import Quantity, quantity
from ossbss.bss.product.pricing.usage_price import UsagePrice
from ossbss.contract.quantities import DurationMs, Micros
from ossbss.contract.units import SECOND_MS
from ossbss.documents import Strict

UsageClass = Literal["voice", "sms", "data", "content"]


def _effective(value: object) -> object:
    """A local date, or an instant with its offset."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value) if "T" in value or " " in value else date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"{value!r} is no date; give 2014-01-01, or 2014-01-01T06:00:00+03:00") from None
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{value} is an instant without an offset; give 2014-01-01T06:00:00+03:00")
    return value


_EFFECTIVE_SCHEMA = {"type": "string", "examples": ["2014-01-01", "2014-01-01T06:00:00+03:00"]}
Effective = Annotated[Any, BeforeValidator(_effective), WithJsonSchema(_EFFECTIVE_SCHEMA)]


def instant_ms(effective: date | datetime, zone: ZoneInfo) -> int:
    """Unix ms of an instant, or of a date's local midnight."""
    at = effective if isinstance(effective, datetime) else datetime.combine(effective, time(), zone)
    return round(at.timestamp() * SECOND_MS)


class Allowance(Strict):
    """Units that come with an offering, used before anything is paid."""

    id: str
    classes: tuple[UsageClass, ...] = Field(min_length=1)
    amount: Quantity | None
    """in ms, messages or octets; `unlimited`: no end of them"""
    pulse: Quantity = Field(default=1, gt=0)
    """it is used in whole pulses of its own"""
    zones: tuple[str, ...] = ()
    """only to these destinations; none: to all"""
    windows: tuple[str, ...] = ()
    """only in these windows of the calendar; none: always"""
    valid: DurationMs | Literal["cycle"] = "cycle"
    """from the purchase on, or the bill's month"""
    priority: int = 0
    """the greater is used first; of equals that which expires first, then that which was bought first"""
    connection_fee: Micros = Field(default=0, ge=0)
    """once a session that begins on this allowance, always from money"""
    shared: bool = False
    """one for all lines of the account"""
    rolls_over: bool = False
    """bought again before it expires: what is left lasts as long as what is new"""

    @model_validator(mode="before")
    @classmethod
    def _unlimited(cls, data: Any) -> Any:
        return {**data, "amount": None} if isinstance(data, dict) and data.get("amount") == "unlimited" else data


class Version(Strict):
    """An offering as sold from a local date, or an instant, on."""

    valid_from: Effective
    recurring_fee: Micros = Field(default=0, ge=0)
    one_time_fee: Micros = Field(default=0, ge=0)
    allowances: tuple[Allowance, ...] = ()
    usage: dict[UsageClass, tuple[UsagePrice, ...]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _one_price(cls, data: Any) -> Any:
        """``voice: {price: 4}`` for ``voice: [{price: 4}]``."""
        usage = data.get("usage") if isinstance(data, dict) else None
        if not isinstance(usage, dict):
            return data
        return {**data, "usage": {name: [price] if isinstance(price, dict) else price for name, price in usage.items()}}

    @model_validator(mode="after")
    def _each_zone_once(self) -> Self:
        for name, prices in self.usage.items():
            zones = [zone for price in prices for zone in price.zones or ("all others",)]
            twice = sorted({zone for zone in zones if zones.count(zone) > 1})
            if twice:
                raise ValueError(f"{name} has two prices to {', '.join(twice)}; give one")
        return self

    def price_to(self, usage_class: str, zone: str | None) -> UsagePrice | None:
        """The price of a class to a zone; None where it has none."""
        prices = self.usage.get(usage_class, ())  # type: ignore[call-overload]
        named = next((price for price in prices if zone in price.zones), None)
        return named or next((price for price in prices if not price.zones), None)


class Offering(Strict):
    id: str
    title: dict[Literal["en", "sw"], str]
    versions: tuple[Version, ...] = Field(min_length=1)


__all__ = ["Allowance", "Effective", "Offering", "UsageClass", "Version", "instant_ms", "quantity"]
