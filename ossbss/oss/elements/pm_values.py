"""One measInfo of a measurement file: types joined to values, by number or by place, in one granularity period."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.oss.elements.malformed import MalformedError, instant
from ossbss.oss.elements.notification import Measurement

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DURATION = re.compile(
    r"P(?:(?P<days>\d{1,4})D)?(?:T(?:(?P<hours>\d{1,5})H)?(?:(?P<minutes>\d{1,6})M)?"
    r"(?:(?P<seconds>\d{1,8})(?:\.(?P<milli>\d{1,3})\d*)?S)?)?"
)
"""xsd:duration without years and months, whose length nobody knows"""
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})")
_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?")
_TRUE, _FALSE = ("true", "1"), ("false", "0", "")
_PLAIN_DIGITS = 30
"""nearly all values are whole numbers no longer than this"""


def measurements_of(info: "Element", element: str) -> tuple[list[Measurement], list[str]]:
    """(counters, reasons why values were left out) of one measInfo of one measured element."""
    reasons: list[str] = []
    try:
        begins_ms, granularity_ms = period_of(info)
    except MalformedError as error:
        return [], [str(error)]
    listed, numbered = types_of(info)
    found: list[Measurement] = []
    for values in children(info, "measValue"):
        where = values.get("measObjLdn", "")
        suspect = suspect_of(values)
        try:
            results = list(_by_place(values, listed) if listed else _by_number(values, numbered))
        except MalformedError as error:
            reasons.append(f"{where}: {error}")
            continue
        for name, text in results:
            found += [
                Measurement(where, counter, begins_ms, granularity_ms, value, suspect, element)
                for counter, value in _values(name, text)
            ]
        if not listed and (strangers := _strangers(values, numbered)):
            reasons.append(f"{where}: r p={', '.join(strangers)} without a measType")
    return found, reasons


def children(parent: "Element", name: str) -> "list[Element]":
    """Those of the parent's own namespace."""
    namespace, bracket, _ = str(parent.tag).rpartition("}")
    return parent.findall(f"{namespace}{bracket}{name}")


def types_of(info: "Element") -> tuple[list[str], dict[str, str]]:
    """(names by place, names by number p): a file uses one of the two, perhaps with the other left empty."""
    listed = [name for each in children(info, "measTypes") for name in (each.text or "").split()]
    numbered = {each.get("p", ""): (each.text or "").strip() for each in children(info, "measType")}
    return listed, numbered


def suspect_of(values: "Element") -> bool:
    """Absent means not suspect (TS 32.435); a word that is neither true nor false is not to be trusted either."""
    flags = [(each.text or "").strip().lower() for each in children(values, "suspect")]
    return any(flag not in _FALSE for flag in flags)


def period_of(info: "Element") -> tuple[int, int]:
    """(begins_ms, granularity_ms): granPeriod tells its end and its length."""
    period = next(iter(children(info, "granPeriod")), None)
    if period is None:
        raise MalformedError("a measInfo without granPeriod")
    return _period(period.get("duration", ""), period.get("endTime", ""))


@lru_cache(maxsize=64)
def _period(duration: str, end: str) -> tuple[int, int]:
    """All files of one period say the same."""
    length_ms = duration_ms(duration)
    try:
        ends_ms = int(datetime.fromisoformat(end).timestamp() * SECOND_MS) if _DATE_TIME.fullmatch(end) else -1
    except (ValueError, OverflowError):
        ends_ms = -1
    if ends_ms < 0:
        raise MalformedError(f"granPeriod: no such endTime: {end!r}")
    return instant(ends_ms - length_ms), length_ms


def duration_ms(text: str) -> int:
    """``PT900S`` in ms; above zero."""
    found = _DURATION.fullmatch(text)
    parts = {name: int(digits or 0) for name, digits in found.groupdict().items()} if found else {}
    milli = int((found["milli"] or "0").ljust(3, "0")) if found else 0
    length_ms = (
        parts.get("days", 0) * DAY_MS + parts.get("hours", 0) * HOUR_MS + parts.get("minutes", 0) * MINUTE_MS
        + parts.get("seconds", 0) * SECOND_MS + milli
    )  # fmt: skip
    if length_ms <= 0:
        raise MalformedError(f"granPeriod: no such duration: {text!r}")
    return length_ms


def _by_number(values: "Element", numbered: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(type, text) for each type: empty text where the element gave no result."""
    results: dict[str, str] = {}
    for each in children(values, "r"):
        if each.get("p", "") in results:
            raise MalformedError(f"two results p={each.get('p')}")
        results[each.get("p", "")] = (each.text or "").strip()
    for number, name in numbered.items():
        yield name, results.get(number, "")


def _strangers(values: "Element", numbered: dict[str, str]) -> Sequence[str]:
    return [each.get("p", "") for each in children(values, "r") if each.get("p", "") not in numbered]


def _by_place(values: "Element", listed: Sequence[str]) -> Iterator[tuple[str, str]]:
    results = [text for each in children(values, "measResults") for text in (each.text or "").split()]
    if len(results) != len(listed):
        raise MalformedError(f"{len(results)} results for {len(listed)} types: they cannot be joined by place")
    yield from zip(listed, results, strict=True)


def _values(name: str, text: str) -> Iterator[tuple[str, float | None]]:
    """A list ``86,87,2`` is one counter per place, ``name[0]`` and on; what is no number (NULL, NIL) is unknown."""
    if "," not in text:
        yield name, _value(text)
        return
    for place, part in enumerate(text.split(",")):
        yield f"{name}[{place}]", _value(part.strip())


def _value(text: str) -> float | None:
    if len(text) <= _PLAIN_DIGITS and text.isascii() and text.isdigit():
        return float(text)
    value = float(text) if _NUMBER.fullmatch(text) else None
    return value if value is not None and isfinite(value) else None
