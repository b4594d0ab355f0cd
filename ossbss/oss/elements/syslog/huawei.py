"""Syslog of Huawei VRP: ``<priority>stamp host %%01MODULE/severity/BRIEF(l)[count]:text``.

The digits after ``%%`` are the version of the format; the letter is the kind of message (log, trap, security, …). The
severity of the tag is the element's own, that of the priority may differ. Newer versions name alarms
``…_active`` and ``…_clear`` and give what is known as ``(Name=value, …)``.
"""

import re

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.payload import UnreadableError, priority
from ossbss.oss.elements.syslog.reading import read
from ossbss.oss.elements.syslog.rules import IF, Line, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import NUMERIC, STAMP, YEAR_LAST, instant

_REST = r"(?P<zone>[+-]\d{2}:\d{2})?(?: ?DST)? {1,2}(?P<host>[^\s%]{1,255}?):? {0,2}"
_HEADS = tuple(
    re.compile(rf"{stamp}{more}{_REST}") for stamp, more in ((NUMERIC, r"(?:\.\d{1,3})?"), (STAMP, ""), (YEAR_LAST, ""))
)
_TAG = re.compile(
    r"%{1,2}(?:\d{2})?(?P<module>[A-Za-z][A-Za-z0-9_-]{0,31})/(?P<severity>[0-7])/(?P<brief>[A-Za-z0-9_-]{1,64}?)"
    r"(?P<state>_active|_clear|_ACTIVE|_CLEAR)?(?:\((?P<kind>[a-z])\))?(?:\[\d{1,10}\])?: {0,2}"
    r"(?:CID=0x[\da-fA-F-]{1,24}; {0,2})?"
)
_HEAD_CHARACTERS = 512


def _with(key: str, group: str) -> str:
    """A pattern that looks ahead for ``key=value`` in brackets."""
    return rf"(?=.{{0,600}}?\b(?i:{key})=(?P<{group}>[^,;()]{{1,64}}))"


_PEER = _with(
    "(?:Peer|Nbr|Neighbor|Neighbour|Remote)(?:Ip|Ldp|Router)?(?:Address|Addr|Id)?|SystemId|NeighborId", "name"
)
_IF = _with("(?:Bind)?(?:Interface|If|Port)(?:Name)?", "name")
_ON = _with("(?:Bind)?(?:Interface|If|Port)(?:Name)?", "qualifier")
_PHYSICAL = _with("EntPhysicalName|EntityName|PhysicalName|BoardName|SlotID|Slot", "name")
_USER = _with("User(?:Name)?", "name")
_GOOD = (
    r"(?P<up>_clear |(?!_active ).{0,200}?(?i:\bresum\w{0,3}\b|\brecover\w{0,3}\b|\bnormal\b|\brestored\b|\bcleared\b"
    r"|\binserted\b|\bonline\b))"
)
_BAD = (
    r"(?P<down>_active |.{0,200}?(?i:\bfail\w{0,3}\b|\bfault\w{0,2}\b|\binvalid\b|\babnormal|\babsent\b|\bremoved\b"
    r"|\bpulled out\b|\bexceed\w{0,3}\b|\blow\b|\bhigh\b|\boverload|\boffline\b|\blost\b|\bpowered off\b))"
)
_CHASSIS = tuple(
    (
        "DEVM-* ENTITYTRAP-* ENTITY-* SRM-* SRM_BASE-* BASETRAP-* BASE_TRAP-* ALML-* FAN-* POWER-* SPM-* SYSTEM-*"
        " OPTICAL-*",
        rule(event, rf"(?=.{{0,300}}?{subject})(?:{_PHYSICAL})?(?:{_GOOD}|{_BAD})", ended),
    )
    for event, ended, subject in (
        ("POWER_SUPPLY_FAILED", "POWER_SUPPLY_RESTORED", r"(?i:\bpower (?:supply|module)|\bpower ?\d|\bpsu\b|\bPWR)"),
        ("FAN_FAILED", "FAN_RESTORED", r"(?i:\bfan)"),
        ("TEMPERATURE_HIGH", "TEMPERATURE_NORMAL", r"(?i:temperature)"),
        ("OPTICAL_POWER_OUT_OF_RANGE", "OPTICAL_POWER_NORMAL", r"(?i:optical|[RT]x power)"),
        ("MEMORY_LOW", "MEMORY_NORMAL", r"(?i:\bmemory usage)"),
        ("CPU_HIGH", "CPU_NORMAL", r"(?i:\bCPU usage)"),
        ("CARD_FAILED", "CARD_RESTORED", r"(?i:\bboard\b|\bcard\b|\bslot\b|\bLPU\b|\bMPU\b|\bSFU\b)"),
    )
)

RULES: Rules = tagged(
    ("IFNET-IF_STATE IFPDT-IF_STATE IFADP-IF_STATE IFNET-IF_ENABLE IFM-IF_STATE", rule("INTERFACE_DOWN",
     rf"Interface {IF} has turned into (?:(?P<up>UP)|(?P<down>DOWN)) state", "INTERFACE_UP")),
    ("IFNET-LINK_STATE IFNET-LINKNO_STATE IFNET-PROTOCOL_UPDOWN", rule("INTERFACE_DOWN",
     rf"The line protocol (?:\S{{1,24}} )?on the interface {IF} has entered the (?:(?P<up>UP)|(?P<down>DOWN))"
     rf" state", "INTERFACE_UP")),
    ("IFNET-UPDOWN PHY-PHY_UPDOWN IFNET-PHY_UPDOWN DRV-PHY_UPDOWN PHY-PHY_STATUS_UP2DOWN"
     " PHY-PHY_STATUS_DOWN2UP", rule("INTERFACE_DOWN",
     rf" ?(?:Interface )?{IF}[:,]? {{1,2}}.{{0,40}}?(?i:(?P<up>\bup\b)|(?P<down>\bdown\b))", "INTERFACE_UP")),
    ("IFNET-linkDown IFNET-linkdown IFNET-LINKDOWN IFM-linkDown", rule("INTERFACE_DOWN",
     rf"{_IF}(?:(?P<up>_clear )|(?=.{{0,600}}?AdminStatus=(?i:down|2)\b)|(?P<down>))", "INTERFACE_UP")),
    ("IFNET-linkUp IFNET-linkup IFNET-LINKUP IFM-linkUp", rule("INTERFACE_UP", _IF)),
    ("ERRDOWN-ERRDOWN_DOWNNOTIFY", rule("INTERFACE_ERROR_DISABLED", _IF + _with("Cause", "qualifier"))),
    ("ERRDOWN-ERRDOWN_DOWNRECOVER", rule("INTERFACE_ERROR_RECOVERED", _IF + _with("Cause", "qualifier"))),
    ("MSTP-BPDU_PROTECTION STP-BPDU_PROTECTION",
     rule("STP_BLOCK_BPDUGUARD", rf".{{0,40}}?port {IF} that enabled BPDU")),
    ("MSTP-BPDU_PROTECTION STP-BPDU_PROTECTION", rule("STP_BLOCK_BPDUGUARD", _IF)),
    ("BGP-STATE_CHG_UPDOWN BGP-STATE_CHG", rule("BGP_NEIGHBOR_DOWN",
     r"The status of the peer (?P<name>[\w.:]{1,45}) changed from "
     r"(?:\w{1,16} to (?P<up>ESTABLISHED)|(?P<down>ESTABLISHED to \w{1,16})|\w)",
     "BGP_NEIGHBOR_UP", fact="BGP_NEIGHBOR_STATE_CHANGED")),
    ("BGP-hwBgpBackwardTransition BGP-BACKWARD BGP-hwBgpPeerSessionExceed BGP-BACKWARD_TRANSITION"
     " BGP-bgpBackwardTransition", rule(
     "BGP_NEIGHBOR_DOWN", rf"{_PEER}(?:(?P<up>_clear )|(?P<down>))", "BGP_NEIGHBOR_UP")),
    ("BGP-hwBgpEstablished BGP-ESTABLISHED"
     " BGP-bgpEstablished", rule("BGP_NEIGHBOR_UP", _PEER)),
    ("BGP-hwBgpPeerRouteNumThresholdExceed"
     " BGP-ROUTETHRESHOLDEXCEED", rule("BGP_PREFIX_THRESH_EXCEEDED", rf"{_PEER}(?:(?P<up>_clear )|(?P<down>))")),
    ("BGP-hwBgpPeerRouteExceed BGP-ROUTEEXCEED"
     " BGP-hwBgpPeerRouteNumMaxExceed", rule("BGP_PREFIX_LIMIT_EXCEEDED", rf"{_PEER}(?:(?P<up>_clear )|(?P<down>))")),
    ("OSPF-NBR_CHG_DOWN OSPFV3-NBR_CHG_DOWN"
     " OSPF-VLINK_NBR_CHG_DOWN", rule("OSPF_NEIGHBOR_DOWN", rf"{_PEER}(?:{_ON})?")),
    ("OSPF-NBR_CHANGE_E OSPF-NBR_CHANGE_Q OSPFV3-NBR_CHANGE_E OSPF-NBR_CHG"
     " OSPF-ospfNbrStateChange", rule("OSPF_NEIGHBOR_DOWN",
     rf"{_PEER}(?:{_ON})?(?:.{{0,600}}?NeighborCurrentState=(?P<up>Full)|.{{0,600}}?NeighborCurrentState=(?P<down>Down)"
     r"|.{0,600}?PreviousState=Full|)", "OSPF_NEIGHBOR_UP")),
    ("OSPF-NBR_DOWN_REASON", rule("OSPF_NEIGHBOR_DOWN", _PEER, fact="OSPF_NEIGHBOR_DOWN")),
    ("ISIS-* ISIS_-*", rule("ISIS_NEIGHBOR_DOWN",
     rf"(?=.{{0,200}}?(?i:neighbor|neighbour|adj)){_PEER}(?:{_ON})?(?:.{{0,600}}?(?i:CurrentState|AdjState|State)="
     rf"(?i:(?P<up>up)|(?P<down>down)))", "ISIS_NEIGHBOR_UP")),
    ("LDP-hwLdpSessionDown LDP-SESSIONDOWN LDP-SSNHOLDTMREXP LDP-SESSION_DOWN LDP-LDP_SESSION_DOWN"
     " LDP-mplsLdpSessionDown", rule(
     "LDP_NEIGHBOR_DOWN", rf"{_PEER}(?:(?P<up>_clear )|(?P<down>))", "LDP_NEIGHBOR_UP")),
    ("LDP-hwLdpSessionUp LDP-SESSIONUP LDP-SESSION_UP LDP-mplsLdpSessionUp", rule("LDP_NEIGHBOR_UP", _PEER)),
    ("BFD-STACHG_TODWN BFD-STACHG_TOUP BFD-hwBfdSessDown BFD-hwBfdSessUp BFD-BFD_STACHG", rule("BFD_STATE_CHANGE",
     rf"{_with('(?:Local)?Discriminator|Session(?:Index|Name)?|Peer(?:Ip)?Address', 'name')}(?:{_ON})?"
     r"(?:(?P<up>_clear |(?!_active ).{0,60}?\b[Uu]p\b)|(?P<down>.{0,60}?\b[Dd]own\b))")),
    ("LACP-LACP_STATE_DOWN LACP-LAG_DOWN_REASON_PDU LACP-LAG_DOWN_REASON_EVENT LACP-LAG_DOWN_REASON_SYNC"
     " LACP-hwLacpStateDown",
     rule("PORT_CHANNEL_MEMBER_DOWN", rf"{_with('PortName|MemberName', 'name')}(?:(?P<up>_clear )|(?P<down>))",
     "PORT_CHANNEL_MEMBER_UP")),
    ("LACP-LACP_STATE_UP", rule("PORT_CHANNEL_MEMBER_UP", _with("PortName|MemberName", "name"))),
    ("LACP-hwLacpTotalLinkLoss TRUNK-TRUNK_DOWN LACP-TOTALLINKLOSS", rule("LACP_INTERFACE_DOWN",
     rf"{_with('Trunk(?:IfDescr|Name)?', 'name')}(?:(?P<up>_clear )|(?P<down>))", "LACP_INTERFACE_UP")),
    ("L2IFPPI-* MAC-* L2IF-* MACLIMIT-*", rule("INTERFACE_MAC_LIMIT_REACHED",
     rf"(?=.{{0,300}}?(?i:limit|threshold|maximum)){_IF}(?:(?P<up>_clear )"
     rf"|(?P<down>))", "INTERFACE_MAC_LIMIT_CLEARED")),
    ("NTP-* NTPV4-*", rule("NTP_SERVER_UNREACHABLE",
     rf"(?i)(?:{_with('PeerAddress|ServerAddress|SourceAddress|ClockSource|Peer', 'name')})?.{{0,300}}?(?:"
     rf"(?P<down>unreach|unsynchron|lost)|(?P<up>reachable|synchroni[sz]ed))", "NTP_SERVER_REACHABLE")),
    ("SHELL-LOGIN SHELL-LOGINSUCC SSH-SSH_USER_LOGIN SSHS-SSH_USER_LOGIN AAA-LOGIN"
     " TELNET-LOGIN", rule("USER_LOGIN", rf"(?:{_USER})?")),
    ("SHELL-LOGOUT SSH-SSH_USER_LOGOFF SSHS-SSH_USER_LOGOFF AAA-LOGOUT"
     " CM-USER_OFFLINE", rule("USER_LOGOUT", rf"(?:{_USER})?")),
    ("SHELL-LOGINFAILED SSH-SSH_FAIL SSHS-SSH_FAIL SHELL-LOGIN_FAIL SHELL-LOGINFAIL"
     " AAA-LOGIN_FAILED", rule("USER_LOGIN_FAILED", rf"(?:{_USER})?")),
    ("SHELL-CMDRECORD SHELL-CMDRECORDFAILED SHELL-DISPLAY_CMDRECORD SHELL-CMD"
     " CMD-CMDRECORD", rule("USER_COMMAND", rf"(?:{_USER})?")),
    ("CFM-* CFG-CFG_SAVE VFS-* CFGMGR-* CONFIG-*", rule("CONFIGURATION_COMMIT_COMPLETED", rf"(?:{_USER})?")),
    ("VOSCPU-CPU_USAGE_HIGH VOSCPU-CPUUSAGEHIGH", rule("CPU_HIGH", r"")),
    ("VOSCPU-CPU_USAGE_RESUME VOSCPU-CPUUSAGERESUME", rule("CPU_NORMAL", r"")),
    ("VOSMEM-MEM_USAGE_HIGH VOSMEM-MEMUSAGEHIGH", rule("MEMORY_LOW", r"")),
    ("VOSMEM-MEM_USAGE_RESUME VOSMEM-MEMUSAGERESUME", rule("MEMORY_NORMAL", r"")),
    *_CHASSIS,
    ("SNMP-SNMP_COLDSTART SNMP-coldStart SNMP-COLDSTART"
     " SNMPPRO-COLDSTART", rule("SYSTEM_COLD_START", r"", resynchronise=True)),
)  # fmt: skip

ANY_ALARM = rule("SYSTEM_ALARM", rf"(?:{_PHYSICAL})?(?:(?P<up>_clear )|(?P<down>_active ))", "SYSTEM_ALARM_CLEARED")
"""An alarm of the newer versions that no rule names: raised and cleared all the same."""


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message of VRP."""
    return read(payload, received_ms, _line, RULES, (ANY_ALARM,))


def _line(text: str, received_ms: int) -> Line:
    _, begins = priority(text)
    tag = _TAG.search(text, begins, _HEAD_CHARACTERS)
    if tag is None:
        raise UnreadableError("not a line of Huawei syslog: no %%01MODULE/SEVERITY/BRIEF found")
    before = text[begins : tag.start()]
    head = next((found for one in _HEADS if (found := one.fullmatch(before))), None)
    if head is None:
        raise UnreadableError(f"not a line of Huawei syslog: {before[:60]!r} before the tag")
    stamp = instant(head, received_ms, zone=head["zone"])
    if stamp is None:
        raise UnreadableError(f"no such date: {before[:30]!r}")
    state = f"{tag['state'].lower()} " if tag["state"] else ""
    said = state + text[tag.end() :]
    return Line(head["host"], *stamp, f"{tag['module']}-{tag['brief']}", int(tag["severity"]), said, text)
