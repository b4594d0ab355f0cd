"""Common operational messages that are in no sample folder: what a person reads in each, dialect by dialect."""

from datetime import UTC, datetime

import pytest

from ossbss.oss.elements.dialects import DIALECTS
from ossbss.oss.elements.syslog import guess

RECEIVED_MS = int(datetime(2024, 5, 6, 19, 0, 1, tzinfo=UTC).timestamp() * 1000)
HEADS = {
    "ios": "<189>1440: r1: May  6 19:00:00.123: ",
    "iosxr": "<189>94307: r1 RP/0/RSP0/CPU0:May  6 19:00:00.123 UTC: proc[214]: ",
    "nxos": "<189>2024 May  6 19:00:00.123 r1 ",
    "eos": "<165>May  6 19:00:00.123 r1 Agent: ",
    "junos": "<28>May  6 19:00:00.123 r1 ",
    "huawei": "<188>2024-05-06 19:00:00.123 r1 ",
}
LOS, PROTO, CONF, BROKEN = (
    "lossOfSignal",
    "communicationsProtocolError",
    "configurationOrCustomizationError",
    "equipmentMalfunction",
)
MISSING = "replaceableUnitMissing"
POWER, FAN, HEAT, SOFT = "powerProblem", "coolingFanFailure", "temperatureUnacceptable", "softwareError"
DOWN, UP = "major", "cleared"

# dialect, message, event, object, severity or None, cause or None
MESSAGES = [
    ("ios", "%LINK-3-UPDOWN: Interface GigabitEthernet0/1, changed state to down", "INTERFACE_DOWN", "GigabitEthernet0/1", DOWN, LOS),
    ("ios", "%BGP-5-ADJCHANGE: neighbor 10.0.0.2 Down BGP Notification sent", "BGP_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("ios", "%BGP-5-ADJCHANGE: neighbor 10.0.0.2 vpn vrf BLUE Up ", "BGP_NEIGHBOR_UP", "10.0.0.2", UP, PROTO),
    ("ios", "%BGP-3-NOTIFICATION: sent to neighbor 10.0.0.2 4/0 (hold time expired) 0 bytes", "BGP_NOTIFICATION", "10.0.0.2", None, None),
    ("ios", "%BGP-4-MAXPFX: Number of prefixes received from 10.0.0.2 (afi 0) reaches 750, max 1000", "BGP_PREFIX_THRESH_EXCEEDED", "10.0.0.2", "warning", "thresholdCrossed"),
    ("ios", "%BGP-3-MAXPFXEXCEED: Number of prefixes received from 10.0.0.2 (afi 0): 1001 exceeds limit 1000", "BGP_PREFIX_LIMIT_EXCEEDED", "10.0.0.2", DOWN, "thresholdCrossed"),
    ("ios", "%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.2 on GigabitEthernet0/1 from FULL to DOWN, Neighbor Down: Dead timer expired", "OSPF_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("ios", "%OSPF-5-ADJCHG: Process 1, Nbr 10.0.0.2 on GigabitEthernet0/1 from EXSTART to EXCHANGE, Negotiation Done", "OSPF_NEIGHBOR_DOWN", "10.0.0.2", None, None),
    ("ios", "%CLNS-5-ADJCHANGE: ISIS: Adjacency to R2 (GigabitEthernet0/1) Down, hold time expired", "ISIS_NEIGHBOR_DOWN", "R2", DOWN, PROTO),
    ("ios", "%LDP-5-NBRCHG: LDP Neighbor 10.0.0.2:0 (1) is DOWN (Interface not operational)", "LDP_NEIGHBOR_DOWN", "10.0.0.2:0", DOWN, PROTO),
    ("ios", "%DUAL-5-NBRCHANGE: EIGRP-IPv4 1: Neighbor 10.0.0.2 (GigabitEthernet0/1) is up: new adjacency", "EIGRP_NEIGHBOR_UP", "10.0.0.2", UP, PROTO),
    ("ios", "%BFD-6-BFD_SESS_DOWN: BFD-SYSLOG: BFD session ld:1 handle:1,is going Down Reason: DETECT TIMER EXPIRED", "BFD_STATE_CHANGE", "ld:1", DOWN, PROTO),
    ("ios", "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state", "INTERFACE_ERROR_DISABLED", "Gi0/1", DOWN, CONF),
    ("ios", "%PM-4-ERR_RECOVER: Attempting to recover from bpduguard err-disable state on Gi0/1", "INTERFACE_ERROR_RECOVERED", "Gi0/1", UP, CONF),
    ("ios", "%SPANTREE-2-BLOCK_BPDUGUARD: Received BPDU on port GigabitEthernet0/1 with BPDU Guard enabled. Disabling port.", "STP_BLOCK_BPDUGUARD", "GigabitEthernet0/1", DOWN, CONF),
    ("ios", "%EC-5-UNBUNDLE: Interface GigabitEthernet0/1 left the port-channel Port-channel1", "PORT_CHANNEL_MEMBER_DOWN", "GigabitEthernet0/1", DOWN, PROTO),
    ("ios", "%SYS-2-MALLOCFAIL: Memory allocation of 65536 bytes failed from 0x60", "MEMORY_LOW", "", DOWN, "outOfMemory"),
    ("ios", "%SYS-1-CPURISINGTHRESHOLD: Threshold: Total CPU Utilization(Total/Intr): 90%/5%", "CPU_HIGH", "", "minor", "cpuCyclesLimitExceeded"),
    ("ios", "%SYS-1-CPUFALLINGTHRESHOLD: Threshold: Total CPU Utilization(Total/Intr) 10%/5%.", "CPU_NORMAL", "", UP, "cpuCyclesLimitExceeded"),
    ("ios", "%ENVMON-3-FAN_FAILED: Fan 3 not rotating", "FAN_FAILED", "Fan 3", DOWN, FAN),
    ("ios", "%PLATFORM_ENV-1-TEMP: Abnormal temperature detected", "TEMPERATURE_HIGH", "", DOWN, HEAT),
    ("ios", "%C6KPWR-SP-4-PSFAIL: power supply 1 output failed.", "POWER_SUPPLY_FAILED", "power supply 1", DOWN, POWER),
    ("ios", "%C6KPWR-SP-4-PSOK: power supply 1 turned on.", "POWER_SUPPLY_RESTORED", "power supply 1", UP, POWER),
    ("ios", "%IOSXE_OIR-6-REMCARD: Card (fp) removed from slot F0", "CARD_REMOVED", "F0", DOWN, MISSING),
    ("ios", "%SFF8472-5-THRESHOLD_VIOLATION: Te1/1: Rx power low alarm; Operating value: -40.0 dBm", "OPTICAL_POWER_OUT_OF_RANGE", "Te1/1", "minor", "degradedSignal"),
    ("ios", "%IOSXE_RP_ALARM-6-INFO: ASSERT CRITICAL GigabitEthernet0/0/1 Physical Port Link Down", "INTERFACE_DOWN", "GigabitEthernet0/0/1", "critical", LOS),
    ("ios", "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address 0000.1111.2222 on port Gi0/1.", "INTERFACE_MAC_LIMIT_REACHED", "Gi0/1", "minor", "resourceAtOrNearingCapacity"),
    ("ios", "%SEC_LOGIN-4-LOGIN_FAILED: Login failed [user: bob] [Source: 192.0.2.1]", "USER_LOGIN_FAILED", "bob", None, None),
    ("ios", "%HSRP-5-STATECHANGE: Vlan10 Grp 10 state Standby -> Active", "GATEWAY_STATE_CHANGED", "Vlan10", None, None),
    ("iosxr", "%PKT_INFRA-LINEPROTO-5-UPDOWN : Line protocol on Interface TenGigE0/2/0/4, changed state to Down", "INTERFACE_DOWN", "TenGigE0/2/0/4", DOWN, LOS),
    ("iosxr", "%PKT_INFRA-LINK-5-CHANGED : Interface TenGigE0/2/0/4, changed state to Administratively Down", "INTERFACE_DOWN", "TenGigE0/2/0/4", None, None),
    ("iosxr", "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Down - BGP Notification received, hold time expired (VRF: default)", "BGP_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("iosxr", "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Up (VRF: default) (AS: 65001)", "BGP_NEIGHBOR_UP", "10.0.0.2", UP, PROTO),
    ("iosxr", "%ROUTING-OSPF-5-ADJCHG : Process 1, Nbr 10.0.0.1 on TenGigE0/0/0/0 in area 0 from FULL to DOWN, Neighbor Down: interface down or detached, vrf default vrfid 0x60000000", "OSPF_NEIGHBOR_DOWN", "10.0.0.1", DOWN, PROTO),
    ("iosxr", "%ROUTING-LDP-5-NBR_CHANGE : VRF 'default' (0x60000000), Neighbor 10.0.0.2:0 is UP", "LDP_NEIGHBOR_UP", "10.0.0.2:0", UP, PROTO),
    ("iosxr", "%L2-BFD-6-SESSION_STATE_DOWN : BFD session to neighbor 10.0.0.2 on interface TenGigE0/0/0/1 has gone down. Reason: Echo function failed", "BFD_STATE_CHANGE", "10.0.0.2", DOWN, PROTO),
    ("iosxr", "%L2-BM-6-ACTIVE : TenGigE0/0/0/1 is no longer Active as part of Bundle-Ether1 (Link is down)", "PORT_CHANNEL_MEMBER_DOWN", "TenGigE0/0/0/1", DOWN, PROTO),
    ("iosxr", "%PLATFORM-ENVMON-2-FANTRAY_FAIL : Fan tray 0 failed", "FAN_FAILED", "Fan tray 0", DOWN, FAN),
    ("iosxr", "%PLATFORM-INV-6-NODE_STATE_CHANGE : Node: 0/1/CPU0, state: IOS XR RUN", "CARD_RESTORED", "0/1/CPU0", UP, BROKEN),
    ("iosxr", "%PLATFORM-INV-6-OIROUT : OIR: Node 0/1/0 removed", "CARD_REMOVED", "0/1/0", DOWN, MISSING),
    ("iosxr", "%OS-SYSMGR-3-ERROR : bgp(1) (jid 1051) exited, will be respawned with a delay", "PROCESS_RESTART", "bgp", "minor", SOFT),
    ("iosxr", "%SECURITY-LOGIN-6-AUTHEN_SUCCESS : Successfully authenticated user 'bob' from '192.0.2.1' on 'vty0'", "USER_LOGIN", "bob", None, None),
    ("nxos", "%ETHPORT-5-IF_DOWN_ADMIN_DOWN: Interface Ethernet1/1 is down (Administratively down)", "INTERFACE_DOWN", "Ethernet1/1", None, None),
    ("nxos", "%ETHPORT-5-IF_UP: Interface Ethernet1/1 is up in mode trunk", "INTERFACE_UP", "Ethernet1/1", UP, LOS),
    ("nxos", "%ETHPORT-5-IF_DOWN_PORT_CHANNEL_MEMBERS_DOWN: Interface port-channel1 is down (No operational members)", "INTERFACE_DOWN", "port-channel1", DOWN, LOS),
    ("nxos", "%ETHPORT-2-IF_DOWN_ERROR_DISABLED: Interface Ethernet1/1 is down (Error disabled. Reason:linkFlapErrDisabled)", "INTERFACE_ERROR_DISABLED", "Ethernet1/1", DOWN, CONF),
    ("nxos", "%ETH_PORT_CHANNEL-5-PORT_DOWN: port-channel10: Ethernet1/2 is down", "PORT_CHANNEL_MEMBER_DOWN", "Ethernet1/2", DOWN, PROTO),
    ("nxos", "%BGP-5-ADJCHANGE:  bgp-65000 [8473] (default) neighbor 10.0.0.1 Down - holdtimer expired error", "BGP_NEIGHBOR_DOWN", "10.0.0.1", DOWN, PROTO),
    ("nxos", "%OSPF-5-ADJCHANGE:  ospf-1 [5000]  Nbr 10.0.0.2 on Ethernet1/1 went DOWN", "OSPF_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("nxos", "%OSPF-5-NBRSTATE:  ospf-1 [5000]  Process 1, Nbr 10.1.1.1 on Vlan10 from LOADING to FULL, LOADDONE", "OSPF_NEIGHBOR_UP", "10.1.1.1", UP, PROTO),
    ("nxos", "%ISIS-5-ADJCHANGE:  isis-UNDERLAY [27040]  P2P adj L2 leaf-2 over Ethernet1/49 - DOWN (Delete All) on MT-0", "ISIS_NEIGHBOR_DOWN", "leaf-2", DOWN, PROTO),
    ("nxos", "%BFD-5-SESSION_STATE_DOWN: BFD session 1090519041 to neighbor 10.0.0.2 on interface Ethernet1/1 has gone down. Reason: Control Detection Time Expired.", "BFD_STATE_CHANGE", "10.0.0.2", DOWN, PROTO),
    ("nxos", "%PLATFORM-2-PS_FAIL: Power supply 1 failed or shut down (Serial number X)", "POWER_SUPPLY_FAILED", "Power supply 1", DOWN, POWER),
    ("nxos", "%PLATFORM-5-PS_OK: Power supply 1 ok (Serial number X)", "POWER_SUPPLY_RESTORED", "Power supply 1", UP, POWER),
    ("nxos", "%MODULE-2-MOD_FAIL: Initialization of module 3 (serial: X) failed", "CARD_FAILED", "3", DOWN, BROKEN),
    ("nxos", "%MODULE-SLOT3-5-MOD_OK: Module 3 is online (serial: X)", "CARD_RESTORED", "3", UP, BROKEN),
    ("nxos", '%SYSMGR-2-SERVICE_CRASHED: Service "bgp" (PID 1234) hasn\'t caught signal 11 (core will be saved).', "PROCESS_CRASHED", "bgp", DOWN, SOFT),
    ("nxos", "%VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by admin on 192.0.2.1@pts/0", "USER_EXIT_CONFIG_MODE", "admin", None, None),
    ("eos", "%LINEPROTO-5-UPDOWN: Line protocol on Interface Ethernet1 (to core), changed state to down", "INTERFACE_DOWN", "Ethernet1", DOWN, LOS),
    ("eos", "%BGP-5-ADJCHANGE: peer 10.0.0.1 (VRF default AS 65001) old state Established event Stop new state Idle", "BGP_NEIGHBOR_DOWN", "10.0.0.1", DOWN, PROTO),
    ("eos", "%BGP-5-ADJCHANGE: peer 10.0.0.1 (AS 65001) old state OpenConfirm event Established new state Established", "BGP_NEIGHBOR_UP", "10.0.0.1", UP, PROTO),
    ("eos", "%OSPF-4-OSPF_ADJACENCY_TEARDOWN: NGB 10.0.0.1, interface 10.1.1.1 adjacency dropped: inactivity timer expired, state was: FULL", "OSPF_NEIGHBOR_DOWN", "10.0.0.1", DOWN, PROTO),
    ("eos", "%BFD-5-STATE_CHANGE: peer (vrf:default, ip:10.0.0.9, intf:Ethernet1, srcIp:0.0.0.0, type:normal) changed state from Up to Down diag CtrlTimeout", "BFD_STATE_CHANGE", "10.0.0.9", DOWN, PROTO),
    ("eos", "%BFD-5-STATE_CHANGE: peer (vrf:default, ip:10.0.0.9, intf:Ethernet1, srcIp:0.0.0.0, type:normal) changed state from Up to AdminDown diag None", "BFD_STATE_CHANGE", "10.0.0.9", None, None),
    ("eos", "%PROCMGR-6-PROCESS_TERMINATED: 'Snmp' (PID=6170, status=0) has terminated.", "PROCESS_TERMINATED", "Snmp", None, None),
    ("eos", "%POWERMANAGER-4-PSU_FAILED: PowerSupply1 has failed", "POWER_SUPPLY_FAILED", "PowerSupply1", DOWN, POWER),
    ("eos", "%AAA-5-LOGIN: user bob logged in [from: 192.0.2.1] [service: sshd]", "USER_LOGIN", "bob", None, None),
    ("junos", "mib2d[1]: SNMP_TRAP_LINK_DOWN: ifIndex 502, ifAdminStatus up(1), ifOperStatus lowerLayerDown(7), ifName ae0", "INTERFACE_DOWN", "ae0", DOWN, LOS),
    ("junos", "rpd[1]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.1 (External AS 2222) changed state from Established to Idle (event RecvNotify) (instance master)", "BGP_NEIGHBOR_DOWN", "10.0.0.1", DOWN, PROTO),
    ("junos", "rpd[1]: RPD_BGP_NEIGHBOR_STATE_CHANGED: BGP peer 10.0.0.1 (External AS 2222) changed state from OpenConfirm to Established (event RecvKeepAlive) (instance master)", "BGP_NEIGHBOR_UP", "10.0.0.1", UP, PROTO),
    ("junos", "rpd[1]: RPD_OSPF_NBRDOWN: OSPF neighbor 10.0.0.2 (realm ospf-v2 xe-1/3/0.0 area 0.0.0.0) state changed from Full to Down due to InActiveTimer", "OSPF_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("junos", "rpd[1]: RPD_ISIS_ADJDOWN: IS-IS lost L2 adjacency to second on ge-0/0/1.0, reason: Aged Out", "ISIS_NEIGHBOR_DOWN", "second", DOWN, PROTO),
    ("junos", "rpd[1]: RPD_LDP_SESSIONDOWN: LDP session 10.0.0.2 is down, reason: all adjacencies down", "LDP_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("junos", "rpd[1]: RPD_RSVP_NBRDOWN: RSVP neighbor 10.0.0.2 down on interface xe-0/0/0.0", "RSVP_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("junos", "bfdd[1]: BFDD_TRAP_SHOP_STATE_DOWN: local discriminator: 45, new state: down, interface: xe-0/0/0.0, peer addr: 10.0.0.4", "BFD_STATE_CHANGE", "10.0.0.4", DOWN, PROTO),
    ("junos", "lacpd[1]: LACPD_TIMEOUT: xe-0/0/0: lacp current while timer expired current Receive State: CURRENT", "PORT_CHANNEL_MEMBER_DOWN", "xe-0/0/0", DOWN, PROTO),
    ("junos", "alarmd[1]: Alarm set: Fan color=RED, class=CHASSIS, reason=Fan Tray 0 Failure", "SYSTEM_ALARM", "Fan Tray 0", DOWN, FAN),
    ("junos", "alarmd[1]: Alarm set: PEM color=YELLOW, class=CHASSIS, reason=PEM 1 Not OK", "SYSTEM_ALARM", "PEM 1", "minor", POWER),
    ("junos", "alarmd[1]: Alarm cleared: Temp color=YELLOW, class=CHASSIS, reason=Temperature Warm", "SYSTEM_ALARM_CLEARED", "", UP, HEAT),
    ("junos", "chassisd[1]: CHASSISD_SNMP_TRAP7: SNMP trap generated: Power Supply failed (jnxContentsContainerIndex 2, jnxContentsL1Index 4, jnxContentsDescr PEM 3)", "POWER_SUPPLY_FAILED", "PEM 3", DOWN, POWER),
    ("junos", "init: routing (PID 1234) terminated by signal number 6. Core dumped!", "PROCESS_CRASHED", "routing", DOWN, SOFT),
    ("junos", "init: routing (PID 1235) started", "PROCESS_STARTED", "routing", UP, SOFT),
    ("junos", "xntpd[1]: NTP Server 192.0.2.1 is Reachable", "NTP_SERVER_REACHABLE", "192.0.2.1", UP, "timingProblem"),
    ("junos", "sshd[1]: Accepted password for bob from 192.0.2.1 port 22 ssh2", "USER_LOGIN", "bob", None, None),
    ("huawei", "%%01IFPDT/4/IF_STATE(l)[1]:Interface GigabitEthernet0/0/1 has turned into UP state.", "INTERFACE_UP", "GigabitEthernet0/0/1", UP, LOS),
    ("huawei", "%%01IFNET/4/LINK_STATE(l)[2]:The line protocol IP on the interface Vlanif1 has entered the DOWN state.", "INTERFACE_DOWN", "Vlanif1", DOWN, LOS),
    ("huawei", "%%01IFNET/2/linkDown_active(l):CID=0x807a0405-alarmID=0x08520003;The interface status changes. (ifName=GE0/1/0, AdminStatus=UP, OperStatus=DOWN, Reason=Interface physical link is down)", "INTERFACE_DOWN", "GE0/1/0", DOWN, LOS),
    ("huawei", "%%01IFNET/2/linkDown_active(l):CID=0x807a0405;The interface status changes. (ifName=GE0/1/0, AdminStatus=DOWN, OperStatus=DOWN, Reason=The interface is shut down)", "INTERFACE_DOWN", "GE0/1/0", None, None),
    ("huawei", "%%01IFNET/2/linkDown_clear(l):CID=0x807a0405;The interface status changes. (ifName=GE0/1/0, AdminStatus=UP, OperStatus=UP)", "INTERFACE_UP", "GE0/1/0", UP, LOS),
    ("huawei", "%%01BGP/3/STATE_CHG_UPDOWN(l)[2]:The status of the peer 10.0.0.2 changed from ESTABLISHED to IDLE. (InstanceName=Public)", "BGP_NEIGHBOR_DOWN", "10.0.0.2", DOWN, PROTO),
    ("huawei", "%%01OSPF/3/NBR_CHG_DOWN(l)[1]:Neighbor event:neighbor state changed to Down. (ProcessId=1, NeighborAddress=10.1.1.1, NeighborEvent=InactivityTimer, NeighborPreviousState=Full, NeighborCurrentState=Down)", "OSPF_NEIGHBOR_DOWN", "10.1.1.1", DOWN, PROTO),
    ("huawei", "%%01OSPF/4/NBR_CHANGE_E(l)[0]:Neighbor changes event: neighbor status changed. (ProcessId=1, NeighborAddress=10.1.1.1, NeighborEvent=LoadingDone, NeighborPreviousState=Loading, NeighborCurrentState=Full)", "OSPF_NEIGHBOR_UP", "10.1.1.1", UP, PROTO),
    ("huawei", "%%01ISIS/4/ADJ_CHANGE(l)[8]:The neighbor of ISIS was changed. (IsisProcessId=1, Neighbor=0000.0000.0001, InterfaceName=GE0/0/1, CurrentState=down)", "ISIS_NEIGHBOR_DOWN", "0000.0000.0001", DOWN, PROTO),
    ("huawei", "%%01BFD/4/STACHG_TODWN(l)[3]:BFD session changed to Down. (SlotNumber=1, Discriminator=8192, Diagnostic=DetectDown, BindInterfaceName=GE0/0/1)", "BFD_STATE_CHANGE", "8192", DOWN, PROTO),
    ("huawei", "%%01ERRDOWN/4/ERRDOWN_DOWNNOTIFY(l)[4]:Notify interface to change status to error-down. (InterfaceName=GE0/0/1, Cause=bpdu-protection)", "INTERFACE_ERROR_DISABLED", "GE0/0/1", DOWN, CONF),
    ("huawei", "%%01ENTITYTRAP/1/POWERINVALID_active(l):The power supply failed. (EntPhysicalName=POWER1, Reason=off)", "POWER_SUPPLY_FAILED", "POWER1", DOWN, POWER),
    ("huawei", "%%01DEVM/3/hwBoardFail_clear(l):Board fail resumed. (EntPhysicalName=LPU 3)", "CARD_RESTORED", "LPU 3", UP, BROKEN),
    ("huawei", "%%01VOSCPU/4/CPU_USAGE_HIGH(l)[0]:The CPU is overloaded(CpuUsage=95%, Threshold=80%).", "CPU_HIGH", "", "minor", "cpuCyclesLimitExceeded"),
    ("huawei", "%%01SHELL/6/CMDRECORD(s)[6]:Record command information. (Task=vt0, Ip=192.0.2.1, User=admin)", "USER_COMMAND", "admin", None, None),
]  # fmt: skip


@pytest.mark.parametrize("row", MESSAGES, ids=lambda row: f"{row[0]}-{row[2]}-{row[4]}")
def test_a_message_means_what_a_person_reads_in_it(row):
    dialect, message, event, name, severity, cause = row
    payload = (HEADS[dialect] + message).encode()
    parsed = DIALECTS[dialect].parse(payload, RECEIVED_MS)
    assert parsed.rejected is None, parsed.rejected
    (found,) = parsed.notifications
    assert (found.event, found.object_name) == (event, name)
    assert (found.perceived_severity, found.probable_cause) == (severity, cause)
    assert (parsed.element, found.occurred_ms, found.occurred_uncertainty_ms) == ("r1", RECEIVED_MS - 877, 0)
    assert guess.parse(payload, RECEIVED_MS) == (dialect, parsed)


PAIRS = [
    ("ios", "%PM-4-ERR_DISABLE: bpduguard error detected on Gi0/1, putting Gi0/1 in err-disable state",
     "%SPANTREE-2-BLOCK_BPDUGUARD: Received BPDU on port Gi0/1 with BPDU Guard enabled. Disabling port."),
    ("junos", "alarmd[1]: Alarm set: FPC color=RED, class=CHASSIS, reason=FPC 1 Major Errors",
     "craftd[1]:  Major alarm set, FPC 1 Major Errors"),
    ("junos", "rpd[1]: RPD_OSPF_NBRUP: OSPF neighbor 10.0.0.2 (realm ospf-v2 xe-1/3/0.0 area 0.0.0.0) state changed from Loading to Full due to LoadDone",
     "rpd[1]: RPD_OSPF_NBRDOWN: OSPF neighbor 10.0.0.2 (realm ospf-v2 xe-1/3/0.0 area 0.0.0.0) state changed from Full to Down due to KillNbr"),
    ("nxos", "%ETHPORT-2-IF_DOWN_ERROR_DISABLED: Interface Ethernet1/1 is down (Error disabled. Reason:BPDUGuard)",
     "%STP-2-BLOCK_BPDUGUARD: Received BPDU on port Ethernet1/1 with BPDU Guard enabled. Disabling port."),
    ("nxos", "%ETHPORT-2-IF_DOWN_ERROR_DISABLED: Interface Ethernet1/1 is down (Error disabled. Reason:BPDUGuard)",
     "%ETHPORT-5-IF_ERRDIS_RECOVERY: Interface Ethernet1/1 is being recovered from error disabled state (Last Reason:BPDUGuard)"),
    ("iosxr", "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Down - Interface flap (VRF: BLUE) (AS: 65001)",
     "%ROUTING-BGP-5-ADJCHANGE : neighbor 10.0.0.2 Up (VRF: BLUE) (AS: 65001)"),
]  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_two_messages_of_one_alarm_have_one_key(pair):
    dialect, first, second = pair
    assert key(dialect, first) == key(dialect, second)


def key(dialect, message):
    (found,) = DIALECTS[dialect].parse((HEADS[dialect] + message).encode(), RECEIVED_MS).notifications
    assert found.is_alarm
    return found.object_kind, found.object_name, found.event_type, found.probable_cause, found.qualifier


def test_two_neighbours_of_one_address_in_two_vrfs_are_two_alarms():
    keys = {
        key("ios", f"%BGP-5-ADJCHANGE: neighbor 10.0.0.2 {vrf}Down Interface flap")
        for vrf in ("", "vpn vrf A ", "vpn vrf B ")
    }
    assert len(keys) == 3


UNKNOWN = [("ios", "%XYZZY-{}-PLUGH: nothing happens"), ("iosxr", "%A-XYZZY-{}-PLUGH : nothing happens"),
           ("nxos", "%XYZZY-{}-PLUGH: nothing happens"), ("eos", "%XYZZY-{}-PLUGH: nothing happens"),
           ("huawei", "%%01XYZZY/{}/PLUGH(l)[1]:nothing happens")]  # fmt: skip


@pytest.mark.parametrize(("dialect", "message"), UNKNOWN)
@pytest.mark.parametrize("severity", range(8))
def test_an_unknown_event_is_an_alarm_of_the_element_only_where_it_is_critical_or_worse(dialect, message, severity):
    (found,) = DIALECTS[dialect].parse((HEADS[dialect] + message.format(severity)).encode(), RECEIVED_MS).notifications
    assert (found.event, found.object_kind, found.object_name, found.qualifier) == (
        "OTHER",
        "element",
        "",
        "XYZZY-PLUGH",
    )
    assert found.perceived_severity == ("indeterminate" if severity <= 2 else None)


@pytest.mark.parametrize("severity", range(8))
def test_junos_has_no_severity_but_that_of_the_priority(severity):
    line = f"<{3 * 8 + severity}>May  6 19:00:00 r1 plughd[7]: XYZZY_PLUGH: nothing happens"
    (found,) = DIALECTS["junos"].parse(line.encode(), RECEIVED_MS).notifications
    assert (found.event, found.qualifier) == ("OTHER", "XYZZY_PLUGH")
    assert found.perceived_severity == ("indeterminate" if severity <= 2 else None)


HARMLESS = [
    "%SYS-5-PLUGH: temp file removed from flash",
    "%SYS-5-PLUGH: 4 interfaces were looked at, memory was not",
    "%SYS-5-PLUGH: Power consumption report is ready",
    "%SYS-5-PLUGH: fan speed is 40 percent",
    "%SYS-5-PLUGH: Interface Gi0/1 description changed",
]


@pytest.mark.parametrize("message", HARMLESS)
def test_a_word_of_the_chassis_alone_is_no_alarm(message):
    (found,) = DIALECTS["ios"].parse((HEADS["ios"] + message).encode(), RECEIVED_MS).notifications
    assert (found.event, found.is_alarm) == ("OTHER", False)
