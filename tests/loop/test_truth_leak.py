"""Truth must not leak (pitfall 15): what the OSS is told when everything fails that can, looked at byte by byte."""

import json
from dataclasses import dataclass, replace
from typing import get_args

import pytest

from ossbss.contract.assurance import CrewReport, TestResult, VendorMessage
from ossbss.contract.charging import UsageFile
from sim import Scenario
from sim.testbed import exchange
from sim.testbed.compose import compose
from sim.testbed.fault_schema import EventKind
from sim.world.crews import Crews
from sim.world.management.element_manager import ElementManager
from sim.world.telemetry import Telemetry
from tests.loop.leaks import Overheard, in_message, secrets
from tests.loop.test_work_and_disasters import cabled
from tests.town import scenario_file

EVERYTHING = [
    {"at": "10 min", "do": "sleep_cell", "target": "cell-port", "repair": "100 min"},
    {"at": "1 h", "do": "cut_link", "target": "farm-north"},
    {"at": "2 h", "do": "cut_duct", "target": "duct-river", "repair": "40 min"},
    {"at": "3 h", "do": "cut_cable", "target": "cable-sea", "repair": "1 h"},
    {"at": "4 h", "do": "fail_node", "target": "r-south", "repair": "30 min"},
    {"at": "5 h", "do": "fail_card", "target": "r-east/1"},
    {"at": "6 h", "do": "cut_power", "target": "south", "repair": "9 h"},
    {"at": "7 h", "do": "flap_link", "target": "hub-north", "period": "30 s", "repair": "5 min"},
    {"at": "8 h", "do": "degrade_link", "target": "hub-south", "loss_milli": 20, "repair": "1 h"},
    {"at": "9 h", "do": "fail_manager", "target": "em-junos", "repair": "20 min"},
    {"at": "10 h", "do": "bad_change", "target": "east-north", "effect": "shutdown", "rollback": "1 h"},
    {"at": "11 h", "do": "planned_work", "target": "hub-south", "lasts": "30 min"},
    {"at": "12 h", "do": "steal_fuel", "target": "farm", "share_milli": 900},
    {"at": "13 h", "do": "refuel", "target": "farm"},
    {"at": "14 h", "do": "bad_change", "target": "hub-south", "effect": "metric", "metric": 9999},
    {"at": "15 h", "do": "roll_back", "target": "hub-south"},
    {"at": "16 h", "do": "buy_capacity", "target": "farm-port", "lead": "1 h"},
    {"at": "18 h", "do": "release_capacity", "target": "farm-port"},
    {"at": "20 h", "do": "disaster", "target": "port", "radius_km": 1, "repair": "1 h"},
]
POWER = {"battery": "2 h", "generator": True, "fuel": "4 h"}


def scenario(folder, timeline, **changes):
    power = {"power": {"sites": {"south": {}, "farm": dict(POWER), "east": dict(POWER)}}}
    world = {**power, **changes.pop("world", {})}
    return Scenario.load(scenario_file(folder, timeline, network=cabled(folder), world=world, **changes))


def overheard(folder, timeline, **changes):
    return Overheard(scenario(folder, timeline, **changes))


def test_the_day_has_everything_that_can_happen():
    assert {event["do"] for event in EVERYTHING} == set(get_args(EventKind))


def test_pitfall_15_nothing_that_the_oss_is_told_or_holds_is_of_the_simulator(tmp_path):
    people = {"subscribers": 600, "offerings": {"postpay-s": 1}}
    run = overheard(tmp_path, EVERYTHING, population=people, world={"callers_milli": 1000})
    assert len(run.world.faults.begun) > 10
    told = {type(message).__name__ for _, message in run.messages}
    assert {"VendorMessage", "PollReply", "CrewReport", "CustomerReport", "PlannedWork", "TestResult", "UsageFile"} <= told
    assert run.leaks() == []


def test_pitfall_15_the_document_of_the_oss_is_the_same_whatever_will_happen(tmp_path):
    """Nor is there any of the secrets in it, word for word."""
    given = []
    for name, timeline in (("all", EVERYTHING), ("none", [])):
        (tmp_path / name).mkdir()
        given.append(compose(scenario(tmp_path / name, timeline)))
    (with_faults, without) = ((c.oss.inventory, c.oss.policy) for c in given)
    assert with_faults == without
    assert not secrets(given[0].world).search(json.dumps(given[0].world.plant.network.document))


# -- what cannot be seen changes nothing ---------------------------------------------------------------

OTHERS = [
    {"at": "4 h", "do": "cut_link", "target": "east-port", "repair": "1 h"},
    {"at": "9 h", "do": "fail_card", "target": "r-south/1", "repair": "1 h"},
]
SILENT = [
    {"at": "2 h", "do": "sleep_cell", "target": "cell-port", "repair": "5 h"},
    {"at": "2 h", "do": "degrade_link", "target": "hub-north", "loss_milli": 20, "repair": "5 h"},
    {"at": "2 h", "do": "bad_change", "target": "hub-south", "effect": "metric", "metric": 11, "rollback": "5 h"},
    {"at": "2 h", "do": "bad_change", "target": "hub-south", "effect": "shutdown", "risk_milli": 0},
    {"at": "2 h", "do": "steal_fuel", "target": "farm", "share_milli": 100},
]


def stream(run, about=None):
    """(when, message) of what the OSS hears, usage apart; ``about``: of these elements."""
    return [(at_ms, message) for at_ms, message in run.messages
            if not isinstance(message, UsageFile) and (about is None or getattr(message, "element_id", "") in about)]  # fmt: skip


UNASKED = {"crews": [{"id": "crew-1", "site": "hub"}], "active_tests": False, "remote_repair": False}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    told = overheard(tmp_path_factory.mktemp("usual"), OTHERS, lasts="12 h", world={"callers_milli": 0}, operations=UNASKED)
    return stream(told)


@pytest.mark.parametrize("silent", SILENT, ids=lambda event: event["do"])
def test_pitfall_15_a_fault_that_nobody_can_see_moves_no_message_by_a_millisecond(tmp_path, usual, silent):
    """No id counts it, no order and no delay tells of it: by itself. Who asks an element looks, and may see it."""
    run = overheard(tmp_path, [silent, *OTHERS], lasts="12 h", world={"callers_milli": 0}, operations=UNASKED)
    assert len(usual) > 700
    assert stream(run) == usual


FAR = {"at": "2 h", "do": "cut_link", "target": "farm-north", "repair": "1 h"}
NEAR = ("r-port", "r-east", "r-south")


def of_the_others(folder, timeline):
    run = overheard(folder, timeline, lasts="12 h", world={"callers_milli": 0}, operations=UNASKED | {"crews": []})
    return stream(run, NEAR)


@pytest.fixture(scope="module")
def unmoved(tmp_path_factory):
    return of_the_others(tmp_path_factory.mktemp("near"), OTHERS)


def test_pitfall_15_a_fault_elsewhere_changes_nothing_of_what_others_say(tmp_path, unmoved):
    assert len(unmoved) > 20
    assert of_the_others(tmp_path, [FAR, *OTHERS]) == unmoved


# -- the search finds what is there --------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Chatty(CrewReport):
    why: object = None


def vendor(payload=b"", **changes):
    return VendorMessage(**{"sender": "r-east", "message_id": "1", "occurred_ms": 0, "element_id": "r-east", "dialect": "ios",
                            "payload": payload, **changes})  # fmt: skip


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    return overheard(tmp_path_factory.mktemp("day"), EVERYTHING[:3], lasts="4 h")


REPORT = {"sender": "crew-1", "message_id": "1", "occurred_ms": 0, "work_order_id": "w", "crew_id": "crew-1",
          "site_id": "port", "result": "repaired"}  # fmt: skip
MESSAGES = [
    (lambda world: vendor(b"<1>: %LINK-3-UPDOWN: changed state to down (fault-1)"), "'fault-1'"),
    (lambda world: vendor(message_id="r-east/fault-2/0"), "'fault-2'"),
    (lambda world: vendor(b"reason: cut_duct"), "'cut_duct'"),
    (lambda world: vendor(sender="ElementEvent"), "'ElementEvent'"),
    (lambda world: vendor(b"telemetry/r-east/port_down/1"), "telemetry/r-east"),
    (lambda world: vendor(repr(world).encode()), "sim.world"),
    (lambda world: CrewReport(**REPORT, needs=next(iter(world.faults.begun.values()))[0]), "an object of the simulator"),
    (lambda world: Chatty(**REPORT, why=[{"of": {world.truth.facts[0].kind: world.faults.mend}}]), "an object of the simulator"),
    (lambda world: Chatty(**REPORT, why=object()), "no plain value"),
    (lambda world: TestResult(sender="network", message_id="1", occurred_ms=0, request_id="1", method="probe", target="x",
                              passed=None, reason="degrade_link on the way"), "'degrade_link'"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "told"), MESSAGES, ids=[told for _, told in MESSAGES])
def test_a_message_that_tells_the_truth_is_found(day, make, told):
    found = list(in_message(make(day.world), secrets(day.world)))
    assert any(told in leak for leak in found), found


def test_what_is_hung_on_a_message_beside_its_fields_is_found(day):
    message = vendor()
    object.__setattr__(message, "cause", 7)
    assert list(in_message(message, secrets(day.world))) == ["VendorMessage.cause (no field): not of the contract"]


def test_what_elements_really_say_is_not_taken_for_a_leak(day):
    innocent = [b"%OIR-3-CRASH: The module in slot 1 has crashed", b"default route fault detected", b"CrewChief logged in"]
    assert not [leak for line in innocent for leak in in_message(vendor(line), secrets(day.world))]


def tells_the_fault(report):
    def told(self, order, result, needs=None, ready_ms=None):
        report(self, order, result, needs or ",".join(self.faults.begun), ready_ms)

    return told


def without_delay(policy, rng, sent_ms):
    return (sent_ms,)


def numbered_by_faults(take):
    def told(self, element, said, line, message_id):
        if self.plan.cycle_ms is None:
            message_id = f"{message_id}-{len(self.truth.facts)}"
        take(self, element, said, line, message_id)

    return told


def test_a_crew_that_names_the_fault_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(Crews, "_report", tells_the_fault(Crews._report))
    assert any("CrewReport.needs: 'fault-1'" in leak for leak in overheard(tmp_path, EVERYTHING[1:2], lasts="6 h").leaks())


def test_lines_that_take_no_time_are_found(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.world.telemetry.arrivals", without_delay)
    assert any("in the millisecond of a fault" in leak for leak in overheard(tmp_path, EVERYTHING[1:6], lasts="8 h").leaks())


def test_an_order_that_tells_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(exchange, "_order", lambda message: message.message_id[::-1])
    assert any("the order of the messages" in leak for leak in overheard(tmp_path, EVERYTHING[1:6], lasts="8 h").leaks())


def test_ids_that_count_faults_are_found(tmp_path, unmoved, monkeypatch):
    monkeypatch.setattr(ElementManager, "take", numbered_by_faults(ElementManager.take))
    (tmp_path / "far").mkdir()
    alone = of_the_others(tmp_path, OTHERS)
    assert of_the_others(tmp_path / "far", [FAR, *OTHERS]) != alone
    strip = [(at_ms, replace(m, message_id=m.message_id.rpartition("-")[0])) for at_ms, m in alone]
    assert strip == unmoved  # nothing else was changed by the mutant


def test_an_object_of_the_world_in_the_oss_is_found(day):
    day.oss.hint = [Telemetry.say, {"network": day.world.plant.network.document}]
    try:
        found = list(day.borrowed())
        assert any("one and the same" in leak for leak in found)
        day.oss.hint = day.world.truth
        assert "the OSS holds a sim.world.truth.Truth" in set(day.borrowed())
    finally:
        del day.oss.hint
    assert list(day.borrowed()) == []
