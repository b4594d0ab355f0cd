"""The rules of a catalogue, ready to use: who pays what for which usage. Both executors of rating read them.

What a bundle has no price of its own for costs what the first of its parts that has one says; its allowances are its
own and those of all its parts.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ossbss.bss.product.catalogue import Catalogue
from ossbss.bss.product.destinations import PrefixTable, Route
from ossbss.bss.product.offering import Allowance, Version
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

    catalogue: Catalogue
    sold: list[Sold] = field(default_factory=list)
    """every allowance that there is, by version"""
    _starts: dict[str, list[int]] = field(default_factory=dict)
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
        starts_ms = self._start_at(offering_id, at_ms)
        if starts_ms is None:
            return None
        key = (offering_id, usage_class, starts_ms)
        if key not in self._tables:
            versions = [version for _, version in self._parts(offering_id, starts_ms)]
            prices = [price for version in versions for price in version.usage.get(usage_class, ())]  # type: ignore[call-overload]
            zones = dict.fromkeys(zone for price in prices for zone in price.zones)
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
            for starts_ms in self.starts(offering.id):
                first = len(self.sold)
                for name, version in self._parts(offering.id, starts_ms):
                    self.sold += [
                        Sold(name, f"{name}@{version.valid_from}", a, self._timetable(a.windows) if a.windows else None)
                        for a in version.allowances
                    ]
                self._places[offering.id, starts_ms] = range(first, len(self.sold))

    def starts(self, offering_id: str) -> list[int]:
        """The instants, in order, from which on something else may be sold: an own version, or one of a part."""
        if offering_id not in self._starts:
            self._starts[offering_id] = sorted(set(self._each_start(offering_id)))
        return self._starts[offering_id]

    def sold_at(self, offering_id: str, at_ms: int) -> list[tuple[int, Sold]]:
        """Allowances of what is sold at an instant, with their places in ``sold``; none where nothing is."""
        starts_ms = self._start_at(offering_id, at_ms)
        places = range(0) if starts_ms is None else self._places[offering_id, starts_ms]
        return [(place, self.sold[place]) for place in places]

    def _start_at(self, offering_id: str, at_ms: int) -> int | None:
        starts = self.starts(offering_id)
        number = bisect_right(starts, at_ms)
        return starts[number - 1] if number else None

    def _each_start(self, offering_id: str) -> Iterator[int]:
        offering = self.catalogue.offering(offering_id)
        own = [self.catalogue.starts_ms(version) for version in offering.versions] if offering else []
        yield from own
        for version in offering.versions if offering else ():
            for part in version.includes:
                yield from (starts_ms for starts_ms in self.starts(part) if starts_ms > own[0])

    def _parts(self, offering_id: str, at_ms: int) -> Iterator[tuple[str, Version]]:
        """The version that is sold at an instant, then those of its parts."""
        version = self.catalogue.version_at(offering_id, at_ms)
        if version is None:
            return
        yield offering_id, version
        for part in self.catalogue.parts_at(offering_id, at_ms) if version.includes else ():
            if (included := self.catalogue.version_at(part, at_ms)) is not None:
                yield part, included

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
        found: list[PricedVersion] = []
        for starts_ms in self.starts(offering_id):
            priced = self._priced(offering_id, starts_ms, usage_class, zone)
            if not found or found[-1].price_id != priced.price_id:  # another part has changed
                found.append(priced)
        return Plan(tuple(found), usage_class in TIMED)

    def _priced(self, offering_id: str, starts_ms: int, usage_class: str, zone: str | None) -> PricedVersion:
        """The price of the first that has one: the offering, or a part."""
        each = [(name, v, v.price_to(usage_class, zone)) for name, v in self._parts(offering_id, starts_ms)]
        part, version, price = next((one for one in each if one[2] is not None), each[0])
        name = f"{part}@{version.valid_from}"
        return PricedVersion(
            starts_ms,
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
