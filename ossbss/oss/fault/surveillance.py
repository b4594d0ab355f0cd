"""What is wrong now? Keeps the alarm list: one row for each identity, repeats counted, clears applied."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ossbss.contract.assurance import Alarm
from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.symptoms import Identity


@dataclass(frozen=True)
class Change:
    """What one notification did to the list."""

    kind: str
    """raised, repeated, cleared, or late (a clear without a raise, a raise older than its clear)"""
    alarm: ListedAlarm

    @property
    def occurred_ms(self) -> int:
        """When what the notification tells happened: the clear, else the raise."""
        cleared_ms = self.alarm.cleared_ms if self.kind == "cleared" else None
        return self.alarm.raised.occurred_ms if cleared_ms is None else cleared_ms


def survey(listed: Mapping[Identity, ListedAlarm], notifications: Iterable[Alarm]) -> list[Change]:
    """Apply notifications in order; the caller stores the changes. A doubled line is a repeat, not an alarm;
    a raise that overtakes its own clear, or arrives after it, does not reopen what is over."""
    changed: dict[Identity, ListedAlarm] = {}
    changes = []
    for alarm in notifications:
        for change in _apply(changed.get(alarm.identity) or listed.get(alarm.identity), alarm):
            changed[alarm.identity] = change.alarm
            changes.append(change)
    return changes


def _apply(known: ListedAlarm | None, alarm: Alarm) -> list[Change]:
    if alarm.perceived_severity == "cleared":
        return _clear(known, alarm)
    if known is None:
        return [Change("raised", ListedAlarm(alarm))]
    if known.active:
        youngest = known.latest or known.raised
        latest = alarm if alarm.occurred_ms > youngest.occurred_ms else known.latest
        return [Change("repeated", replace(known, repeats=known.repeats + 1, latest=latest))]
    if known.quiet_until_ms is not None and alarm.occurred_ms <= known.quiet_until_ms:
        return [Change("late", known)]
    return [Change("raised", ListedAlarm(alarm))]


def _clear(known: ListedAlarm | None, alarm: Alarm) -> list[Change]:
    """A clear that overtakes its raise is remembered, so that the raise, when it comes, opens nothing.

    One that is older than the youngest raise ends the span before it, and the alarm goes on from there.
    """
    at_ms = alarm.occurred_ms
    if known is None:
        return [Change("late", ListedAlarm(alarm, cleared_ms=at_ms, quiet_until_ms=at_ms))]
    if not known.active:
        return [Change("late", replace(known, quiet_until_ms=max(at_ms, known.quiet_until_ms or at_ms)))]
    if at_ms < known.raised.occurred_ms:
        return [Change("late", known)]
    over = replace(known, cleared_ms=at_ms, clear_known_ms=alarm.known_ms, quiet_until_ms=at_ms,
                   clear_uncertainty_ms=alarm.occurred_uncertainty_ms, latest=None)  # fmt: skip
    goes_on = known.latest is not None and known.latest.occurred_ms > at_ms
    again = [Change("raised", ListedAlarm(known.latest))] if known.latest and goes_on else []
    return [Change("cleared", over), *again]
