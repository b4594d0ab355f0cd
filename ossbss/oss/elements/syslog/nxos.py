"""Syslog of NX-OS: ``<priority>year month day time host %FACILITY-SEVERITY-MNEMONIC: text``, and four other heads.

With a zone the host comes first: ``host: year month day time zone: %…``. A facility may name the module that speaks
(``MODULE-SLOT3-…``); a virtual device context or VRF stands between ``%$`` signs.
"""

import re

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.cisco import COMMON, RELAY, ZONE, cut, when
from ossbss.oss.elements.syslog.payload import UnreadableError
from ossbss.oss.elements.syslog.reading import read
from ossbss.oss.elements.syslog.rules import IF, PEER, Line, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import STAMP, YEAR_FIRST

_CONTEXT = r"(?: {0,2}%\$ {0,2}[\w :.-]{1,64}? {0,2}%\$)?"
_HEAD = re.compile(
    rf"{RELAY}(?:(?:(?P<host>[\w.-]{{1,64}}) ?)?: )?(?P<doubt>[*.]?){YEAR_FIRST}{ZONE}"
    rf"(?::|(?P<after> [\w.-]{{1,64}}:?))?{_CONTEXT} {{0,2}}"
)
_RESIDENT = re.compile(rf"{STAMP} (?P<host>[\w.-]{{1,64}}:?){_CONTEXT} ")
_IN_TEXT = re.compile(r"%\$[^%]{1,64}%\$ ?")
_USER = r"(?P<name>[\w.@\\-]{1,64})"
_MODULE = r"(?:Module|module|Slot|slot|Mod|Xbar|FEX-?) ?(?P<name>\d{1,3}(?:/\d{1,3})?)"
_SUPPLY = r"(?P<name>(?:Power [Ss]upply|PS|PowerSupply|Power supply) ?\d{1,3})"

RULES: Rules = {
    **COMMON,
    **tagged(
        ("ETHPORT-IF_DOWN_ADMIN_DOWN ETHPORT-IF_ADMIN_DOWN ETHPORT-IF_DOWN_CFG_CHANGE "
         "ETHPORT-IF_DOWN_PARENT_ADMIN_DOWN ETHPORT-IF_DOWN_INTERFACE_REMOVED ETHPORT-IF_DOWN_NONE "
         "ETHPORT-IF_DOWN_INACTIVE",
         rule("INTERFACE_DOWN", rf"Interface {IF}", fact="INTERFACE_DOWN")),
        ("ETHPORT-IF_UP", rule("INTERFACE_UP", rf"Interface {IF}")),
        ("ETHPORT-IF_DOWN_ERROR_DISABLED", rule("STP_BLOCK_BPDUGUARD", rf"Interface {IF} is down .{{0,40}}?BPDUGuard")),
        ("ETHPORT-IF_ERRDIS_RECOVERY", rule("INTERFACE_ERROR_RECOVERED", rf"Interface {IF} is being"
         rf" .{{0,60}}?BPDUGuard",
         means="STP_BLOCK_BPDUGUARD")),
        ("ETHPORT-IF_DOWN_ERROR_DISABLED ETHPORT-IF_ERRDIS_LINK_FLAP ETHPORT-IF_SEQ_ERROR", rule(
         "INTERFACE_ERROR_DISABLED", rf"Interface {IF} is down \([Ee]rror disabled\. ?(?:Reason:"
         rf" ?)?(?P<qualifier>[^)]{{0,80}})")),
        ("ETHPORT-IF_ERRDIS_RECOVERY", rule("INTERFACE_ERROR_RECOVERED",
         rf"Interface {IF} is being recovered from error disabled state \(Last Reason: ?(?P<qualifier>[^)]{{0,80}})")),
        ("ETHPORT-IF_DUPLEX", rule("INTERFACE_DUPLEX_MODE", rf"Interface {IF}, operational duplex mode changed to ")),
        ("ETHPORT-SPEED ETHPORT-IF_BANDWIDTH_CHANGE ETHPORT-IF_RX_FLOW_CONTROL ETHPORT-IF_TX_FLOW_CONTROL "
         "ETHPORT-IF_HARDWARE ETHPORT-IF_SPEED", rule("INTERFACE_SPEED", rf"Interface {IF}")),
        ("ETHPORT-*", rule("INTERFACE_DOWN",
         rf"Interface {IF} is (?:(?P<up>up)|down \((?:Admin|[\w ]{{0,40}}admin)|(?P<down>down))", "INTERFACE_UP")),
        ("ETH_PORT_CHANNEL-PORT_DOWN ETH_PORT_CHANNEL-PORT_INDIVIDUAL_DOWN ETH_PORT_CHANNEL-PORT_SUSPENDED "
         "ETH_PORT_CHANNEL-PORT_UP ETH_PORT_CHANNEL-PORT_INDIVIDUAL", rule("PORT_CHANNEL_MEMBER_DOWN",
         rf"(?:[\w./-]{{1,32}}: )?(?:individual port )?{IF} is (?:(?P<up>up)|(?P<down>down|suspended))",
         "PORT_CHANNEL_MEMBER_UP")),
        ("ISIS-ADJCHANGE", rule("ISIS_NEIGHBOR_DOWN",
         rf".{{0,60}}?adj (?P<part>L\d(?:-\d)?) {PEER} over (?P<qualifier>[\w./:-]{{1,64}}) - "
         r"(?:(?P<up>UP)|(?P<down>DOWN)|\w+)", "ISIS_NEIGHBOR_UP")),
        ("MODULE-MOD_FAIL MODULE-MOD_MAJORSWFAIL MODULE-MOD_DIAG_FAIL MODULE-MOD_DNLD_FAIL MODULE-MOD_WARNING "
         "MODULE-MOD_NOT_ALIVE MODULE-MOD_SOMEPORTS_FAILED MODULE-LCM_MODULE_FAIL MODULE-XBAR_DIAG_FAIL "
         "PLATFORM-MOD_PWRDN PLATFORM-MOD_PWRFAIL PLATFORM-MOD_PWRIDPROMFAIL",
         rule("CARD_FAILED", rf".{{0,80}}?{_MODULE}")),
        ("MODULE-MOD_OK MODULE-ACTIVE_SUP_OK MODULE-STANDBY_SUP_OK MODULE-XBAR_OK", rule("CARD_RESTORED",
         rf".{{0,80}}?(?:{_MODULE}|[Ss]upervisor (?P<part>\d+))")),
        ("PLATFORM-MOD_REMOVE PLATFORM-MOD_PWRDN_ADMIN"
         " PLATFORM-XBAR_REMOVE", rule("CARD_REMOVED", rf".{{0,80}}?{_MODULE}")),
        ("PLATFORM-MOD_DETECT PLATFORM-MOD_PRESENT"
         " PLATFORM-XBAR_DETECT", rule("CARD_INSERTED", rf".{{0,80}}?{_MODULE}")),
        ("PLATFORM-PS_FAIL PLATFORM-PS_REMOVE PLATFORM-PS_UNSUPPORTED PLATFORM-PS_ABSENT"
         " PLATFORM-PS_CAPACITY_CHANGE_FAIL "
         "PLATFORM-PS_PWR_INPUT_MISSING PFMA-PS_FAIL", rule("POWER_SUPPLY_FAILED", rf".{{0,40}}?{_SUPPLY}")),
        ("PLATFORM-PS_OK PLATFORM-PS_FOUND PLATFORM-PS_DETECT PFMA-PS_OK", rule("POWER_SUPPLY_RESTORED",
         rf".{{0,40}}?{_SUPPLY}")),
        ("PLATFORM-FAN_FAIL PLATFORM-FAN_REMOVED PLATFORM-PFM_FAN_FLTR_STATUS PLATFORM-PFM_FAN_REMOVED"
         " PLATFORM-FANMOD_FAN_FAIL "
         "PLATFORM-FAN_FLAP", rule("FAN_FAILED", r"(?P<name>Fan(?: ?[Mm]odule)? ?\d{0,3})")),
        ("PLATFORM-FAN_OK PLATFORM-FAN_DETECT PLATFORM-FANMOD_FAN_OK", rule("FAN_RESTORED",
         r"(?P<name>Fan(?: ?[Mm]odule)? ?\d{0,3})")),
        ("PLATFORM-MOD_TEMPMAJALRM PLATFORM-MOD_TEMPMINALRM PLATFORM-TEMPMAJALRM PLATFORM-MOD_TEMPSHUTDOWN"
         " PLATFORM-MOD_TEMPFAIL",
         rule("TEMPERATURE_HIGH", r"(?P<name>.{0,80}?)(?: reported| temperature|, | \.|$)")),
        ("PLATFORM-MOD_TEMPOK PLATFORM-TEMPOK", rule("TEMPERATURE_NORMAL",
         r"(?P<name>.{0,80}?)(?: reported| temperature|, | \.|$)")),
        ("PLATFORM-MEMORY_ALERT PLATFORM-MEMORY_ALERT_RECOVERED", rule("MEMORY_LOW",
         r"(?i).{0,80}?(?:(?P<up>recovered|normal|ok)\b|(?P<down>minor|severe|critical|alert))", "MEMORY_NORMAL")),
        ("SYSMGR-SERVICE_CRASHED SYSMGR-SERVICE_TERMINATED SYSMGR-HASERVICE_CRASHED SYSMGR-HEARTBEAT_FAILURE",
         rule("PROCESS_CRASHED", r".{0,40}?[Ss]ervice \"?(?P<name>[\w .:-]{1,64}?)\"? ?(?:\(PID|\(pid|hasn|has|on )")),
        ("SYSMGR-SERVICE_STARTED", rule("PROCESS_STARTED", r".{0,40}?[Ss]ervice \"?(?P<name>[\w.:-]{1,64})\"?")),
        ("VPC-PEER_KEEP_ALIVE_RECV_FAIL VPC-VPC_PEER_LINK_DOWN VPC-PEER_LINK_DOWN", rule("MLAG_PEER_DOWN", r"")),
        ("VPC-PEER_KEEP_ALIVE_RECV_SUCCESS VPC-PEER_LINK_UP", rule("MLAG_PEER_UP", r"")),
        ("NTP-NTP_PEER_UNREACHABLE"
         " NTP-PEER_UNREACH", rule("NTP_SERVER_UNREACHABLE", r".{0,60}?(?P<name>\d[\d.:a-f]{5,44})")),
        ("ETH_PORT_SEC-* L2FM-L2FM_MAC_LIMIT", rule("INTERFACE_MAC_LIMIT_REACHED", rf".{{0,40}}?[Pp]ort {IF} moved")),
        ("AUTHPRIV-SYSTEM_MSG", rule("USER_LOGIN", rf"pam_\w{{1,16}}\([^)]{{1,48}}\): session opened for user"
         rf" {_USER}")),
        ("AUTHPRIV-SYSTEM_MSG", rule("USER_LOGOUT", rf"pam_\w{{1,16}}\([^)]{{1,48}}\): session closed for user"
         rf" {_USER}")),
        ("AUTHPRIV-SYSTEM_MSG DAEMON-SYSTEM_MSG", rule("USER_LOGIN_FAILED",
         rf"(?:pam_aaa:)?(?:[Aa]uthentication fail|Failed |.{{0,60}}?authentication failure)(?:.{{0,80}}? (?:user"
         rf"|for) {_USER})?")),
        ("AUTHPRIV-SYSTEM_MSG AUTHPRIV-* DAEMON-SYSTEM_MSG", rule("AUTHENTICATION", r"")),
        ("LICMGR-* LICENSE_MGR-*", rule("LICENCE", r"")),
    ),
}  # fmt: skip


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message of NX-OS."""
    return read(payload, received_ms, _line, RULES)


def _line(text: str, received_ms: int) -> Line:
    said = cut(text, "NX-OS")
    head = _HEAD.fullmatch(said.head) or _RESIDENT.fullmatch(said.head)
    if head is None:
        raise UnreadableError(f"not a line of NX-OS syslog: {said.head[:60]!r} before the tag")
    occurred_ms, uncertainty_ms = when(head, received_ms)
    said_by = head.groupdict()
    host = (said_by.get("after") or said_by["host"] or said_by.get("relay") or "").strip(" :")
    context = _IN_TEXT.match(said.text)
    return Line(host, occurred_ms, uncertainty_ms, f"{said.facility.partition('-')[0]}-{said.mnemonic}", said.severity,
                said.text[context.end() :] if context else said.text, text)  # fmt: skip
