"""Vendors' words for what is wrong, in the words of X.721 and M.3100."""

import pytest

from ossbss.oss.elements.probable_causes import EVENT_TYPE, probable_cause


@pytest.mark.parametrize(
    ("words", "cause", "event_type"),
    [
        (("lossOfSignal",), "lossOfSignal", "communicationsAlarm"),
        (("LOSS_OF_SIGNAL",), "lossOfSignal", "communicationsAlarm"),
        (("Loss of signal",), "lossOfSignal", "communicationsAlarm"),
        (("LOS",), "lossOfSignal", "communicationsAlarm"),
        (("AIS",), "aIS", "communicationsAlarm"),
        (("RAI",), "farEndReceiverFailure", "communicationsAlarm"),
        (("no such word", None, 7, "powerProblem"), "powerProblem", "equipmentAlarm"),
        (("underlying-resource-unavailable",), "underlyingResourceUnavailable", "processingErrorAlarm"),  # X.733, table 1
        (("high temperature",), "highTemperature", "environmentalAlarm"),
        (("",), "indeterminate", None),
        (("x" * 100_000,), "indeterminate", None),
        ((), "indeterminate", None),
    ],
)
def test_a_cause_is_found_in_whatever_case_it_is_written(words, cause, event_type):
    assert probable_cause(*words) == (cause, event_type)


CHECKLIST = {
    "lossOfSignal",
    "lossOfFrame",
    "degradedSignal",
    "communicationsSubsystemFailure",
    "localNodeTransmissionError",
    "remoteNodeTransmissionError",
    "underlyingResourceUnavailable",
    "equipmentMalfunction",
    "powerProblem",
    "temperatureUnacceptable",
    "congestion",
    "queueSizeExceeded",
    "resourceAtOrNearingCapacity",
    "thresholdCrossed",
    "cpuCyclesLimitExceeded",
    "outOfMemory",
    "configurationOrCustomizationError",
    "softwareError",
    "versionMismatch",
    "timingProblem",
}


def test_the_frequent_causes_of_the_checklist_are_all_known():
    assert set(EVENT_TYPE) >= CHECKLIST
