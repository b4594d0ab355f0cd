"""What stays in the list? The administrator's life cycle of alarms: purge what is over for long, compress histories.

RFC 8632, section 3.6: cleared alarms stay until they are purged; neither the resource nor the operator removes one.
"""

from collections.abc import Mapping
from dataclasses import replace

from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.symptoms import Identity


def purgeable(listed: Mapping[Identity, ListedAlarm], now_ms: int, age_ms: int) -> list[Identity]:
    """Alarms that have been over for ``age_ms`` and that nothing waits for; raised ones never, whatever their age."""
    return [
        identity for identity, alarm in listed.items()
        if alarm.cleared_ms is not None and alarm.due_ms is None
        and (alarm.clear_known_ms or alarm.cleared_ms) + age_ms <= now_ms
    ]  # fmt: skip


def compressed(alarm: ListedAlarm) -> ListedAlarm:
    """Only the latest of its status changes is kept (RFC 8632, compress-alarms); what operators did stays."""
    return replace(alarm, status_changes=alarm.status_changes[-1:])
