"""Where does the price of a session change? Its longest parts in one version, one window and one band."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from ossbss.bss.product.pricing.bands import Band, Rate
from ossbss.bss.revenue.charging.plan import Plan, PricedVersion


@dataclass(frozen=True, eq=False)
class Segment:
    """The part [start, end) of a session, counted from its beginning in the units of its class."""

    start: int
    end: int
    version: PricedVersion
    window: str | None
    rate: Rate
    band: Band

    @property
    def pulse(self) -> int:
        return self.band.pulse

    @property
    def pulses(self) -> int:
        """The part itself rounded up, so that no later one is shifted."""
        return -(-(self.end - self.start) // self.pulse)

    def cost(self, pulses: int) -> Fraction:
        """So many pulses of it, exact micro-units."""
        return pulses * self.band.pulse * self.band.price / (self.band.per or self.version.unit)


def segments(plan: Plan, start_ms: int, start: int, end: int) -> list[Segment]:
    """The part [start, end) of a session that began at ``start_ms``, in order, as far as something prices it."""
    found: list[Segment] = []
    for piece in (banded for part in _parts(plan, start_ms, start, end) for banded in _bands(part)):
        same = bool(found) and _alike(found[-1], piece)
        found.append(replace(found.pop(), end=piece.end) if same else piece)
    return found


def first_rate(plan: Plan, start_ms: int) -> Rate | None:
    """The rate of the window in which a session begins."""
    return next((part.rate for part in _parts(plan, start_ms, 0, 1)), None)


def _alike(before: Segment, after: Segment) -> bool:
    return before.version is after.version and before.window == after.window and before.band is after.band


def _parts(plan: Plan, start_ms: int, start: int, end: int) -> Iterator[Segment]:
    """Parts of one version and one window, or of one UTC day of it, up to the first that nothing prices."""
    price = plan.price_at(start_ms)
    if not plan.timed or (price is not None and price.priced_at == "start"):
        yield from _part(plan, start_ms, start, end)
        return
    begins, ends = start_ms + start, start_ms + end
    cuts = [begins, *(v.from_ms for v in plan.versions if begins < v.from_ms < ends), ends]
    for from_ms, until_ms in pairwise(cuts):
        number = plan.number_at(from_ms)
        if number < 0:
            return
        for stretch in plan.versions[number].timetable.between(from_ms, until_ms):
            priced = list(_part(plan, stretch.start_ms, stretch.start_ms - start_ms, stretch.end_ms - start_ms))
            if not priced:
                return
            yield from priced


def _part(plan: Plan, at_ms: int, start: int, end: int) -> Iterator[Segment]:
    """The part as priced at an instant, with the first band; nothing where nothing is."""
    price = plan.price_at(at_ms)
    if price is not None:
        version = plan.versions[plan.number_at(at_ms)]
        window = version.timetable.at(at_ms)
        rate = price.rate_in(window)
        if rate is not None:
            yield Segment(start, end, version, window, rate, rate.bands[0])


def _bands(part: Segment) -> Iterator[Segment]:
    """The part cut where a band begins."""
    bands = part.rate.bands
    for band, until in zip(bands, [*(b.starts_at for b in bands[1:]), part.end], strict=True):
        begins, ends = max(part.start, band.starts_at), min(part.end, until)
        if begins < ends:
            yield replace(part, start=begins, end=ends, band=band)
