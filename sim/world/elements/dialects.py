"""Which vendor speaks which dialect."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from sim.world.elements import ios, junos
from sim.world.elements.events import ElementEvent

Writer = Callable[[ElementEvent, int], tuple[bytes, ...]]

WRITERS: Mapping[str, Writer] = MappingProxyType({"ios": ios.write, "junos": junos.write})
"""Vendor → writer; a writer takes an event and the element's running message number, one step a payload."""

_PORT_NAMES: Mapping[str, Callable[[int, int], str]] = {"ios": ios.port_name, "junos": junos.port_name}

_RADIO_NAMES: Mapping[str, Callable[[int], str]] = {"ios": ios.radio_name, "junos": junos.radio_name}


def port_name(vendor: str, slot: int, port: int) -> str:
    """The vendor's name for a port of a card; KeyError for a vendor that has no dialect here."""
    return _PORT_NAMES[vendor](slot, port)


def radio_name(vendor: str, number: int) -> str:
    """The vendor's name for the port on which the node's radio of this number (from 0) hangs: built in, slot 0."""
    return _RADIO_NAMES[vendor](number)
