"""VES 7.2.1: what each event says, which stage rejects what, and our structure held against the official schema's."""

import copy
import json
import random

import jsonschema
import pytest

from ossbss.oss.elements import ves
from tests.oss.elements.wire_samples import RECEIVED_MS, SAMPLES, files, messages, needs_samples, split

EXHAUSTED = ("ALARM_RAISED", "element", "", "indeterminate", "critical")
LIST_OF_3GPP = ("ALARM_RAISED", "other", "1", "indeterminate", "indeterminate")
FACT = ("PNF_REGISTRATION", "element", "", None, None)
EXPECTED = {
    "constructed/fault_raise.json": ("agg-17", [("INTERFACE_DOWN", "port", "GigabitEthernet0/25", "lossOfSignal", "major")]),
    "constructed/fault_clear.json": ("agg-17", [("INTERFACE_UP", "port", "GigabitEthernet0/25", "lossOfSignal", "cleared")]),
    "constructed/tca_set.json": ("agg-17", [("THRESHOLD_CROSSED", "port", "GigabitEthernet0/25", "thresholdCrossed", "major")]),
    "constructed/state_change.json": ("agg-17", [("INTERFACE_DOWN", "port", "GigabitEthernet0/25", "lossOfSignal", "major")]),
    "constructed/heartbeat.json": ("agg-17", [("HEARTBEAT", "element", "", None, None)]),
    "eventsAfterTransformation/ves7_valid_event.json": ("scfx0001vm002cap001", [EXHAUSTED]),
    "ves7_valid_30_1_1_event.json": ("scfx0001vm002cap001", [EXHAUSTED]),
    "ves7_batch_valid.json": ("scfx0001vm002cap001", [EXHAUSTED, EXHAUSTED]),
    "ves7_batch_with_stndDefined_valid.json": ("scfx0001vm002cap001", [LIST_OF_3GPP, LIST_OF_3GPP]),
    "ves_stdnDefined_valid.json": ("scfx0001vm002cap001", [LIST_OF_3GPP]),
    "measurement7x.json": ("bgtnj05vmh01afx", []),
    **{f"ves7_valid_ip_{name}.json": ("scfx0001vm002cap001", [FACT])
       for name in ("v4", "v6", "v6_ipv4_translated", "v6_short_one", "v6_with_zone_index")},
}  # fmt: skip
REJECTED = {
    "constructed/fault_indeterminate_invalid.json": "'INDETERMINATE' is not one of",
    "ves4_valid.json": "VES header version 1.0",
    "ves7_invalid_30_1_1_event.json": "'30.0.1' is not one of",
    "ves7_invalid_ip_v4_with_ipv6_format.json": "oamV4IpAddress: not an address",
    "ves7_invalid_ip_v6_out_of_range.json": "oamV6IpAddress: not an address",
    "ves7_invalid_ip_v6_short_with_too_many_colons.json": "oamV6IpAddress: not an address",
    "ves7_invalid_ipv4.json": "oamV4IpAddress: not an address",
    "ves_stdnDefined_empty_namespace_invalid.json": "stndDefinedNamespace is missing or empty",
    "ves_stdnDefined_invalid.json": "data/",
    "ves_stdnDefined_missing_local_schema_reference.json": "not a schema that is known",
    "ves_stdnDefined_without_schema_reference.json": "has no schemaReference",
}


@needs_samples
def test_every_sample_is_in_one_of_the_two_tables():
    names = {str(path.relative_to(SAMPLES / "ves")) for path in files("ves", "*.json")}
    assert names == set(EXPECTED) | set(REJECTED)


@needs_samples
@pytest.mark.parametrize("name", EXPECTED)
def test_a_valid_sample_says_what_the_table_says(name):
    parsed = ves.parse((SAMPLES / "ves" / name).read_bytes(), RECEIVED_MS)
    found = [(n.event, n.object_kind, n.object_name, n.probable_cause, n.perceived_severity) for n in parsed.notifications]
    assert (parsed.rejected, (parsed.element, found)) == (None, EXPECTED[name])


@needs_samples
@pytest.mark.parametrize("name", REJECTED)
def test_an_invalid_sample_is_rejected_with_its_reason(name):
    assert REJECTED[name] in (ves.parse((SAMPLES / "ves" / name).read_bytes(), RECEIVED_MS).rejected or "")


def a_fault(**changes):
    header = {
        "domain": "fault", "eventId": "1", "eventName": "Fault_x", "priority": "High", "sequence": 0,
        "reportingEntityName": "ems", "sourceName": "agg-17", "version": "4.1", "vesEventListenerVersion": "7.2.1",
        "startEpochMicrosec": 1_700_000_000_000_000, "lastEpochMicrosec": 1_700_000_840_000_999,
    }  # fmt: skip
    fields = {
        "alarmCondition": "linkDown", "alarmInterfaceA": "ge-0/0/1", "eventSeverity": "MAJOR", "eventSourceType": "port",
        "faultFieldsVersion": "4.0", "specificProblem": "down", "vfStatus": "Active",
    }  # fmt: skip
    return {"commonEventHeader": header, "faultFields": {**fields, **changes}}


def another(domain, fields, name=None):
    event = a_fault()
    del event["faultFields"]
    event["commonEventHeader"] |= {"domain": domain}
    return {**event, (name or f"{domain}Fields"): fields}


def one(event):
    parsed = ves.parse(json.dumps({"event": event}).encode(), RECEIVED_MS)
    assert parsed.rejected is None
    return parsed.notifications[0]


@needs_samples
def test_the_batch_is_cut_into_its_events_so_that_a_bad_one_goes_alone():
    good = json.loads((SAMPLES / "ves" / "ves7_batch_valid.json").read_bytes())
    good["eventList"][0]["faultFields"]["eventSeverity"] = "PURPLE"
    whole = json.dumps(good).encode()
    assert ves.parse(whole, RECEIVED_MS).rejected
    assert [bool(ves.parse(part, RECEIVED_MS).rejected) for part in split("ves", whole)] == [True, False]


def test_a_batch_of_two_sources_names_the_element_on_each():
    other = a_fault()
    other["commonEventHeader"]["sourceName"] = "agg-18"
    parsed = ves.parse(json.dumps({"eventList": [a_fault(), other]}).encode(), RECEIVED_MS)
    assert (parsed.element, [each.element for each in parsed.notifications]) == ("", ["agg-17", "agg-18"])


def test_raise_and_clear_share_their_key_the_one_at_the_first_time_the_other_at_the_last():
    raised, cleared = one(a_fault()), one(a_fault(eventSeverity="NORMAL", specificProblem="up"))
    assert raised.key == cleared.key
    assert (raised.perceived_severity, raised.occurred_ms) == ("major", 1_700_000_000_000)
    assert (cleared.perceived_severity, cleared.occurred_ms) == ("cleared", 1_700_000_840_000)


def crossing(action, severity="MAJOR"):
    return another("thresholdCrossingAlert", {
        "additionalParameters": [{"criticality": "MAJ", "hashMap": {"utilisation": "93"}, "thresholdCrossed": "90"}],
        "alertAction": action, "alertDescription": "load", "alertType": "INTERFACE-ANOMALY", "eventSeverity": severity,
        "collectionTimestamp": "Tue, 14 Nov 2023 22:28:20 GMT", "eventStartTimestamp": "Tue, 14 Nov 2023 22:28:20 GMT",
        "interfaceName": "ge-0/0/1", "thresholdCrossingFieldsVersion": "4.0"})  # fmt: skip


@pytest.mark.parametrize(
    ("action", "given", "severity"),
    [("SET", "MAJOR", "major"), ("CONT", "MINOR", "minor"), ("CLEAR", "MAJOR", "cleared"), ("CONT", "NORMAL", "cleared")],
)
def test_a_threshold_is_crossed_goes_on_and_is_cleared(action, given, severity):
    found = one(crossing(action, given))
    assert (found.perceived_severity, found.key) == (severity, one(crossing("SET")).key)


@pytest.mark.parametrize(
    ("state", "severity"), [("outOfService", "major"), ("maintenance", None), ("inService", "cleared")]
)
def test_out_of_service_is_an_alarm_and_maintenance_a_decision(state, severity):
    fields = {"newState": state, "oldState": "inService", "stateChangeFieldsVersion": "4.0", "stateInterface": "ge-0/0/1"}
    assert one(another("stateChange", fields)).perceived_severity == severity


def of_3gpp(schema, **data):
    fields = {
        "schemaReference": f"https://forge.3gpp.org/rep/sa5/MnS/blob/SA88-Rel16/OpenAPI/faultMnS.yaml#components/schemas/{schema}",
        "data": data, "stndDefinedFieldsVersion": "1.0",
    }  # fmt: skip
    event = another("stndDefined", fields)
    event["commonEventHeader"]["stndDefinedNamespace"] = "3GPP-FaultSupervision"
    return event


ALARM = {"alarmId": "7", "alarmType": "EQUIPMENT_ALARM", "probableCause": "powerProblem", "perceivedSeverity": "MINOR",
         "objectInstance": "ME=1,Unit=2"}  # fmt: skip


def test_3gpp_fault_supervision_raises_changes_and_clears_one_alarm():
    found = [one(of_3gpp(f"Notify{kind}Alarm", **ALARM)) for kind in ("New", "Changed", "Cleared")]
    assert [each.perceived_severity for each in found] == ["minor", "minor", "cleared"]
    assert {(each.object_name, each.event_type, each.probable_cause) for each in found} == {("ME=1,Unit=2", "equipmentAlarm", "powerProblem")}
    assert len({each.key for each in found}) == 1


@pytest.mark.parametrize(("schema", "again"), [("NotifyAlarmListRebuilt", True), ("NotifyPotentialFaultyAlarmList", True), ("NotifyComments", False)])  # fmt: skip
def test_a_rebuilt_alarm_list_is_to_be_read_anew_and_a_comment_changes_nothing(schema, again):
    parsed = ves.parse(json.dumps({"event": of_3gpp(schema, alarmId="7")}).encode(), RECEIVED_MS)
    assert (parsed.rejected, parsed.resynchronise, parsed.notifications[0].is_alarm) == (None, again, False)


@needs_samples
def test_measurements_carry_their_interface_their_period_and_the_elements_doubt():
    parsed = ves.parse((SAMPLES / "ves" / "measurement7x.json").read_bytes(), RECEIVED_MS)
    found = {(each.measured_object, each.counter): each for each in parsed.measurements}
    octets = found["ens2   DNS2_RSLOTPORT_VLAN_CLASSTYPE", "receivedOctetsDelta"]
    assert (octets.value, octets.suspect, octets.begins_ms, octets.granularity_ms) == (548_159.0, True, 1_534_868_302_434, 300_000)
    assert (found["cpu1", "percentUsage"].value, found["cpu1", "percentUsage"].suspect) == (0.34, False)
    assert len(found) == 13 + 4 * 6 + 9 + 9 + 8 - 1 - 3


def test_streamed_3gpp_counters_are_joined_by_p_which_counts_from_one():
    fields = {"measDataCollection": {"granularityPeriod": 900, "measuredEntityDn": "ME=1", "measInfoList": [{
        "measTypes": {"sMeasTypesList": ["att", "succ"]},
        "measValuesList": [{"measObjInstId": "Cell=1", "suspectFlag": "true", "measResults": [
            {"p": 2, "iValue": 7}, {"p": 1, "isNull": "true"}, {"p": 9, "iValue": 1}]}]}]},
        "perf3gppFieldsVersion": "1.0"}  # fmt: skip
    parsed = ves.parse(json.dumps({"event": another("perf3gpp", fields)}).encode(), RECEIVED_MS)
    assert [(each.counter, each.value, each.suspect, each.element) for each in parsed.measurements] == [
        ("succ", 7.0, True, "ME=1"), ("att", None, True, "ME=1")]  # fmt: skip


@pytest.mark.parametrize("message", [{}, {"eventList": []}, [], 7, {"event": 3}, {"event": another("fault", {}, "otherFields")}])
def test_messages_without_an_event_are_rejected(message):
    assert ves.parse(json.dumps(message).encode(), RECEIVED_MS).rejected


WRONG = [None, True, 7, -1.5, "", "x", [], {}, "High", "4.1", "NORMAL", 10**18, [{}], {"a": 1}, {"a": "b"}]


def places(node, at=()):
    """Every place of a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inner:
        yield (*at, key)
        yield from places(value, (*at, key))


def mutated(document, chance):
    """One change at one place: another value, nothing, a stranger beside it, or the name gone wrong."""
    document = copy.deepcopy(document)
    *path, last = chance.choice(list(places(document)))
    holder = document
    for step in path:
        holder = holder[step]
    change = chance.randrange(4)
    if change == 0 or isinstance(last, int):
        holder[last] = chance.choice(WRONG)
    elif change == 1:
        del holder[last]
    elif change == 2:
        holder[f"{last}X"] = holder[last]
    else:
        holder[f"{last}X"] = holder.pop(last)
    return document


@needs_samples
def test_our_structure_and_the_official_schema_agree_on_samples_and_on_mutations():
    """On more than 3,000 mutations in every block that we describe; both verdicts occur."""
    official = jsonschema.Draft4Validator(json.loads((SAMPLES / "schemas" / "CommonEventFormat_30.2.1_ONAP.json").read_bytes()))
    samples = [json.loads(path.read_bytes()) for path in files("ves", "*.json")]
    samples += [{"event": event} for event in (crossing("SET"), of_3gpp("NotifyNewAlarm", **ALARM))]
    chance, verdicts = random.Random(7), []
    for document in [*samples, *(mutated(each, chance) for each in samples * 120)]:
        said = ves.structure_reason(document) is None
        verdicts.append(said)
        assert said == official.is_valid(document), (document, ves.structure_reason(document))
    assert len(verdicts) > 3_000
    assert 0.1 < sum(verdicts) / len(verdicts) < 0.9


@needs_samples
def test_with_a_format_checker_the_official_schema_agrees_but_for_the_zone_index():
    checker = jsonschema.Draft4Validator(
        json.loads((SAMPLES / "schemas" / "CommonEventFormat_30.2.1_ONAP.json").read_bytes()),
        format_checker=jsonschema.FormatChecker(["ipv4", "ipv6"]),
    )
    differ = set()
    for path in files("ves", "ves7_*.json"):
        document = json.loads(path.read_bytes())
        ours = ves.structure_reason(document) is None and ves.address_reason(document) is None
        if ours != checker.is_valid(document):
            differ.add(path.name)
    assert differ == {"ves7_valid_ip_v6_with_zone_index.json"}


@needs_samples
def test_splitting_loses_no_event():
    assert len(messages("ves")) == len(files("ves", "*.json")) + 2  # two batches of two
