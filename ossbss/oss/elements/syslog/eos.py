"""Syslog of EOS: ``<priority>stamp host agent: [sequence: ]%FACILITY-SEVERITY-MNEMONIC: text``."""

import re

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.cisco import COMMON, cut
from ossbss.oss.elements.syslog.payload import UnreadableError
from ossbss.oss.elements.syslog.reading import read
from ossbss.oss.elements.syslog.rules import IF, PEER, Line, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import ISO, STAMP, instant, instant_iso

_HEAD = re.compile(
    rf"(?:{STAMP}|(?P<iso>{ISO}))(?: (?P<zone>[A-Z]{{3,5}}))? (?P<host>[\w.-]{{1,64}}) (?P<agent>[\w./-]{{1,64}})"
    r"(?:\[\d{1,10}\])?: (?:\d{1,10}: )?"
)
_USER = r"(?P<name>[\w.@\\-]{1,64})"
_PROCESS = r"(?P<name>[\w.:/-]{1,64})"
_PART = r"(?P<name>(?:Power[ -]?[Ss]upply|PowerSupply|PSU|[Ff]an(?: [Tt]ray| [Mm]odule)?|Fan tray) ?[\w/]{0,12})"

RULES: Rules = {
    **COMMON,
    **tagged(
        ("BFD-STATE_CHANGE", rule("BFD_STATE_CHANGE",
         r"peer \((?:vrf:\S{1,64}, )?ip:(?P<name>[\w.:%]{1,64}), intf:(?P<qualifier>[\w./:-]{1,64}), .{0,160}?changed"
         r" state from "
         r"(?:\w{1,12} to (?P<up>Up)|(?P<down>Up to Down|\w{1,12} to Down)|\w{1,12} to \w{1,12})")),
        ("BGP-ADJCHANGE", rule("BGP_NEIGHBOR_DOWN",
         rf"peer {PEER}(?: \((?:VRF (?:default|(?P<qualifier>\S{{1,64}})) )?[^)]{{0,128}}\))? old state (?:\w{{1,16}}"
         rf" event \w{{1,32}} new state (?P<up>Established)"
         r"|(?P<down>Established event \w{1,32} new state \w{1,16})|\w{1,16} event \w{1,32} new state \w{1,16})",
         "BGP_NEIGHBOR_UP", fact="BGP_NEIGHBOR_STATE_CHANGED")),
        ("BGP-BGP_PREFIX_LIMIT_EXCEEDED BGP-PREFIX_LIMIT_EXCEEDED BGP-MAXROUTES_EXCEEDED BGP-BGP_MAX_ROUTES_EXCEEDED",
         rule("BGP_PREFIX_LIMIT_EXCEEDED", rf".{{0,60}}?(?:peer|neighbor) {PEER}")),
        ("BGP-PREFIX_LIMIT_WARNING BGP-BGP_PREFIX_LIMIT_WARNING"
         " BGP-MAXROUTES_WARNING", rule("BGP_PREFIX_THRESH_EXCEEDED",
         rf".{{0,60}}?(?:peer|neighbor) {PEER}")),
        ("OSPF-OSPF_ADJACENCY_ESTABLISHED OSPF3-OSPF3_ADJACENCY_ESTABLISHED OSPF3-ADJACENCY_ESTABLISHED", rule(
         "OSPF_NEIGHBOR_UP", rf".{{0,60}}?NGB {PEER}, interface (?P<qualifier>[\w./:-]{{1,64}})")),
        ("OSPF-OSPF_ADJACENCY_TEARDOWN OSPF3-OSPF3_ADJACENCY_TEARDOWN OSPF3-ADJACENCY_TEARDOWN", rule(
         "OSPF_NEIGHBOR_DOWN", rf".{{0,60}}?NGB {PEER}, interface (?P<qualifier>[\w./:-]{{1,64}})")),
        ("ISIS-ISIS_ADJCHG", rule("ISIS_NEIGHBOR_DOWN",
         r"(?P<part>L\d(?:-L?\d)?) Neighbor State Change for SystemID (?P<name>[\w.-]{1,64}) on "
         r"(?P<qualifier>[\w./:-]{1,64}) to "
         r"(?:(?P<up>UP)|(?P<down>DOWN)|\w+)", "ISIS_NEIGHBOR_UP")),
        ("LDP-SESSION_UP LDP-LDP_SESSION_UP MPLS-LDP_SESSION_UP", rule("LDP_NEIGHBOR_UP", rf".{{0,60}}?(?:peer"
         rf"|neighbor) {PEER}")),
        ("LDP-SESSION_DOWN LDP-LDP_SESSION_DOWN"
         " MPLS-LDP_SESSION_DOWN", rule("LDP_NEIGHBOR_DOWN", rf".{{0,60}}?(?:peer|neighbor) {PEER}")),
        ("LACP-* LAG-*", rule("PORT_CHANNEL_MEMBER_DOWN",
         r"(?=.{0,80}?\b(?P<name>(?:Ethernet|Et)\d[\d/]{0,12}))(?:(?P<up>.{0,120}?\b(?:joined|added|collecting"
         r"|up)\b)"
         r"|(?P<down>.{0,120}?\b(?:left|removed|inactive|down|timed out|timeout"
         r"|expired)\b))", "PORT_CHANNEL_MEMBER_UP")),
        ("MLAG-* ", rule("MLAG_PEER_DOWN",
         r"(?i)(?:(?P<up>.{0,120}?(?:\bactive\b|peer is up|connected))|(?P<down>.{0,120}?(?:\binactive\b"
         r"|\bdisconnected\b|peer is down|failover)))", "MLAG_PEER_UP")),
        ("ETH-ERRDISABLE ETH-ERR_DISABLE SPANTREE-INTERFACE_ERRDISABLE", rule("INTERFACE_ERROR_DISABLED",
         rf"(?P<qualifier>[\w-]{{1,32}}) error detected on {IF}[,.]")),
        ("ETH-ERRDISABLE_RECOVERY ETH-ERR_RECOVER ETH-ERRDISABLE_RECOVER", rule("INTERFACE_ERROR_RECOVERED",
         rf"Attempting to recover from (?P<qualifier>[\w-]{{1,32}}) err-disable state on {IF}")),
        ("SPANTREE-BLOCK_BPDUGUARD", rule("STP_BLOCK_BPDUGUARD", rf"Received BPDU on (?:port|interface) {IF}")),
        ("SPANTREE-TOPOLOGY_CHANGE SPANTREE-ROOTCHANGE SPANTREE-INTERFACE_STATE SPANTREE-INTERFACE_ADD"
         " SPANTREE-INTERFACE_DEL "
         "SPANTREE-STABLE_CHANGE SPANTREE-UNSTABLE_CHANGE", rule("STP_TOPOLOGY_CHANGED", r"")),
        ("LLDP-NEIGHBOR_NEW LLDP-NEIGHBOR_TIMEOUT LLDP-NEIGHBOR_DEPARTURE LLDP-NEIGHBOR_ARRIVAL",
         rule("LLDP_NEIGHBOR", rf"(?:.{{0,200}}?on interface {IF})?")),
        ("PORTSECURITY-MAC_LIMIT_REACHED ETH-HOST_FLAPPING PORTSECURITY-*", rule("INTERFACE_MAC_LIMIT_REACHED",
         rf".{{0,120}}?(?:interface|port) {IF}\b")),
        ("PROCMGR-PROCESS_TERMINATED", rule("PROCESS_TERMINATED",
         rf"'{_PROCESS}' \(PID=\d+, status=(?:0\)|(?P<down>\d+)\))")),
        ("PROCMGR-PROCESS_RESTART", rule("PROCESS_RESTART", rf"Restarting '{_PROCESS}'")),
        ("PROCMGR-PROCESS_STARTED", rule("PROCESS_STARTED", rf"'{_PROCESS}' starting")),
        ("PROCMGR-PROCESS_NOTRESTARTING"
         " PROCMGR-PROCESS_CRASH_DETECTED", rule("PROCESS_CRASHED", rf".{{0,60}}?'{_PROCESS}'")),
        ("AGENT-INITIALIZED", rule("AGENT_INITIALIZED", rf"Agent '{_PROCESS}' initialized")),
        ("MMODE-MAINT_UNIT_STATE_CHANGE", rule("MAINTENANCE_MODE_STARTED",
         r"Maintenance unit state changed for unit (?P<name>\S{1,64}?)\. Old State \w{1,64}, New State "
         r"(?:underMaintenance|maintenanceModeEnter)")),
        ("MMODE-MAINT_UNIT_STATE_CHANGE", rule("MAINTENANCE_MODE_ENDED",
         r"Maintenance unit state changed for unit (?P<name>\S{1,64}?)\. Old State \w{1,64}, New State (?:active"
         r"|maintenanceModeExit)")),
        ("SYS-CONFIG_STARTUP", rule("USER_WRITE_CONFIG", rf"Startup config saved from \S{{1,64}} by {_USER} on")),
        ("SYS-CONFIG_E", rule("USER_ENTER_CONFIG_MODE", rf"Enter configuration mode from \S{{1,64}} by {_USER}")),
        ("SYS-CONFIG_SESSION_ENTERED SYS-CONFIG_SESSION_EXITED", rule("USER_ENTER_CONFIG_MODE", rf"(?:.{{0,60}}? by"
         rf" {_USER})?")),
        ("SYS-CONFIG_SESSION_COMMIT_SUCCESS SYS-CONFIG_REPLACE_SUCCESS", rule("CONFIGURATION_COMMIT_COMPLETED",
         rf"(?:.{{0,80}}? by {_USER})?")),
        ("AAA-LOGIN AAA-LOGIN_SUCCESS", rule("USER_LOGIN", rf"user {_USER}")),
        ("AAA-LOGOUT", rule("USER_LOGOUT", rf"user {_USER}")),
        ("AAA-LOGIN_FAILED", rule("USER_LOGIN_FAILED", rf"user {_USER}")),
        ("ACCOUNTING-CMD AAA-CMD AAA-EXEC ACCOUNTING-EXEC ACCOUNTING-SESSION_START ACCOUNTING-SESSION_STOP",
         rule("USER_COMMAND", rf"(?:{_USER} )?")),
        ("POWERMANAGER-* POWERSUPPLY-* PWRMGMT-* PSU-* FRU-PS_INSERTED FRU-PS_REMOVED", rule("POWER_SUPPLY_FAILED",
         rf"(?=.{{0,80}}?\b{_PART})(?:(?P<up>.{{0,200}}?\b(?:ok|restored|good|inserted|recovered|powered on)\b)"
         r"|(?P<down>.{0,200}?\b(?:fail\w*|lost|removed|offline|powered off|absent|no"
         r" power)\b))", "POWER_SUPPLY_RESTORED")),
        ("FRU-CARD_INSERTED FRU-LINECARD_INSERTED", rule("CARD_INSERTED", r"(?:Card|Linecard|Module) "
         r"(?P<name>[\w/]{1,24})")),
        ("FRU-CARD_REMOVED FRU-LINECARD_REMOVED", rule("CARD_REMOVED", r"(?:Card|Linecard|Module) "
         r"(?P<name>[\w/]{1,24})")),
        ("FRU-FAN_INSERTED FRU-FAN_REMOVED FWK-FAN_FAILED FAN-* ENVMON-*", rule("FAN_FAILED",
         rf"(?=.{{0,80}}?\b{_PART})(?:(?P<up>.{{0,200}}?\b(?:ok|restored|inserted|recovered)\b)"
         r"|(?P<down>.{0,200}?\b(?:fail\w*|removed|stopped|absent)\b))", "FAN_RESTORED")),
        ("ENVMON-* TEMP-* THERMOSTAT-*", rule("TEMPERATURE_HIGH",
         r"(?i)(?=.{0,120}?(?:temp|heat|\bhot\b))(?:(?P<up>.{0,200}?\b(?:normal|ok|returned|below)\b)"
         r"|(?P<down>.{0,200}?(?:exceed|alert|critical|overheat|high|above)))", "TEMPERATURE_NORMAL")),
        ("XCVR-* DOM-* XCVRMGR-*", rule("OPTICAL_POWER_OUT_OF_RANGE",
         rf"(?=.{{0,80}}?\b{IF})(?=.{{0,160}}?(?:power|DOM|alarm))(?:(?P<up>.{{0,200}}?\b(?:normal|cleared|ok)\b)"
         r"|(?P<down>.{0,200}?\b(?:low|high|alarm|warning)\b))", "OPTICAL_POWER_NORMAL")),
        ("NTP-* SYS-NTP_UNREACHABLE", rule("NTP_SERVER_UNREACHABLE",
         r".{0,60}?(?P<name>\d[\d.]{6,14})\b.{0,60}?(?:(?P<down>unreach|lost)|(?P<up>reachable"
         r"|synchron))", "NTP_SERVER_REACHABLE")),
        ("HARDWARE-* CAPACITY-* HWCAPACITY-*", rule("RESOURCE_NEAR_LIMIT",
         r"(?i)(?=.{0,80}?(?:table|resource|feature) (?P<name>[\w-]{1,48}))(?:(?P<up>.{0,200}?\b(?:below|normal)\b)"
         r"|(?P<down>.{0,200}?\b(?:exceed\w*|full|above|high)\b))", "RESOURCE_NORMAL")),
    ),
}  # fmt: skip


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message of EOS."""
    return read(payload, received_ms, _line, RULES)


def _line(text: str, received_ms: int) -> Line:
    said = cut(text, "EOS")
    head = _HEAD.fullmatch(said.head)
    if head is None:
        raise UnreadableError(f"not a line of EOS syslog: {said.head[:60]!r} before the tag")
    stamp = instant_iso(head["iso"]) if head["iso"] else instant(head, received_ms, zone=head["zone"])
    if stamp is None:
        raise UnreadableError(f"no such date: {said.head[:30]!r}")
    tag = f"{said.facility.partition('-')[0]}-{said.mnemonic}"
    return Line(head["host"], *stamp, tag, said.severity, said.text, text)
