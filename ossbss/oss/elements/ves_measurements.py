"""Counters of VES events: domain measurement (per interface, processor, memory, …) and perf3gpp (TS 28.532 streams)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ossbss.contract.units import SECOND_MS
from ossbss.oss.elements.malformed import MalformedError, instant
from ossbss.oss.elements.notification import Measurement

Event = Mapping[str, Any]
_DECIMAL = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
_LONGEST_S = 366 * 86_400
"""of a granularity period (assumption)"""


def measurements_of(event: Event, element: str) -> list[Measurement]:
    """The counters of one checked event; the period begins at startEpochMicrosec."""
    begins_ms = instant(int(event["commonEventHeader"]["startEpochMicrosec"] // 1000))
    domain = event["commonEventHeader"]["domain"]
    if domain == "measurement":
        fields = event["measurementFields"]
        granularity_ms = _granularity(fields["measurementInterval"])
        return [
            Measurement(where, counter, begins_ms, granularity_ms, value, suspect, element)
            for where, counter, value, suspect in _measured(fields)
        ]
    if domain == "perf3gpp":
        collection = event["perf3gppFields"]["measDataCollection"]
        granularity_ms = _granularity(collection["granularityPeriod"])
        return [
            Measurement(where, counter, begins_ms, granularity_ms, value, suspect, collection["measuredEntityDn"])
            for info in collection["measInfoList"]
            for where, counter, value, suspect in _streamed(info)
        ]
    return []


def _granularity(seconds: float) -> int:
    if not 0 < seconds <= _LONGEST_S:
        raise MalformedError(f"no such period: {seconds} s")
    return int(seconds * SECOND_MS)


def _measured(fields: Event) -> Iterator[tuple[str, str, float, bool]]:
    """(measured object, counter, value, suspect); the element's own counters have an empty object."""
    for block, content in fields.items():
        if block in ("additionalObjects", "latencyDistribution"):
            continue  # objects of any shape; buckets that have no name of their own
        if isinstance(content, list):
            for row in content:
                yield from _row(block, row)
        elif isinstance(content, int | float) and block != "measurementInterval":
            yield "", block, float(content), False


def _row(block: str, row: Event) -> Iterator[tuple[str, str, float, bool]]:
    if block == "additionalMeasurements":
        for counter, digits in row["hashMap"].items():
            if _DECIMAL.fullmatch(digits):
                yield row["name"], counter, float(digits), False
        return
    where = next((str(value) for key, value in row.items() if key.endswith(("Identifier", "Name"))), "")
    for counter, value in row.items():
        if isinstance(value, int | float):
            yield where, counter, float(value), row.get("valuesAreSuspect") == "true"


def _streamed(info: Event) -> Iterator[tuple[str, str, float | None, bool]]:
    """Results joined to their types by p, which counts the list of types from 1 (TS 28.532)."""
    types = [str(each) for each in next(iter(info["measTypes"].values()))]
    for values in info["measValuesList"]:
        for result in values["measResults"]:
            if 1 <= result["p"] <= len(types):
                given = result.get("iValue", result.get("rValue"))
                value = None if given is None else float(given)
                yield values["measObjInstId"], types[result["p"] - 1], value, values.get("suspectFlag") == "true"
