"""Whose clock is wrong? An element's error, from when its messages say they were written and when they arrived."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from ossbss.contract.assurance import Alarm
from ossbss.oss.fault.symptoms import Identity

FEWEST = 5
"""Messages from which an error is estimated at least: with fewer, a late one and a wrong clock look the same
(assumption)."""
SIGMAS = 3
TO_SIGMA = 1.4826
"""Median absolute deviation to standard deviation of a normal law (Rousseeuw and Croux 1993, JASA 88)."""


@dataclass(frozen=True)
class Skew:
    """``offset_ms`` is to be added to the element's time; the true value is within ``uncertainty_ms`` of it."""

    offset_ms: int
    uncertainty_ms: int

    @property
    def is_off(self) -> bool:
        """Whether the clock is wrong by more than chance on the way explains."""
        return abs(self.offset_ms) > self.uncertainty_ms


def skew(differences: Sequence[int], least_transport_ms: int, resolution_ms: int = 1_000) -> Skew | None:
    """``differences``: arrival less event time of the latest messages. None: too few to tell.

    The median bears late messages as long as they are fewer than half. ``resolution_ms``: what stamps are cut to (a
    second in BSD syslog, RFC 3164).
    """
    if len(differences) < FEWEST:
        return None
    middle = median(differences)
    spread = median(abs(d - middle) for d in differences)
    return Skew(round(middle) - least_transport_ms, resolution_ms + round(SIGMAS * TO_SIGMA * spread))


def corrected_ms(alarm: Alarm, off: Skew | None) -> tuple[int, int]:
    """(when it occurred by the station's clock, how far to either side the truth may be); as the element says where its
    clock is not known to be wrong."""
    if off is None or not off.is_off:
        return alarm.occurred_ms, alarm.occurred_uncertainty_ms
    at_ms = min(alarm.occurred_ms + off.offset_ms, alarm.known_ms)
    return at_ms, alarm.occurred_uncertainty_ms + off.uncertainty_ms


def span_ms(alarm: Alarm, off: Skew | None) -> tuple[int, int]:
    """Between which instants of the station's clock it occurred, by event time and arrival together.

    Nothing occurs after it was heard of. Where the clock is not known, it may be right and the message late, or wrong:
    everything from what it says to the arrival.
    """
    if off is None:
        return min(alarm.occurred_ms - alarm.occurred_uncertainty_ms, alarm.known_ms), alarm.known_ms
    at_ms, unsure_ms = alarm.occurred_ms + off.offset_ms, alarm.occurred_uncertainty_ms + off.uncertainty_ms
    latest_ms = min(at_ms + unsure_ms, alarm.known_ms)
    return min(at_ms - unsure_ms, latest_ms), latest_ms


def apart(group: Sequence[Alarm], skews: Mapping[str, Skew | None], window_ms: int) -> list[tuple[Alarm, ...]]:
    """The group cut where between one alarm and the next more than ``window_ms`` must have passed."""
    spans: dict[Identity, tuple[int, int]] = {a.identity: span_ms(a, skews.get(a.source)) for a in group}
    parts: list[list[Alarm]] = []
    until_ms = 0
    for alarm in sorted(group, key=lambda a: (*spans[a.identity], a.identity)):
        earliest_ms, latest_ms = spans[alarm.identity]
        if not parts or earliest_ms > until_ms + window_ms:
            parts.append([])
            until_ms = latest_ms
        parts[-1].append(alarm)
        until_ms = max(until_ms, latest_ms)
    return [tuple(part) for part in parts]
