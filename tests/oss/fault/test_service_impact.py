"""From the alarms of both ends to one outage, and when it becomes a problem."""

from ossbss.contract.assurance import Alarm
from ossbss.oss.fault.records import ListedAlarm
from ossbss.oss.fault.service_impact import SERVICE_DOWN, next_hold_ms, outages, to_open
from ossbss.oss.policy import OperationsPolicy

POLICY = OperationsPolicy(service_problem_hold_ms=60)


def end(source, raised_ms, cleared_ms):
    raised = Alarm("svc-1", "qualityOfServiceAlarm", SERVICE_DOWN, "critical", source, raised_ms, 0, raised_ms)
    return ListedAlarm(raised, cleared_ms=cleared_ms)


def span(*ends):
    outage = outages(ends)["svc-1"]
    return outage.began_ms, outage.ended_ms


def test_an_outage_lasts_from_the_first_raise_to_the_last_clear():
    assert span(end("a", 100, 200), end("z", 101, 203)) == (100, 203)


def test_it_goes_on_while_either_end_alarms():
    assert span(end("a", 100, 200), end("z", 101, None)) == (100, None)


def test_what_one_end_said_of_an_earlier_outage_is_no_part_of_the_next():
    assert span(end("a", 100, 150), end("z", 500, None)) == (500, None)


def test_other_alarms_are_no_outage():
    link = Alarm("kiel-luebeck", "communicationsAlarm", "lossOfSignal", "critical", "r-kiel", 1, 0, 1)
    assert outages([ListedAlarm(link)]) == {}


def test_a_reroute_is_no_problem_and_a_covered_outage_is_not_opened_twice():
    lasting = outages([end("a", 100, None)])
    assert to_open(lasting, frozenset(), 159, POLICY) == []
    assert [o.service_id for o in to_open(lasting, frozenset(), 160, POLICY)] == ["svc-1"]
    assert to_open(lasting, frozenset({"svc-1"}), 160, POLICY) == []
    assert to_open(outages([end("a", 100, 130)]), frozenset(), 160, POLICY) == []
    assert next_hold_ms(lasting, frozenset(), POLICY) == 160
