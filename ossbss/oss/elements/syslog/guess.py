"""Which dialect of syslog is a message written in? Its head and its tag tell."""

import re
from collections.abc import Mapping

from ossbss.oss.elements.events import OTHER
from ossbss.oss.elements.notification import Parse, Parsed
from ossbss.oss.elements.syslog import eos, huawei, ios, iosxr, junos, nxos

PARSERS: Mapping[str, Parse] = {
    "ios": ios.parse,
    "eos": eos.parse,
    "nxos": nxos.parse,
    "iosxr": iosxr.parse,
    "huawei": huawei.parse,
    "junos": junos.parse,
}
"""In the order in which they are tried where nothing tells."""
_WITHOUT_TAG: Mapping[str, Parse] = {"junos": junos.parse, "ios": ios.parse}
"""Those that may do without a percent sign: Junos, and debugging output of IOS."""
UNKNOWN = ""
_LOOKED_AT_OCTETS = 512
_HUAWEI = re.compile(rb"%{1,2}(?:\d\d)?[A-Za-z][A-Za-z0-9_-]{0,31}/[0-7]/")
_IOSXR = re.compile(rb"/\w{1,8}/(?:CPU|ADMIN)\d{1,2}:|\d{1,3}/\w{1,8}/(?:CPU|ADMIN)\d{1,2}:")
_NXOS = re.compile(rb"(?:<\d{1,3}>)?(?:[\w.-]{0,64} ?: )?\d{4} [A-Z][a-z]{2} ")
_EOS = re.compile(rb"[\w.-]{1,64} [\w./-]{1,64}(?:\[\d{1,10}\])?: (?:\d{1,10}: )?%")
_JUNOS = re.compile(rb"\[\d{1,10}\]: | [A-Z][A-Z0-9]{0,31}_[A-Z0-9_]{1,64}: |/?kernel: |\b(?:fpc|pfe)\d|last message")
_IOS = re.compile(rb"\d(?: [A-Z]{1,5})?: %")


def likely(payload: bytes) -> str:
    """The dialect that the first octets look like."""
    head = payload[:_LOOKED_AT_OCTETS]
    if b"%" not in head:
        return "junos"
    if _HUAWEI.search(head):
        return "huawei"
    if _NXOS.match(head):
        return "nxos"
    if _IOSXR.search(head):
        return "iosxr"
    return "ios" if _IOS.search(head) else "eos" if _EOS.search(head) else "ios"


def parse(payload: bytes, received_ms: int) -> tuple[str, Parsed]:
    """(dialect, what it says) by the likely dialect, else by the first of the others that reads it.

    What none reads is rejected with the reason of the likely one.
    """
    first = likely(payload)
    parsed = PARSERS[first](payload, received_ms)
    if parsed.rejected is None and _own(first, parsed, payload):
        return first, parsed
    others = PARSERS if b"%" in payload[:_LOOKED_AT_OCTETS] else _WITHOUT_TAG
    for name, other in others.items():
        if name != first and (read := other(payload, received_ms)).rejected is None and _own(name, read, payload):
            return name, read
    if parsed.rejected is None:
        return UNKNOWN, Parsed(parsed.element, rejected="BSD syslog of no dialect that is known here")
    return UNKNOWN, Parsed(rejected=f"no dialect of syslog reads it; as {first}: {parsed.rejected}")


def _own(name: str, parsed: Parsed, payload: bytes) -> bool:
    """Junos has the shape of any BSD syslog: what it has no word for is only its own where it looks like it."""
    if name != "junos" or parsed.notifications[0].event != OTHER:
        return True
    return _JUNOS.search(payload, 0, _LOOKED_AT_OCTETS) is not None
