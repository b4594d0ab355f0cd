"""Thresholds over the counts of one period, with hysteresis: over, fine, or neither.

A threshold is crossed above the policy's figure, and fine again at half of it or less; what lies between changes
nothing (ITU-T X.733, threshold information: a level that triggers and a lower one that clears).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

MILLI = 1_000
SENT, LOST, UNAVAILABLE = "twampSent", "twampLost", "twampUnavailable"
"""Packets of a TWAMP session (RFC 5357) in a period: sent, lost, and among these lost in unavailable time."""
IN_PACKETS, IN_ERRORS = "ifHCInUcastPkts", "ifInErrors"
"""Packets that came to a port whole, and damaged (IF-MIB, RFC 2863)."""
CONNECTIONS = "RRC.ConnEstabSucc.Sum"
"""Connections that a cell established (TS 28.552, 5.1.1.15)."""
WATCHED = frozenset((SENT, LOST, UNAVAILABLE, IN_PACKETS, IN_ERRORS, CONNECTIONS))

Counts = Mapping[str, int]
"""Counter → count of one object in one period; what the element did not give, or doubts, is not there."""
Verdict = Literal["over", "fine"]


@dataclass(frozen=True)
class Standing:
    """How an object stands with its threshold. ``over``: crossed. ``fine_ms``: until when it was surely fine;
    ``over_ms``: since when, at the latest, it may be fine again: the begin of the last period that was over."""

    over: bool = False
    fine_ms: int | None = None
    over_ms: int | None = None


def loss(counts: Counts) -> tuple[int, int] | None:
    """(lost, sent) of a session while the service was available; None where counts are missing or contradict.

    What is lost while the service is down is fault management's, so None too where nothing at all arrived.
    """
    if SENT not in counts or LOST not in counts:
        return None
    away = counts.get(UNAVAILABLE, 0)
    lost, sent = counts[LOST] - away, counts[SENT] - away
    return (lost, sent) if 0 <= lost < sent else None


def errors(counts: Counts) -> tuple[int, int] | None:
    """(damaged, all) packets that came to a port; None where counts are missing or contradict."""
    if IN_PACKETS not in counts or IN_ERRORS not in counts or min(counts[IN_PACKETS], counts[IN_ERRORS]) < 0:
        return None
    return counts[IN_ERRORS], counts[IN_ERRORS] + counts[IN_PACKETS]


def verdict(part: int, whole: int, raise_milli: int, least: int) -> Verdict | None:
    """``over`` above the threshold, ``fine`` at half of it or less; None between, and where ``whole`` is too little."""
    if whole < least:
        return None
    if part * MILLI > raise_milli * whole:
        return "over"
    return "fine" if 2 * part * MILLI <= raise_milli * whole else None


def judged(before: Standing, found: Verdict | None, begins_ms: int, ends_ms: int) -> Standing:
    """How it stands after one more period; nothing changes where there was no verdict."""
    if found == "over":
        return replace(before, over=True, over_ms=begins_ms)
    return replace(before, over=False, fine_ms=ends_ms) if found == "fine" else before
