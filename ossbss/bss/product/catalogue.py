"""A catalogue: what is for sale, its calendar, zones, taxes and rules of rounding, read from a YAML document."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from ossbss import documents, placed
from ossbss.bss.product.calendars import Window
from ossbss.bss.product.checks.whole import mistakes
from ossbss.bss.product.destinations import Route
from ossbss.bss.product.effective import Effective, TimeZoneName, instant_ms, span_ms
from ossbss.bss.product.graphs import all_parts
from ossbss.bss.product.offering import Offering, TaxRule, Version
from ossbss.bss.product.promotions import Discount, Promotion, TopUpBonus
from ossbss.bss.product.rounding import RoundingRules
from ossbss.bss.product.tariffs import with_tariffs
from ossbss.bss.product.taxes import NET, Tax, TaxLaw
from ossbss.bss.product.usage import Usage
from ossbss.documents import Mistake, Strict, listing, nearest


class Zone(Strict):
    """Numbers by their first digits. A roaming zone is one with the origins of the visited networks."""

    prefixes: tuple[Annotated[str, Field(pattern=r"^[+0-9A-Za-z*#]*$")], ...] = Field(min_length=1)
    """first digits of the number that is called; "" fits all numbers"""
    origins: tuple[str, ...] = ("",)
    """and those of where it is called from; "" is wherever"""
    valid_from: Effective = None
    """none: since ever"""
    valid_until: Effective = None
    """the first day, or instant, on which it no longer holds; none: for ever"""


class Catalogue(Strict):
    """What stands at the left edge of the file."""

    name: str
    """of this price list"""
    sources: tuple[str, ...]
    """where its figures come from, or that they are assumptions"""
    currency: str = Field(pattern=r"^[A-Z]{3}$", examples=["KES"])
    """ISO 4217, three letters; of all amounts"""
    time_zone: TimeZoneName
    """IANA, such as Africa/Nairobi; of all times of day, dates and months"""
    calendar: dict[str, Window] = Field(default_factory=dict)
    """windows that prices and allowances name"""
    zones: dict[str, tuple[Zone, ...]] = Field(default_factory=dict)
    """numbers that belong to each destination"""
    segments: tuple[str, ...] = ()
    """kinds of customers that eligibility may name"""
    tax: TaxRule = "exclusive"
    """whether prices hold tax, where an offering says nothing else"""
    taxes: tuple[Tax, ...] = ()
    """on all charges"""
    tax_residue: str = NET
    """what of an inclusive price takes that which rounding leaves: net, or a tax"""
    rounding: RoundingRules
    """how money is rounded"""
    tariffs: dict[str, Usage] = Field(default_factory=dict)
    """prices of usage that several offerings share"""
    promotions: tuple[Promotion, ...] = ()
    """discounts and bonuses of several offerings"""
    offerings: tuple[Offering, ...] = Field(min_length=1)
    """what can be bought"""

    @model_validator(mode="wrap")
    @classmethod
    def _whole(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Mistakes between parts are told beside those within them."""
        found: Self = placed.beside(mistakes(data), with_tariffs(data), handler)
        return found

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def tax_law(self) -> TaxLaw:
        return TaxLaw(self.taxes, self.zone, self.rounding.tax.at("tax"), self.tax_residue)

    def instant_ms(self, effective: date | datetime) -> int:
        return instant_ms(effective, self.zone)

    def starts_ms(self, version: Version) -> int:
        return self.instant_ms(version.valid_from)

    def offering(self, offering_id: str) -> Offering | None:
        return next((offering for offering in self.offerings if offering.id == offering_id), None)

    def unknown_offering(self, offering_id: str, place: str) -> list[Mistake]:
        """What to tell somebody who names it at this place; nothing where it is there."""
        known = [offering.id for offering in self.offerings]
        if offering_id in known:
            return []
        problem = f"there is no offering {offering_id!r}; there are {listing(known, offering_id)}"
        return [Mistake(place, None, problem, nearest(offering_id, known))]

    def version_at(self, offering_id: str, at_ms: int) -> Version | None:
        """What of an offering is sold at an instant; None where nothing is."""
        offering = self.offering(offering_id)
        begun = [v for v in offering.versions if self.starts_ms(v) <= at_ms] if offering else []
        return begun[-1] if begun else None

    def sold_at(self, offering_id: str, at_ms: int) -> Version:
        """The same where it is known that something is sold; KeyError where nothing is."""
        version = self.version_at(offering_id, at_ms)
        if version is None:
            raise KeyError(f"no version of {offering_id!r} is sold at {at_ms} ms")
        return version

    def includes_tax(self, offering_id: str) -> bool:
        offering = self.offering(offering_id)
        return ((offering.tax if offering else None) or self.tax) == "inclusive"

    def parts_at(self, offering_id: str, at_ms: int) -> list[str]:
        """The offerings that a bundle is made of at an instant, their parts too, each once."""
        sold = {offering.id: self.version_at(offering.id, at_ms) for offering in self.offerings}
        return all_parts(offering_id, {name: version.includes for name, version in sold.items() if version})

    def discounts_at(self, offering_id: str, kind: str, at_ms: int) -> Iterator[Discount]:
        """What is taken off charges of a ChargeKind: the offering's own discounts, then promotions, as they stand."""
        version = self.version_at(offering_id, at_ms)
        own = (d for d in (version.discounts if version else ()) if self._is_given(d, at_ms))
        run = (p for p in self._promotions_at(offering_id, at_ms) if p.top_up_bonus is None)
        yield from (discount for discount in (*own, *run) if kind in discount.on)

    def bonuses_at(self, offering_id: str, at_ms: int) -> Iterator[tuple[str, TopUpBonus]]:
        """(promotion, what it gives on a top-up of a line that has this offering), as they stand."""
        for promotion in self._promotions_at(offering_id, at_ms):
            if promotion.top_up_bonus is not None:
                yield promotion.id, promotion.top_up_bonus

    def _promotions_at(self, offering_id: str, at_ms: int) -> Iterator[Promotion]:
        for promotion in self.promotions:
            if offering_id in (promotion.offerings or (offering_id,)) and self._is_given(promotion, at_ms):
                yield promotion

    def _is_given(self, discount: Discount, at_ms: int) -> bool:
        from_ms, until_ms = span_ms(discount.valid_from, discount.valid_until, self.zone)
        return from_ms <= at_ms < until_ms

    def routes(self, name: str) -> list[Route]:
        """The prefixes of a zone and their times."""
        return [
            Route(name, prefix, origin, *span_ms(zone.valid_from, zone.valid_until, self.zone))
            for zone in self.zones.get(name, ()) for prefix in zone.prefixes for origin in zone.origins
        ]  # fmt: skip


def read_catalogue(text: str, source: str) -> Catalogue:
    """The catalogue in a YAML text; ``documents.DocumentError`` with every mistake."""
    return documents.check(documents.read(text, source), Catalogue)


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue in a YAML file."""
    return read_catalogue(documents.text_of(path, str(path)), str(path))
