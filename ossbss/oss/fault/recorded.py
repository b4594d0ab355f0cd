"""Recorded windows as JSON (the diagnosis benchmark's FORMAT.md): read, diagnosed, answered."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ossbss.contract.units import MINUTE_MS, SECOND_MS
from ossbss.oss.fault.cause.answer import Answer
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.cause.port import Case

USUAL_SPAN_MS = 15 * MINUTE_MS
"""Of a window whose begin nobody tells (assumption: that of the benchmark's)."""


@dataclass(frozen=True)
class Recorded:
    """``rejected``: (what, why) of the records that could not be read."""

    window: str
    case: Case
    rejected: tuple[tuple[str, str], ...]


def recorded(
    window: str,
    alarms: Iterable[Any],
    reports: Iterable[Any],
    span: tuple[str, str] | None = None,
    rejected: Iterable[tuple[str, str]] = (),
) -> Recorded:
    """A window from its JSON values. ``span``: its begin and end; not told: it ends with the last record."""
    bad = list(rejected)
    listed = [record for value in alarms if (record := _tried(_alarm, value, bad)) is not None]
    complaints = [report for value in reports if (report := _tried(_report, value, bad)) is not None]
    if span is not None:
        return Recorded(window, Case(listed, complaints, (_ms(span[0]), _ms(span[1]))), tuple(bad))
    times = [*(a.cleared_ms or a.raised_ms for a in listed), *(at_ms for _, at_ms in complaints)]
    ends_ms = max(times, default=0)
    return Recorded(window, Case(listed, complaints, (ends_ms - USUAL_SPAN_MS, ends_ms)), tuple(bad))


def json_lines(text: str, place: str) -> Iterator[tuple[Any, tuple[str, str] | None]]:
    """Each line as (value, None), or (None, (where, why)) where it is no JSON."""
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                yield json.loads(line), None
            except (ValueError, RecursionError) as error:
                yield None, (f"{place} line {number}", f"not JSON: {error}")


def answered(found: Answer) -> dict[str, Any]:
    """``failed`` and ``unexplained_alarms`` as FORMAT.md has them; and the probability of the whole answer."""
    return {
        "failed": [
            {"resource": named.resource, "alternatives": list(named.alternatives),
             "probability": round(named.probability or 0.0, 4), "margin": round(named.margin or 0.0, 2)}
            for named in found.failed
        ],
        "probability": round(found.probability, 4),
        "inventory_doubts": list(found.doubts),
        "unexplained_alarms": [
            dict(zip(("alarmed_object", "probable_cause", "source"), identity, strict=True))
            for identity in found.unexplained
        ],
    }  # fmt: skip


def _tried(read: Any, value: Any, bad: list[tuple[str, str]]) -> Any:
    try:
        return read(value)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        bad.append((json.dumps(value)[:200], reason))
        return None


def _alarm(value: Mapping[str, Any]) -> AlarmRecord:
    identity = tuple(_text(value[name]) for name in ("alarmed_object", "probable_cause", "source"))
    state = value["state"]
    if state not in ("raised", "cleared"):
        raise ValueError(f"state is {state!r}; give raised or cleared")
    cleared_ms = _ms(value["cleared_at"]) if state == "cleared" else None
    return AlarmRecord((identity[0], identity[1], identity[2]), _ms(value["raised_at"]), cleared_ms)


def _report(value: Mapping[str, Any]) -> tuple[str, int]:
    return _text(value["service"]), _ms(value["reported_at"])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _ms(text: Any) -> int:
    when = datetime.fromisoformat(_text(text))
    aware = when if when.tzinfo else when.replace(tzinfo=UTC)
    return round(aware.timestamp() * SECOND_MS)
