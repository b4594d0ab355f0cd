"""From a vendor's names to the inventory's: what one element's ports, slots and probes are called in its own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ossbss.contract.assurance import RAW_OCTETS, Alarm
from ossbss.oss.elements.events import MEANINGS
from ossbss.oss.elements.notification import Measurement, Notification, Parsed


@dataclass(frozen=True)
class ElementNames:
    """The inventory's ids behind an element's own names."""

    element_id: str
    link_of_port: Mapping[str, str]
    card_of_slot: Mapping[str, str]
    service_of_probe: Mapping[str, str]
    site: str = ""
    """where it stands: the alarmed object of mains and fuel, which it shares with the others there"""
    cell_of_radio: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """A message understood: its alarms and measurements (perhaps none), or the reason why it was rejected.

    ``resynchronise``: the element has forgotten its alarms, they are to be read anew. ``measurements``: of links, cells
    and services, by their ids, ``element`` being the element that sent the message.
    """

    alarms: tuple[Alarm, ...] = ()
    rejected: str | None = None
    resynchronise: bool = False
    complete: bool = False
    """the alarms are all that the element has"""
    measurements: tuple[Measurement, ...] = ()


SITE_CAUSES = frozenset(
    meaning.probable_cause for meaning in MEANINGS.values() if meaning.object_kind == "site" and meaning.probable_cause
)
"""Probable causes that are alarms of a site, not of an element."""

_ENOUGH: frozenset[tuple[str, str | None]] = frozenset({
    ("port", "lossOfSignal"), ("card", "equipmentMalfunction"), ("probe", "underlyingResourceUnavailable"),
    ("power", "powerProblem"), *(("site", cause) for cause in SITE_CAUSES),
})  # fmt: skip
"""(kind of object, cause) of which an object of the inventory has one alarm, however many a vendor makes of it: the
symptoms that failures are known by (``fault.cause.numbering``). A qualifier would make another alarm of it."""
_LONG_NAMES = {
    "Fa": "FastEthernet", "Gi": "GigabitEthernet", "Te": "TenGigabitEthernet", "Twe": "TwentyFiveGigE",
    "Fo": "FortyGigabitEthernet", "Hu": "HundredGigE", "Eth": "Ethernet", "Et": "Ethernet", "Po": "Port-channel",
    "Vl": "Vlan", "Lo": "Loopback", "Tu": "Tunnel", "Se": "Serial", "BE": "Bundle-Ether",
}  # fmt: skip
_SHORT_NAME = re.compile(r"([A-Z][A-Za-z]{1,2})(\d[\d/.]*)")
_SUBINTERFACE = re.compile(r"(?P<port>.+)\.\d{1,10}")
"""a logical unit of a port: GigabitEthernet0/0/1.100, xe-1/0/0.0"""
_SLOT = re.compile(r"\d{1,4}(?:/\d{1,4})*$")


def long_name(port: str) -> str:
    """The name in full of a port that a vendor has cut short, so that both are one object.

    >>> long_name("Gi0/1/0"), long_name("xe-1/0/0")
    ('GigabitEthernet0/1/0', 'xe-1/0/0')
    """
    found = _SHORT_NAME.fullmatch(port)
    return f"{_LONG_NAMES[found[1]]}{found[2]}" if found and found[1] in _LONG_NAMES else port


def qualified(element: str, notification: Notification) -> str:
    """What the alarm is about where no inventory says: the element, and behind a slash the vendor's name on it."""
    name = notification.object_name
    name = long_name(name) if notification.object_kind == "port" else name
    return f"{element}/{name}" if name else element


def reading_of(
    parsed: Parsed, received_ms: int, names: ElementNames, message_id: str = "", payload: bytes = b""
) -> Reading:
    """The notifications that are alarms, on the inventory's objects; rejected where the inventory has no such name.

    Ports, cards and probes must be in the inventory, or be a subinterface of such a port; neighbours, processes and
    parts below a card are in none and keep the vendor's name behind that of the element. Whom the message names as its
    sender does not count: two elements may have one host name, and the transport knows from which of them it came.
    """
    if parsed.rejected:
        return Reading(rejected=parsed.rejected)
    alarms, reasons = [], []
    for notification in parsed.notifications:
        if notification.perceived_severity is None:
            continue
        found = _found(notification, names)
        if found is None:
            kind, name = notification.object_kind, notification.object_name
            reasons.append(f"the inventory of {names.element_id} has no {kind} named {name!r}")
        elif not (found.unit and notification.probable_cause == _LINK_CAUSE):
            raw = payload[:RAW_OCTETS]
            alarms.append(_alarm(notification, found, received_ms, names.element_id, message_id, raw))
    measurements, strangers = measured(parsed.measurements, names)
    rejected = "; ".join((*reasons, *strangers, *parsed.rejected_parts)) or None
    return Reading(tuple(alarms), rejected, parsed.resynchronise, parsed.complete, measurements)


class _Found(NamedTuple):
    alarmed_object: str
    unit: str = ""
    """the subinterface, where that is a part of the port whose link this is"""


_LINK_CAUSE = MEANINGS["INTERFACE_DOWN"].probable_cause
"""Of a subinterface it is a fact: it follows its port, or is taken out of the configuration, and its link is up. So
RFC 2863 (ifLinkUpDownTrapEnable) has no link traps, by default, of interfaces that stand on others."""


def _found(notification: Notification, names: ElementNames) -> _Found | None:
    name = _object(notification, names)
    if name is not None:
        return _Found(name)
    unit = _SUBINTERFACE.fullmatch(notification.object_name) if notification.object_kind == "port" else None
    link = _link(unit["port"], names) if unit else None
    return _Found(link, notification.object_name) if link else None


def _link(port: str, names: ElementNames) -> str | None:
    return names.link_of_port.get(port) or names.link_of_port.get(long_name(port))


def measured(found: Sequence[Measurement], names: ElementNames) -> tuple[tuple[Measurement, ...], list[str]]:
    """(measurements of ports, cells and sessions by the inventory's ids, reasons why others of these were left out).

    An object is named by the last part of its distinguished name: ``IpInterface=`` and a port, ``NRCellCU=`` and the
    number of a radio, ``TwampSession=`` and a probe. What is of another class is of no use here.
    """
    ids = {"IpInterface": ("port", names.link_of_port), "NRCellCU": ("cell", names.cell_of_radio),
           "TwampSession": ("probe", names.service_of_probe)}  # fmt: skip
    known: dict[str, str | None] = {}
    kept, reasons = [], []
    for each in found:
        if each.measured_object not in known:
            object_class, _, name = each.measured_object.rpartition(",")[2].partition("=")
            kind, id_of = ids.get(object_class, ("", None))
            known[each.measured_object] = id_of.get(name) if id_of is not None else None
            if id_of is not None and name not in id_of:
                reasons.append(f"the inventory of {names.element_id} has no {kind} named {name!r}")
        if (resource := known[each.measured_object]) is not None:
            kept.append(Measurement(resource, each.counter, each.begins_ms, each.granularity_ms, each.value,
                                    each.suspect, names.element_id))  # fmt: skip
    return tuple(kept), reasons


def _object(notification: Notification, names: ElementNames) -> str | None:
    name = notification.object_name
    match notification.object_kind:
        case "port":
            return _link(name, names)
        case "card":
            slot = _SLOT.search(name)
            return names.card_of_slot.get(name) or (names.card_of_slot.get(slot[0]) if slot else None)
        case "probe":
            return names.service_of_probe.get(name)
        case "site":
            return names.site
        case _:
            return qualified(names.element_id, notification)


def _alarm(
    notification: Notification, found: _Found, received_ms: int, element_id: str, message_id: str, raw: bytes
) -> Alarm:
    assert notification.event_type is not None
    assert notification.probable_cause is not None
    assert notification.perceived_severity is not None
    return Alarm(
        alarmed_object=found.alarmed_object,
        event_type=notification.event_type,
        probable_cause=notification.probable_cause,
        perceived_severity=notification.perceived_severity,
        source=element_id,
        occurred_ms=notification.occurred_ms,
        occurred_uncertainty_ms=notification.occurred_uncertainty_ms,
        known_ms=received_ms,
        text=notification.text,
        qualifier=found.unit or _qualifier(notification),
        message_id=message_id,
        raw=raw,
    )


def _qualifier(notification: Notification) -> str:
    """What tells two alarms of one object and cause apart; none where there can be but one."""
    enough = (notification.object_kind, notification.probable_cause) in _ENOUGH
    return "" if enough else notification.qualifier
