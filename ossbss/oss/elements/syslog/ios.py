"""Syslog of IOS and IOS-XE: ``<priority>sequence: host: stamp: %FACILITY-SEVERITY-MNEMONIC: text``.

Priority, sequence, host and stamp may each be missing; ``*`` or ``.`` before the stamp marks a clock that is not
synchronised; a stamp may be the uptime; the first line of a ring buffer may have lost its beginning.
"""

import re

from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.cisco import COMMON, HEAD_CHARACTERS, RELAY, ZONE, cut, when
from ossbss.oss.elements.syslog.payload import UnreadableError, priority
from ossbss.oss.elements.syslog.reading import read
from ossbss.oss.elements.syslog.rules import IF, Line, Rules, rule, tagged
from ossbss.oss.elements.syslog_stamp import STAMP

DEBUGGING = 7
"""The syslog severity (RFC 5424, 6.2.1) of what carries none."""

_UPTIME = r"(?:\d{1,4}[ywdh]\d{1,3}[wdhm]|\d{1,2}:\d{2}:\d{2}(?:\.\d{1,3})?|[\d:.]{1,12})"
_HEAD = re.compile(
    rf"{RELAY}:? ?(?:(?P<number>\d{{1,10}}): ?)?(?:(?P<host>(?!\d{{1,12}}: |\d{{1,4}}[ywdh]\d{{1,3}}[wdhm]:"
    rf" )[\w.-]{{1,64}}): )?(?:\d{{1,10}}: ?)?"
    rf"(?:(?P<doubt>[*.]?){STAMP}{ZONE}: |{_UPTIME}: )?"
)
_POWER = r"(?P<name>(?:PEM|[Pp]ower [Ss]upply|PS|PEM/FM)(?: in)?(?: slot)? ?[\w/]{1,8})"
_SLOT = r"(?:slot|subslot|bay) (?P<name>[\w/]{1,8})"
_CONTACT = r"(?:(?P<down>ASSERT)|(?P<up>CLEAR)|INFO) (?P<severity>\w{1,10}) "

RULES: Rules = {
    **COMMON,
    **tagged(
        ("OIR-CRASH IOSXE_OIR-CRASH", rule("CARD_FAILED", rf"The module in {_SLOT} has crashed")),
        ("OIR-INSCARD", rule("CARD_INSERTED", rf"Card inserted in {_SLOT}")),
        ("OIR-REMCARD", rule("CARD_REMOVED", rf"Card removed from {_SLOT}")),
        ("IOSXE_OIR-INSCARD", rule("CARD_INSERTED", rf"Card \([^)]{{0,32}}\) inserted in {_SLOT}")),
        ("IOSXE_OIR-REMCARD", rule("CARD_REMOVED", rf"Card \([^)]{{0,32}}\) removed from {_SLOT}")),
        ("IOSXE_OIR-ONLINECARD SPA_OIR-ONLINECARD OIR-SP-ONLINE", rule("CARD_RESTORED",
         rf"(?:Card|SPA) \([^)]{{0,32}}\) online in {_SLOT}")),
        ("IOSXE_OIR-OFFLINECARD SPA_OIR-OFFLINECARD", rule("CARD_FAILED",
         rf"(?:Card|SPA) \([^)]{{0,32}}\) offline in {_SLOT}")),
        ("IOSXE_OIR-REMSPA SPA_OIR-REMCARD OIR-REMSPA", rule("CARD_REMOVED", rf".{{0,60}}?removed from {_SLOT}")),
        ("IOSXE_OIR-INSSPA SPA_OIR-INSCARD OIR-INSSPA", rule("CARD_INSERTED", rf".{{0,60}}?inserted in {_SLOT}")),
        ("STACKMGR-SWITCH_REMOVED STACKMGR-STACK_LINK_CHANGE", rule("CARD_REMOVED",
         r"Switch (?P<name>\d+) has been REMOVED")),
        ("STACKMGR-SWITCH_ADDED", rule("CARD_INSERTED", r"Switch (?P<name>\d+) has been ADDED")),
        ("TRACK-STATE TRACKING-STATE", rule("PROBE_FAILED",
         r"(?P<name>\d+) ip sla \d+ (?:reachability|state) \w+ ?-> ?(?:(?P<up>Up)|(?P<down>Down))", "PROBE_PASSED")),
        ("TRACKING-STATE TRACK-STATE", rule("INTERFACE_DOWN",
         rf"\d+ interface {IF} (?:line-protocol|ip routing) \w+ ?-> ?(?:(?P<up>Up)|(?P<down>Down))", "INTERFACE_UP")),
        ("DYING_GASP-POWER_LOSS", rule("POWER_LOST", r"Shutdown due to power loss")),
        ("SYS-RESTART", rule("SYSTEM_RESTARTED", r"System restarted", resynchronise=True)),
        ("SYS-RELOAD", rule("USER_COMMAND", r"")),
        *(("ALARM-CONTACT", rule(word, rf"{_CONTACT}External alarm contact \d+ {said}", ended))
          for word, ended, said in (
              ("COMMERCIAL_POWER_FAILED", "COMMERCIAL_POWER_RESTORED", "commercial power failure"),
              ("BATTERY_LOW", "BATTERY_NORMAL", "battery low"),
              ("GENERATOR_FAILED", "GENERATOR_READY", "generator failure"),
              ("FUEL_LOW", "FUEL_NORMAL", "fuel low"))),
        ("ALARM-CONTACT", rule("GENERATOR_STATE", r"INFO \w+ External alarm contact \d+ (?P<name>generator \w+)")),
        ("ALARM-CONTACT", rule("EXTERNAL_ALARM",
         rf"{_CONTACT}External alarm contact (?P<name>\d+)(?P<qualifier>.{{0,80}})", "EXTERNAL_ALARM_CLEARED")),
        ("IOSXE_RP_ALARM-INFO IOSXE_INFRA-ALARM", rule("INTERFACE_DOWN",
         rf"{_CONTACT}{IF} (?:Physical Port )?Link Down", "INTERFACE_UP")),
        ("IOSXE_RP_ALARM-*", rule("POWER_SUPPLY_FAILED",
         rf"{_CONTACT}(?P<name>Power Supply [\w ]{{0,16}}?):? (?:Power|PEM|Input"
         rf"|Output)?.{{0,60}}?Fail", "POWER_SUPPLY_RESTORED")),
        ("IOSXE_RP_ALARM-*", rule("SYSTEM_ALARM",
         rf"{_CONTACT}(?P<name>.{{1,48}}?)(?: (?P<qualifier>[A-Z].{{0,80}}))?$", "SYSTEM_ALARM_CLEARED")),
        ("IOSXE_PEM-PEMFAIL PLATFORM_PEM-PEMFAIL", rule("POWER_SUPPLY_FAILED", rf"The {_POWER} is ")),
        ("IOSXE_PEM-PEMOK", rule("POWER_SUPPLY_RESTORED", rf"The {_POWER} is functioning")),
        ("IOSXE_PEM-REMPEM_FM", rule("POWER_SUPPLY_FAILED", r"(?P<name>PEM/FM slot \w{1,8}) removed")),
        ("IOSXE_PEM-INSPEM_FM", rule("POWER_SUPPLY_RESTORED", r"(?P<name>PEM/FM slot \w{1,8}) inserted")),
        ("IOSXE_PEM-FANFAIL", rule("FAN_FAILED", r"The (?P<name>fan in slot [\w/]{1,8}) is ")),
        ("IOSXE_PEM-FANOK", rule("FAN_RESTORED", r"The (?P<name>fan in slot [\w/]{1,8}) is ")),
        ("C6KPWR-PSFAIL C6KPWR-PSINPUTDROP C4K_IOSMODPORTMAN-POWERSUPPLYBAD", rule("POWER_SUPPLY_FAILED",
         rf"(?i){_POWER}")),
        ("C6KPWR-PSOK C6KPWR-PSINPUTOK C4K_IOSMODPORTMAN-POWERSUPPLYGOOD", rule("POWER_SUPPLY_RESTORED",
         rf"(?i){_POWER}")),
        ("ENVIRONMENTAL-ALERT ENVIRONMENTAL-NOTICE ENVIRONMENTAL-WARNING ENVIRONMENTAL-CRITICAL", rule(
         "TEMPERATURE_HIGH", r"(?:Temp: )?(?P<name>[^,]{1,48}), Location: (?P<qualifier>\w{1,8}), "
         r"State: (?:(?P<up>Normal)|(?P<down>\w+))", "TEMPERATURE_NORMAL")),
        ("EC-UNBUNDLE", rule("PORT_CHANNEL_MEMBER_DOWN", rf"Interface {IF} left the ")),
        ("EC-BUNDLE", rule("PORT_CHANNEL_MEMBER_UP", rf"Interface {IF} joined ")),
        ("SFF8472-THRESHOLD_VIOLATION", rule("OPTICAL_POWER_OUT_OF_RANGE",
         rf"{IF}: (?P<qualifier>[RT]x power|\w[\w ]{{0,24}}?) (?:low|high) (?:alarm|warning)")),
        ("CONTROLLER-UPDOWN", rule("INTERFACE_DOWN",
         r"Controller (?P<name>[^,]{1,64}), changed state to (?:(?P<up>up)|(?P<down>down)|admin)", "INTERFACE_UP")),
        ("BFD-BFD_SESS_DOWN BFDFSM-BFD_SESS_DOWN BFD-BFD_SESS_UP BFDFSM-BFD_SESS_UP", rule("BFD_STATE_CHANGE",
         r"BFD-SYSLOG: BFD session (?P<name>ld:\d+) handle:\d+,? ?is going (?i:(?P<up>up)|(?P<down>down))")),
        ("MPLS_TE-LSP MPLS_TE_LM-LSP", rule("MPLS_LSP_DOWN",
         r".{0,60}?LSP (?P<name>\S{1,64}) (?:(?P<up>up)|(?P<down>down))", "MPLS_LSP_UP")),
        ("NTP-PEERUNREACH", rule("NTP_SERVER_UNREACHABLE", r"(?:NTP: )?Peer (?P<name>[\w.:]{1,45}) is unreachable")),
        ("NTP-PEERREACH", rule("NTP_SERVER_REACHABLE", r"(?:NTP: )?Peer (?P<name>[\w.:]{1,45}) is reachable")),
        ("PMAN-PROCHOLDDOWN PMAN-PROC_HELDDOWN", rule("PROCESS_CRASHED", r".{0,60}?process (?P<name>\S{1,64}) has"
         r" been held")),
        ("PMAN-PROCFAIL PMAN-PROC_FAIL", rule("PROCESS_CRASHED", r".{0,60}?process (?P<name>\S{1,64}) ")),
        ("MAB-SUCCESS MAB-FAIL AUTHMGR-START AUTHMGR-SUCCESS AUTHMGR-FAIL DOT1X-SUCCESS DOT1X-FAIL EPM-*",
         rule("AUTHENTICATION", rf"(?:.{{0,160}}? on Interface {IF})?", kind="port")),
        ("IOS_LICENSE_IMAGE_APPLICATION-LICENSE_LEVEL LICENSE-* SMART_LIC-*", rule("LICENCE", r"")),
    ),
}  # fmt: skip


def parse(payload: bytes, received_ms: int) -> Parsed:
    """One message of IOS; its time is the arrival, in doubt by a day, where it has none or only the uptime."""
    return read(payload, received_ms, _line, RULES)


def _line(text: str, received_ms: int) -> Line:
    if "%" not in text[:HEAD_CHARACTERS]:
        return _untagged(text, received_ms)
    said = cut(text, "IOS")
    head = _HEAD.fullmatch(said.head)
    if head is None:
        raise UnreadableError(f"not a line of IOS syslog: {said.head[:60]!r} before the tag")
    occurred_ms, uncertainty_ms = when(head, received_ms)
    facility = said.facility.partition("-")[0]
    return Line(head["host"] or head["relay"] or "", occurred_ms, uncertainty_ms, f"{facility}-{said.mnemonic}",
                said.severity, said.text, text)  # fmt: skip


def _untagged(text: str, received_ms: int) -> Line:
    """Debugging output has a stamp and no tag; UnreadableError where it has no stamp either."""
    _, begins = priority(text)
    head = _HEAD.match(text, begins)
    if head is None or head["month"] is None or not head["number"]:
        raise UnreadableError("not a line of IOS syslog: no stamp and %FACILITY-SEVERITY-MNEMONIC: found")
    occurred_ms, uncertainty_ms = when(head, received_ms)
    return Line(head["host"] or "", occurred_ms, uncertainty_ms, "", DEBUGGING, text[head.end() :], text)
