"""The measurement and perf3gpp blocks of VES 7.2.1, and with them the schema of a whole message."""

from itertools import product

from ossbss.oss.elements.ves_schema import (
    ANY_OBJECT,
    FAULT,
    HASH_MAP,
    HEADER,
    HEARTBEAT,
    INTEGER,
    NAMED_MAPS,
    NOTIFICATION,
    NUMBER,
    REGISTRATION,
    STANDARD_DEFINED,
    STATE_CHANGE,
    SYSLOG,
    TEXT,
    THRESHOLD,
    Schema,
    each,
    list_of,
    numbered,
    one_of,
    record,
)

_FLAG = one_of("true", "false")
_WAYS = ("received", "transmitted")
_PACKETS = ("BroadcastPackets", "DiscardedPackets", "ErrorPackets", "MulticastPackets", "Octets", "TotalPackets",
            "UnicastPackets")  # fmt: skip
NIC = record(
    {"nicIdentifier": TEXT, "valuesAreSuspect": _FLAG},
    {
        **each(one_of("inService", "outOfService"), "administrativeState operationalState"),
        **{f"{way}{what}{kind}": NUMBER for way, what, kind in product(_WAYS, _PACKETS, ("Accumulated", "Delta"))},
        **{f"{way}{what}": NUMBER for way, what in product(_WAYS, ("PercentDiscard", "PercentError", "Utilization"))},
        "speed": NUMBER,
    },
)
CPU = numbered(
    "cpuIdentifier",
    "cpuCapacityContention cpuDemandAvg cpuDemandMhz cpuDemandPct cpuIdle cpuLatencyAvg cpuOverheadAvg cpuSwapWaitTime "
    "cpuUsageInterrupt cpuUsageNice cpuUsageSoftIrq cpuUsageSteal cpuUsageSystem cpuUsageUser cpuWait",
    "percentUsage",
)
MEMORY = numbered(
    "vmIdentifier",
    "memoryBuffered memoryCached memoryConfigured memoryDemand memoryLatencyAvg memorySharedAvg memorySlabRecl "
    "memorySlabUnrecl memorySwapInAvg memorySwapInRateAvg memorySwapOutAvg memorySwapOutRateAvg memorySwapUsedAvg "
    "percentMemoryUsage",
    "memoryFree memoryUsed",
)
_SPANS = ("Avg", "Last", "Max", "Min")
_DISK = ("diskIoTime", "diskMergedRead", "diskMergedWrite", "diskOctetsRead", "diskOctetsWrite", "diskOpsRead",
         "diskOpsWrite", "diskPendingOperations", "diskTimeRead", "diskTimeWrite", "diskWeightedIoTime")  # fmt: skip
DISK = numbered(
    "diskIdentifier",
    " ".join(f"{what}{span}" for what, span in product(_DISK, _SPANS))
    + " diskBusResets diskCommandsAborted diskCommandsAvg diskFlushRequests diskFlushTime diskReadCommandsAvg diskTime"
    " diskTotalReadLatencyAvg diskTotalWriteLatencyAvg diskWriteCommandsAvg",
)
FILE_SYSTEM = numbered(
    "filesystemName", "", "blockConfigured blockIops blockUsed ephemeralConfigured ephemeralIops ephemeralUsed"
)
HUGE_PAGES = numbered(
    "hugePagesIdentifier", "bytesFree bytesUsed percentFree percentUsed vmPageNumberFree vmPageNumberUsed"
)
MACHINE_CHECK = numbered(
    "vmIdentifier",
    "correctedMemoryErrors correctedMemoryErrorsIn1Hr uncorrectedMemoryErrors uncorrectedMemoryErrorsIn1Hr",
)
PROCESSES = numbered(
    "processIdentifier",
    "forkRate psStateBlocked psStatePaging psStateRunning psStateSleeping psStateStopped psStateZombie",
)
MEASUREMENT = record(
    {"measurementInterval": NUMBER, "measurementFieldsVersion": one_of("4.0")},
    {
        **each(HASH_MAP, "additionalFields featureUsageArray"),
        "additionalMeasurements": NAMED_MAPS,
        "additionalObjects": list_of(ANY_OBJECT),
        "codecUsageArray": list_of(record({"codecIdentifier": TEXT, "numberInUse": INTEGER})),
        **each(INTEGER, "concurrentSessions configuredEntities numberOfMediaPortsInUse nfcScalingMetric"),
        **each(NUMBER, "meanRequestLatency requestRate"),
        "cpuUsageArray": list_of(CPU),
        "diskUsageArray": list_of(DISK),
        "filesystemUsageArray": list_of(FILE_SYSTEM),
        "hugePagesArray": list_of(HUGE_PAGES),
        "ipmi": ANY_OBJECT,
        "latencyDistribution": list_of(
            record({"countsInTheBucket": NUMBER}, each(NUMBER, "highEndOfLatencyBucket lowEndOfLatencyBucket"))
        ),
        "loadArray": list_of(record({}, each(NUMBER, "longTerm midTerm shortTerm"))),
        "machineCheckExceptionArray": list_of(MACHINE_CHECK),
        "memoryUsageArray": list_of(MEMORY),
        "nicPerformanceArray": list_of(NIC),
        "processStatsArray": list_of(PROCESSES),
    },
)
_RESULTS: Schema = {
    "oneOf": [
        record({"p": INTEGER, name: kind})
        for name, kind in (("iValue", INTEGER), ("isNull", _FLAG), ("rValue", NUMBER), ("sValue", TEXT))
    ]
}
_TYPES: Schema = {
    "oneOf": [record({"iMeasTypesList": list_of(INTEGER)}), record({"sMeasTypesList": list_of(TEXT)})]
}  # fmt: skip
MEASURED_VALUES = record(
    {"measObjInstId": TEXT, "measResults": list_of(_RESULTS)},
    {"measObjAddlFlds": HASH_MAP, "suspectFlag": _FLAG},
)
PERF_3GPP = record(
    {
        "measDataCollection": record(
            {
                "granularityPeriod": NUMBER,
                "measInfoList": list_of(
                    record(
                        {"measTypes": _TYPES, "measValuesList": list_of(MEASURED_VALUES)},
                        {
                            "jobId": TEXT,
                            "measInfoId": {"oneOf": [record({"iMeasInfoId": INTEGER}), record({"sMeasInfoId": TEXT})]},
                        },
                    )
                ),
                "measuredEntityDn": TEXT,
            },
            {
                "measObjInstIdList": list_of(TEXT),
                **each(TEXT, "formatVersion measuredEntitySoftwareVersion measuredEntityUserName"),
            },
        ),
        "perf3gppFieldsVersion": one_of("1.0", "1.0.1"),
    },
    {"eventAddlFields": HASH_MAP},
)
OTHER = record(
    {"otherFieldsVersion": one_of("3.0")},
    {"arrayOfNamedHashMap": NAMED_MAPS, "hashMap": HASH_MAP, "jsonObjects": list_of(ANY_OBJECT)},
)
EVENT = record(
    {"commonEventHeader": HEADER},
    {
        "faultFields": FAULT,
        "heartbeatFields": HEARTBEAT,
        "measurementFields": MEASUREMENT,
        **each(ANY_OBJECT, "mobileFlowFields sipSignalingFields voiceQualityFields"),
        "notificationFields": NOTIFICATION,
        "otherFields": OTHER,
        "perf3gppFields": PERF_3GPP,
        "pnfRegistrationFields": REGISTRATION,
        "stateChangeFields": STATE_CHANGE,
        "stndDefinedFields": STANDARD_DEFINED,
        "syslogFields": SYSLOG,
        "thresholdCrossingAlertFields": THRESHOLD,
    },
)
MESSAGE: Schema = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "type": "object",
    "properties": {"event": EVENT, "eventList": list_of(EVENT)},
}
"""one event or a batch; other members beside them are the collector's own"""
