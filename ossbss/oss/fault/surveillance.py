"""What is wrong now? The resource's side of the alarm list: raised, changed, flapping, cleared, in any order heard.

An alarm is a state keyed by (alarmed_object, probable_cause, source), not a message (RFC 8632, section 3.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ossbss.contract.assurance import Alarm
from ossbss.oss.fault.records import HISTORY, RANKS, ListedAlarm, StatusChange
from ossbss.oss.policy import OperationsPolicy


@dataclass(frozen=True)
class Change:
    """What one notification, or time alone, did to the list."""

    kind: str
    """By a notification: raised, repeated, changed (another severity), cleared, flapping (it begins to), clear_held,
    late (a clear without a raise, a raise older than its clear). By time: cleared, settled (raised for good after
    flapping), presented (no longer hidden)."""
    alarm: ListedAlarm

    @property
    def occurred_ms(self) -> int:
        """When what the notification tells happened: the clear, else the raise."""
        cleared_ms = self.alarm.cleared_ms if self.kind in ("cleared", "clear_held") else None
        return self.alarm.raised.occurred_ms if cleared_ms is None else cleared_ms


def in_order(notifications: Sequence[Alarm]) -> Sequence[Alarm]:
    """What is heard at one instant, in an order that does not depend on that in which it lay there."""
    return sorted(notifications, key=_order) if len(notifications) > 1 else notifications


def survey(known: ListedAlarm | None, alarm: Alarm, policy: OperationsPolicy) -> list[Change]:
    """What a notification makes of the alarm that the list holds under its identity; the caller stores the changes.

    A doubled line is a repeat, not an alarm; a raise that overtakes its own clear, or arrives after it, does not
    reopen what is over.
    """
    if alarm.perceived_severity == "cleared":
        return _clear(known, alarm, policy)
    if known is None:
        return [Change("raised", _new(alarm))]
    if known.active:
        return [_again(known, alarm)]
    if known.quiet_until_ms is not None and alarm.occurred_ms <= known.quiet_until_ms:
        return [Change("late", known)]
    return [_anew(known, alarm, policy)]


def _order(alarm: Alarm) -> tuple[int, bool, int, str, str, str, str, str]:
    severity = alarm.perceived_severity
    return (alarm.occurred_ms, severity == "cleared", RANKS[severity], alarm.alarmed_object, alarm.probable_cause,
            alarm.source, alarm.qualifier, alarm.text)  # fmt: skip


def _new(alarm: Alarm, toggles: tuple[int, ...] = ()) -> ListedAlarm:
    return ListedAlarm(alarm, toggles=toggles or (alarm.occurred_ms,), status_changes=(_status(alarm),))


def _status(alarm: Alarm) -> StatusChange:
    return StatusChange(alarm.occurred_ms, alarm.perceived_severity, alarm.text)


def _again(known: ListedAlarm, alarm: Alarm) -> Change:
    """Heard once more while active: the youngest tells severity and text; of one instant the gravest."""
    youngest = known.latest or known.raised
    heard = known.but(repeats=known.repeats + 1, unknown_since_ms=None, gone_ms=None, gone_at_ms=None)
    if _weight(alarm) <= _weight(youngest):
        return Change("repeated", heard)
    told = (alarm.perceived_severity, alarm.text) != (youngest.perceived_severity, youngest.text)
    history = _bounded(known.status_changes, alarm) if told else known.status_changes
    changed = alarm.perceived_severity != youngest.perceived_severity
    return Change("changed" if changed else "repeated", heard.but(latest=alarm, status_changes=history))


def _weight(alarm: Alarm) -> tuple[int, int, str]:
    return alarm.occurred_ms, RANKS[alarm.perceived_severity], alarm.text


def _bounded(history: tuple[StatusChange, ...], alarm: Alarm) -> tuple[StatusChange, ...]:
    return (*history[1 - HISTORY :], _status(alarm))


def _anew(known: ListedAlarm, alarm: Alarm, policy: OperationsPolicy) -> Change:
    """Raised after it was cleared: another alarm, or the same where it flaps. What lies on a shelf stays there."""
    toggles = (*known.toggles, alarm.occurred_ms)[-policy.flap_changes :]
    if not known.flapping and not _flaps(toggles, alarm, policy):
        fresh = _new(alarm, toggles)
        shelved = known.operator_changes if known.shelf is not None else ()
        return Change("raised", fresh.but(shelf=known.shelf, operator_changes=shelved,
                                        shelved_until_ms=known.shelved_until_ms))  # fmt: skip
    again = known.but(raised=alarm, began=known.began or known.raised, flaps=known.flaps + 1, latest=None,
                    cleared_ms=None, clear_known_ms=None, clear_uncertainty_ms=None, ended_by=None, toggles=toggles,
                    unknown_since_ms=None, flapping_until_ms=_quiet_ms(known, alarm, policy),
                    status_changes=_bounded(known.status_changes, alarm))  # fmt: skip
    return Change("repeated" if known.flapping else "flapping", again)


def _flaps(toggles: Sequence[int], alarm: Alarm, policy: OperationsPolicy) -> bool:
    """Whether the last changes came so close together; a stamp may be off by its uncertainty."""
    width_ms = max(toggles) - min(toggles)
    return len(toggles) >= policy.flap_changes and width_ms <= policy.flap_window_ms + alarm.occurred_uncertainty_ms


def _quiet_ms(known: ListedAlarm, alarm: Alarm, policy: OperationsPolicy) -> int:
    """Until when it must keep still, by the station's own clock."""
    return max(known.flapping_until_ms or 0, alarm.known_ms + policy.flap_quiet_ms)


def _clear(known: ListedAlarm | None, alarm: Alarm, policy: OperationsPolicy) -> list[Change]:
    """A clear that overtakes its raise is remembered, so that the raise, when it comes, opens nothing.

    One that is older than the youngest raise ends the span before it, and the alarm goes on from there.
    """
    at_ms = alarm.occurred_ms
    if known is None:
        return [Change("late", ListedAlarm(alarm, cleared_ms=at_ms, quiet_until_ms=at_ms))]
    if not known.active:
        return [Change("late", known.but(quiet_until_ms=max(at_ms, known.quiet_until_ms or at_ms)))]
    if at_ms < known.raised.occurred_ms:
        return [Change("late", known)]
    over = _over(known, alarm, policy)
    goes_on = known.latest is not None and known.latest.occurred_ms > at_ms
    return [over, *([_anew(over.alarm, known.latest, policy)] if known.latest and goes_on else [])]


def _over(known: ListedAlarm, alarm: Alarm, policy: OperationsPolicy) -> Change:
    at_ms, toggles = alarm.occurred_ms, (*known.toggles, alarm.occurred_ms)[-policy.flap_changes :]
    flaps = known.flapping or _flaps(toggles, alarm, policy)
    latest = known.latest if known.latest and known.latest.occurred_ms <= at_ms else None
    over = known.but(cleared_ms=at_ms, clear_known_ms=alarm.known_ms, quiet_until_ms=at_ms, latest=latest,
                   clear_uncertainty_ms=alarm.occurred_uncertainty_ms, toggles=toggles, unknown_since_ms=None,
                   gone_ms=None, gone_at_ms=None, ended_by=alarm, status_changes=_bounded(known.status_changes, alarm),
                   flapping_until_ms=_quiet_ms(known, alarm, policy) if flaps else None)  # fmt: skip
    return Change("clear_held" if flaps else "cleared", over)


def elapsed(listed: ListedAlarm, now_ms: int) -> Change:
    """What time alone does: flapping settles, what hides an alarm comes to an end."""
    times = ((name, getattr(listed, name)) for name in _TIMERS)
    over: dict[str, Any] = {name: None for name, at_ms in times if at_ms is not None and at_ms <= now_ms}
    after = listed.but(**over, shelf=None if "shelved_until_ms" in over else listed.shelf)
    if "flapping_until_ms" in over:
        return Change("settled" if after.active else "cleared", after)
    return Change("presented" if after.presented else "quiet", after)


_TIMERS = ("flapping_until_ms", "suppressed_until_ms", "held_until_ms", "shelved_until_ms")
