"""Failures of which no port tells are named from what gives them away, beside others, and not from noise."""

import pytest

from ossbss.oss.fault.cause.diagnosis import Diagnostician
from ossbss.oss.fault.cause.evidence import AlarmRecord
from ossbss.oss.fault.cause.port import Case
from ossbss.oss.fault.root_cause import beliefs_of, case_behind, causes_of
from ossbss.oss.fault.symptoms import STATION, idle_cell, path_loss, port_errors
from ossbss.oss.policy import OperationsPolicy
from tests.oss.fault.cause.unseen_world import MODES, NAMES, world

SECOND, MINUTE = 1_000, 60_000
HOUR = 60 * MINUTE
SPAN = (0, 90 * MINUTE)
DELAY_S = {"lossOfSignal": 1, "equipmentMalfunction": 1, "underlyingResourceUnavailable": 4, "performanceDegraded": 700,
           "communicationsSubsystemFailure": 100, "degradedSignal": 800}  # fmt: skip
POLICY = OperationsPolicy()
MADE = {}


def diagnostician(name, mode):
    if (name, mode) not in MADE:
        inventory = world(name, mode).inventory
        MADE[name, mode] = Diagnostician(inventory, beliefs_of(POLICY), STATION, suspect_all=False)
    return MADE[name, mode]


def records(alarms, at_s=3_600):
    found = (AlarmRecord(alarm, (at_s + DELAY_S[alarm[1]]) * SECOND) for alarm in alarms)
    return sorted(found, key=lambda record: (record.raised_ms, record.identity))


def ask(name, mode, alarms=(), reports=(), **more):
    return diagnostician(name, mode).diagnose(Case(records(alarms), reports, SPAN, **more))


def named(answer):
    return [(cause.resource, cause.kind) for cause in answer.failed]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", NAMES)
class TestOnEveryNetwork:
    def test_cut_off_routing_is_named_and_not_the_node_itself(self, name, mode):
        real = world(name, mode)
        for node in real.hidden("routing"):
            if alarms := real.seen([node]).alarms:
                assert named(ask(name, mode, alarms)) == [node]

    def test_a_dead_node_is_not_taken_for_its_routing(self, name, mode):
        real = world(name, mode)
        for node in [one for one in real.ordinary() if one[1] == "node"]:
            answer = ask(name, mode, real.seen([node]).alarms)
            assert {kind for _, kind in named(answer)}.isdisjoint({"routing", "lossy", "cell"}), node
            assert len(answer.failed) == 1

    def test_a_lossy_link_is_named_or_one_that_carries_the_same(self, name, mode):
        real = world(name, mode)
        loss_of = {link: real.seen([(link, kind)]).losing for link, kind in real.hidden("lossy")}
        for losing in loss_of.values():
            if losing:
                (cause,) = ask(name, mode, {path_loss(service) for service in losing}).failed
                same = {other for other in loss_of if loss_of[other] == losing}
                assert (cause.kind, {cause.resource, *cause.alternatives}) == ("lossy", same)

    def test_errors_at_its_ports_tell_which_of_them_it_is(self, name, mode):
        real = world(name, mode)
        for link, kind in real.hidden("lossy"):
            seen = real.seen([(link, kind)])
            if seen.losing and seen.errors:
                answer = ask(name, mode, seen.alarms | seen.errors)
                assert [cause for cause, _ in named(answer)] == [link]
                assert answer.failed[0].alternatives == ()

    def test_a_cell_that_is_missed_sleeps(self, name, mode):
        real = world(name, mode)
        for cell, kind in real.hidden("cell")[::5]:
            assert named(ask(name, mode, {idle_cell(cell)})) == [(cell, kind)]

    def test_a_cell_that_is_missed_for_want_of_a_way_does_not_sleep(self, name, mode):
        """Its node is cut off: that explains it."""
        real = world(name, mode)
        for node, kind in real.hidden("routing")[::5]:
            seen = real.seen([(node, kind)])
            if seen.alarms:
                assert named(ask(name, mode, seen.alarms | real.idle([(node, kind)]))) == [(node, kind)]

    def test_loss_of_one_of_many_services_that_share_all_links_is_no_lossy_link(self, name, mode):
        numbers = diagnostician(name, mode).footprints.model.numbers
        ways = {service: set(numbers.way_of(service)) for service in numbers.services}
        users = {link: sum(link in way for way in ways.values()) for link in numbers.links}
        busy = [s for s, way in ways.items() if way and min(users[link] for link in way) >= 4]
        for service in busy:
            assert "lossy" not in {kind for _, kind in named(ask(name, mode, {path_loss(service)}))}, service

    def test_damaged_packets_at_one_end_alone_are_no_lossy_link_while_its_services_are_well(self, name, mode):
        numbers = diagnostician(name, mode).footprints.model.numbers
        for link in numbers.links:
            if sum(link in numbers.way_of(service) for service in numbers.services) >= 4:
                end = world(name, mode).inventory.links[link].ends[0]
                assert named(ask(name, mode, {port_errors(link, end)})) == []

    def test_one_complaint_is_none(self, name, mode):
        for service in sorted(world(name, mode).inventory.services)[::5]:
            assert named(ask(name, mode, (), [(service, HOUR)])) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["routing", "lossy", "cell"])
def test_beside_a_cut_link_both_are_named(kind, mode):
    """On the German network, a link in another part of the country being cut twenty minutes later."""
    real, cut = world("germany", mode), ("muenchen-passau", "link")
    tried = 0
    for one in real.hidden(kind)[::9]:
        first, both = real.seen([one]).alarms, real.seen([one, cut]).alarms
        first |= real.idle([one]) if kind == "cell" else set()
        if first and one[0] not in ("r-muenchen", "r-passau", "muenchen-passau") and first - real.idle([one]) <= both:
            case = Case([*records(first), *records(both - first, 4_800)], (), SPAN)
            found = named(diagnostician("germany", mode).diagnose(case))
            assert len(found) == 2
            assert one in found
            (other,) = set(found) - {one}
            assert other[1] in {"link", "duct"}
            tried += 1
    assert tried >= 3


@pytest.mark.parametrize("mode", MODES)
def test_a_rerouted_service_that_loses_is_explained_by_a_lossy_link_on_its_detour(mode):
    """The hub's north fibre is cut, the north comes by the south, and loses there: both are told."""
    real = world("town", mode)
    wrong = [("hub-north", "link"), ("hub-south", "lossy")]
    seen = real.seen(wrong)
    assert path_loss("svc-north") in seen.alarms
    found = ask("town", mode, seen.alarms)
    assert {kind for _, kind in named(found)} == {"link", "lossy"}
    assert ("hub-south", "lossy") in named(found)
    assert found.unexplained == ()


def of_reports(name, mode, service, times, **more):
    """What a diagnosis makes of complaints alone, at the time of the last."""
    reports = [(service, HOUR + minute * MINUTE) for minute in times]
    case = case_behind(frozenset(), None, (), {}, frozenset(), reports[-1][1], reports, **more)
    return causes_of(diagnostician(name, mode).diagnose(case), frozenset())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("minutes", "is_named"),
    [((0,), False), ((0, 20), False), ((0, 20, 40), True), ((0, 5, 10, 15), True), ((0, 45, 90), False),
     ((0, 100, 200, 300), False)],
)  # fmt: skip
def test_complaints_alone_name_a_sleeping_cell_once_there_are_three_within_an_hour(name, mode, minutes, is_named):
    inventory = world(name, mode).inventory
    for cell, service in sorted(inventory.service_of_cell.items())[::7]:
        found = of_reports(name, mode, service, minutes, working=frozenset({service}))
        assert [(cause.resource, cause.kind) for cause in found] == ([(cell, "cell")] if is_named else [])
        assert all(cause.complaints == {service} and not cause.explains for cause in found)


@pytest.mark.parametrize("mode", MODES)
def test_a_complaint_each_of_many_cells_is_no_sleeping_cell(mode):
    services = sorted(world("germany", mode).inventory.services)[::20]
    reports = [(service, HOUR + n * MINUTE) for n, service in enumerate(services)]
    assert len(reports) > 4
    answer = diagnostician("germany", mode).diagnose(Case([], reports, (0, 2 * HOUR)))
    assert "cell" not in {kind for _, kind in named(answer)}


def test_complaints_of_a_service_that_passes_its_probe_speak_of_no_outage():
    """Nobody hears the port: its manager is lost. With a probe that passes it is the cell, whatever is silent."""
    real = world("town", "out_of_band")
    lost = [real.network.nodes["r-port"]["element_manager"]]
    alarms = real.seen([], lost).alarms
    reports = [("svc-port", HOUR + n * MINUTE) for n in range(4)]
    answer = ask("town", "out_of_band", alarms, reports, working=frozenset({"svc-port"}))
    assert ("cell-port", "cell") in named(answer)


def test_complaints_go_to_the_cut_that_explains_them_and_to_no_cell():
    real = world("town", "out_of_band")
    seen = real.seen([("east-port", "link")])
    reports = [("svc-port", HOUR + n * MINUTE) for n in range(1, 6)]
    (cause,) = ask("town", "out_of_band", seen.alarms, reports).failed
    assert (cause.resource, cause.kind, cause.complaints) == ("east-port", "link", {"svc-port"})


def test_a_cause_that_explains_neither_alarm_nor_complaint_is_dropped_and_one_complaint_goes_to_one_cause():
    answer = ask("town", "out_of_band", world("town", "out_of_band").seen([("east-port", "link")]).alarms)
    assert causes_of(answer, frozenset()) == ()
    present = answer.failed[0].explains
    (cause,) = causes_of(answer, present)
    assert (cause.kind, cause.explains, cause.complaints) == ("link", present, frozenset())
