"""Who answers? Polls of element managers: a silent manager is told from silent elements behind one that answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ossbss.contract.assurance import Alarm, PollReply
from ossbss.oss.fault.symptoms import STATION, lost_contact
from ossbss.oss.policy import OperationsPolicy


@dataclass(frozen=True)
class Silence:
    """An element that does not answer its manager. ``asked_ms``: the latest time it was asked and did not answer."""

    missed: int
    asked_ms: int
    answered_ms: int
    """the last answer before"""


@dataclass(frozen=True)
class ManagerWatch:
    """What the polls of one element manager have told so far.

    ``asked``: element → when the manager last asked it (as PollReply tells). ``answered_ms``: when the manager was
    last polled with success. ``open_request``: the poll that has no reply yet, and when it was sent.
    """

    manager_id: str
    element_ids: frozenset[str]
    answered_ms: int
    asked_ms: int
    """the same, as the manager says it: what ``asked`` leaves out was asked then"""
    asked: Mapping[str, int] = field(default_factory=dict)
    silent: Mapping[str, Silence] = field(default_factory=dict)
    open_request: tuple[str, int] | None = None
    unanswered: int = 0


def requested(watch: ManagerWatch, request_id: str, now_ms: int) -> ManagerWatch:
    """A poll is on its way."""
    return replace(watch, open_request=(request_id, now_ms))


def overdue(watch: ManagerWatch, now_ms: int, policy: OperationsPolicy) -> tuple[ManagerWatch, list[Alarm]]:
    """At the time of the next poll: one more without reply? After ``policy.missed_polls`` the manager itself is lost.

    It was lost at some instant between its last reply and the poll that is given up: that is the uncertainty.
    """
    if watch.open_request is None:
        return watch, []
    _, sent_ms = watch.open_request
    counted = replace(watch, open_request=None, unanswered=watch.unanswered + 1)
    if counted.unanswered != policy.missed_polls:
        return counted, []
    return counted, [_alarm(watch.manager_id, sent_ms, sent_ms - watch.answered_ms, now_ms, lost=True)]


def replied(
    watch: ManagerWatch, reply: PollReply, now_ms: int, policy: OperationsPolicy
) -> tuple[ManagerWatch, list[Alarm]]:
    """Elements count as lost after ``policy.missed_polls`` questions without an answer, until one is answered.

    The same question told twice, by a manager that asks less often than it is asked, counts once. A reply that comes
    after the manager was given up is as good as any: it is heard again.
    """
    alarms = []
    if watch.unanswered >= policy.missed_polls:
        since_ms = reply.occurred_ms - watch.answered_ms
        alarms.append(_alarm(watch.manager_id, reply.occurred_ms, since_ms, now_ms, lost=False))
    silent: dict[str, Silence] = {}
    for element in sorted(watch.element_ids - reply.answered):
        silent[element] = _missed(watch, element, reply.asked_ms.get(element, reply.occurred_ms))
        before = watch.silent.get(element)
        if silent[element].missed == policy.missed_polls and (before is None or before.missed < policy.missed_polls):
            alarms.append(_lost(element, silent[element], now_ms))
    for element in sorted(reply.answered & watch.silent.keys()):
        before = watch.silent[element]
        if before.missed >= policy.missed_polls:
            answered_ms = reply.asked_ms.get(element, reply.occurred_ms)
            alarms.append(_alarm(element, answered_ms, answered_ms - before.asked_ms, now_ms, lost=False))
    told = replace(watch, answered_ms=reply.occurred_ms, asked_ms=reply.occurred_ms, asked=reply.asked_ms,
                   silent=silent, unanswered=0, open_request=_still_open(watch, reply))  # fmt: skip
    return told, alarms


def _still_open(watch: ManagerWatch, reply: PollReply) -> tuple[str, int] | None:
    """A late reply to an older poll leaves the latest open."""
    return None if watch.open_request is None or watch.open_request[0] == reply.request_id else watch.open_request


def _missed(watch: ManagerWatch, element: str, asked_ms: int) -> Silence:
    before = watch.silent.get(element)
    if before is None:
        return Silence(1, asked_ms, watch.asked.get(element, watch.asked_ms))
    return replace(before, missed=before.missed + (asked_ms > before.asked_ms), asked_ms=asked_ms)


def _lost(element: str, silence: Silence, now_ms: int) -> Alarm:
    return _alarm(element, silence.asked_ms, silence.asked_ms - silence.answered_ms, now_ms, lost=True)


def _alarm(silent: str, occurred_ms: int, uncertainty_ms: int, now_ms: int, *, lost: bool) -> Alarm:
    alarmed_object, probable_cause, _ = lost_contact(silent)
    return Alarm(
        alarmed_object=alarmed_object,
        event_type="communicationsAlarm",
        probable_cause=probable_cause,
        perceived_severity="major" if lost else "cleared",
        source=STATION,
        occurred_ms=occurred_ms,
        occurred_uncertainty_ms=uncertainty_ms,
        known_ms=now_ms,
    )
