"""Alarm lists and notifications of RFC 8632: states, histories, operators, shelves, and what the module forbids."""

import json

import pytest

from ossbss.oss.elements import rfc8632
from tests.oss.elements.wire_samples import RECEIVED_MS, messages, needs_samples

DOWN, UP = "Link operationally down but administratively up", "Link operationally up and administratively up"


@needs_samples
def test_the_sample_is_one_raised_and_acknowledged_alarm_with_its_history():
    (message,) = messages("rfc8632")
    parsed = rfc8632.parse(message, RECEIVED_MS)
    (alarm,) = parsed.notifications
    assert (parsed.rejected, parsed.complete) == (None, True)
    assert (alarm.object_kind, alarm.object_name, alarm.perceived_severity) == ("port", "GigabitEthernet0/25", "major")
    assert alarm.key == ("", "GigabitEthernet0/25", "indeterminate", "alarms-test:alarm-1")
    assert (alarm.occurred_ms, alarm.text) == (1_523_176_780_000, DOWN)  # 08:39:40, the last raise, not the ack
    record = alarm.record
    assert [(each.perceived_severity, each.text) for each in record.status_changes] == [("major", DOWN), ("cleared", UP), ("major", DOWN)]
    assert (record.operator_state, record.root_cause_resource, record.impacted_resource) == ("ack", ("duct-12/cable-3",), ("service/L3VPN-7",))


def an_alarm(**changes):
    alarm = {
        "resource": "xe-1/0/0", "alarm-type-id": "al:link-alarm", "alarm-type-qualifier": "", "is-cleared": False,
        "time-created": "2024-05-06T19:00:00.000Z", "last-raised": "2024-05-06T19:00:00.000Z",
        "last-changed": "2024-05-06T22:10:00.000+03:00", "perceived-severity": "major", "alarm-text": DOWN,
    }  # fmt: skip
    return {name: value for name, value in {**alarm, **changes}.items() if value is not None}


def parse(document):
    return rfc8632.parse(json.dumps(document).encode(), RECEIVED_MS)


def a_list(*alarms, shelved=()):
    holders = {"alarm-list": {"alarm": list(alarms)}}
    return {"ietf-alarms:alarms": {**holders, **({"shelved-alarms": {"shelved-alarm": list(shelved)}} if shelved else {})}}


RAISED_MS, CHANGED_MS = 1_715_022_000_000, 1_715_022_600_000


@pytest.mark.parametrize("severity", ["major", 5])
def test_a_severity_is_written_by_name_or_by_number(severity):
    (alarm,) = parse(a_list(an_alarm(**{"perceived-severity": severity}))).notifications
    assert (alarm.perceived_severity, alarm.probable_cause, alarm.event) == ("major", "lossOfSignal", "INTERFACE_DOWN")
    assert (alarm.occurred_ms, alarm.occurred_uncertainty_ms) == (RAISED_MS, 0)


def test_is_cleared_becomes_the_severity_cleared_at_the_border():
    (alarm,) = parse(a_list(an_alarm(**{"is-cleared": True}))).notifications
    assert (alarm.perceived_severity, alarm.event, alarm.occurred_ms) == ("cleared", "INTERFACE_UP", CHANGED_MS)


def change(minute, severity):
    return {"time": f"2024-05-06T19:{minute:02d}:00.000Z", "perceived-severity": severity, "alarm-text": "x"}


def test_the_time_of_a_clear_is_that_of_its_status_change_whatever_came_after():
    changes = [change(5, "cleared"), change(0, "major")]
    (alarm,) = parse(a_list(an_alarm(**{"is-cleared": True, "status-change": changes}))).notifications
    assert alarm.occurred_ms == RAISED_MS + 5 * 60_000
    assert [each.at_ms for each in alarm.record.status_changes] == [RAISED_MS, RAISED_MS + 5 * 60_000]


def test_a_notification_may_say_cleared_and_meets_the_alarm_it_ends():
    body = {**{k: an_alarm()[k] for k in ("resource", "alarm-type-id", "alarm-text")},
            "time": "2024-05-06T19:30:00.000Z", "perceived-severity": "cleared"}  # fmt: skip
    for document in (
        {"ietf-alarms:alarm-notification": body},
        {"ietf-restconf:notification": {"eventTime": "2024-05-06T19:30:00Z", "ietf-alarms:alarm-notification": body}},
    ):
        parsed = parse(document)
        assert (parsed.notifications[0].perceived_severity, parsed.complete) == ("cleared", False)
        assert parsed.notifications[0].key == parse(a_list(an_alarm())).notifications[0].key


def test_shelved_alarms_keep_their_state_and_name_their_shelf():
    parsed = parse(a_list(an_alarm(), shelved=[an_alarm(resource="xe-1/0/1", **{"shelf-name": "works", "operator-state-change": [
        {"time": "2024-05-06T19:20:00Z", "operator": "joe", "state": "shelved"},
        {"time": "2024-05-06T19:10:00Z", "operator": "joe", "state": "ack"}]})]))  # fmt: skip
    assert [(each.object_name, each.perceived_severity, each.record.shelf_name) for each in parsed.notifications] == [
        ("xe-1/0/0", "major", ""), ("xe-1/0/1", "major", "works")]  # fmt: skip
    assert parsed.notifications[1].record.operator_state == "shelved"


@pytest.mark.parametrize(
    ("resource", "kind", "name"),
    [
        ("/ietf-interfaces:interfaces/interface[name='ge-0/0/1']", "port", "ge-0/0/1"),
        ('/ietf-hardware:hardware/component[ietf-hardware:name="Slot 3"]/state', "card", "Slot 3"),
        ("TenGigE0/0/0/1.100", "port", "TenGigE0/0/0/1.100"),
        ("duct-12/cable-3", "other", "duct-12/cable-3"),
        ("1.3.6.1.2.1.2.2.1.1.25", "other", "1.3.6.1.2.1.2.2.1.1.25"),
    ],
)
def test_a_resource_is_named_by_the_models_or_by_itself(resource, kind, name):
    (alarm,) = parse(a_list(an_alarm(resource=resource))).notifications
    assert (alarm.object_kind, alarm.object_name) == (kind, name)


def test_the_augmentation_of_x733_tells_cause_and_event_type():
    told = {"ietf-alarms-x733:event-type": "equipment-alarm", "ietf-alarms-x733:probable-cause-string": "powerProblem"}
    (alarm,) = parse(a_list(an_alarm(**{"alarm-type-id": "v:psu", **told}))).notifications
    assert (alarm.event_type, alarm.probable_cause) == ("equipmentAlarm", "powerProblem")


def test_two_qualifiers_are_two_alarms():
    parsed = parse(a_list(an_alarm(), an_alarm(**{"alarm-type-qualifier": "upper"})))
    assert len({each.key for each in parsed.notifications}) == 2


@pytest.mark.parametrize("document", [a_list(), {"ietf-alarms:alarms": {"alarm-list": {}}}, {"ietf-alarms:alarm-list": {"number-of-alarms": 0}}])
def test_an_empty_list_is_complete_so_all_is_well(document):
    parsed = parse(document)
    assert (parsed.rejected, parsed.notifications, parsed.complete) == (None, (), True)


@pytest.mark.parametrize("document", [
    {"ietf-alarms:alarm": [an_alarm()]},  # one entry that somebody asked for
    {"ietf-alarms:alarm-list": {"number-of-alarms": 2, "alarm": [an_alarm()]}},  # a page of it
])  # fmt: skip
def test_less_than_the_whole_list_is_not_complete(document):
    parsed = parse(document)
    assert (len(parsed.notifications), parsed.complete) == (1, False)


def test_only_the_shelf_is_not_the_whole_list():
    parsed = parse({"ietf-alarms:alarms": {"shelved-alarms": {"shelved-alarm": [an_alarm()]}}})
    assert (len(parsed.notifications), parsed.complete) == (1, False)


WRONG = [
    ({"perceived-severity": "cleared"}, "legal in a status change only"),
    ({"perceived-severity": 1}, "legal in a status change only"),
    ({"perceived-severity": 7}, "no such severity: 7"),
    ({"perceived-severity": True}, "no such severity"),
    ({"perceived-severity": "Major"}, "no such severity"),
    ({"perceived-severity": None}, "has no perceived-severity"),
    ({"is-cleared": "false"}, "is-cleared is a boolean"),
    ({"is-cleared": None}, "has no is-cleared"),
    ({"resource": 7}, "resource of an alarm is not a text"),
    ({"time-created": "yesterday"}, "not a date and time"),
    ({"last-changed": None}, "has no last-changed"),
    ({"last-raised": "2024-05-06T19:00:00"}, "not a date and time"),  # no zone
    ({"last-raised": "2024-02-30T19:00:00Z"}, "not a date and time"),
    ({"status-change": [change(9, "cleared"), change(0, "major")]}, "the latest status-change says cleared, the alarm major"),
    ({"status-change": {}}, "status-change is not a list"),
    ({"operator-state-change": [{"time": "2024-05-06T19:00:00Z", "state": "asleep"}]}, "no such operator state"),
    ({"root-cause-resource": [7]}, "a list of texts"),
]


@pytest.mark.parametrize(("changes", "reason"), WRONG)
def test_an_alarm_that_breaks_the_module_is_left_out_with_its_reason(changes, reason):
    assert reason in (parse(a_list(an_alarm(**changes))).rejected or "")
    parsed = parse(a_list(an_alarm(resource="xe-9/0/0"), an_alarm(**changes)))
    assert [each.object_name for each in parsed.notifications] == ["xe-9/0/0"]
    assert not parsed.complete  # or the alarm that could not be read would be taken for gone
    assert reason in parsed.rejected_parts[0]


def test_one_key_twice_in_a_list_is_a_mistake():
    parsed = parse(a_list(an_alarm(), an_alarm()))
    assert (len(parsed.notifications), parsed.complete) == (1, False)
    assert "stands twice" in parsed.rejected_parts[0]


def test_an_operators_action_is_a_fact_about_the_alarm():
    keys = {k: an_alarm()[k] for k in ("resource", "alarm-type-id", "alarm-type-qualifier")}
    action = {"time": "2024-05-06T19:00:00Z", "operator": "joe", "state": "ack"}
    parsed = parse({"ietf-restconf:notification": {"ietf-alarms:alarms": {"alarm-list": {"alarm": [{**keys, "operator-action": action}]}}}})
    (fact,) = parsed.notifications
    assert (fact.is_alarm, fact.text, parsed.complete) == (False, "ack by joe", False)


@pytest.mark.parametrize("document", [[], {}, {"alarms": 3}, {"ietf-alarms:alarm-list": {"alarm": {}}}])
def test_what_is_no_list_and_no_notification_is_rejected(document):
    assert parse(document).rejected
