"""Who goes where first."""

import pytest

from ossbss.oss.maintenance.dispatch import Job, assign, distance_km

PLACES = {"kiel": (10.13, 54.32), "muenchen": (11.58, 48.14), "hamburg": (10.0, 53.55)}


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


def test_the_nearest_crew_goes():
    pairs = assign([job("a", "kiel"), job("b", "muenchen", 1)], {"n": "hamburg", "s": "muenchen"}, PLACES)
    assert {(j.incident_id, crew) for j, crew in pairs} == {("a", "n"), ("b", "s")}


def test_distances_agree_with_published_ones():
    """Hamburg–Munich is about 612 km as the crow flies."""
    assert distance_km(PLACES["hamburg"], PLACES["muenchen"]) == pytest.approx(612, rel=0.02)
