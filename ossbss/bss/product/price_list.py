"""A catalogue: what is for sale, its calendar, zones, taxes and rules of rounding, read from a YAML document."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from ossbss import documents
from ossbss.bss.product.calendars import Window
from ossbss.bss.product.destinations import Route
from ossbss.bss.product.offering import Effective, Offering, Version, instant_ms
from ossbss.bss.product.pricing.usage_price import ALWAYS
from ossbss.contract.quantities import Micros
from ossbss.contract.units import Rounding, RoundingMode
from ossbss.documents import Strict, nearest


class RoundingRule(Strict):
    mode: RoundingMode = "half_up"
    step: Micros = Field(gt=0)

    def at(self, stage: str) -> Rounding:
        return Rounding(stage, self.mode, self.step)


class RoundingRules(Strict):
    """charge: each rated record; tax: each invoice's tax; invoice: its total."""

    charge: RoundingRule
    tax: RoundingRule
    invoice: RoundingRule


class Zone(Strict):
    """Numbers by their first digits. ``origins``: and by those of where they are called from, none: wherever."""

    prefixes: tuple[Annotated[str, Field(pattern=r"^[+0-9A-Za-z*#]*$")], ...] = Field(min_length=1)
    origins: tuple[str, ...] = ("",)
    valid_from: Effective = None
    valid_until: Effective = None


class Tax(Strict):
    """Of taxes with one name that is in force which was in force last. ``rate_milli``: thousandths, 160 is 16 %."""

    name: str
    rate_milli: int = Field(ge=0, lt=1000)
    valid_from: Effective = None
    on_top_of: tuple[str, ...] = ()
    """also on the amounts of these taxes, as VAT is on the amount with excise duty"""


class PriceList(Strict):
    name: str
    sources: tuple[str, ...]
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["KES"])
    time_zone: str
    calendar: dict[str, Window] = Field(default_factory=dict)
    """windows that prices and allowances name"""
    zones: dict[str, tuple[Zone, ...]] = Field(default_factory=dict)
    """numbers that belong to each destination"""
    taxes: tuple[Tax, ...] = ()
    rounding: RoundingRules
    offerings: tuple[Offering, ...] = Field(min_length=1)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(
                f"{value!r} is no time zone of the IANA database; give for example Africa/Nairobi"
            ) from None
        return value

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        wrong = [
            f"{offering.id}: {problem}"
            for offering in self.offerings for version in offering.versions for problem in self._unknown(version)
        ]  # fmt: skip
        dates = {o.id: [self.starts_ms(v) for v in o.versions] for o in self.offerings}
        wrong += [f"{name}: versions must be in order of valid_from, each once" for name, each in dates.items()
                  if each != sorted(set(each))]  # fmt: skip
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    def _unknown(self, version: Version) -> list[str]:
        """Windows that are named and that the calendar does not have."""
        windows = [w for prices in version.usage.values() for price in prices for w in price.rates if w != ALWAYS]
        windows += [window for allowance in version.allowances for window in allowance.windows]
        return [
            f"no window {window!r} in the calendar; {nearest(window, list(self.calendar)) or 'add it there'}"
            for window in dict.fromkeys(windows) if window not in self.calendar
        ]  # fmt: skip

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def instant_ms(self, effective: date | datetime) -> int:
        return instant_ms(effective, self.zone)

    def starts_ms(self, version: Version) -> int:
        return self.instant_ms(version.valid_from)

    def offering(self, offering_id: str) -> Offering | None:
        return next((offering for offering in self.offerings if offering.id == offering_id), None)

    def routes(self, name: str) -> list[Route]:
        """The prefixes of a zone and their times."""
        return [
            Route(name, prefix, origin, *self._times(zone))
            for zone in self.zones.get(name, ()) for prefix in zone.prefixes for origin in zone.origins
        ]  # fmt: skip

    def _times(self, zone: Zone) -> tuple[int, int]:
        return (
            -(2**62) if zone.valid_from is None else self.instant_ms(zone.valid_from),
            2**62 if zone.valid_until is None else self.instant_ms(zone.valid_until),
        )


def read_price_list(text: str, source: str) -> PriceList:
    """The catalogue in a YAML text; ``documents.DocumentError`` with every mistake."""
    return documents.check(documents.read(text, source), PriceList)


def load_price_list(path: Path) -> PriceList:
    """The catalogue in a YAML file."""
    return read_price_list(documents.text_of(path, str(path)), str(path))
