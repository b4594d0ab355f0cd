"""Syslog of IOS-XR: ``<priority>sequence: host node:stamp: process[pid]: %GROUP-FACILITY-SEVERITY-MNEMONIC : text``.

The node (``RP/0/RSP0/CPU0``) is the processor that speaks; sequence and host are missing in a buffer.
"""

import re

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.cisco import COMMON, RELAY, ZONE, cut, when
from ossbss.oss.elements.syslog.payload import UnreadableError
from ossbss.oss.elements.syslog.reading import read
from ossbss.oss.elements.syslog.rules import IF, PEER, Line, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import STAMP, YEAR_FIRST

_NODE = r"(?:\w{1,8}/)?\d{1,3}/\w{1,8}(?:/\w{1,8}){0,2}"
_FRONT = rf"{RELAY}(?:\d{{1,10}}: ?)?(?:(?P<host>[\w.-]{{1,64}}):? )?{_NODE}:"
_BACK = rf"{ZONE} ?: {{0,2}}(?P<process>[\w.-]{{1,64}}(?:\[\d{{1,10}}\])?): "
_HEAD = re.compile(rf"{_FRONT}(?P<doubt>[*.]?){STAMP}{_BACK}")
_HEAD_YEAR_FIRST = re.compile(rf"{_FRONT}(?P<doubt>[*.]?){YEAR_FIRST}{_BACK}")
_USER = r"(?P<name>[\w.@\\-]{1,64})"
_PLACE = r"(?P<name>\w{0,4}/?\d{1,3}/\w{1,8}(?:/\w{1,8}){0,2})"

RULES: Rules = {
    **COMMON,
    **tagged(
        ("CONFIG-DB_COMMIT", rule("CONFIGURATION_COMMIT_COMPLETED",
         rf"Configuration committed by user '{_USER}'")),
        ("BGP-ADJCHANGE", rule("BGP_NEIGHBOR_DOWN", rf"neighbor {PEER} (?:(?P<up>Up)|(?P<down>Down))\b"
         r"(?=(?:.{0,200}?\(VRF: (?!default\))(?P<qualifier>[^)]{1,64})\))?)", "BGP_NEIGHBOR_UP")),
        ("SYSMGR-ERROR", rule("PROCESS_RESTART", r"(?P<name>[\w.-]{1,64})\(\d+\) \(jid \d+\) exited")),
        ("SHELFMGR-NODE_CPU_RESET SHELFMGR-NODE_KERNEL_DUMP_EVENT", rule("CARD_FAILED", rf"[Nn]ode {_PLACE} ")),
        ("BM-ACTIVE", rule("PORT_CHANNEL_MEMBER_DOWN",
         rf"{IF} is (?:(?P<up>Active)|(?P<down>no longer Active)) as part of ", "PORT_CHANNEL_MEMBER_UP")),
        ("BM-BUNDLE_STATE BM-STATE", rule("LACP_INTERFACE_DOWN",
         rf"{IF} .{{0,80}}?(?:(?P<down>down)|(?P<up>up))\b", "LACP_INTERFACE_UP")),
        ("INV-NODE_STATE_CHANGE SHELFMGR-NODE_STATE_CHANGE PLATFORM-NODE_STATE_CHANGE", rule("CARD_FAILED",
         rf"[Nn]ode: ?{_PLACE}, state: ?(?:(?P<up>IOS XR RUN|OK|PRESENT)"
         r"|(?P<down>IOS XR FAILURE|BRINGDOWN|NOT[ -]PRESENT|UNPOWERED|DOWN|FAILED|SHUTTING DOWN)|.{1,40})",
         "CARD_RESTORED")),
        ("SHELFMGR-NODE_STATE_CHANGE SHELFMGR-CARD_STATE", rule("CARD_FAILED",
         rf"{_PLACE} .{{0,60}}?state:? ?(?:(?P<up>IOS XR RUN|OK)|(?P<down>BRINGDOWN|NOT-PRESENT|UNPOWERED|DOWN"
         rf"|FAILED)|\w+)",
         "CARD_RESTORED")),
        ("INV-OIRIN OIR-OIRIN INVMGR-OIRIN", rule("CARD_INSERTED", rf".{{0,80}}?{_PLACE}\b.{{0,80}}?inserted")),
        ("INV-OIRIN INVMGR-OIRIN OIR-OIRIN", rule("CARD_INSERTED", rf"OIR:? .{{0,40}}?[Nn]ode {_PLACE}")),
        ("INV-OIROUT OIR-OIROUT INVMGR-OIROUT", rule("CARD_REMOVED", rf".{{0,80}}?{_PLACE}\b.{{0,80}}?removed")),
        ("INV-OIROUT INVMGR-OIROUT OIR-OIROUT", rule("CARD_REMOVED", rf"OIR:? .{{0,40}}?[Nn]ode {_PLACE}")),
        ("SYSMGR-PROCESS_CRASHED SYSMGR-PROC_CRASH SYSMGR-ERR_CRASH", rule("PROCESS_CRASHED",
         r".{0,60}?process (?P<name>[\w.-]{1,64})")),
        ("DUMPER-CORE_INFO DUMPER-DUMP_SUMMARY DUMPER-CRASH_INFO", rule("PROCESS_CRASHED",
         r".{0,60}?\b(?:process|pkg/bin/|for|of) ?(?P<name>[\w.-]{1,64})")),
        ("SYSMGR-PROCESS_RESTART SYSMGR-PROC_RESTART_NAME SYSMGR-PROC_RESTART", rule("PROCESS_RESTART",
         r".{0,80}?[Pp]rocess (?P<name>[\w.-]{1,64})")),
        ("ENVMON-*", rule("POWER_SUPPLY_FAILED",
         r"(?is)(?=.{0,120}?\b(?P<name>(?:power[ -]?supply|PEM|PSU|PM)(?: ?\w?\d[\w/]{0,8})?))"
         r"(?:(?P<up>.{0,200}?\bclear(?:ed|s)?\b|.{0,200}?\bok\b)|(?P<down>.{0,200}?\b(?:fail|fault|alarm|removed"
         r"|lost)))",
         "POWER_SUPPLY_RESTORED")),
        ("ENVMON-*", rule("FAN_FAILED",
         r"(?is)(?=.{0,120}?\b(?P<name>fan(?:[ -]?tray)?(?: ?\d[\w/]{0,8})?))"
         r"(?:(?P<up>.{0,200}?\bclear(?:ed|s)?\b|.{0,200}?\bok\b)|(?P<down>.{0,200}?\b(?:fail|fault|alarm|removed)))",
         "FAN_RESTORED")),
        ("ENVMON-*", rule("TEMPERATURE_HIGH",
         r"(?is)(?=.{0,120}?temp)(?:(?P<up>.{0,200}?\bclear(?:ed|s)?\b|.{0,200}?\bnormal\b)"
         r"|(?P<down>.{0,200}?\b(?:alarm|high|exceed|critical)))", "TEMPERATURE_NORMAL")),
        ("MEMMON-* WD_RM-* WDSYSMON-*", rule("MEMORY_LOW",
         r"(?is)(?=.{0,120}?memory)(?:(?P<up>.{0,200}?\b(?:normal|recovered|cleared)\b)|(?P<down>.{0,200}?\b(?:low"
         r"|minor|severe|critical|threshold|cross\w*)\b))",
         "MEMORY_NORMAL")),
        ("LSD-* TE-LSP_UPDOWN MPLS_TE-LSP_UPDOWN TE-TUNNEL_UPDOWN", rule("MPLS_LSP_DOWN",
         r".{0,80}?(?P<name>tunnel-te\d+|Tunnel\d+).{0,80}?(?i:(?P<up>\bup\b)|(?P<down>\bdown\b))", "MPLS_LSP_UP")),
        ("RSVP-NBR_CHANGE RSVP-NEIGHBOR", rule("RSVP_NEIGHBOR_DOWN",
         r".{0,60}?[Nn]eighbor (?P<name>[\w.:]{1,45}).{0,60}?(?i:(?P<up>\bup\b)|(?P<down>\bdown\b))",
         "RSVP_NEIGHBOR_UP")),
        ("NTP-UNREACHABLE NTP-PEER_UNREACHABLE NTPD-PEER_UNREACHABLE", rule("NTP_SERVER_UNREACHABLE",
         r".{0,60}?(?P<name>\d[\d.]{6,14}|[\da-fA-F:]{3,45}) .{0,40}?[Uu]nreach")),
        ("LIBNTP-* NTP-*", rule("NTP_SERVER_UNREACHABLE",
         r".{0,60}?\b(?P<name>\d[\d.]{6,14})\b.{0,40}?(?:(?P<down>unreach|lost)|(?P<up>reachable|synchroni[sz]ed))",
         "NTP_SERVER_REACHABLE")),
        ("LOGIN-AUTHEN_SUCCESS SSHD-AUTHEN_SUCCESS SSHD-INFO_SUCCESS", rule("USER_LOGIN",
         rf".{{0,80}}?user '?{_USER}'?")),
        ("EXEC-LOGIN_AUTHEN EXEC-AUTHEN_FAILED SSHD-AUTHEN_FAILED SSHD-INFO_FAILURE LOGIN-AUTHEN_FAILED",
         rule("USER_LOGIN_FAILED", rf"(?:.{{0,80}}?user '?{_USER}'?)?")),
        ("SSHD-INFO_USER_LOGOUT EXEC-LOGOUT", rule("USER_LOGOUT", rf".{{0,80}}?[Uu]ser '?{_USER}'?")),
        ("PORT_STATE-* OPTICS-* VIC-* G_PLIM_QOS-* ETHER_CTRL-*", rule("OPTICAL_POWER_OUT_OF_RANGE",
         rf"(?=.{{0,80}}?\b{IF})(?=.{{0,120}}?(?:optic|[RT]x|receive|transmit))"
         r"(?:(?P<up>.{0,200}?\b(?:clear(?:ed)?|normal)\b)|(?P<down>.{0,200}?\b(?:low|high|alarm|warning)\b))",
         "OPTICAL_POWER_NORMAL")),
    ),
}  # fmt: skip


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message of IOS-XR."""
    return read(payload, received_ms, _line, RULES)


def _line(text: str, received_ms: int) -> Line:
    said = cut(text, "IOS-XR")
    head = _HEAD.fullmatch(said.head) or _HEAD_YEAR_FIRST.fullmatch(said.head)
    if head is None:
        raise UnreadableError(f"not a line of IOS-XR syslog: {said.head[:60]!r} before the tag")
    occurred_ms, uncertainty_ms = when(head, received_ms)
    facility = said.facility.rpartition("-")[2]
    return Line(head["host"] or head["relay"] or "", occurred_ms, uncertainty_ms, f"{facility}-{said.mnemonic}",
                said.severity, said.text, text)  # fmt: skip
