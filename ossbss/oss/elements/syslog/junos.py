"""Syslog of Junos: ``<priority>stamp host process[pid]: TAG: text``; the stamp is BSD or ISO 8601, or RFC 5424's.

Many processes write without a tag; their texts are told apart by who writes. Line cards write under their own name.
"""

import re

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.junos_chassis import ALARMD, CRAFTD
from ossbss.oss.elements.syslog.payload import UnreadableError, priority
from ossbss.oss.elements.syslog.reading import read
from ossbss.oss.elements.syslog.rules import IF, PEER, Line, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import ISO, YEAR_LAST, instant, instant_iso

_HEAD = re.compile(
    rf"(?:{YEAR_LAST}|(?P<iso>{ISO}))(?: (?P<zone>[A-Z]{{2,5}}))?:? {{1,3}}(?P<host>[^\s:]{{1,255}}) {{1,3}}"
    r"(?:(?P<process>[\w./-]{1,64})(?:\[\d{1,10}\])?: {0,3})?"
)
_STRUCTURED = re.compile(
    rf"1 (?P<iso>{ISO}) (?P<host>\S{{1,255}}) (?P<process>\S{{1,48}}) \S{{1,128}} (?P<tag>\S{{1,64}}) "
    r"(?:-|\[[^\]]{0,4096}\]) ?"
)
_TAG = re.compile(r"([A-Z][A-Z0-9]{0,31}_[A-Z0-9_]{1,64}): {0,2}")
_CARD = re.compile(r"(?:fpc|pfe|feb|sfm)\d{1,3}\b")
UNKNOWN_SEVERITY = 5
"""notice (RFC 5424, 6.2.1), for a line without a priority: no tag of Junos carries a severity."""

_USER = r"[Uu]ser '?(?P<name>[\w.@\\-]{1,64})'?"
_AS = r"(?: \([^)]{0,64}\))?"
_REALM = r"\((?:realm [\w-]{1,16} )?(?P<qualifier>[\w./:-]{1,64})[^)]{0,64}\)"
_NOTIFIED = r"NOTIFICATION (?:received from|sent to) (?P<name>[\w.:]{1,45})(?:\+\d{1,5})?(?: \([^)]{0,64}\))*: code "
_FRU = r"SNMP trap generated: "

RULES: Rules = tagged(
    ("SNMP_TRAP_LINK_DOWN SNMP_TRAP_LINK_UP", rule("INTERFACE_DOWN",
     r"ifIndex \d+, ifAdminStatus (?:up\(1\), ifOperStatus (?:(?P<up>up\(1\))|(?P<down>\w{1,16}\(\d\)))"
     rf"|\w{{1,16}}\(\d\), ifOperStatus \w{{1,16}}\(\d\)), ifName {IF}", "INTERFACE_UP")),
    ("RPD_BGP_NEIGHBOR_STATE_CHANGED", rule("BGP_NEIGHBOR_DOWN",
     rf"BGP peer {PEER}{_AS} changed state from (?:\w{{1,16}} to (?P<up>Established)|(?P<down>Established to"
     rf" \w{{1,16}})|\w)(?=(?:.{{0,120}}?\(instance (?!master\))(?P<qualifier>[^)]{{1,64}})\))?)",
     "BGP_NEIGHBOR_UP", fact="BGP_NEIGHBOR_STATE_CHANGED")),
    ("BGP_CEASE_PREFIX_LIMIT_EXCEEDED", rule("BGP_CEASE_PREFIX_LIMIT_EXCEEDED", rf"{PEER}{_AS}:")),
    ("BGP_PREFIX_LIMIT_EXCEEDED", rule("BGP_PREFIX_LIMIT_EXCEEDED", rf"{PEER}{_AS}:")),
    ("BGP_PREFIX_THRESH_EXCEEDED", rule("BGP_PREFIX_THRESH_EXCEEDED", rf"{PEER}{_AS}:")),
    ("rpd", rule("BGP_CONNECTION_REJECTED", rf"bgp_handle_notify:\d+: {_NOTIFIED}6 \(Cease\) subcode 5\b")),
    ("rpd", rule("BGP_PEER_NOT_CONFIGURED", rf"bgp_read_message:\d+: {_NOTIFIED}6 \(Cease\) subcode 5\b")),
    ("rpd", rule("BGP_SESSION_NOT_CONFIGURED", rf"\w{{1,32}}:\d+: {_NOTIFIED}6 \(Cease\) subcode"
     rf" 5\b.{{0,120}}?unconfigured")),
    ("rpd", rule("BGP_CONNECTION_REJECTED", rf"\w{{1,32}}:\d+: {_NOTIFIED}6 \(Cease\) subcode 5\b")),
    ("rpd", rule("BGP_PREFIX_LIMIT_EXCEEDED", rf"\w{{1,32}}:\d+: {_NOTIFIED}6 \(Cease\) subcode 1\b")),
    ("rpd", rule("BGP_INCORRECT_AS_NUMBER", rf"\w{{1,32}}:\d+: {_NOTIFIED}2 \([\w ]{{1,32}}\) subcode 2\b")),
    ("rpd", rule("BGP_NOTIFICATION", rf"\w{{1,32}}:\d+: {_NOTIFIED}")),
    ("rpd", rule("BGP_CONNECTION_RESET", rf"bgp_\w{{1,32}}: (?:read from|write to) peer {PEER}{_AS} failed: ")),
    ("kernel", rule("BGP_MD5_INCORRECT",
     r"tcp_auth_ok: Packet from (?P<name>[\w.:]{1,45}):\d{1,5} (?:missing|wrong|unexpected) MD5 digest")),
    ("RPD_OSPF_NBRDOWN", rule("OSPF_NEIGHBOR_DOWN", rf"OSPFv?\d? neighbor {PEER} {_REALM} state changed from ")),
    ("RPD_OSPF_NBRUP", rule("OSPF_NEIGHBOR_UP", rf"OSPFv?\d? neighbor {PEER} {_REALM} state changed from ")),
    ("RPD_ISIS_ADJDOWN", rule("ISIS_NEIGHBOR_DOWN",
     rf"IS-IS lost (?P<part>L\d) adjacency to {PEER} on (?P<qualifier>[\w./:-]{{1,64}}\w)")),
    ("RPD_ISIS_ADJUP", rule("ISIS_NEIGHBOR_UP",
     rf"IS-IS new (?P<part>L\d) adjacency to {PEER} on (?P<qualifier>[\w./:-]{{1,64}}\w)")),
    ("RPD_LDP_NBRDOWN RPD_LDP_SESSIONDOWN", rule("LDP_NEIGHBOR_DOWN", rf"LDP (?:neighbor|session) {PEER}")),
    ("RPD_LDP_NBRUP RPD_LDP_SESSIONUP", rule("LDP_NEIGHBOR_UP", rf"LDP (?:neighbor|session) {PEER}")),
    ("RPD_RSVP_NBRDOWN", rule("RSVP_NEIGHBOR_DOWN", rf"RSVP neighbor {PEER} down")),
    ("RPD_RSVP_NBRUP", rule("RSVP_NEIGHBOR_UP", rf"RSVP neighbor {PEER} up")),
    ("RPD_MPLS_LSP_DOWN", rule("MPLS_LSP_DOWN", r"MPLS LSP (?P<name>\S{1,64}) down")),
    ("RPD_MPLS_LSP_UP", rule("MPLS_LSP_UP", r"MPLS LSP (?P<name>\S{1,64}) up")),
    ("RPD_PIM_NBRDOWN", rule("PIM_NEIGHBOR_DOWN", rf"PIM neighbor {PEER} .{{0,16}}?interface "
     rf"(?P<qualifier>[\w./:-]{{1,64}})")),
    ("RPD_PIM_NBRUP", rule("PIM_NEIGHBOR_UP", rf"PIM new neighbor {PEER} .{{0,16}}?interface "
     rf"(?P<qualifier>[\w./:-]{{1,64}})")),
    ("BFDD_TRAP_SHOP_STATE_DOWN BFDD_TRAP_SHOP_STATE_UP BFDD_TRAP_MHOP_STATE_DOWN BFDD_TRAP_MHOP_STATE_UP",
     rule("BFD_STATE_CHANGE", r"local discriminator: \d+, new state: (?:(?P<up>up)|(?P<down>down)|admin ?down)"
     r"(?:, interface: (?P<qualifier>[\w./:-]{1,64}\w))?, peer addr: (?P<name>[\w.:]{1,45})")),
    ("BFDD_TRAP_STATE_DOWN BFDD_TRAP_STATE_UP", rule("BFD_STATE_CHANGE",
     r"(?P<name>local discriminator: \d+), new state: (?:(?P<up>up)|(?P<down>down)|admin ?down)")),
    ("BFDD_STATE_UP_TO_DOWN BFDD_STATE_DOWN_TO_UP BFDD_STATE_CHANGE bfdd", rule("BFD_STATE_CHANGE",
     rf"BFD Session {PEER} .{{0,40}}?state \w{{1,10}} -> (?:(?P<up>Up)|(?P<down>Down)|AdminDown)")),
    ("LACP_INTF_DOWN", rule("LACP_INTERFACE_DOWN",
     r"(?P<name>ae\d{1,4}): Interface marked down.{0,60}?(?: member (?P<qualifier>[\w./:-]{1,64}))?$")),
    ("LACPD_TIMEOUT", rule("PORT_CHANNEL_MEMBER_DOWN", rf"{IF}: lacp current while timer expired")),
    ("LACP_INTF_MUX_STATE_CHANGED", rule("PORT_CHANNEL_MEMBER_DOWN",
     r"\w{1,16}: (?P<name>[\w./-]{1,32}(?::\d{1,2})?): Lacp state changed from (?:\w{1,32} to "
     r"(?P<up>COLLECTING_DISTRIBUTING|DISTRIBUTING)|(?P<down>(?:COLLECTING_)?DISTRIBUTING to \w{1,32})"
     r"|\w)", "PORT_CHANNEL_MEMBER_UP")),
    ("ESWD_BPDU_BLOCK_ERROR_DISABLED L2CPD_BPDU_BLOCK_ERROR_DISABLED", rule("BPDU_BLOCK_INTERFACE_DISABLED",
     rf"{IF}: bpdu-block disabled port")),
    ("ESWD_BPDU_BLOCK_ERROR_ENABLED L2CPD_BPDU_BLOCK_ERROR_ENABLED", rule("BPDU_BLOCK_INTERFACE_ENABLED",
     rf"{IF}: bpdu-block enabled port")),
    ("ESWD_ST_CTL_ERROR_DISABLED L2ALD_ST_CTL_DISABLED", rule("INTERFACE_ERROR_DISABLED",
     rf"{IF}: (?P<qualifier>storm control) disabled port")),
    ("ESWD_ST_CTL_ERROR_ENABLED L2ALD_ST_CTL_ENABLED", rule("INTERFACE_ERROR_RECOVERED",
     rf"{IF}: (?P<qualifier>storm control) enabled port")),
    ("L2ALD_MAC_LIMIT_REACHED_IF L2ALD_MAC_LIMIT_REACHED_IFBD", rule("INTERFACE_MAC_LIMIT_REACHED",
     rf"[Ll]imit on learned MAC addresses reached for {IF};?")),
    ("L2ALD_MAC_LIMIT_RESET_IF", rule("INTERFACE_MAC_LIMIT_CLEARED", rf".{{0,80}}? for {IF};?")),
    ("L2ALD_MAC_MOVE_NOTIFICATION", rule("MAC_MOVED", r"")),
    ("DDOS_PROTOCOL_VIOLATION_SET DDOS_PROTOCOL_VIOLATION_CLEAR", rule("DDOS_PROTOCOL_VIOLATION_SET",
     r"\w{1,12}: Host-bound traffic for protocol/exception {1,2}(?P<name>[\w:-]{1,48}) "
     r"(?:(?P<up>has returned to normal).{0,60}?|(?P<down>exceeded).{0,60}?)at (?P<qualifier>fpc \d{1,3}"
     r"|routing-engine)",
     "DDOS_PROTOCOL_VIOLATION_CLEAR")),
    *(("alarmd", one) for one in ALARMD),
    *(("craftd", one) for one in CRAFTD),
    ("CHASSISD_SNMP_TRAP6 CHASSISD_SNMP_TRAP7 CHASSISD_SNMP_TRAP10 CHASSISD_SNMP_TRAP", rule("POWER_SUPPLY_FAILED",
     _FRU + r"(?:(?P<up>Power Supply OK)|(?P<down>Power Supply [Ff]ail)).{0,300}?(?:jnxOperatingDescr"
      r"|jnxContentsDescr) (?P<name>(?:PEM|PSM|PSU|Power Supply) ?\d*)",
     "POWER_SUPPLY_RESTORED")),
    ("CHASSISD_SNMP_TRAP6 CHASSISD_SNMP_TRAP7 CHASSISD_SNMP_TRAP10 CHASSISD_SNMP_TRAP", rule("FAN_FAILED",
     _FRU + r"(?:(?P<up>Fan(?:/Blower)? OK)|(?P<down>Fan(?:/Blower)? [Ff]ail)).{0,300}?(?:jnxOperatingDescr"
      r"|jnxContentsDescr) (?P<name>[^,)]{1,48})",
     "FAN_RESTORED")),
    ("CHASSISD_SNMP_TRAP6 CHASSISD_SNMP_TRAP7 CHASSISD_SNMP_TRAP10 CHASSISD_SNMP_TRAP", rule("TEMPERATURE_HIGH",
     _FRU + r"(?:(?P<up>Temperature back to normal|Temperature OK)|(?P<down>Over"
      r" [Tt]emp)).{0,300}?(?:jnxOperatingDescr|jnxContentsDescr) (?P<name>[^,)]{1,48})",
     "TEMPERATURE_NORMAL")),
    ("CHASSISD_SNMP_TRAP10 CHASSISD_SNMP_TRAP7 CHASSISD_SNMP_TRAP", rule("CARD_FAILED",
     _FRU + r"FRU (?:(?P<up>power on|online|insertion|OK)|(?P<down>power off|offline|removal"
      r"|failed))\b.{0,300}?jnxFruName (?P<name>(?:FPC|PIC|CB|RE|SIB|SFM) ?\d{0,2})",
     "CARD_RESTORED")),
    ("CHASSISD_FRU_OFFLINE_NOTICE", rule("CARD_FAILED", r"Taking (?P<name>FPC \d{1,2}|\w{2,8} \d{1,2}) offline")),
    ("CHASSISD_FRU_ONLINE_NOTICE CHASSISD_FRU_ONLINE", rule("CARD_RESTORED", r".{0,40}?(?P<name>FPC \d{1,2}|\w{2,8}"
     r" \d{1,2}) ")),
    ("CHASSISD_PIC_OFFLINE_NOTICE", rule("CARD_FAILED", r"Taking (?P<part>PIC \d{1,2}) in (?P<name>FPC \d{1,2})"
     r" offline")),
    ("CHASSISD_OVER_TEMP_CONDITION CHASSISD_OVER_TEMP_SHUTDOWN"
     " CHASSISD_TEMP_HOT_NOTICE", rule("TEMPERATURE_HIGH", r"")),
    ("SNMPD_TRAP_COLD_START", rule("SYSTEM_COLD_START", r"", resynchronise=True)),
    ("PING_TEST_FAILED", rule("PROBE_FAILED", r".{0,200}?pingCtlTestName = (?P<name>\S{1,64})")),
    ("PING_TEST_COMPLETED", rule("PROBE_PASSED", r".{0,200}?pingCtlTestName = (?P<name>\S{1,64})")),
    ("VRRPD_NEW_MASTER_TRAP VRRPD_NEW_MASTER VRRPD_NEW_BACKUP_TRAP"
     " VRRPD_NEW_BACKUP", rule("GATEWAY_STATE_CHANGED", r"", kind="other")),
    ("xntpd ntpd", rule("NTP_SERVER_UNREACHABLE",
     r"NTP Server (?P<name>[\w.:-]{1,64}) is (?:(?P<down>Unreachable)|(?P<up>Reachable))", "NTP_SERVER_REACHABLE")),
    ("jlaunchd init", rule("PROCESS_CEILING_WATERMARK_REACHED", r"System reaching processes ceiling high watermark")),
    ("jlaunchd init", rule("PROCESS_CRASHED",
     r"(?P<name>[\w.-]{1,48}) \(PID \d+\) (?:terminated by signal number \d+|exited with status=[1-9])")),
    ("jlaunchd init", rule("PROCESS_STARTED", r"(?P<name>[\w.-]{1,48}) \(PID \d+\) started")),
    ("jlaunchd init", rule("PROCESS_CRASHED", r"(?P<name>[\w.-]{1,48}) is thrashing, not restarted")),
    ("kernel", rule("PROCESS_CRASHED", r"(?:BAD_PAGE_FAULT: )?pid \d+ \((?P<name>[\w.-]{1,48})\), .{0,40}?exited on"
     r" signal")),
    ("fpc", rule("FAILED_ALLOCATING_PACKET_BUFFER", r"(?P<name>[a-z]{3}\d{1,3}) .{0,40}?failed allocating packet"
     r" buffer")),
    ("fpc", rule("NH_HOLD_PACKET", r"(?P<name>[a-z]{3}\d{1,3}) .{0,40}?NH: hold packet out failed")),
    ("fpc", rule("NH_INSTALL_FAILED", r"(?P<name>[a-z]{3}\d{1,3}) .{0,80}?Creation of handle for nh \d+ failed")),
    ("fpc", rule("NH_REGION_GRAB_FAILED", r"(?P<name>[a-z]{3}\d{1,3}) .{0,120}?failed to grab new region for NH")),
    ("UI_COMMIT", rule("CONFIGURATION_COMMIT_REQUESTED", _USER)),
    ("UI_COMMIT_COMPLETED", rule("CONFIGURATION_COMMIT_COMPLETED", rf"(?:{_USER})?")),
    ("UI_COMMIT_PROGRESS", rule("CONFIGURATION_COMMIT_COMPLETED", r".{0,80}?commit complete")),
    ("UI_LOAD_EVENT", rule("CONFIGURATION_ROLLBACK", rf"{_USER} is performing a 'rollback")),
    ("UI_CONFIGURATION_ERROR UI_COMMIT_ERROR", rule("CONFIGURATION_ERROR", r"")),
    ("UI_DBASE_LOGIN_EVENT", rule("USER_ENTER_CONFIG_MODE", _USER)),
    ("UI_DBASE_LOGOUT_EVENT", rule("USER_EXIT_CONFIG_MODE", _USER)),
    ("UI_LOGIN_EVENT UI_AUTH_EVENT LOGIN_INFORMATION", rule("USER_LOGIN", rf"(?:Authenticated )?{_USER}")),
    ("UI_LOGOUT_EVENT", rule("USER_LOGOUT", _USER)),
    ("LOGIN_FAILED SSHD_LOGIN_FAILED"
     " LOGIN_PAM_AUTHENTICATION_ERROR", rule("USER_LOGIN_FAILED", rf"(?:.{{0,40}}?{_USER})?")),
    ("UI_CMDLINE_READ_LINE UI_JUNOSCRIPT_CMD UI_NETCONF_CMD UI_CFG_AUDIT_SET UI_CFG_AUDIT_OTHER"
     " UI_CFG_AUDIT_SET_SECRET",
     rule("USER_COMMAND", rf"(?:{_USER})?")),
    ("sshd", rule("USER_LOGIN", r"Accepted \S{1,32} for (?P<name>[\w.@-]{1,64}) from")),
    ("sshd", rule("USER_LOGIN_FAILED", r"(?:Failed \S{1,32} for (?:invalid user )?|Invalid user |error: PAM: .{0,40}?"
     r" for )(?P<name>[\w.@-]{1,64})")),
    ("RT_FLOW_SESSION_CREATE", rule("NAT_SESSION_CREATED", r"")),
    ("RT_FLOW_SESSION_CLOSE", rule("NAT_SESSION_CLOSED", r"")),
    ("RT_FLOW_SESSION_DENY", rule("SESSION_DENIED", r"")),
    ("last", rule("LAST_MESSAGE_REPEATED", r"last message repeated \d+ times")),
)  # fmt: skip


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message of Junos; a port whose ifAdminStatus is not up was shut by somebody: no alarm."""
    return read(payload, received_ms, _line, RULES)


def _line(text: str, received_ms: int) -> Line:
    severity, begins = priority(text)
    head = _HEAD.match(text, begins) or _STRUCTURED.match(text, begins)
    said = text[head.end() :] if head else ""
    if head is None or "%" in text[begins : head.end()]:
        raise UnreadableError("not a line of Junos syslog: no stamp, host and text found")
    iso = head["iso"]
    stamp = instant_iso(iso) if iso else instant(head, received_ms, zone=head["zone"])
    if stamp is None:
        raise UnreadableError(f"no such date: {text[begins : begins + 40]!r}")
    tag, said = _tag_of(head, said)
    return Line(head["host"], *stamp, tag, UNKNOWN_SEVERITY if severity is None else severity, said, text)


def _tag_of(head: re.Match[str], said: str) -> tuple[str, str]:
    """(tag, the text without it): the tag itself, else who writes, else the first word."""
    if "tag" in head.re.groupindex and head["tag"] != "-":
        return head["tag"], said.removeprefix(f"{head['tag']}: ")
    found = _TAG.match(said)
    if found:
        return found[1], said[found.end() :]
    if head["process"]:
        return head["process"].rpartition("/")[2], said
    if not said:
        raise UnreadableError("not a line of Junos syslog: no stamp, host and text found")
    return ("fpc" if _CARD.match(said) else said.partition(" ")[0][:32]), said
