"""What the dialects that write ``%FACILITY-SEVERITY-MNEMONIC: text`` have in common: the tag, and many texts."""

import re
from typing import NamedTuple

from ossbss.oss.elements.syslog.payload import UnreadableError, priority
from ossbss.oss.elements.syslog.rules import IF, PEER, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import ISO, NO_STAMP_MS, STAMP, instant

HEAD_CHARACTERS = 512
"""Where a tag must have begun (assumption): no head is as long."""
RELAY = rf"(?:(?:{re.sub('[?]P<[a-z]+>', '?:', STAMP)}|{ISO}) (?P<relay>[\w.:-]{{1,64}}) )?"
"""What a relay between the device and us put before the line: its own time, and whom it had it from."""
ZONE = r"(?: (?P<zone>[A-Z]{1,5}))?"

_TAG = re.compile(
    r"%(?P<facility>[A-Za-z][A-Za-z0-9_]{0,31}(?:-[A-Za-z0-9_]{1,32}){0,3}?)-(?P<severity>[0-7])"
    r"-(?P<mnemonic>[A-Za-z0-9_]{1,64}) ?: {0,2}"
)


class Tagged(NamedTuple):
    """A line cut at its tag: head without priority, facility (its parts joined by ``-``), severity, mnemonic, text."""

    head: str
    facility: str
    severity: int
    mnemonic: str
    text: str


def cut(text: str, dialect: str) -> Tagged:
    """UnreadableError where no tag is found."""
    _, begins = priority(text)
    found = _TAG.search(text, begins, HEAD_CHARACTERS)
    if found is None:
        raise UnreadableError(f"not a line of {dialect} syslog: no %FACILITY-SEVERITY-MNEMONIC: found")
    return Tagged(text[begins : found.start()], found["facility"], int(found["severity"]), found["mnemonic"],
                  text[found.end() :])  # fmt: skip


def when(head: re.Match[str], received_ms: int) -> tuple[int, int]:
    """(occurred_ms, uncertainty_ms) of a head with the groups of a stamp, ``doubt`` and ``zone``.

    A head without a stamp is of the time of its arrival, with the doubt of a buffer; behind a relay it is none.
    """
    if head["month"] is None:
        if _group(head, "relay"):
            raise UnreadableError("no stamp of the element itself behind that of the relay")
        return received_ms, NO_STAMP_MS
    stamp = instant(head, received_ms, not _group(head, "doubt"), _group(head, "zone"))
    if stamp is None:
        raise UnreadableError(
            f"no such date: {head['month']} {head['day']} {head['hour']}:{head['minute']}:{head['second']}"
        )
    return stamp


def _group(found: re.Match[str], name: str) -> str | None:
    return found[name] if name in found.re.groupindex else None


_OF_PEER = r"(?: (?:vpn )?vrf (?P<qualifier>\S{1,64})| \([^)]{0,64}\)| (?:active|passive))*"
_INTERFACE = rf"{IF}(?: ?\([^)]{{0,200}}\))?, changed state to "
_STATE = r"(?i:(?P<up>up)\b|(?P<down>down)\b|(?:administratively|admin) down)"
_USER = r"(?P<name>[\w.@\\-]{1,64})"

COMMON: Rules = tagged(
    ("LINK-UPDOWN LINK-CHANGED", rule("INTERFACE_DOWN", rf"Interface {_INTERFACE}{_STATE}", "INTERFACE_UP")),
    ("LINEPROTO-UPDOWN",
     rule("INTERFACE_DOWN", rf"Line protocol on Interface {_INTERFACE}{_STATE}", "INTERFACE_UP")),
    ("BGP-ADJCHANGE", rule("BGP_NEIGHBOR_DOWN",
     rf"(?:bgp-? ?\w{{0,32}} {{0,2}}\[\d+\] {{0,2}}\((?:default|(?P<part>[^)]{{0,64}}))\) )?neighbor {PEER}{_OF_PEER}"
     rf" (?i:(?P<up>up)\b"
     rf"|(?P<down>down)\b)", "BGP_NEIGHBOR_UP")),
    ("BGP-NBR_RESET", rule("BGP_CONNECTION_RESET", rf"[Nn]eighbor {PEER} ")),
    ("BGP-NOTIFICATION", rule("BGP_PREFIX_LIMIT_EXCEEDED",
     rf"(?:sent to|received from) neighbor {PEER}{_OF_PEER} 6/1\b")),
    ("BGP-NOTIFICATION", rule("BGP_INCORRECT_AS_NUMBER",
     rf"(?:sent to|received from) neighbor {PEER}{_OF_PEER} 2/2\b")),
    ("BGP-NOTIFICATION", rule("BGP_CONNECTION_REJECTED",
     rf"(?:sent to|received from) neighbor {PEER}{_OF_PEER} 6/5\b")),
    ("BGP-NOTIFICATION", rule("BGP_NOTIFICATION", rf"(?:sent to|received from) neighbor {PEER}")),
    ("BGP-MAXPFX", rule("BGP_PREFIX_THRESH_EXCEEDED",
     rf"(?:No\.|Number) of [\w /.-]{{0,40}}?prefix(?:es)? received from {PEER}")),
    ("BGP-MAXPFXEXCEED", rule("BGP_PREFIX_LIMIT_EXCEEDED",
     rf"(?:No\.|Number) of [\w /.-]{{0,40}}?prefix(?:es)? received from {PEER}")),
    ("TCP-BADAUTH", rule("BGP_MD5_INCORRECT",
     r"(?:No|Invalid) MD5 digest from (?P<name>[\d.]{7,15}|[\da-fA-F:]{3,45}?)(?:\(\d+\)|:\d+)? to ")),
    ("OSPF-ADJCHG OSPFv3-ADJCHG OSPF-NBRSTATE OSPFV3-NBRSTATE OSPF-ADJCHANGE OSPFV3-ADJCHANGE",
     rule("OSPF_NEIGHBOR_DOWN",
     rf".{{0,80}}?\bN[Bb][Rr] {PEER} on (?P<qualifier>[\w./:-]{{1,64}})(?: in area \S{{1,16}})? from "
     r"(?:\w{1,12} to (?P<up>FULL)|(?P<down>\w{1,12} to DOWN|FULL to \w{1,12})|\w{1,12} to \w{1,12})",
     "OSPF_NEIGHBOR_UP")),
    ("OSPF-ADJCHANGE OSPFV3-ADJCHANGE", rule("OSPF_NEIGHBOR_DOWN",
     rf".{{0,80}}?\bNbr {PEER} on (?P<qualifier>[\w./:-]{{1,64}}) went (?:(?P<up>FULL)|(?P<down>DOWN)|\w+)",
     "OSPF_NEIGHBOR_UP")),
    ("CLNS-ADJCHANGE ISIS-ADJCHANGE", rule("ISIS_NEIGHBOR_DOWN",
     rf"(?:ISIS: )?Adjacency to {PEER} \((?P<qualifier>[\w./:-]{{1,64}})\)(?: \((?P<part>L\d(?:L\d)?)\))? (?i:"
     rf"(?P<up>up)|(?P<down>down))\b",
     "ISIS_NEIGHBOR_UP")),
    ("LDP-NBRCHG LDP-NBR_CHANGE", rule("LDP_NEIGHBOR_DOWN",
     rf".{{0,80}}?[Nn]eighbor {PEER}(?: \(\d+\))? is (?:(?P<up>UP)|(?P<down>DOWN))", "LDP_NEIGHBOR_UP")),
    ("BFD-SESSION_STATE_DOWN BFD-SESSION_STATE_UP BFD-SESSION_ACTIVE_PARAMS_CHANGE", rule("BFD_STATE_CHANGE",
     rf"BFD session (?:\w{{1,20}} )?to neighbor {PEER} on interface (?P<qualifier>[\w./:-]{{1,64}}) "
     r"(?:(?P<up>is up)|(?P<down>has gone down(?!\. Reason: Administ)))")),
    ("DUAL-NBRCHANGE", rule("EIGRP_NEIGHBOR_DOWN",
     rf".{{0,80}}?Neighbor {PEER} \((?P<qualifier>[^)]{{1,64}})\) is (?:(?P<up>up)|(?P<down>down))",
     "EIGRP_NEIGHBOR_UP")),
    ("PIM-NBRCHG IPV4_PIM-NBRCHG IPV6_PIM-NBRCHG", rule("PIM_NEIGHBOR_DOWN",
     rf"(?i).{{0,60}}?neighbor {PEER} (?:(?P<up>UP)|(?P<down>DOWN)) on interface (?P<qualifier>[\w./:-]{{1,64}})",
     "PIM_NEIGHBOR_UP")),
    ("SPANTREE-BLOCK_BPDUGUARD STP-BLOCK_BPDUGUARD SPANTREE-BLOCK_BPDUGUARD_VP",
     rule("STP_BLOCK_BPDUGUARD", rf"Received BPDU on (?:port|interface) {IF}")),
    ("PM-ERR_DISABLE ETHPORT-IF_DOWN_ERROR_DISABLED", rule("INTERFACE_ERROR_DISABLED",
     rf"(?P<qualifier>[\w-]{{1,32}}) error detected on {IF},")),
    ("PM-ERR_RECOVER", rule("INTERFACE_ERROR_RECOVERED",
     rf"Attempting to recover from (?P<qualifier>[\w-]{{1,32}}) err-disable state on {IF}")),
    ("PORT_SECURITY-PSECURE_VIOLATION", rule("INTERFACE_MAC_LIMIT_REACHED", rf".{{0,120}}?on port {IF}\b")),
    ("SYS-CONFIG_I VSHD-VSHD_SYSLOG_CONFIG_I", rule("USER_EXIT_CONFIG_MODE",
     rf"Configured from \S{{1,32}} (?:by {_USER})?")),
    ("SYS-CONFIG_P SYS-CONFIG_C SYS-CONFIG_R", rule("USER_EXIT_CONFIG_MODE", r"")),
    ("SEC_LOGIN-LOGIN_SUCCESS SECURITY_LOGIN-LOGIN_SUCCESS SYS-LOGIN", rule("USER_LOGIN",
     rf"(?:.{{0,60}}?\[user: {_USER}\])?")),
    ("SEC_LOGIN-LOGIN_FAILED", rule("USER_LOGIN_FAILED", r".{0,60}?\[user: (?P<name>[^\]]{0,64})\]")),
    ("SYS-LOGOUT", rule("USER_LOGOUT", rf"User {_USER}")),
    ("PARSER-CFGLOG_LOGGEDCMD", rule("USER_COMMAND", rf"User:{_USER}")),
    ("SNMP-COLDSTART", rule("SYSTEM_COLD_START", r"", resynchronise=True)),
    ("HSRP-STATECHANGE VRRP-STATECHANGE VRRP-STATE HSRP_ENGINE-GRPSTATECHANGE GLBP-FWDSTATECHANGE",
     rule("GATEWAY_STATE_CHANGED", rf"(?:Interface )?{IF}", kind="port")),
    ("SEC-IPACCESSLOGP SEC-IPACCESSLOGDP SEC-IPACCESSLOGS SEC-IPACCESSLOGNP", rule("ACCESS_LIST_HIT", r"")),
    ("IP-DUPADDR IP-4-DUPADDR ARP-DUP_SRC_IP ARP-DUPLICATE_SRC_IP", rule("DUPLICATE_ADDRESS", r"")),
    ("SW_MATM-MACFLAP_NOTIF MAC_MOVE-NOTIF L2FM-L2FM_MAC_MOVE", rule("MAC_MOVED", r"")),
    ("SYS-CPURISINGTHRESHOLD", rule("CPU_HIGH", r"")),
    ("SYS-CPUFALLINGTHRESHOLD", rule("CPU_NORMAL", r"")),
    ("SYS-MALLOCFAIL SYS-FREEMEMLOW SYS-LOWMEM", rule("MEMORY_LOW", r"")),
    ("SYS-FREEMEMRECOVER", rule("MEMORY_NORMAL", r"")),
)  # fmt: skip
