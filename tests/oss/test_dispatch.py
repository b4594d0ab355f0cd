"""Who goes where first."""

from dataclasses import replace

import pytest

from ossbss.contract.fulfilment import ServicePriority
from ossbss.contract.hours import Hours
from ossbss.contract.units import HOUR_MS
from ossbss.oss.fault.impact import Impact
from ossbss.oss.fault.records import Incident
from ossbss.oss.inventory import read_inventory
from ossbss.oss.maintenance.dispatch import Job, assign, distance_km, jobs, next_ms
from ossbss.oss.policy import Crew
from tests.town import town

PLACES = {"kiel": (10.13, 54.32), "muenchen": (11.58, 48.14), "hamburg": (10.0, 53.55)}


@pytest.fixture
def town_inventory():
    return read_inventory(town())


def job(name, site, weight=0, known_ms=0, occurred_ms=0):
    return Job(name, f"link-{name}", site, weight, known_ms, occurred_ms)


def test_the_heavier_job_gets_the_only_crew():
    assert [j.incident_id for j, _ in assign([job("a", "kiel"), job("b", "muenchen", 5)], {"c": "kiel"}, PLACES)] == [
        "b"
    ]


def test_equal_weights_are_served_in_order_of_arrival():
    pairs = assign([job("late", "kiel", 1, 9), job("early", "kiel", 1, 2)], {"c": "kiel"}, PLACES)
    assert pairs[0][0].incident_id == "early"


def test_faults_learnt_at_one_instant_are_served_as_they_happened():
    pairs = assign([job("second", "kiel", occurred_ms=7), job("first", "kiel", occurred_ms=3)], {"c": "kiel"}, PLACES)
    assert pairs[0][0].incident_id == "first"


@pytest.mark.parametrize(("visits", "first"), [(0, "ghost"), (3, "ghost"), (4, "real"), (9, "real")])
def test_a_job_at_which_too_many_crews_found_nothing_waits_behind_the_others(visits, first):
    ghost, real = replace(job("ghost", "kiel", 9), fruitless_visits=visits), job("real", "kiel", 1)
    assert assign([ghost, real], {"c": "kiel"}, PLACES)[0][0].incident_id == first


def test_the_nearest_crew_goes():
    pairs = assign([job("a", "kiel"), job("b", "muenchen", 1)], {"n": "hamburg", "s": "muenchen"}, PLACES)
    assert {(j.incident_id, crew) for j, crew in pairs} == {("a", "n"), ("b", "s")}


def test_distances_agree_with_published_ones():
    """Hamburg–Munich is about 612 km as the crow flies."""
    assert distance_km(PLACES["hamburg"], PLACES["muenchen"]) == pytest.approx(612, rel=0.02)


SOON, LATE = Hours(8 * HOUR_MS, 17 * HOUR_MS), Hours(12 * HOUR_MS, 20 * HOUR_MS)


def roster(*crews):
    return {crew.crew_id: crew for crew in crews}


def sent(waiting, crews, now_ms=0):
    free = {crew.crew_id: crew.base_site for crew in crews.values()}
    return {(j.incident_id, crew) for j, crew in assign(waiting, free, PLACES, crews, now_ms)}


def test_of_equal_weights_the_one_that_is_due_first_goes_first():
    """Both are worth the same; the second came later, and its strictest contract wants it mended earlier."""
    first, second = (replace(job(n, "kiel", 5, at), due_ms=due) for n, at, due in [("a", 1, 900), ("b", 2, 500)])
    assert sent([first, second], roster(Crew("c", "kiel"))) == {("b", "c")}
    assert sent([replace(first, weight=6), second], roster(Crew("c", "kiel"))) == {("a", "c")}
    assert sent([replace(job("z", "kiel", 5)), second], roster(Crew("c", "kiel"))) == {("b", "c")}


def test_the_deadline_is_the_strictest_of_the_services_that_are_down(town_inventory):
    alarms = tuple((f"svc-{site}", "underlyingResourceUnavailable", "r-hub") for site in ("port", "east"))
    incident = Incident("incident-1", "diagnosed", "east-port", (), alarms, 1_000, 2_000)
    priorities = {
        name: ServicePriority(sender="bss", message_id=name, occurred_ms=0, service_id=name, weight=weight,
                              line_count=1, sla_repair_within_ms=within_ms)
        for name, weight, within_ms in [("svc-port", 3, 8 * HOUR_MS), ("svc-east", 4, 4 * HOUR_MS), ("svc-hub", 9, 1)]
    }  # fmt: skip
    impact = Impact("incident-1", down=("svc-east", "svc-port"), at_risk=("svc-hub",), weight=7_090)
    (found,) = jobs([incident], priorities, town_inventory, {}, {"incident-1": impact})
    assert (found.weight, found.due_ms) == (7_090, 1_000 + 4 * HOUR_MS)
    (found,) = jobs([incident], priorities, town_inventory, {}, {})
    assert (found.weight, found.due_ms) == (0, None)


def test_only_who_masters_it_goes():
    fibre = replace(job("a", "kiel"), skill="fibre")
    crews = roster(Crew("ip", "kiel", frozenset({"ip"})), Crew("far", "muenchen", frozenset({"fibre"})))
    assert sent([fibre], crews) == {("a", "far")}


def test_where_nobody_masters_what_is_believed_somebody_goes_to_look_but_not_when_it_is_known():
    power = replace(job("a", "kiel"), skill="power")
    crews = roster(Crew("ip", "kiel", frozenset({"ip"})))
    assert sent([power], crews) == {("a", "ip")}
    assert sent([replace(power, seen=True)], crews) == set()


def test_a_crew_sleeps_until_its_shift_and_the_heavier_job_of_the_morning_gets_it():
    crews = roster(Crew("c", "kiel", shift=SOON))
    assert sent([job("a", "kiel")], crews, 6 * HOUR_MS) == set()
    assert next_ms([job("a", "kiel")], crews, crews, 6 * HOUR_MS) == 8 * HOUR_MS
    assert sent([job("a", "kiel"), job("b", "kiel", 1)], crews, 8 * HOUR_MS) == {("b", "c")}
    assert next_ms([], crews, crews, 6 * HOUR_MS) is None


def test_on_call_counts_as_a_later_start():
    """At 07:00 the one on call would leave at 07:30, the other with its shift at 12:00."""
    crews = roster(Crew("late", "kiel", shift=LATE), Crew("called", "hamburg", shift=SOON, on_call_ms=HOUR_MS // 2))
    assert sent([job("a", "kiel")], crews, 7 * HOUR_MS) == {("a", "called")}


def test_a_job_without_its_part_waits_and_the_crew_does_another():
    short = replace(job("a", "kiel", 9), ready_ms=5 * HOUR_MS)
    crews = roster(Crew("c", "kiel"))
    assert sent([short, job("b", "kiel")], crews, HOUR_MS) == {("b", "c")}
    assert next_ms([short], crews, crews, HOUR_MS) == 5 * HOUR_MS
    assert sent([short, job("b", "kiel")], crews, 5 * HOUR_MS) == {("a", "c")}


def test_a_partner_gets_its_ticket_though_no_crew_is_free():
    assert sent([replace(job("a", "kiel"), partner_id="carrier")], {}) == {("a", "carrier")}


def test_the_order_of_jobs_and_crews_in_a_list_means_nothing():
    many = [job(name, site, 1) for name, site in zip("abcdef", ["kiel", "muenchen", "hamburg"] * 2, strict=True)]
    crews = [Crew(f"crew-{n}", site) for n, site in enumerate(["hamburg", "kiel", "hamburg", "muenchen"])]
    assert sent(many, roster(*crews)) == sent(many[::-1], roster(*crews[::-1]))
