"""The dialects there are: how each reads a message, how a file of them splits into messages, what it may say."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from ossbss.oss.elements import pm_xml, rfc8632, snmp, tl1, ves
from ossbss.oss.elements.notification import Parse, Parsed
from ossbss.oss.elements.syslog import eos, guess, huawei, ios, iosxr, junos, nxos
from ossbss.oss.elements.syslog.general import GENERAL
from ossbss.oss.elements.syslog.payload import lines
from ossbss.oss.elements.syslog.rules import Rules, words_of

Split = Callable[[IO[bytes]], Iterator[bytes]]
"""A file of messages → its messages, one after the other, never more than one in memory."""
ParseNamed = Callable[[bytes, int], tuple[str, Parsed]]


@dataclass(frozen=True)
class Dialect:
    """``parse`` never raises; ``events``: every word that it may say (see events.py)."""

    name: str
    title: str
    parse: Parse
    split: Split
    events: frozenset[str]


def _syslog(name: str, title: str, parse: Parse, rules: Rules) -> Dialect:
    return Dialect(name, title, parse, lines, words_of((rules, {"": GENERAL})) | {"OTHER"})


_ALL = (
    _syslog("ios", "Cisco IOS, IOS-XE", ios.parse, ios.RULES),
    _syslog("iosxr", "Cisco IOS-XR", iosxr.parse, iosxr.RULES),
    _syslog("nxos", "Cisco NX-OS", nxos.parse, nxos.RULES),
    _syslog("eos", "Arista EOS", eos.parse, eos.RULES),
    _syslog("junos", "Juniper Junos", junos.parse, junos.RULES),
    _syslog("huawei", "Huawei VRP", huawei.parse, {**huawei.RULES, "": (huawei.ANY_ALARM,)}),
    Dialect("snmp", "SNMPv2c traps (RFC 3416), as BER or decoded", snmp.parse, snmp.split, snmp.EVENTS),
    Dialect("ves", "ONAP VES 7.2.1", ves.parse, ves.split, ves.EVENTS),
    Dialect("rfc8632", "alarm lists of ietf-alarms (RFC 8632)", rfc8632.parse, rfc8632.split, rfc8632.EVENTS),
    Dialect("tl1", "TL1 autonomous messages (GR-833)", tl1.parse, tl1.split, tl1.EVENTS),
    Dialect("pm_xml", "performance files of 3GPP TS 32.435", pm_xml.parse, pm_xml.split, pm_xml.EVENTS),
)
DIALECTS: Mapping[str, Dialect] = MappingProxyType({dialect.name: dialect for dialect in _ALL})

SYSLOG = "syslog"
"""Any of the dialects of syslog: each message is read by the one that it is written in."""


def parse_by(name: str) -> ParseNamed:
    """(payload, received_ms) → (the dialect that read it, what it says); KeyError for a name that is none."""
    if name == SYSLOG:
        return guess.parse
    parse = DIALECTS[name].parse
    return lambda payload, received_ms: (name, parse(payload, received_ms))


def split_by(name: str) -> Split:
    """How a file of that dialect splits; KeyError for a name that is none."""
    return lines if name == SYSLOG else DIALECTS[name].split
