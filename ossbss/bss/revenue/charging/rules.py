"""The rules of a catalogue, ready to use: who pays what for which usage. Both executors of rating read them."""

from dataclasses import dataclass, field

from ossbss.bss.product.destinations import PrefixTable, Route
from ossbss.bss.product.offering import Allowance, Offering, Version
from ossbss.bss.product.price_list import PriceList
from ossbss.bss.product.pricing.usage_price import TIMED, UNIT_OF_CLASS
from ossbss.bss.revenue.charging.balances import Bucket
from ossbss.bss.revenue.charging.plan import Plan, PricedVersion, Timetable
from ossbss.contract.units import UNLIMITED

NO_PROFILE = "no_profile"
"""the line has bought nothing that is for sale"""
NO_DESTINATION = "no_destination"
"""what it has bought has no price to this number"""


@dataclass(frozen=True)
class Guided:
    """``route``: None where the price is for all that no zone is named for."""

    plan: Plan
    route: Route | None


@dataclass(frozen=True)
class Sold:
    """An allowance as a version of an offering has it."""

    offering_id: str
    version: str
    allowance: Allowance
    timetable: Timetable | None
    """None: it may be used always"""


@dataclass
class RuleSet:
    """``plan`` and ``route`` of what was asked once are remembered."""

    catalogue: PriceList
    sold: list[Sold] = field(default_factory=list)
    """every allowance that there is, by version"""
    _places: dict[tuple[str, int], range] = field(default_factory=dict)
    _plans: dict[tuple[str, str, str | None], Plan] = field(default_factory=dict)
    _tables: dict[tuple[str, str, int], PrefixTable] = field(default_factory=dict)
    _timetables: dict[tuple[str, ...], Timetable] = field(default_factory=dict)

    def plan(self, offering_id: str, usage_class: str, zone: str | None) -> Plan:
        """What usage of a class to a zone costs under an offering, version by version."""
        key = (offering_id, usage_class, zone)
        if key not in self._plans:
            self._plans[key] = self._plan(*key)
        return self._plans[key]

    def route(self, offering_id: str, usage_class: str, destination: str, at_ms: int, origin: str = "") -> Route | None:
        """The longest prefix, of the zones that the offering has prices to, in force at an instant."""
        version = self.catalogue.version_at(offering_id, at_ms)
        if version is None:
            return None
        key = (offering_id, usage_class, self.catalogue.starts_ms(version))
        if key not in self._tables:
            prices = version.usage.get(usage_class, ())  # type: ignore[call-overload]
            zones = [zone for price in prices for zone in price.zones]
            self._tables[key] = PrefixTable(route for zone in zones for route in self.catalogue.routes(zone))
        return self._tables[key].match(destination, at_ms, origin)

    def guide(
        self, offering_id: str | None, usage_class: str, destination: str, at_ms: int, origin: str = ""
    ) -> "Guided | str":
        """The plan by which a number is charged; else why there is none."""
        offering = self.catalogue.offering(offering_id) if offering_id is not None else None
        if offering is None:
            return NO_PROFILE
        route = self.route(offering.id, usage_class, destination, at_ms, origin)
        plan = self.plan(offering.id, usage_class, route.zone if route else None)
        return NO_DESTINATION if plan.price_at(at_ms) is None else Guided(plan, route)

    def __post_init__(self) -> None:
        for offering in self.catalogue.offerings:
            for version in offering.versions:
                places = range(len(self.sold), len(self.sold) + len(version.allowances))
                self._places[offering.id, self.catalogue.starts_ms(version)] = places
                name = f"{offering.id}@{version.valid_from}"
                self.sold += [
                    Sold(offering.id, name, a, self._timetable(a.windows) if a.windows else None)
                    for a in version.allowances
                ]

    def sold_at(self, offering_id: str, at_ms: int) -> list[tuple[int, Sold]]:
        """Allowances of the version that is sold at an instant, with their places in ``sold``; none where none is."""
        version = self.catalogue.version_at(offering_id, at_ms)
        places = self._places[offering_id, self.catalogue.starts_ms(version)] if version else range(0)
        return [(place, self.sold[place]) for place in places]

    def bucket(self, sold: Sold, bucket_id: str, from_ms: int, until_ms: int) -> Bucket:
        """What a line gets when it buys, or is due, this allowance for [from_ms, until_ms)."""
        allowance = sold.allowance
        return Bucket(
            id=bucket_id,
            left=self.units(sold),
            pulse=allowance.pulse,
            priority=allowance.priority,
            connection_fee=allowance.connection_fee,
            valid_from_ms=from_ms,
            expires_ms=until_ms,
            bought_ms=from_ms,
            classes=frozenset(allowance.classes),
            zones=frozenset(allowance.zones) or None,
            windows=frozenset(allowance.windows) or None,
            timetable=sold.timetable,
        )

    @staticmethod
    def units(sold: Sold) -> int:
        """How much of it a line gets."""
        return UNLIMITED if sold.allowance.amount is None else sold.allowance.amount

    def _plan(self, offering_id: str, usage_class: str, zone: str | None) -> Plan:
        offering = self.catalogue.offering(offering_id)
        versions = offering.versions if offering else ()
        return Plan(
            tuple(self._priced(offering, version, usage_class, zone) for version in versions if offering),
            usage_class in TIMED,
        )

    def _priced(self, offering: Offering, version: Version, usage_class: str, zone: str | None) -> PricedVersion:
        price = version.price_to(usage_class, zone)
        name = f"{offering.id}@{version.valid_from}"
        return PricedVersion(
            self.catalogue.starts_ms(version),
            name,
            f"{name}/{usage_class}/{','.join(price.zones) if price else ''}",
            price,
            self._timetable(tuple(price.rates) if price else ()),
            UNIT_OF_CLASS[usage_class],
        )

    def _timetable(self, names: tuple[str, ...]) -> Timetable:
        if names not in self._timetables:
            windows = {name: self.catalogue.calendar[name] for name in names if name in self.catalogue.calendar}
            self._timetables[names] = Timetable(windows, self.catalogue.zone)
        return self._timetables[names]
