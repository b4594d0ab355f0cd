"""Counters over time: what grew between two readings, and one value a period with the gaps left open."""

from collections.abc import Iterable, Mapping

from ossbss.oss.elements.notification import Measurement

Series = tuple[str, str, str]
"""(element, measured object, counter)"""


def delta(previous: int | None, now: int | None, bits: int) -> int | None:
    """What a counter of ``bits`` counted between two readings, once round its end at most (RFC 2578, Counter32 and
    Counter64); None where a reading is missing. A restart in between looks like a wrap: whoever knows of one
    (cold start, sysUpTime) passes None for the reading before it.

    Raises ValueError for a reading that the counter cannot hold.
    """
    if previous is None or now is None:
        return None
    end = 1 << bits
    if not (0 <= previous < end and 0 <= now < end):
        raise ValueError(f"a counter of {bits} bits holds neither {previous} nor {now}, or only one of them")
    return (now - previous) % end


def per_period(
    measurements: Iterable[Measurement], begins_ms: int, ends_ms: int, granularity_ms: int
) -> Mapping[Series, tuple[float | None, ...]]:
    """Each counter's values on the grid of periods of [begins_ms, ends_ms). None: no measurement came, the element gave
    no value, or it doubts the value itself; a gap is unknown, not zero. Of two measurements of one period the later in
    the order given counts. Other granularities and times off the grid are left out."""
    periods = -(-(ends_ms - begins_ms) // granularity_ms)
    found: dict[Series, list[float | None]] = {}
    for each in measurements:
        place, off = divmod(each.begins_ms - begins_ms, granularity_ms)
        if each.granularity_ms != granularity_ms or off or not 0 <= place < periods:
            continue
        series = found.setdefault((each.element, each.measured_object, each.counter), [None] * periods)
        series[place] = None if each.suspect else each.value
    return {series: tuple(values) for series, values in found.items()}
