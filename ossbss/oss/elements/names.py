"""From a vendor's names to the inventory's: what one element's ports, slots and probes are called in its own words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ossbss.contract.assurance import Alarm
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
    measurements: tuple[Measurement, ...] = ()


SITE_CAUSES = frozenset(
    meaning.probable_cause for meaning in MEANINGS.values() if meaning.object_kind == "site" and meaning.probable_cause
)
"""Probable causes that are alarms of a site, not of an element."""

_LONG_NAMES = {
    "Fa": "FastEthernet", "Gi": "GigabitEthernet", "Te": "TenGigabitEthernet", "Twe": "TwentyFiveGigE",
    "Fo": "FortyGigabitEthernet", "Hu": "HundredGigE", "Eth": "Ethernet", "Et": "Ethernet", "Po": "Port-channel",
    "Vl": "Vlan", "Lo": "Loopback", "Tu": "Tunnel", "Se": "Serial", "BE": "Bundle-Ether",
}  # fmt: skip
_SHORT_NAME = re.compile(r"([A-Z][A-Za-z]{1,2})(\d[\d/.]*)")
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


def reading_of(parsed: Parsed, received_ms: int, names: ElementNames) -> Reading:
    """The notifications that are alarms, on the inventory's objects; rejected where the inventory has no such name.

    Ports, cards and probes must be in the inventory; neighbours, processes and parts below a card are in none and
    keep the vendor's name behind that of the element. Whom the message names as its sender does not count: two
    elements may have one host name, and the transport knows from which of them it came.
    """
    if parsed.rejected:
        return Reading(rejected=parsed.rejected)
    alarms, reasons = [], []
    for notification in parsed.notifications:
        if notification.perceived_severity is None:
            continue
        alarmed_object = _object(notification, names)
        if alarmed_object is None:
            kind, name = notification.object_kind, notification.object_name
            reasons.append(f"the inventory of {names.element_id} has no {kind} named {name!r}")
        else:
            alarms.append(_alarm(notification, alarmed_object, received_ms, names.element_id))
    measurements, strangers = measured(parsed.measurements, names)
    reasons += strangers
    rejected = "; ".join((*reasons, *parsed.rejected_parts)) or None
    return Reading(tuple(alarms), rejected, parsed.resynchronise, measurements)


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
            return names.link_of_port.get(name) or names.link_of_port.get(long_name(name))
        case "card":
            slot = _SLOT.search(name)
            return names.card_of_slot.get(name) or (names.card_of_slot.get(slot[0]) if slot else None)
        case "probe":
            return names.service_of_probe.get(name)
        case "site":
            return names.site
        case _:
            return qualified(names.element_id, notification)


def _alarm(notification: Notification, alarmed_object: str, received_ms: int, element_id: str) -> Alarm:
    assert notification.event_type is not None
    assert notification.probable_cause is not None
    assert notification.perceived_severity is not None
    return Alarm(
        alarmed_object=alarmed_object,
        event_type=notification.event_type,
        probable_cause=notification.probable_cause,
        perceived_severity=notification.perceived_severity,
        source=element_id,
        occurred_ms=notification.occurred_ms,
        occurred_uncertainty_ms=notification.occurred_uncertainty_ms,
        known_ms=received_ms,
        text=notification.text,
    )
