"""Whom does an incident harm? What is believed to have failed, and what services say of themselves."""

from dataclasses import replace

import pytest

from ossbss.contract.desk import Desk
from ossbss.contract.fulfilment import ServicePriority
from ossbss.oss.elements.names import SITE_CAUSES
from ossbss.oss.fault.casebook import Casebook
from ossbss.oss.fault.impact import DEGRADED, Heard, Impact, Impacts, failed_by, impact_of, suffering
from ossbss.oss.fault.records import Cause
from ossbss.oss.fault.redundancy import RedundancyModel
from ossbss.oss.fault.service_impact import Outage
from ossbss.oss.fault.symptoms import STATION, lost_contact
from ossbss.oss.fault.testing import Trials
from ossbss.oss.inventory import SERVICE_DOWN, read_inventory
from ossbss.oss.policy import OperationsPolicy
from tests.oss.fault.test_redundancy import DIAMOND, MESH, network
from tests.town import town

TOWN = read_inventory(town())
WORD = {"sender": "bss", "message_id": "m", "occurred_ms": 0, "sla_repair_within_ms": None}
PRIORITIES = {f"svc-{site}": ServicePriority(**WORD, service_id=f"svc-{site}", weight=weight, line_count=10 * weight)
              for weight, site in enumerate(["hub", "north", "east", "south", "port", "farm"], start=1)}  # fmt: skip
LINK_DOWN = ("east-port", "lossOfSignal", "r-east")


class Centre:
    """A casebook, and the impacts of what stands in it."""

    def __init__(self, inventory=TOWN):
        self.desk, self.now_ms = Desk("oss"), 0
        self.cases, self.impacts = Casebook(self.desk), Impacts(inventory, OperationsPolicy(), self.desk)
        self.outages, self.trials, self.active = {}, {}, set()

    def believe(self, resource, *alarms, began_ms=1_000):
        cause = Cause(resource, (), frozenset(), frozenset())
        return self.cases.open_incident(cause, frozenset(alarms or [(resource, "lossOfSignal", "r")]), began_ms, began_ms)

    def assess(self, after_ms=10_000):
        """The impacts that are noted so much later, when some service has said something."""
        self.desk.note("surveillance", "alarm.raised", "x", 0, {"probable_cause": SERVICE_DOWN})
        self.now_ms += after_ms
        self.impacts.assess(self.cases, self.outages, self.trials, self.active, PRIORITIES, self.now_ms)
        noted = [entry.subject for entry in self.desk.out.entries if entry.kind == "impact.assessed"]
        self.desk.clear()
        return noted

    def of(self, incident):
        found = self.impacts.of.get(incident.incident_id, Impact(incident.incident_id))
        return {"down": found.down, "at_risk": found.at_risk, "degraded": found.degraded}

    def close(self, incident):
        self.cases.keep(replace(incident, state="closed", closed_ms=self.now_ms))


def states(down=(), at_risk=(), degraded=()):
    return {"down": tuple(down), "at_risk": tuple(at_risk), "degraded": tuple(degraded)}


def test_each_change_is_noted_once_and_the_end_as_an_empty_one():
    centre = Centre()
    incident = centre.believe("east-port", LINK_DOWN)
    assert centre.assess() == ["incident-1"]
    assert centre.of(incident) == states(down=["svc-port"])
    assert centre.assess() == []
    centre.close(incident)
    assert centre.assess() == ["incident-1"]
    assert centre.impacts.of == {}
    assert centre.assess() == []


def test_lines_are_counted_by_state_and_weigh_as_the_policy_says():
    centre = Centre()
    centre.believe("east-north")
    centre.assess()
    ring = centre.impacts.of["incident-1"]
    assert set(ring.at_risk) == {f"svc-{site}" for site in ("north", "east", "south", "port", "farm")}
    assert (ring.subscribers_at_risk, ring.subscribers_down, ring.weight) == (200, 0, 10 * 20)
    centre.believe("farm-north")
    centre.assess()
    farm = centre.impacts.of["incident-2"]
    assert (farm.down, farm.subscribers_down, farm.weight) == (("svc-farm",), 60, 6_000)


def test_what_two_incidents_do_only_together_is_the_harm_of_both():
    inventory = read_inventory(network([*DIAMOND, ("ad", "a", "d")], {"s": ("a", "d")}))
    causes = {"one": frozenset({"ab"}), "two": frozenset({"cd"}), "other": frozenset({"nothing"})}
    assert suffering(causes, RedundancyModel(inventory)) == {
        "one": {"s": "at_risk"}, "two": {"s": "at_risk"}, "other": {}}  # fmt: skip


def test_what_one_incident_does_alone_is_no_harm_of_another_that_does_less():
    """The spur to the farms is cut; the ring behind it too, so that without the spur's cut they would be at risk."""
    causes = {"spur": frozenset({"farm-north"}), "ring": frozenset({"hub-south"})}
    found = suffering(causes, RedundancyModel(TOWN))
    assert found["spur"]["svc-farm"] == "down"
    assert found["ring"]["svc-farm"] == "at_risk"


def test_of_two_cuts_of_a_ring_both_have_done_it_of_three_the_one_that_is_alone_on_its_side():
    ring = [(f"l{number}", f"n{number}", f"n{(number + 1) % 6}") for number in range(6)]
    model = RedundancyModel(read_inventory(network(ring, {"s": ("n0", "n3")})))
    cut = {name: frozenset({name}) for name in ("l0", "l4", "l5")}
    two = {name: cut[name] for name in ("l0", "l4")}
    assert suffering(two, model) == {"l0": {"s": "down"}, "l4": {"s": "down"}}
    assert suffering(cut, model) == {"l0": {"s": "down"}, "l4": {"s": "at_risk"}, "l5": {"s": "at_risk"}}


def test_a_service_that_says_it_is_down_is_down_whatever_is_believed():
    centre = Centre()
    incident = centre.believe("hub-north", ("svc-east", SERVICE_DOWN, "r-hub"))
    centre.outages["svc-east"] = Outage("svc-east", 900, 0, None)
    centre.assess()
    assert centre.of(incident)["down"] == ("svc-east",)
    assert centre.impacts.unverified == frozenset()


def test_a_service_that_was_heard_to_work_since_is_not_down():
    centre = Centre()
    incident = centre.believe("east-port", LINK_DOWN)
    centre.trials["svc-port"] = Trials().heard(True, 999)
    centre.assess()
    assert centre.of(incident) == states(down=["svc-port"])  # that was before
    centre.trials["svc-port"] = Trials().heard(True, 1_001)
    centre.assess()
    assert centre.of(incident) == states()
    centre.trials["svc-port"] = centre.trials["svc-port"].heard(False, 1_002)
    centre.assess()
    assert centre.of(incident) == states(down=["svc-port"])


def test_a_dead_nodes_own_cell_says_nothing_and_is_to_be_probed():
    document = town()
    document["management"]["station"] = "r-south"
    centre = Centre(read_inventory(document))
    incident = centre.believe("r-hub", lost_contact("r-hub"))
    centre.assess()
    assert "svc-hub" in centre.of(incident)["down"]
    assert "svc-hub" in centre.impacts.unverified
    assert centre.impacts.blame("svc-hub") == incident
    centre.outages["svc-port"] = Outage("svc-port", 900, 0, None)
    centre.assess()
    assert "svc-port" not in centre.impacts.unverified


def test_poor_performance_makes_a_service_degraded_and_no_worse():
    centre = Centre()
    alarm = ("svc-port", DEGRADED, STATION)
    incident = centre.believe("r-east/1", alarm)
    told = Heard({}, {}, {alarm})
    assert impact_of(incident, {}, {}, told, PRIORITIES, 10).degraded == ("svc-port",)
    down = Heard({"svc-port": Outage("svc-port", 0, 0, None)}, {}, {alarm})
    assert impact_of(incident, {"svc-port": "at_risk"}, {}, down, PRIORITIES, 10).down == ("svc-port",)


MAINS = min(SITE_CAUSES)


@pytest.mark.parametrize(("alarms", "failed"), [
    ([("r-south", "powerProblem", "r-south")], {"south"}),
    ([lost_contact("r-south")], {"south"}),
])  # fmt: skip
def test_a_dead_site_has_failed(alarms, failed):
    assert failed_by(Centre().believe("south", *alarms), TOWN) == failed


def test_a_site_on_its_stores_works_until_its_node_falls_silent():
    told = ("south", MAINS, "r-south")
    assert failed_by(Centre().believe("south", told), TOWN) == frozenset()
    assert failed_by(Centre().believe("south", told, lost_contact("r-south")), TOWN) == {"south"}
    assert failed_by(Centre().cases.open_incident(None, frozenset({told}), 0, 0), TOWN) == frozenset()


def test_of_a_power_area_the_sites_that_live_on_are_left_out():
    inventory = read_inventory(network(MESH, {"s": ("a", "d")}, areas={"grid": ("site-b", "site-c")}))
    told = ("site-b", MAINS, "b")
    assert failed_by(Centre().believe("grid", told, ("c", "powerProblem", "c")), inventory) == {"c"}


def test_what_many_services_say_within_a_moment_is_one_change_and_an_incident_is_assessed_at_once():
    centre = Centre()
    sites = ("east", "port", "south")
    incident = centre.believe("hub-south", *((f"svc-{site}", SERVICE_DOWN, "r-hub") for site in sites))
    assert centre.assess() == ["incident-1"]
    for site in sites:
        centre.outages[f"svc-{site}"] = Outage(f"svc-{site}", 900, 0, None)
        assert centre.assess(after_ms=10) == []
    assert centre.assess() == ["incident-1"]
    assert centre.of(incident)["down"] == ("svc-east", "svc-port", "svc-south")
    centre.believe("farm-north")
    assert centre.assess(after_ms=10) == ["incident-2"]
