"""What is known of one window, by number: alarms that are active at its end and since when, and who complained."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ossbss.oss.fault.cause.numbering import Numbering
from ossbss.oss.fault.symptoms import Identity

CHATTERS = 3
"""An alarm that was raised so often and cleared in between says nothing of what is wrong now (assumption)."""


@dataclass(frozen=True)
class AlarmRecord:
    """A line of an alarm log: the raise of an alarm, or its clear (``cleared_ms``)."""

    identity: Identity
    raised_ms: int
    cleared_ms: int | None = None


@dataclass(frozen=True, eq=False)
class Evidence:
    """``alarms``: active symptoms; ``raised_s``: since when each, in s since the window began; ``unclear``: symptoms of
    which neither presence nor absence says anything; ``reports``: services complained of; ``reported_s``: first when;
    ``again``: how often after that;
    ``lost_managers``; ``length_s``; ``foreign``: active alarms that no failure known to the inventory raises."""

    alarms: NDArray[np.int64]
    raised_s: NDArray[np.float64]
    unclear: NDArray[np.int64]
    reports: NDArray[np.int64]
    reported_s: NDArray[np.float64]
    again: NDArray[np.int64]
    lost_managers: tuple[int, ...]
    length_s: float
    foreign: tuple[Identity, ...]


def evidence_of(
    numbers: Numbering,
    records: Iterable[AlarmRecord],
    reports: Iterable[tuple[str, int]],
    span_ms: tuple[int, int],
    managers_fail: bool = False,
) -> Evidence:
    """``records`` in order of time; ``reports``: (service, when); ``span_ms``: begin and end of the window.
    ``managers_fail``: lost contact with a manager is to be explained; else it is a fact to reckon with."""
    since, raises = active_since(records)
    places = numbers.places
    known = {numbers.symptom_no[i]: ms for i, ms in since.items() if i in numbers.symptom_no}
    told = () if managers_fail else known
    managers = {no - places.manager.start for no in told if places.manager.start <= no < places.manager.stop}
    unclear = [numbers.symptom_no[i] for i, n in raises.items() if n >= CHATTERS and i in numbers.symptom_no]
    alarms = sorted(no for no in known if no not in set(unclear) and no - places.manager.start not in managers)
    heard = [(numbers.service_no[service], ms) for service, ms in reports if service in numbers.service_no]
    complained, times = _earliest(heard), Counter(service for service, _ in heard)
    return Evidence(
        alarms=np.array(alarms, dtype=np.int64),
        raised_s=_seconds([known[no] for no in alarms], span_ms[0]),
        unclear=np.array(sorted(unclear), dtype=np.int64),
        reports=np.array(sorted(complained), dtype=np.int64),
        reported_s=_seconds([complained[no] for no in sorted(complained)], span_ms[0]),
        again=np.array([times[no] - 1 for no in sorted(complained)], dtype=np.int64),
        lost_managers=tuple(sorted(managers)),
        length_s=max(1.0, (span_ms[1] - span_ms[0]) / 1000),
        foreign=tuple(sorted(i for i in since if i not in numbers.symptom_no)),
    )


def active_since(records: Iterable[AlarmRecord]) -> tuple[dict[Identity, int], dict[Identity, int]]:
    """(alarm → since when it is active, alarm → how often it was raised anew)"""
    since: dict[Identity, int] = {}
    raises: dict[Identity, int] = {}
    for record in records:
        if record.cleared_ms is not None:
            since.pop(record.identity, None)
        elif record.identity not in since:
            since[record.identity] = record.raised_ms
            raises[record.identity] = raises.get(record.identity, 0) + 1
    return since, raises


def _earliest(pairs: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    found: dict[int, int] = {}
    for name, ms in pairs:
        found[name] = min(ms, found.get(name, ms))
    return found


def _seconds(times_ms: Sequence[int], from_ms: int) -> NDArray[np.float64]:
    return (np.array(times_ms, dtype=np.float64) - from_ms) / 1000
