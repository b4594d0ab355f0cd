"""What does the operator make of it? Acknowledge, close, shelve, comment: nothing of it changes the resource's state.

RFC 8632, section 3.5: the operator's life cycle is apart from the resource's. To acknowledge or to close clears nothing
and stops no clock; a shelved alarm still changes state.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ossbss.contract.assurance import AlarmAction
from ossbss.oss.fault.records import HISTORY, ListedAlarm, OperatorChange, OperatorState


@dataclass(frozen=True)
class Answer:
    """The alarm afterwards, or why it stays as it is."""

    alarm: ListedAlarm | None = None
    refused: str | None = None


def act(listed: ListedAlarm | None, action: AlarmAction, now_ms: int) -> Answer:
    """Never raises: what cannot be done is refused with the reason."""
    if listed is None or not listed.status_changes:
        return Answer(refused=f"the list has no alarm {'|'.join(action.identity)}")
    if not action.user_id.strip():
        return Answer(refused="nobody is named who does it")
    if action.action not in _REASONS:
        return Answer(refused=f"no action {action.action!r}; there are {', '.join(_REASONS)}")
    if reason := _REASONS[action.action](listed, action, now_ms):
        return Answer(refused=reason)
    change = OperatorChange(now_ms, _STATES[action.action], action.user_id, action.text)
    history = (*listed.operator_changes[1 - HISTORY :], change)
    state = change.state if change.state in ("none", "ack", "closed") else listed.operator_state
    told = replace(listed, operator_changes=history, operator_state=state)
    if action.action == "shelve":
        return Answer(replace(told, shelf=action.shelf, shelved_until_ms=action.until_ms))
    return Answer(replace(told, shelf=None, shelved_until_ms=None) if action.action == "unshelve" else told)


def _acknowledge(listed: ListedAlarm, _action: AlarmAction, _now_ms: int) -> str:
    if listed.operator_state == "ack":
        return f"already acknowledged by {_who(listed, 'ack')}"
    return "it is closed" if listed.operator_state == "closed" else ""


def _unacknowledge(listed: ListedAlarm, _action: AlarmAction, _now_ms: int) -> str:
    return "" if listed.operator_state == "ack" else "it is not acknowledged"


def _close(listed: ListedAlarm, _action: AlarmAction, _now_ms: int) -> str:
    return f"already closed by {_who(listed, 'closed')}" if listed.operator_state == "closed" else ""


def _shelve(listed: ListedAlarm, action: AlarmAction, now_ms: int) -> str:
    if listed.shelf is not None:
        return f"already on shelf {listed.shelf!r}"
    if not action.shelf.strip():
        return "no shelf is named"
    return "" if action.until_ms is None or action.until_ms > now_ms else "it would come off the shelf before now"


def _unshelve(listed: ListedAlarm, _action: AlarmAction, _now_ms: int) -> str:
    return "it is on no shelf" if listed.shelf is None else ""


def _comment(_listed: ListedAlarm, action: AlarmAction, _now_ms: int) -> str:
    return "" if action.text.strip() else "the comment is empty"


def _who(listed: ListedAlarm, state: OperatorState) -> str:
    found = (change.user_id for change in reversed(listed.operator_changes) if change.state == state)
    return next(found, "somebody, long ago")


_REASONS: Mapping[str, Callable[[ListedAlarm, AlarmAction, int], str]] = {
    "acknowledge": _acknowledge, "unacknowledge": _unacknowledge, "close": _close, "shelve": _shelve,
    "unshelve": _unshelve, "comment": _comment,
}  # fmt: skip
"""action → why it cannot be done; empty: it can"""
_STATES: Mapping[str, OperatorState] = {
    "acknowledge": "ack", "unacknowledge": "none", "close": "closed", "shelve": "shelved", "unshelve": "un-shelved",
    "comment": "commented",
}  # fmt: skip
