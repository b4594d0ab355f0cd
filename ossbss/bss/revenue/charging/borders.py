"""When does what is granted now cost something else? For usage that is no time, and so knows no window by itself."""

from collections.abc import Iterable, Iterator

from ossbss.bss.revenue.charging.balances import Bucket, Request, in_order
from ossbss.bss.revenue.charging.plan import Plan


def borders(plan: Plan, request: Request, buckets: Iterable[Bucket], start_ms: int, end_ms: int) -> set[int]:
    """Instants within (start_ms, end_ms) at which another bucket, window or version may count."""
    of_buckets = {at_ms for bucket in in_order(buckets, request) for at_ms in bucket.borders(start_ms, end_ms)}
    price = plan.price_at(request.start_ms)
    if price is not None and price.priced_at == "start":
        return of_buckets
    of_versions = {v.from_ms for v in plan.versions if start_ms < v.from_ms < end_ms}
    return of_buckets | of_versions | set(_of_windows(plan, start_ms, end_ms))


def bought_within(request: Request, buckets: Iterable[Bucket], start_ms: int, end_ms: int) -> int | None:
    """The first instant of (start_ms, end_ms] at which a bucket for this usage begins."""
    begins = (bucket.valid_from_ms for bucket in buckets if bucket.serves(request))
    return min((at_ms for at_ms in begins if start_ms < at_ms <= end_ms), default=None)


def _of_windows(plan: Plan, start_ms: int, end_ms: int) -> Iterator[int]:
    number = plan.number_at(start_ms)
    if number < 0:
        return
    timetable = plan.versions[number].timetable
    before = timetable.at(start_ms)
    for stretch in timetable.between(start_ms, end_ms):
        if stretch.window != before and stretch.start_ms > start_ms:
            yield stretch.start_ms
        before = stretch.window
