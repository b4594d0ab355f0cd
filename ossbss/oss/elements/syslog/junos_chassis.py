"""Alarms of a Junos chassis: the alarm process and the craft interface tell of each in words of their own.

``Alarm set: FPC color=RED, class=CHASSIS, reason=FPC 0 Major Errors`` and ``Major alarm set, FPC 0 Major Errors`` are
one alarm: its object and its qualifier are cut out of the reason alike.
"""

from ossbss.oss.elements.notification import ObjectKind
from ossbss.oss.elements.syslog.rules import Rule, rule

_STATE = r"(?:(?P<down>set)|(?P<up>cleared))"
_ALARMD = rf"Alarm {_STATE}: (?:\w[\w ]{{0,31}}?) color=(?P<severity>\w{{3,8}})(?:, class=\w{{1,16}})?, reason="
_CRAFTD = rf"(?P<severity>{{word}}) alarm {_STATE}, "
_MORE = r" ?:? ?(?P<qualifier>.{0,160})"

# (how the reason begins, kind of object, the event whose meaning applies: none for that of the words themselves)
_REASONS: tuple[tuple[str, ObjectKind, str], ...] = (
    (rf"(?P<name>(?:FPC|PIC|SFM|SIB|CB|ADC|Feb|FEB) ?\d{{1,2}}(?:/\d{{1,2}})?){_MORE}", "card", "CARD_FAILED"),
    (rf"(?P<name>(?:PEM|PSM|PSU|PDM|Power Supply) ?\d{{1,2}}){_MORE}", "power", "POWER_SUPPLY_FAILED"),
    (rf"(?P<name>(?:[\w ]{{0,12}}?)(?:Fan|Blower)(?: Tray)?(?: ?\d{{1,2}})?){_MORE}", "other", "FAN_FAILED"),
    (rf"(?P<name>[\w/ -]{{0,24}}?) ?(?=[Tt]emp){_MORE}", "other", "TEMPERATURE_HIGH"),
    (r"(?P<name>[\w/ -]{0,24}?) ?(?P<qualifier>/\S{1,32} partition usage.{0,80})", "other", "STORAGE_FULL"),
    (r"(?P<name>(?:Host|RE) \d \w{2,8}) ?: ?(?P<qualifier>Ethernet Link Down)", "other", "INTERFACE_DOWN"),
    (rf"(?P<name>(?:RE|Host|Routing Engine) ?\d?){_MORE}", "other", ""),
    (r"(?P<name>)(?P<qualifier>.{1,200})", "element", ""),
)
_CONTACTS = (
    ("COMMERCIAL_POWER_FAILED", "COMMERCIAL_POWER_RESTORED", "commercial power failure"),
    ("BATTERY_LOW", "BATTERY_NORMAL", "battery low"),
    ("GENERATOR_FAILED", "GENERATOR_READY", "generator failure"),
    ("FUEL_LOW", "FUEL_NORMAL", "fuel low"),
)
# What the contacts of a site are called is each operator's own configuration: these names are ours.


def _alarmd() -> tuple[Rule, ...]:
    without_colour = _ALARMD.replace("(?P<severity>", "(?:")
    external = without_colour.replace(r"(?:\w[\w ]{0,31}?)", "External")
    return (
        rule("GENERATOR_STATE", r"External-\d+ (?P<name>generator \w+)"),
        *(rule(event, rf"{external}External-\d+ {said}", ended) for event, ended, said in _CONTACTS),
        rule("EXTERNAL_ALARM", rf"{external}(?P<name>External-\d+) ?(?P<qualifier>.{{0,120}})",
             "EXTERNAL_ALARM_CLEARED"),
        rule("SYSTEM_ALARM", rf"{without_colour}(?P<qualifier>PEM \d+) Not Powered", "SYSTEM_ALARM_CLEARED",
             kind="power", means="POWER_LOST"),
        *(rule("SYSTEM_ALARM", _ALARMD + reason, "SYSTEM_ALARM_CLEARED", kind=kind, means=means)
          for reason, kind, means in _REASONS),
    )  # fmt: skip


def _craftd(word: str) -> tuple[Rule, ...]:
    event, ended = f"{word.upper()}_ALARM_SET", f"{word.upper()}_ALARM_CLEARED"
    head = _CRAFTD.format(word=word)
    without = head.replace("(?P<severity>", "(?:")
    return (
        rule(event, rf"{without}(?P<qualifier>PEM \d+) Not Powered", ended, kind="power", means="POWER_LOST"),
        *(rule(event, head + reason, ended, kind=kind, means=means) for reason, kind, means in _REASONS),
    )


ALARMD = _alarmd()
CRAFTD = (*_craftd("Major"), *_craftd("Minor"))
