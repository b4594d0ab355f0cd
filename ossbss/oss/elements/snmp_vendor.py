"""Alarm traps of vendors' element managers, and of RFC 3877: each enterprise with its own objects and severity table.

The objects' numbers are those of the vendors' published MIBs: NSN-SNMP-NBI (Nokia), iMAP northbound (Huawei),
ZTE-ALARM-IRP-MIB. ADVA's objects are known by name only, so its traps are read where a decoder has named them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.notification import Notification, ObjectKind
from ossbss.oss.elements.severity_tables import ALARM_MODEL_STATE, severity_of
from ossbss.oss.elements.snmp_time import date_and_time
from ossbss.oss.elements.snmp_trap import Trap, under
from ossbss.oss.elements.vendor_alarm import vendor_alarm

_ENTERPRISES = "1.3.6.1.4.1"
_X733: Mapping[int, EventType] = {
    1: "communicationsAlarm",
    2: "qualityOfServiceAlarm",
    3: "processingErrorAlarm",
    4: "equipmentAlarm",
    5: "environmentalAlarm",
}
_NBI, _IMAP, _ZTE = f"{_ENTERPRISES}.28458.1.26", f"{_ENTERPRISES}.2011.2.15.2.4.3.3", f"{_ENTERPRISES}.3902.4101"

Column = tuple[str, str]
"""(OID, name): an object is found by either"""


@dataclass(frozen=True)
class AlarmMib:
    """Where one enterprise's alarm traps keep what X.733 asks for."""

    enterprise: str
    severities: str
    """the table that its severity is read by (severity_tables)"""
    severity: Column
    resource: Column
    problem: Column
    text: Column
    identity: Column = ("", "")
    """the manager's own number of the alarm, the same in its raise and its clear"""
    kind: Column = ("", "")
    time: Column = ("", "")
    """when it happened, a DateAndTime; without it, it happened on arrival"""
    event_types: Mapping[int, EventType] = field(default_factory=dict)
    cleared_by: Sequence[tuple[Column, int]] = ()
    """values that end the alarm whatever its severity says"""
    cleared_traps: frozenset[str] = frozenset()
    no_alarm: Sequence[tuple[Column, int]] = ()
    """values that mark events and acknowledgements"""


MIBS = (
    AlarmMib(
        _NBI, "nokia", (f"{_NBI}.3.1.1.13", "nbiPerceivedSeverity"), (f"{_NBI}.2.1.6.5", "nbiObjectInstance"),
        (f"{_NBI}.3.1.1.16", "nbiSpecificProblem"), (f"{_NBI}.3.1.1.4", "nbiAdditionalText"),
        (f"{_NBI}.3.1.1.5", "nbiAlarmId"), (f"{_NBI}.3.1.1.7", "nbiAlarmType"),
        (f"{_NBI}.2.1.6.3", "nbiEventTime"), _X733,
    ),
    AlarmMib(
        _IMAP, "huawei", (f"{_IMAP}.11", "iMAPNorthboundAlarmLevel"), (f"{_IMAP}.4", "iMAPNorthboundAlarmMOName"),
        (f"{_IMAP}.28", "iMAPNorthboundAlarmProbablecause"), (f"{_IMAP}.51", "iMAPNorthboundAlarmAdditionalInfo"),
        (f"{_IMAP}.1", "iMAPNorthboundAlarmCSN"), (f"{_IMAP}.10", "iMAPNorthboundAlarmType"),
        ("", ""),  # its times have no zone, and a clear repeats when the alarm began
        {1: "equipmentAlarm", 2: "environmentalAlarm", 3: "communicationsAlarm", 4: "communicationsAlarm",
         5: "equipmentAlarm", 6: "processingErrorAlarm", 7: "processingErrorAlarm", 8: "communicationsAlarm",
         9: "qualityOfServiceAlarm", 10: "processingErrorAlarm"},
        [((f"{_IMAP}.2", "iMAPNorthboundAlarmCategory"), 2), ((f"{_IMAP}.12", "iMAPNorthboundAlarmRestore"), 1)],
        no_alarm=[((f"{_IMAP}.2", "iMAPNorthboundAlarmCategory"), other) for other in (3, 4, 5)],
    ),
    AlarmMib(
        _ZTE, "zte", (f"{_ZTE}.1.3.1.6", "alarmPerceivedSeverity"),
        (f"{_ZTE}.1.3.1.15", "alarmManagedObjectInstanceName"), (f"{_ZTE}.1.3.1.11", "alarmCode"),
        (f"{_ZTE}.1.3.1.7", "alarmSpecificProblem"), (f"{_ZTE}.1.3.1.24", "alarmId"),
        (f"{_ZTE}.1.3.1.4", "alarmEventType"), (f"{_ZTE}.1.3.1.3", "alarmEventTime"),
        cleared_traps=frozenset([f"{_ZTE}.1.4.1.2"]),
    ),
    AlarmMib(
        f"{_ENTERPRISES}.2544", "adva", ("", "severity"), ("", "entity"), ("", "name"), ("", "description"),
        ("", "id"), ("", "eventType"), ("", "neTime"), _X733, [(("", "disposition"), 2)],
    ),
)  # fmt: skip
_ALARM_MIB = "1.3.6.1.2.1.118"
_ACTIVE = (f"{_ALARM_MIB}.0.2", f"{_ALARM_MIB}.1.2.2.1.13", f"{_ALARM_MIB}.1.2.2.1.10")
_CLEAR = (f"{_ALARM_MIB}.0.3", f"{_ALARM_MIB}.1.3.2.1.10", f"{_ALARM_MIB}.1.3.2.1.8")
"""ALARM-MIB: the trap, its model pointer and its resource (RFC 3877)"""
ITU_SEVERITY = ("1.3.6.1.2.1.121.1.1.1.1.1", "ituAlarmPerceivedSeverity")
IF_INDEX = "1.3.6.1.2.1.2.2.1.1"


def enterprise_alarm(trap: Trap, stamp: tuple[int, int]) -> Notification | None:
    """The alarm of a trap of RFC 3877 or of an enterprise, None where it is no alarm trap of any known kind.

    ``stamp``: (occurred_ms, occurred_uncertainty_ms).
    """
    if trap.oid in (_ACTIVE[0], _CLEAR[0]):
        return _alarm_mib(trap, stamp)
    for mib in MIBS:
        if under(trap.oid, mib.enterprise):
            return _of_enterprise(trap, mib, stamp)
    return _of_nobody(trap, stamp)


def _of_enterprise(trap: Trap, mib: AlarmMib, stamp: tuple[int, int]) -> Notification | None:
    code = trap.number(*mib.severity)
    ended = trap.oid in mib.cleared_traps or any(trap.number(*where) == value for where, value in mib.cleared_by)
    if code is None and not ended:
        return None
    stamp = date_and_time(trap.find(*mib.time)) or stamp
    problem, resource = trap.text(*mib.problem), trap.text(*mib.resource)
    severity: Severity = "cleared" if ended else severity_of(mib.severities, code or 0)
    kind: ObjectKind = "other" if resource else "element"
    text = f"{problem}: {trap.text(*mib.text)} (severity {code} of {mib.severities})"
    if any(trap.number(*where) == value for where, value in mib.no_alarm):
        return Notification("EVENT", kind, resource, *stamp, text=text)
    return vendor_alarm(
        kind, resource, stamp, severity, (problem, problem.partition("|")[2]), text=text,
        alarm_type_id=problem or trap.oid, qualifier=trap.text(*mib.identity),
        event_type=mib.event_types.get(trap.number(*mib.kind) or 0),
    )  # fmt: skip


def _of_nobody(trap: Trap, stamp: tuple[int, int]) -> Notification | None:
    """A severity whose enterprise is of no table: what its number means there is not known."""
    for binding in trap.varbinds:
        if binding.name == ITU_SEVERITY[1] or under(binding.oid, ITU_SEVERITY[0]):
            return _alarm(trap, severity_of("rfc3877", trap.number(*ITU_SEVERITY) or 0), stamp, trap.oid)
        if "severity" in binding.name.lower():
            text = f"{trap.oid}: {binding.name} = {binding.text}, of no known table"
            return _alarm(trap, "indeterminate", stamp, text)
    return None


def _alarm(trap: Trap, severity: Severity, stamp: tuple[int, int], text: str) -> Notification:
    return vendor_alarm("element", "", stamp, severity, (), alarm_type_id=trap.oid, text=text)


def _alarm_mib(trap: Trap, stamp: tuple[int, int]) -> Notification:
    """RFC 3877: the pointer to the alarm's model ends in (model index, state); raise and clear share the index."""
    active = trap.oid == _ACTIVE[0]
    _, pointer, resource = _ACTIVE if active else _CLEAR
    model = trap.text(pointer, "alarmActiveModelPointer", "alarmClearModelPointer")
    index, _, state = model.rpartition(".")
    severity = ALARM_MODEL_STATE.get(int(state) if state.isdecimal() else 0, "indeterminate") if active else "cleared"
    where = trap.text(resource, "alarmActiveResourceId", "alarmClearResourceId")
    port = where.removeprefix(IF_INDEX + ".") if under(where, IF_INDEX) else ""
    return vendor_alarm(
        "port" if port else "other" if where else "element", f"ifIndex={port}" if port else where, stamp, severity, (),
        alarm_type_id=index or trap.oid, text=f"alarm model {model}",
    )  # fmt: skip
