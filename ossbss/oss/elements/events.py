"""The events that elements tell of, the same word in every dialect, and what each means in ITU-T X.733.

A pair (raised, ended) is one alarm: its clear has the same resource, event type, probable cause and qualifier
(RFC 8632: a key is resource, type, qualifier). Probable causes are those of X.721, of M.3100 where X.721 has none,
under the event types of X.733, table 1; but a probe that fails tells of the quality of a service.
The severities are ours (assumption), and apply where the message has none of its own: a service, an element or a site's
last power gone is critical; a link, a card, a protocol neighbour, which a network has more than one of, is major; what
comes near a limit is minor.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ossbss.contract.assurance import EventType, Severity
from ossbss.oss.elements.notification import ObjectKind


@dataclass(frozen=True)
class Meaning:
    """What a word says of which kind of object; without a severity it is a fact, of which no alarm is taken."""

    object_kind: ObjectKind
    event_type: EventType | None = None
    probable_cause: str | None = None
    severity: Severity | None = None
    qualifier: str = ""
    ends: bool = False
    """the word itself says that it is over"""


_Row = tuple[str, str, ObjectKind, EventType, str, Severity, str]
_C: EventType = "communicationsAlarm"
_E: EventType = "equipmentAlarm"
_V: EventType = "environmentalAlarm"
_P: EventType = "processingErrorAlarm"
_Q: EventType = "qualityOfServiceAlarm"
_PROTOCOL, _CONFIG = "communicationsProtocolError", "configurationOrCustomizationError"
_NEAR_FULL, _BROKEN = "resourceAtOrNearingCapacity", "equipmentMalfunction"

_ALARMS: tuple[_Row, ...] = (
    ("INTERFACE_DOWN", "INTERFACE_UP", "port", _C, "lossOfSignal", "major", ""),
    ("INTERFACE_ERROR_DISABLED", "INTERFACE_ERROR_RECOVERED", "port", _P, _CONFIG, "major", ""),
    ("STP_BLOCK_BPDUGUARD", "", "port", _P, _CONFIG, "major", "bpduguard"),
    ("BPDU_BLOCK_INTERFACE_DISABLED", "BPDU_BLOCK_INTERFACE_ENABLED", "port", _P, _CONFIG, "major", "bpduguard"),
    ("INTERFACE_MAC_LIMIT_REACHED", "INTERFACE_MAC_LIMIT_CLEARED", "port", _Q, _NEAR_FULL, "minor", "mac"),
    ("OPTICAL_POWER_OUT_OF_RANGE", "OPTICAL_POWER_NORMAL", "port", _C, "degradedSignal", "minor", ""),
    ("PORT_CHANNEL_MEMBER_DOWN", "PORT_CHANNEL_MEMBER_UP", "port", _C, _PROTOCOL, "major", "lacp"),
    ("LACP_INTERFACE_DOWN", "LACP_INTERFACE_UP", "interface_group", _C, _PROTOCOL, "major", "lacp"),
    ("BGP_NEIGHBOR_DOWN", "BGP_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "major", "bgp"),
    ("BGP_CONNECTION_RESET", "", "neighbour", _C, _PROTOCOL, "major", "bgp"),
    ("BGP_CONNECTION_REJECTED", "", "neighbour", _C, _PROTOCOL, "major", "bgp"),
    ("BGP_PEER_NOT_CONFIGURED", "", "neighbour", _P, _CONFIG, "warning", "bgp peer"),
    ("BGP_SESSION_NOT_CONFIGURED", "", "neighbour", _P, _CONFIG, "warning", "bgp session"),
    ("BGP_INCORRECT_AS_NUMBER", "", "neighbour", _P, _CONFIG, "warning", "bgp as"),
    ("BGP_MD5_INCORRECT", "", "neighbour", _P, _CONFIG, "warning", "bgp md5"),
    ("BGP_PREFIX_THRESH_EXCEEDED", "", "neighbour", _Q, "thresholdCrossed", "warning", "bgp prefixes"),
    ("BGP_PREFIX_LIMIT_EXCEEDED", "", "neighbour", _Q, "thresholdCrossed", "major", "bgp prefixes"),
    ("BGP_CEASE_PREFIX_LIMIT_EXCEEDED", "", "neighbour", _Q, "thresholdCrossed", "major", "bgp prefixes"),
    ("OSPF_NEIGHBOR_DOWN", "OSPF_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "major", "ospf"),
    ("ISIS_NEIGHBOR_DOWN", "ISIS_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "major", "isis"),
    ("LDP_NEIGHBOR_DOWN", "LDP_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "major", "ldp"),
    ("RSVP_NEIGHBOR_DOWN", "RSVP_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "major", "rsvp"),
    ("EIGRP_NEIGHBOR_DOWN", "EIGRP_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "major", "eigrp"),
    ("PIM_NEIGHBOR_DOWN", "PIM_NEIGHBOR_UP", "neighbour", _C, _PROTOCOL, "minor", "pim"),
    ("BFD_STATE_CHANGE", "", "neighbour", _C, _PROTOCOL, "major", "bfd"),
    ("MLAG_PEER_DOWN", "MLAG_PEER_UP", "neighbour", _C, _PROTOCOL, "major", "mlag"),
    ("MPLS_LSP_DOWN", "MPLS_LSP_UP", "other", _P, "underlyingResourceUnavailable", "major", "lsp"),
    ("NTP_SERVER_UNREACHABLE", "NTP_SERVER_REACHABLE", "other", _E, "timingProblem", "minor", "ntp"),
    ("CARD_FAILED", "CARD_RESTORED", "card", _E, _BROKEN, "major", ""),
    ("CARD_REMOVED", "CARD_INSERTED", "card", _E, "replaceableUnitMissing", "major", ""),
    ("SYSTEM_ALARM", "SYSTEM_ALARM_CLEARED", "other", _E, _BROKEN, "major", ""),
    ("MAJOR_ALARM_SET", "MAJOR_ALARM_CLEARED", "other", _E, _BROKEN, "major", ""),
    ("MINOR_ALARM_SET", "MINOR_ALARM_CLEARED", "other", _E, _BROKEN, "minor", ""),
    ("POWER_LOST", "SYSTEM_RESTARTED", "power", _E, "powerProblem", "critical", ""),
    ("POWER_SUPPLY_FAILED", "POWER_SUPPLY_RESTORED", "power", _E, "powerProblem", "major", ""),
    ("FAN_FAILED", "FAN_RESTORED", "other", _V, "coolingFanFailure", "major", ""),
    ("TEMPERATURE_HIGH", "TEMPERATURE_NORMAL", "other", _V, "temperatureUnacceptable", "major", ""),
    ("MEMORY_LOW", "MEMORY_NORMAL", "element", _P, "outOfMemory", "major", ""),
    ("CPU_HIGH", "CPU_NORMAL", "element", _P, "cpuCyclesLimitExceeded", "minor", ""),
    ("STORAGE_FULL", "STORAGE_NORMAL", "element", _P, "storageCapacityProblem", "minor", ""),
    ("RESOURCE_NEAR_LIMIT", "RESOURCE_NORMAL", "other", _Q, _NEAR_FULL, "minor", ""),
    ("PROCESS_CEILING_WATERMARK_REACHED", "", "element", _Q, _NEAR_FULL, "major", "processes"),
    ("PROCESS_CRASHED", "", "process", _P, "softwareError", "major", ""),
    ("PROCESS_TERMINATED", "PROCESS_STARTED", "process", _P, "softwareError", "minor", ""),
    ("PROCESS_RESTART", "", "process", _P, "softwareError", "minor", ""),
    ("DDOS_PROTOCOL_VIOLATION_SET", "DDOS_PROTOCOL_VIOLATION_CLEAR", "other", _Q, "thresholdCrossed", "minor", ""),
    ("FAILED_ALLOCATING_PACKET_BUFFER", "", "card", _P, "outOfMemory", "minor", "packet buffer"),
    ("NH_HOLD_PACKET", "", "card", _P, "softwareError", "warning", "next hop hold"),
    ("NH_INSTALL_FAILED", "", "card", _P, "softwareError", "minor", "next hop install"),
    ("NH_REGION_GRAB_FAILED", "", "card", _Q, _NEAR_FULL, "minor", "next hop region"),
    ("PROBE_FAILED", "PROBE_PASSED", "probe", _Q, "underlyingResourceUnavailable", "critical", ""),
    ("COMMERCIAL_POWER_FAILED", "COMMERCIAL_POWER_RESTORED", "site", _V, "commercialPowerFailure", "major", ""),
    ("BATTERY_LOW", "BATTERY_NORMAL", "site", _V, "lowBatteryThreshold", "critical", ""),
    ("GENERATOR_FAILED", "GENERATOR_READY", "site", _V, "generatorFailure", "major", ""),
    ("FUEL_LOW", "FUEL_NORMAL", "site", _V, "lowFuel", "minor", ""),
    ("EXTERNAL_ALARM", "EXTERNAL_ALARM_CLEARED", "other", _E, "externalIFDeviceProblem", "minor", ""),
)

_FACTS: Mapping[str, ObjectKind] = {
    **dict.fromkeys(
        ("USER_LOGIN", "USER_LOGOUT", "USER_LOGIN_FAILED", "USER_ENTER_CONFIG_MODE", "USER_EXIT_CONFIG_MODE",
         "USER_WRITE_CONFIG", "USER_COMMAND", "CONFIGURATION_COMMIT_REQUESTED", "CONFIGURATION_COMMIT_COMPLETED",
         "CONFIGURATION_ROLLBACK", "CONFIGURATION_ERROR", "NAT_SESSION_CREATED", "NAT_SESSION_CLOSED",
         "SESSION_DENIED", "MAINTENANCE_MODE_STARTED", "MAINTENANCE_MODE_ENDED", "STP_TOPOLOGY_CHANGED", "MAC_MOVED",
         "GATEWAY_STATE_CHANGED", "DUPLICATE_ADDRESS", "ACCESS_LIST_HIT", "AUTHENTICATION", "LICENCE",
         "GENERATOR_STATE", "LAST_MESSAGE_REPEATED", "EVENT", "OPERATOR_ACTION", "ACK_STATE_CHANGED", "COMMENTS",
         "ALARM_LIST_REBUILT", "POTENTIAL_FAULTY_ALARM_LIST", "REPT", "REPT_ALM", "REPT_DBCHG", "REPT_EVT", "REPT_RMV",
         "REPT_RST", "REPT_SW"), "other"),
    **dict.fromkeys(
        ("SYSTEM_WARM_START", "AUTHENTICATION_FAILURE", "TRAP", "ALARM_INVENTORY_CHANGED", "HEARTBEAT", "MOBILE_FLOW",
         "NOTIFICATION", "PNF_REGISTRATION", "SIP_SIGNALING", "SYSLOG", "VOICE_QUALITY"), "element"),
    "SYSTEM_COLD_START": "element", "AGENT_INITIALIZED": "process", "BGP_NOTIFICATION": "neighbour",
    "BGP_NEIGHBOR_STATE_CHANGED": "neighbour", "OSPF_NEIGHBOR_TWO_WAY": "neighbour",
    "INTERFACE_DUPLEX_MODE": "port", "INTERFACE_SPEED": "port", "LLDP_NEIGHBOR": "port",
}  # fmt: skip

OTHER = "OTHER"
"""A well-formed message of an event that has no word here."""


ENDS_TOO: Mapping[str, str] = {"CARD_INSERTED": "CARD_RESTORED"}
"""What one word ends beside its own alarm: a card that is put in is not the one that failed, and IOS tells no more."""


def _meanings() -> Mapping[str, Meaning]:
    found = {word: Meaning(kind) for word, kind in _FACTS.items()}
    for raised, ended, kind, event_type, cause, severity, qualifier in _ALARMS:
        found[raised] = Meaning(kind, event_type, cause, severity, qualifier)
        if ended:
            found[ended] = Meaning(kind, event_type, cause, severity, qualifier, ends=True)
    found[OTHER] = Meaning("element", _P, "indeterminate", "indeterminate")
    return found


MEANINGS: Mapping[str, Meaning] = _meanings()
"""Event word → meaning. A word that ends an alarm carries the severity with which that alarm is raised."""
