"""The standards' words for what is wrong: ITU-T X.721 (X.733) and M.3100 probable causes, and what vendors abbreviate.

A word of no table is ``indeterminate`` (X.721): the vendor's own word then stays in the notification's alarm type.
"""

import re
from collections.abc import Mapping

from ossbss.contract.assurance import EventType

INDETERMINATE = "indeterminate"

_WORDS: Mapping[EventType, str] = {
    "communicationsAlarm": """
        aIS callSetUpFailure degradedSignal farEndReceiverFailure framingError lossOfFrame lossOfPointer lossOfSignal
        payloadTypeMismatch transmissionError remoteAlarmInterface excessiveBER pathTraceMismatch unavailable
        signalLabelMismatch lossOfMultiFrame communicationsProtocolError communicationsSubsystemFailure
        callEstablishmentError localNodeTransmissionError remoteNodeTransmissionError dTE-DCEInterfaceError
        lANError""",
    "qualityOfServiceAlarm": """
        congestion queueSizeExceeded responseTimeExcessive retransmissionRateExcessive thresholdCrossed
        performanceDegraded resourceAtOrNearingCapacity bandwidthReduced""",
    "processingErrorAlarm": """
        softwareError softwareProgramError softwareProgramAbnormallyTerminated versionMismatch
        configurationOrCustomizationError storageCapacityProblem outOfMemory cpuCyclesLimitExceeded corruptData
        fileError applicationSubsystemFailure underlyingResourceUnavailable""",
    "equipmentAlarm": """
        equipmentMalfunction powerProblem processorProblem timingProblem transmitterFailure receiverFailure
        transmitFailure receiveFailure inputOutputDeviceError inputDeviceError outputDeviceError multiplexerProblem
        adapterError dataSetOrModemError backplaneFailure lineCardProblem trunkCardProblem protectionPathFailure
        replaceableUnitMissing replaceableUnitProblem replaceableUnitTypeMismatch synchronizationSourceMismatch
        externalIFDeviceProblem""",
    "environmentalAlarm": """
        temperatureUnacceptable humidityUnacceptable heatingVentCoolingSystemProblem fireDetected floodDetected
        toxicLeakDetected leakDetected pressureUnacceptable excessiveVibration materialSupplyExhausted pumpFailure
        enclosureDoorOpen batteryDischarging batteryFailure commercialPowerFailure coolingFanFailure engineFailure
        fuseFailure generatorFailure lowBatteryThreshold rectifierFailure airConditioningFailure highTemperature
        lowTemperature highHumidity lowHumidity lowFuel fire flood smoke intrusionDetection""",
}
"""event type → the words of X.721 and M.3100 that belong to it (X.733, table 1, and M.3100, ProbableCause)"""

_SHORT: Mapping[str, str] = {
    "los": "lossOfSignal",
    "lof": "lossOfFrame",
    "lom": "lossOfMultiFrame",
    "lop": "lossOfPointer",
    "ais": "aIS",
    "sd": "degradedSignal",
    "sf": "excessiveBER",
    "tim": "pathTraceMismatch",
    "plm": "payloadTypeMismatch",
    "rdi": "farEndReceiverFailure",
    "ferf": "farEndReceiverFailure",
    "rai": "farEndReceiverFailure",
    "yel": "farEndReceiverFailure",
    "cgared": "lossOfFrame",
    "eqptmissing": "replaceableUnitMissing",
    "eqptfail": "equipmentMalfunction",
    "eqpt": "equipmentMalfunction",
    "hitemp": "highTemperature",
    "linkdown": "lossOfSignal",
    "linkalarm": "lossOfSignal",
}
"""TL1 condition types (GR-833) and other short forms. RDI is the later name of FERF, the far end receive failure
(ITU-T G.707); a red carrier group alarm is the near end's loss of frame, a yellow one (RAI) the far end's
(RFC 4805, dsx1LineStatus)."""


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())


EVENT_TYPE: Mapping[str, EventType] = {word: event for event, words in _WORDS.items() for word in words.split()}
"""probable cause → the event type that X.733 and M.3100 put it under"""
_KNOWN: Mapping[str, str] = {**{_plain(word): word for word in EVENT_TYPE}, **_SHORT}


def probable_cause(*words: object) -> tuple[str, EventType | None]:
    """(cause, its event type) of the first of ``words`` that a table has, written in whatever case and with whatever
    between its parts; (indeterminate, None) if none has."""
    for word in words:
        if isinstance(word, str) and (cause := _KNOWN.get(_plain(word[:80]))):
            return cause, EVENT_TYPE[cause]
    return INDETERMINATE, None
