"""Measurement files as an element writes them: measCollecFile of 3GPP TS 32.435, by number or by place.

fileHeader (fileSender, measCollec beginTime), one measData of one managedElement with a measInfo for each class of
object (granPeriod, the types, a measValue for each object), fileFooter (measCollec endTime). Values are counts of the
period alone (TS 32.401: a cumulative counter begins each granularity period at 0).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from ossbss.contract.units import SECOND_MS

_NAMESPACE = "http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
COUNTER64 = 1 << 64
"""Counters have 64 bits (RFC 2863, ifHC…) and go on at 0 behind the last of their values."""
BY_PLACE = frozenset({"junos"})
"""Vendors whose files join values to types by place (measTypes, measResults); others by number (measType p, r p)."""


@dataclass(frozen=True)
class MeasInfo:
    """Objects of one class and what is counted of each. ``objects``: (measObjLdn, values in the order of
    ``counters``)."""

    info_id: str
    counters: tuple[str, ...]
    objects: tuple[tuple[str, tuple[int, ...]], ...]


def write(
    element: str, vendor: str, begins_ms: int, ends_ms: int, infos: Sequence[MeasInfo], *, suspect: bool
) -> bytes:
    """The file of one element and one period. ``suspect``: the element did not work, or not count, all the time."""
    begins, ends = _stamp(begins_ms), _stamp(ends_ms)
    name = quoteattr(f"ManagedElement={element}")
    head = (f'<?xml version="1.0" encoding="UTF-8"?>\n<measCollecFile xmlns="{_NAMESPACE}">'
            f'<fileHeader fileFormatVersion="32.435 V10.0" vendorName={quoteattr(vendor)}><fileSender localDn={name}/>'
            f'<measCollec beginTime="{begins}"/></fileHeader>')  # fmt: skip
    period = f'<granPeriod duration="PT{(ends_ms - begins_ms) // SECOND_MS}S" endTime="{ends}"/>'
    data = "".join(_info(info, period, vendor in BY_PLACE, suspect) for info in infos if info.objects)
    measured = f"<measData><managedElement localDn={name}/>{data}</measData>"
    return f'{head}{measured}<fileFooter><measCollec endTime="{ends}"/></fileFooter></measCollecFile>\n'.encode()


def _info(info: MeasInfo, period: str, by_place: bool, suspect: bool) -> str:
    doubt = "<suspect>true</suspect>" if suspect else ""
    values = "".join(
        f"<measValue measObjLdn={quoteattr(ldn)}>{_results(counts, by_place)}{doubt}</measValue>"
        for ldn, counts in info.objects
    )
    return f"<measInfo measInfoId={quoteattr(info.info_id)}>{period}{_types(info, by_place)}{values}</measInfo>"


def _types(info: MeasInfo, by_place: bool) -> str:
    if by_place:
        return f"<measTypes>{escape(' '.join(info.counters))}</measTypes>"
    numbered = enumerate(info.counters, start=1)
    return "".join(f'<measType p="{number}">{escape(counter)}</measType>' for number, counter in numbered)


def _results(counts: Sequence[int], by_place: bool) -> str:
    texts = [str(count % COUNTER64) for count in counts]
    if by_place:
        return f"<measResults>{' '.join(texts)}</measResults>"
    return "".join(_numbered(texts))


def _numbered(texts: Sequence[str]) -> Iterator[str]:
    for number, text in enumerate(texts, start=1):
        yield f'<r p="{number}">{text}</r>'


def _stamp(at_ms: int) -> str:
    return f"{_EPOCH + timedelta(milliseconds=at_ms):%Y-%m-%dT%H:%M:%S}Z"
