"""What is for sale: offerings in versions with effective dates, read from a YAML document.

All amounts are exclusive of tax. A session is priced by the local hour in which it starts.
"""

from datetime import date, datetime, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from ossbss import documents
from ossbss.bss.product.effective import TimeZoneName
from ossbss.bss.product.pricing.bands import quantity
from ossbss.bss.product.rounding import RoundingRules
from ossbss.bss.product.sla_terms import SlaTerms
from ossbss.contract.charging import CHARGEABLE_CLASSES, ZONES
from ossbss.contract.quantities import Micros
from ossbss.contract.units import SECOND_MS
from ossbss.documents import Strict


class Tax(Strict):
    """One ad-valorem tax on everything billed."""

    name: str
    rate_milli: int = Field(ge=0, lt=1000)
    """thousandths: 160 is 16 %"""


class Peak(Strict):
    """Local hours [from_hour, to_hour) are peak."""

    from_hour: int = Field(ge=0, le=23)
    to_hour: int = Field(ge=1, le=24)

    @model_validator(mode="after")
    def _within_a_day(self) -> "Peak":
        if self.from_hour >= self.to_hour:
            raise ValueError(
                f"peak from {self.from_hour} to {self.to_hour} holds no hour; from_hour must be below to_hour, "
                "a peak over midnight cannot be told: give its hours as off-peak and the others as peak"
            )
        return self


class Price(Strict):
    """Price of one unit (minute, message, megabyte)."""

    peak: Micros = Field(ge=0)
    off_peak: Micros = Field(ge=0)


class UsagePrice(Strict):
    """Usage is rounded up to the pulse, then the allowance of ``included_zones`` is used, then the rate applies."""

    pulse: int = Field(gt=0)
    rates: dict[Literal["on_net", "off_net", "international"], Price]

    @field_validator("pulse", mode="before")
    @classmethod
    def _read_pulse(cls, value: object) -> object:
        return quantity(value)

    @model_validator(mode="after")
    def _every_zone(self) -> "UsagePrice":
        missing = sorted(set(ZONES) - set(self.rates))
        if missing:
            raise ValueError(f"no rate for zone {', '.join(missing)}")
        return self


UsageClass = Literal["voice", "sms", "data"]


class Version(Strict):
    """An offering as sold from a local date on."""

    valid_from: date
    recurring_fee: Micros = Field(ge=0)
    allowances: dict[UsageClass, int | None] = Field(default_factory=dict)
    """For each cycle, in ms, messages or octets; None is unlimited; a class not named has none."""
    included_zones: tuple[Literal["on_net", "off_net", "international"], ...] = ("on_net", "off_net")
    usage: dict[UsageClass, UsagePrice]
    sla: SlaTerms | None = None

    @field_validator("allowances", mode="before")
    @classmethod
    def _read_allowances(cls, value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {name: None if amount == "unlimited" else quantity(amount) for name, amount in value.items()}

    @field_validator("valid_from", mode="before")
    @classmethod
    def _read_date(cls, value: object) -> object:
        return date.fromisoformat(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _every_class(self) -> "Version":
        missing = sorted(set(CHARGEABLE_CLASSES) - set(self.usage))
        if missing:
            raise ValueError(f"no price for {', '.join(missing)}")
        odd = [c for c, amount in self.allowances.items() if amount is not None and amount % self.usage[c].pulse]
        if odd:
            raise ValueError(f"allowance of {', '.join(odd)} is no multiple of its pulse")
        return self


class Offering(Strict):
    id: str
    title: dict[Literal["en", "sw"], str]
    versions: tuple[Version, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Offering":
        dates = [version.valid_from for version in self.versions]
        if dates != sorted(set(dates)):
            raise ValueError("versions must be in order of valid_from, each date once")
        return self


class Catalogue(Strict):
    name: str
    sources: tuple[str, ...]
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["KES"])
    time_zone: TimeZoneName
    peak: Peak
    tax: Tax
    rounding: RoundingRules
    offerings: tuple[Offering, ...] = Field(min_length=1)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def offering(self, offering_id: str) -> Offering:
        """KeyError with the nearest id where the catalogue has none of this id."""
        found = {offering.id: offering for offering in self.offerings}
        if offering_id not in found:
            raise KeyError(f"no offering {offering_id!r}; there are {', '.join(sorted(found))}")
        return found[offering_id]

    def starts_ms(self, version: Version) -> int:
        """Local midnight of the version's first day, Unix ms."""
        return int(datetime.combine(version.valid_from, time(), self.zone).timestamp()) * SECOND_MS

    def version_at(self, offering_id: str, at_ms: int) -> Version:
        """The version sold at an instant; KeyError where none is yet."""
        valid = [v for v in self.offering(offering_id).versions if self.starts_ms(v) <= at_ms]
        if not valid:
            raise KeyError(f"offering {offering_id!r} has no version valid at {at_ms} ms")
        return valid[-1]


def read_catalogue(text: str, source: str) -> Catalogue:
    """The catalogue in a YAML text; ``documents.DocumentError`` with every mistake."""
    return documents.check(documents.read(text, source), Catalogue)


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue in a YAML file."""
    return read_catalogue(documents.text_of(path, str(path)), str(path))
