"""What every dialect owes: it never raises, keeps the raw text, gives its reasons, and knows no clock but the argument.

A dialect that is registered is tested here, whatever it is; hostile input is in ``hostile.py``.
"""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.assurance import Severity
from ossbss.oss.elements.dialects import DIALECTS, SYSLOG, parse_by, split_by
from ossbss.oss.elements.events import MEANINGS
from ossbss.oss.elements.notification import Parsed
from ossbss.oss.elements.syslog.payload import LONGEST_OCTETS
from tests.oss.elements.hostile import HOSTILE, RECEIVED_MS, seeds

NAMES = sorted([*DIALECTS, SYSLOG])
SYSLOG_NAMES = {SYSLOG, "ios", "iosxr", "nxos", "eos", "junos", "huawei"}
LAW = settings(derandomize=True, phases=[Phase.generate], max_examples=300, deadline=None)


def parse(name, payload, received_ms=RECEIVED_MS) -> Parsed:
    return parse_by(name)(payload, received_ms)[1]


def check(parsed, payload):
    """What holds for whatever was parsed."""
    assert isinstance(parsed, Parsed)
    if parsed.rejected is not None:
        assert parsed.rejected.strip()
        assert (parsed.notifications, parsed.measurements) == ((), ())
    for said in parsed.notifications:
        assert said.is_alarm == (said.event_type is not None) == (said.probable_cause is not None)
        assert said.perceived_severity in (None, *Severity.__args__)
        assert said.occurred_uncertainty_ms >= 0
        assert type(said.occurred_ms) is int


@pytest.mark.parametrize("name", NAMES)
@LAW
@given(payload=st.binary(max_size=400))
def test_no_octets_raise(name, payload):
    check(parse(name, payload), payload)


@pytest.mark.parametrize("name", NAMES)
@LAW
@given(at=st.integers(0, 200), other=st.binary(max_size=6), number=st.integers(0, 10_000))
def test_no_change_of_a_good_message_raises(name, at, other, number):
    known = seeds(name) or list(HOSTILE.values())
    good = known[number % len(known)]
    payload = good[:at] + other + good[at + len(other) // 2 :]
    check(parse(name, payload), payload)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_input_is_rejected_or_read(name, what):
    payload = HOSTILE[what]
    check(parse(name, payload), payload)


@pytest.mark.parametrize("name", sorted(SYSLOG_NAMES))
def test_a_message_that_is_too_long_is_rejected_with_the_limit(name):
    good = seeds(name)[0]
    fits = good + b"x" * (LONGEST_OCTETS - len(good))
    assert parse(name, fits).rejected is None
    assert str(LONGEST_OCTETS) in parse(name, fits + b"x").rejected


@pytest.mark.parametrize("name", NAMES)
def test_the_same_message_at_the_same_time_says_the_same(name):
    for payload in (*seeds(name), *HOSTILE.values()):
        assert parse(name, payload) == parse(name, payload)


@pytest.mark.parametrize("name", sorted(SYSLOG_NAMES))
def test_good_messages_are_read_and_their_events_are_among_those_that_the_dialect_names(name):
    events = DIALECTS[name].events if name in DIALECTS else frozenset().union(*(d.events for d in DIALECTS.values()))
    for payload in seeds(name):
        parsed = parse(name, payload)
        assert parsed.rejected is None, (payload, parsed.rejected)
        assert {said.event for said in parsed.notifications} <= events


@pytest.mark.parametrize("name", sorted(SYSLOG_NAMES))
def test_the_raw_text_is_kept_whole(name):
    for payload in seeds(name):
        assert {said.text for said in parse(name, payload).notifications} == {payload.decode()}
    odd = seeds(name)[0] + "  grüße\t".encode() + b"\xff\xfe"
    (said,) = parse(name, odd).notifications
    assert said.text == seeds(name)[0].decode() + "  grüße\t\\xff\\xfe"


@pytest.mark.parametrize("name", sorted(SYSLOG_NAMES - {"huawei", "nxos"}))  # these two write the year
def test_time_is_an_argument_and_tells_the_year(name):
    payload = next(seed for seed in seeds(name) if b"May" in seed and b"2024" not in seed)
    now, later = parse(name, payload), parse(name, payload, RECEIVED_MS + 366 * 86_400_000)
    assert 364 <= (later.notifications[0].occurred_ms - now.notifications[0].occurred_ms) / 86_400_000 <= 366


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("received_ms", [0, -(10**15), 10**15, 253_402_300_799_999])
def test_no_time_of_arrival_raises(name, received_ms):
    for payload in seeds(name):
        check(parse(name, payload, received_ms), payload)


@pytest.mark.parametrize("name", sorted(SYSLOG_NAMES))
def test_a_file_is_split_without_loss(name, tmp_path):
    path = tmp_path / "messages"
    path.write_bytes(b"\r\n\n".join(seeds(name)))
    with path.open("rb") as stream:
        assert list(split_by(name)(stream)) == seeds(name)


@pytest.mark.parametrize("name", sorted(DIALECTS))
def test_every_event_of_a_dialect_has_a_meaning_but_those_whose_cause_each_message_states(name):
    by_the_message = set() if name in SYSLOG_NAMES else {
        "ALARM_RAISED", "ALARM_CLEARED", "THRESHOLD_CROSSED", "THRESHOLD_CLEARED",
    }  # fmt: skip
    assert DIALECTS[name].events - by_the_message <= MEANINGS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_what_the_table_calls_a_fact_is_no_alarm(name):
    for payload in seeds(name):
        for found in parse(name, payload).notifications:
            meaning = MEANINGS.get(found.event)
            assert not found.is_alarm or meaning is None or meaning.severity, found


# ITU-T X.733, table 1, and M.3100: which probable causes belong to which event type
EVENT_TYPES = {
    "communicationsAlarm": {"lossOfSignal", "degradedSignal", "communicationsProtocolError"},
    "qualityOfServiceAlarm": {"thresholdCrossed", "resourceAtOrNearingCapacity"},
    "processingErrorAlarm": {
        "configurationOrCustomizationError", "cpuCyclesLimitExceeded", "outOfMemory", "softwareError",
        "storageCapacityProblem", "underlyingResourceUnavailable",
    },
    "equipmentAlarm": {
        "equipmentMalfunction", "externalIFDeviceProblem", "powerProblem", "replaceableUnitMissing", "timingProblem",
    },
    "environmentalAlarm": {
        "commercialPowerFailure", "coolingFanFailure", "generatorFailure", "lowBatteryThreshold", "lowFuel",
        "temperatureUnacceptable",
    },
}  # fmt: skip


@pytest.mark.parametrize("word", sorted(MEANINGS))
def test_a_probable_cause_stands_under_the_event_type_that_the_standard_puts_it_under(word):
    meaning = MEANINGS[word]
    if meaning.severity is None:
        assert (meaning.event_type, meaning.probable_cause) == (None, None)
    elif word in ("PROBE_FAILED", "PROBE_PASSED"):  # the quality of a service, of which the probe tells
        assert meaning.event_type == "qualityOfServiceAlarm"
    elif word != "OTHER":
        assert meaning.probable_cause in EVENT_TYPES[meaning.event_type]
