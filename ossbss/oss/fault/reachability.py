"""Who can be heard at all? What is out of reach is unknown: neither healthy nor down.

An element's alarms end with it only where it says so itself; until it is heard again they are neither cleared nor
confirmed, and what it says at its return is a burst of old and new.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from ossbss.contract.assurance import Alarm
from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.symptoms import Identity


@dataclass(frozen=True)
class Parents:
    """What something is reached through. ``needs`` all: out of reach when one of them is; any: when none is left."""

    ids: frozenset[str]
    needs: Literal["any", "all"]


@dataclass(frozen=True)
class Comparison:
    """An element's own list against what is listed of it."""

    missing: tuple[Alarm, ...]
    """raised there and not here: to be taken as any notification"""
    confirmed: tuple[Identity, ...]
    gone: tuple[Identity, ...]
    """raised here and not there: over, unless their clear is on its way and tells more"""


def cut_off(lost: Iterable[str], parents: Mapping[str, Parents]) -> frozenset[str]:
    """What cannot be heard when these are lost: they themselves, and whoever is reached only through them."""
    gone = set(lost)
    grows = bool(gone)
    while grows:
        grows = False
        for child, above in parents.items():
            left = above.ids - gone
            if child not in gone and (not left if above.needs == "any" else left != above.ids):
                gone.add(child)
                grows = True
    return frozenset(gone)


def resync(listed: Iterable[ListedAlarm], element: str, current: Iterable[Alarm]) -> Comparison:
    """``listed``: alarms as the list has them, of this element or not; ``current``: all that the element holds raised.

    What another has said of the same object is no matter of this element: it is left alone.
    """
    told = {alarm.identity: alarm for alarm in current if alarm.perceived_severity != "cleared"}
    here = {alarm.raised.identity for alarm in listed if alarm.active and alarm.raised.source == element}
    return Comparison(
        missing=tuple(alarm for identity, alarm in told.items() if identity not in here),
        confirmed=tuple(sorted(here & told.keys())),
        gone=tuple(sorted(here - told.keys())),
    )
