"""When the network does not look as the inventory says, somebody is told, once."""

import json

from ossbss.contract.assurance import Alarm
from ossbss.contract.desk import Desk
from ossbss.contract.ports import Entry
from ossbss.oss.fault.cause.answer import Answer
from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.drift_notice import doubt
from ossbss.oss.fault.reasoning import Reasoning
from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.root_cause import beliefs_of
from ossbss.oss.fault.symptoms import STATION
from ossbss.oss.inventory import read_inventory
from ossbss.oss.policy import OperationsPolicy
from sim.testbed.windows.symptoms import Symptoms
from tests.town import town

STRANGE, OTHER = ("moon", "lossOfSignal", "r-hub"), ("hub-north", "lossOfSignal", "r-hub")


def test_when_all_fits_nothing_is_doubted():
    assert doubt(Answer((), 0.9, ()), frozenset(), set()) is None


def test_an_alarm_that_nothing_explains_is_doubted_once_it_has_outlived_a_diagnosis():
    answer = Answer((), 0.9, (OTHER, STRANGE))
    assert doubt(answer, frozenset(), set()) is None
    found = doubt(answer, frozenset({STRANGE}), set())
    assert (found.resources, found.unexplained, found.subject) == (("moon",), (STRANGE,), "moon")


def test_what_the_diagnosis_doubts_is_told_at_once_and_each_set_once():
    answer = Answer((), 0.9, (), ("svc-port", "east-north"))
    found = doubt(answer, frozenset(), set())
    assert (found.resources, found.doubts) == (("east-north", "svc-port"), ("svc-port", "east-north"))
    assert doubt(answer, frozenset(), {found.resources}) is None
    assert doubt(Answer((), 0.9, (), ("svc-port",)), frozenset(), {found.resources}) is not None


class Kept:
    """What a list of alarms and a casebook show of themselves: these alarms, and no incident yet."""

    incidents, problems = {}, {}

    def __init__(self, alarms):
        self.alarms, self.active = alarms, frozenset(alarms)

    def open_incidents(self):
        return []


def listed(alarm, at_s):
    name, cause, source = alarm
    raised = Alarm(name, "communicationsAlarm", cause, "major", source, at_s * 1_000, 0, at_s * 1_000)
    return ListedAlarm(raised)


def test_a_link_that_lies_in_a_duct_unwritten_is_noted_in_the_journal_once():
    """Three fibres lie in the duct, the inventory knows of two: the third goes dark with them."""
    truth = json.loads(json.dumps(town()))
    for link in truth["links"]:
        if link["id"] == "east-north":
            link["shared_risk_groups"] = ["duct-river"]
    alarms, _ = Symptoms(truth).of(["duct-river"])
    delay = {"lossOfSignal": 1, "underlyingResourceUnavailable": 4, "communicationsSubsystemFailure": 100}
    told = [(o, c, STATION if c == "communicationsSubsystemFailure" else s) for o, c, s in sorted(alarms)]
    kept = Kept({alarm: listed(alarm, 3_600 + delay[alarm[1]]) for alarm in told})
    finder = Diagnostician(read_inventory(town()), beliefs_of(OperationsPolicy()), STATION, suspect_all=False)
    desk = Desk("oss")
    reasoning = Reasoning(finder, kept, kept, desk)
    for _ in range(2):
        (cause,) = reasoning.causes(frozenset(told), None, 5_400_000)
        assert (cause.resource, cause.kind) == ("duct-river", "duct")
        assert reasoning.began_ms(cause, cause.explains) == 3_601_000
    (entry,) = desk.out.entries
    assert isinstance(entry, Entry)
    assert (entry.source, entry.kind, entry.subject) == ("oss.root_cause", "inventory.doubted", "east-north")
    assert list(entry.body["doubts"]) == ["east-north"]
