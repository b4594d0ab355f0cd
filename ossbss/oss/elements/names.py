"""What one element's ports, slots and probes are called in its own log lines, and what came of reading one."""

from collections.abc import Mapping
from dataclasses import dataclass

from ossbss.contract.assurance import Alarm, EventType, Severity


@dataclass(frozen=True)
class ElementNames:
    """The inventory's ids behind an element's own names."""

    element_id: str
    link_of_port: Mapping[str, str]
    card_of_slot: Mapping[str, str]
    service_of_probe: Mapping[str, str]
    site: str = ""
    """where it stands: the alarmed object of power and fuel, which it shares with the others there"""


@dataclass(frozen=True)
class Reading:
    """A message understood: its alarms (perhaps none), or the reason why it was rejected."""

    alarms: tuple[Alarm, ...] = ()
    resynchronise: bool = False
    """the element has started anew: what was known of its alarms is void"""
    rejected: str | None = None


@dataclass(frozen=True)
class Fact:
    """What a line says in its vendor's words: kind of object, its name there, and whether it is well again."""

    kind: str
    """port, card, probe, power, or one of the site's: mains, battery, generator, fuel"""
    name: str
    restored: bool


_WORDS: Mapping[str, tuple[EventType, str, Severity]] = {
    "port": ("communicationsAlarm", "lossOfSignal", "critical"),
    "card": ("equipmentAlarm", "equipmentMalfunction", "major"),
    "probe": ("qualityOfServiceAlarm", "underlyingResourceUnavailable", "critical"),
    "power": ("equipmentAlarm", "powerProblem", "critical"),
    "mains": ("environmentalAlarm", "commercialPowerFailure", "major"),
    "battery": ("environmentalAlarm", "lowBatteryThreshold", "critical"),
    "generator": ("environmentalAlarm", "generatorFailure", "major"),
    "fuel": ("environmentalAlarm", "lowFuel", "minor"),
}
"""ITU-T X.733 event type, probable cause and perceived severity of each kind of fact; the environmental causes are
those of ITU-T M.3100."""
SITE_CAUSES = frozenset(cause for event, cause, _ in _WORDS.values() if event == "environmentalAlarm")
"""Probable causes that are alarms of a site, not of an element."""


def reading_of(fact: Fact, stamp: tuple[int, int], received_ms: int, names: ElementNames, text: str) -> Reading:
    """The fact as an X.733 alarm on the inventory's object; rejected where the inventory has no such name.

    ``stamp``: (occurred_ms, occurred_uncertainty_ms) by the element's clock.
    """
    known = {"port": names.link_of_port, "card": names.card_of_slot, "probe": names.service_of_probe,
             "power": {"": names.element_id}}.get(fact.kind, {"": names.site})  # fmt: skip
    if fact.name not in known:
        return Reading(rejected=f"the inventory of {names.element_id} has no {fact.kind} named {fact.name!r}")
    event_type, probable_cause, severity = _WORDS[fact.kind]
    alarm = Alarm(
        alarmed_object=known[fact.name],
        event_type=event_type,
        probable_cause=probable_cause,
        perceived_severity="cleared" if fact.restored else severity,
        source=names.element_id,
        occurred_ms=stamp[0],
        occurred_uncertainty_ms=stamp[1],
        known_ms=received_ms,
        text=text,
    )
    return Reading((alarm,))
