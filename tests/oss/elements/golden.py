"""What the samples of ../shared/samples mean, written by hand: nothing here comes from the readers that are tested."""

from pathlib import Path

SAMPLES = Path(__file__).resolve().parents[3].parent / "shared" / "samples"
SKIPPED = "SKIPPED BY NAME: ../shared/samples is absent"

PROTOCOL, CONFIG, NEAR_FULL = (
    "communicationsProtocolError", "configurationOrCustomizationError", "resourceAtOrNearingCapacity"
)  # fmt: skip

# dialect, event (folder), element, object kind, object, severity (None: not an alarm), probable cause
GOLDEN: list[tuple[str, str, str, str, str, str | None, str | None]] = [
    ("eos", "AGENT_INITIALIZED", "edge01.bru01", "process", "Rib", None, None),
    ("eos", "BFD_STATE_CHANGE", "HOSTNAME", "neighbour", "18.11.5.1", "cleared", PROTOCOL),
    ("eos", "BGP_PREFIX_LIMIT_EXCEEDED", "edge01", "neighbour", "194.53.172.97", "major", "thresholdCrossed"),
    ("eos", "INTERFACE_DOWN", "veos01", "port", "Ethernet28", "major", "lossOfSignal"),
    ("eos", "INTERFACE_UP", "veos01", "port", "Ethernet28", "cleared", "lossOfSignal"),
    ("eos", "ISIS_NEIGHBOR_DOWN", "HOSTNAME", "neighbour", "1920.0000.2006", "major", PROTOCOL),
    ("eos", "MAINTENANCE_MODE_ENDED", "some-switch", "other", "MAINT-UNIT", None, None),
    ("eos", "MAINTENANCE_MODE_STARTED", "some-switch", "other", "MAINT-UNIT", None, None),
    ("eos", "PROCESS_RESTART", "device01", "process", "Bgp", "minor", "softwareError"),
    ("eos", "PROCESS_STARTED", "device01", "process", "Bgp", "cleared", "softwareError"),
    ("eos", "PROCESS_TERMINATED", "device01", "process", "Tmp75-system", "minor", "softwareError"),
    ("eos", "USER_WRITE_CONFIG", "GeorgeSwitch", "other", "admin", None, None),
    ("huawei", "INTERFACE_DOWN", "my-awesome-huawei-switch", "port", "Ethernet0/0/8", "major", "lossOfSignal"),
    ("ios", "INTERFACE_DOWN", "NetAuto_CSRv-03", "port", "GigabitEthernet2", None, None),  # administratively down
    ("ios", "INTERFACE_UP", "test-switch1", "port", "FastEthernet0/2", "cleared", "lossOfSignal"),
    ("ios", "OSPF_NEIGHBOR_DOWN", "router1", "neighbour", "172.16.46.4", "major", PROTOCOL),
    ("ios", "OSPF_NEIGHBOR_UP", "router1", "neighbour", "172.16.46.4", "cleared", PROTOCOL),
    ("ios", "USER_EXIT_CONFIG_MODE", "test-ztp", "other", "admin", None, None),
    ("iosxr", "BGP_PREFIX_THRESH_EXCEEDED", "vmx01", "neighbour", "1.2.3.4", "warning", "thresholdCrossed"),
    ("iosxr", "CONFIGURATION_COMMIT_COMPLETED", "xrv", "other", "vagrant", None, None),
    ("iosxr", "INTERFACE_DOWN", "gw2.acy1", "port", "TenGigE0/2/0/4", "major", "lossOfSignal"),
    ("iosxr", "ISIS_NEIGHBOR_UP", "gw3.frc1", "neighbour", "gw3.lax1", "cleared", PROTOCOL),
    ("junos", "BGP_CEASE_PREFIX_LIMIT_EXCEEDED", "some-router", "neighbour", "172.17.17.1", "major", "thresholdCrossed"),
    ("junos", "BGP_CONNECTION_REJECTED", "some-router", "neighbour", "10.0.0.1", "major", PROTOCOL),
    ("junos", "BGP_CONNECTION_RESET", "some-router", "neighbour", "fd00:1065::1", "major", PROTOCOL),
    ("junos", "BGP_INCORRECT_AS_NUMBER", "some-switch", "neighbour", "10.37.96.6", "warning", CONFIG),
    ("junos", "BGP_MD5_INCORRECT", "vmx01", "neighbour", "192.168.140.254", "warning", CONFIG),
    ("junos", "BGP_NEIGHBOR_STATE_CHANGED", "vmx01", "neighbour", "1.1.1.1", None, None),  # OpenSent to OpenConfirm
    ("junos", "BGP_PEER_NOT_CONFIGURED", "vmx01", "neighbour", "1.2.3.4", "warning", CONFIG),
    ("junos", "BGP_SESSION_NOT_CONFIGURED", "re0-gw2.fin1", "neighbour", "2001:e8:124::f1:12:1", "warning", CONFIG),
    ("junos", "BPDU_BLOCK_INTERFACE_DISABLED", "vmx01", "port", "ge-0/0/17.0", "major", CONFIG),
    ("junos", "CONFIGURATION_COMMIT_REQUESTED", "vmx01", "other", "luke", None, None),
    ("junos", "CONFIGURATION_ERROR", "vmx01", "other", "", None, None),
    ("junos", "CONFIGURATION_ROLLBACK", "vmx01", "other", "luke", None, None),
    ("junos", "DDOS_PROTOCOL_VIOLATION_SET", "some-switch", "other", "Redirect:aggregate", "minor", "thresholdCrossed"),
    ("junos", "FAILED_ALLOCATING_PACKET_BUFFER", "some-switch", "card", "fpc0", "minor", "outOfMemory"),
    ("junos", "INTERFACE_DOWN", "vmx01", "port", "xe-0/0/0", None, None),  # ifAdminStatus down(2)
    ("junos", "INTERFACE_MAC_LIMIT_REACHED", "vmx01", "port", "ge-1/0/23.0", "minor", NEAR_FULL),
    ("junos", "LACP_INTERFACE_DOWN", "some-switch", "interface_group", "ae105", "major", PROTOCOL),
    ("junos", "MAJOR_ALARM_CLEARED", "vmx01", "other", "Host 0 me0", "cleared", "lossOfSignal"),
    ("junos", "MAJOR_ALARM_SET", "vmx01", "other", "Host 0 me0", "major", "lossOfSignal"),
    ("junos", "MINOR_ALARM_CLEARED", "vmx01", "other", "RE 0", "cleared", "storageCapacityProblem"),
    ("junos", "MINOR_ALARM_SET", "vmx01", "other", "RE 0", "minor", "storageCapacityProblem"),
    ("junos", "NAT_SESSION_CLOSED", "srx-firewall", "other", "", None, None),
    ("junos", "NAT_SESSION_CREATED", "srx-firewall", "other", "", None, None),
    ("junos", "NH_HOLD_PACKET", "re0.vmx01", "card", "fpc1", "warning", "softwareError"),
    ("junos", "NH_INSTALL_FAILED", "re0.vmx01", "card", "fpc0", "minor", "softwareError"),
    ("junos", "NH_REGION_GRAB_FAILED", "re0.edge01.bjm01", "card", "fpc3", "minor", NEAR_FULL),
    ("junos", "NTP_SERVER_UNREACHABLE", "re0.edge01.bjm01", "other", "1.2.3.4", "minor", "timingProblem"),
    ("junos", "PROCESS_CEILING_WATERMARK_REACHED", "vmx01", "element", "", "major", NEAR_FULL),
    ("junos", "SYSTEM_ALARM", "vmx01", "card", "FPC 0", "major", "equipmentMalfunction"),
    ("junos", "SYSTEM_ALARM_CLEARED", "vmx01", "other", "RE 0", "cleared", "storageCapacityProblem"),
    ("junos", "USER_ENTER_CONFIG_MODE", "vmx01", "other", "luke", None, None),
    ("nxos", "INTERFACE_DOWN", "nexus-switch", "port", "Ethernet1/33", "major", "lossOfSignal"),
    ("nxos", "INTERFACE_DUPLEX_MODE", "nexus-switch", "port", "Ethernet1/33", None, None),
    ("nxos", "STP_BLOCK_BPDUGUARD", "switch01", "port", "Ethernet1/43", "major", CONFIG),
    ("nxos", "USER_LOGIN", "sw01.pdx01", "other", "luke", None, None),
]  # fmt: skip

STAMPS = {
    # month to second of the line, where it has no year; or all of it; + milliseconds
    "eos/AGENT_INITIALIZED": "10-18T14:39:03", "eos/MAINTENANCE_MODE_ENDED": "02-28T17:54:21",
    "huawei/INTERFACE_DOWN": "2018-07-23T01:00:34.270", "ios/INTERFACE_DOWN": "05-09T12:49:27.098",
    "ios/OSPF_NEIGHBOR_DOWN": "03-15T10:05:53.044", "iosxr/INTERFACE_DOWN": "07-07T20:16:14.834",
    "iosxr/BGP_PREFIX_THRESH_EXCEEDED": "03-28T15:08:30.941", "nxos/INTERFACE_DOWN": "2018-04-20T13:15:07",
    "nxos/USER_LOGIN": "2017-07-28T14:42:46", "junos/SYSTEM_ALARM": "07-08T23:04:13",
    "junos/LACP_INTERFACE_DOWN": "2020-11-04T07:05:36",
}  # fmt: skip

# capture, then its messages in order: event, object, severity
LOG_BUFFERS: dict[str, list[tuple[str, str, str | None]]] = {
    "cisco_ios_show_logging_1.raw": [
        ("INTERFACE_UP", "GigabitEthernet2/0/3", "cleared"),  # its beginning was cut off by the ring buffer
        ("INTERFACE_DOWN", "GigabitEthernet2/0/3", "major"),
        ("INTERFACE_DOWN", "GigabitEthernet2/0/3", "major"),
        ("INTERFACE_UP", "GigabitEthernet2/0/3", "cleared"),
    ],
    "cisco_ios_show_logging_3.raw": [
        ("LICENCE", "", None),
        ("OTHER", "", None),  # CEF-HWIDB: debugging output without a severity
        ("INTERFACE_DOWN", "Embedded-Service-Engine0/0", "major"),
        ("SYSTEM_RESTARTED", "", "cleared"),
        ("SYSTEM_COLD_START", "", None),
    ],
    "cisco_ios_show_logging_4.raw": [("AUTHENTICATION", "Gi8/39", None)] * 3,
}
