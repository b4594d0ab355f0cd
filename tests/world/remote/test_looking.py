"""Tests by the clock, on the town: what reflectometry, loopback and traceroute find, and what they cannot."""

import pytest

from sim.world.remote import fibre
from tests.town import town
from tests.world.remote.bench import BROKE, OTDR, TESTED, TIMES, Bench, M, result

# -- reflectometry -------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(8))
def test_the_two_ends_of_a_cut_fibre_agree_on_the_place(seed):
    """Independent of where it is: the two distances make up the length, within what both promise."""
    bench = Bench(seed=seed).fails(BROKE, "cut_link", "hub-north")
    a, z = (bench.tests_it(TESTED, "reflectometry", "hub-north", end) for end in ("r-hub", "r-north"))
    bench.run()
    found = [result(bench, name) for name in (a, z)]
    assert [r.event for r in found] == ["break", "break"]
    assert sum(r.distance_km for r in found) == pytest.approx(15.7, abs=sum(r.resolution_km for r in found))
    assert all(0 <= r.distance_km <= 15.7 and r.resolution_km < 0.05 for r in found)


@pytest.mark.parametrize("seed", range(8))
def test_a_cut_duct_is_as_far_from_the_hub_on_both_its_fibres(seed):
    bench = Bench(seed=seed).fails(BROKE, "cut_duct", "duct-river")
    names = [bench.tests_it(TESTED, "reflectometry", link, "r-hub") for link in ("hub-north", "hub-south")]
    bench.run()
    north, south = (result(bench, name) for name in names)
    assert north.distance_km == pytest.approx(south.distance_km, abs=north.resolution_km)
    place = fibre.from_first_end_km(bench.plant.network, bench.faults.active["fault-cut_duct-duct-river"], 1, "hub-north", bench.tests.streams)
    assert abs(north.distance_km - place) <= north.resolution_km


def test_places_of_cuts_are_spread_over_the_whole_fibre():
    def place(seed):
        bench = Bench(seed=seed).fails(BROKE, "cut_link", "hub-north")
        name = bench.tests_it(TESTED, "reflectometry", "hub-north")
        return result(bench.run(), name).distance_km / 15.7

    places = [place(seed) for seed in range(40)]
    assert min(places) < 0.15
    assert max(places) > 0.85
    assert 0.35 < sum(places) / 40 < 0.65


def test_a_dead_far_end_leaves_the_fibre_whole():
    bench = Bench().fails(BROKE, "fail_node", "r-port")
    name = bench.tests_it(TESTED, "reflectometry", "east-port", "r-east")
    assert result(bench.run(), name).passed is True


def test_a_fibre_that_loses_packets_shows_where():
    bench = Bench().fails(BROKE, "degrade_link", "east-port", loss_milli=20)
    name = bench.tests_it(2 * M, "reflectometry", "east-port", "r-east")
    found = result(bench.run(), name)
    assert (found.passed, found.event) == (False, "loss")


def test_what_is_mended_while_light_is_averaged_is_not_seen():
    bench = Bench().fails(BROKE, "cut_link", "east-port", lasts_ms=TESTED + OTDR - 1_000 - BROKE)
    name = bench.tests_it(TESTED, "reflectometry", "east-port", "r-east")
    assert result(bench.run(), name).passed is True


def test_beyond_its_reach_and_without_a_length_it_says_that_it_does_not_know():
    document = town()
    long, unknown = document["links"][0], document["links"][1]
    long["length_km"] = 700.0
    del unknown["length_km"]
    bench = Bench(document=document)
    names = [bench.tests_it(TESTED, "reflectometry", link["id"]) for link in (long, unknown)]
    bench.run()
    assert [result(bench, name).passed for name in names] == [None, None]
    assert "reach" in result(bench, names[0]).reason
    assert "no length" in result(bench, names[1]).reason
    assert bench.spans("test", unknown["id"]) == []  # what cannot be made disturbs nobody


@pytest.mark.parametrize(("fibre_km", "at_km", "resolution_m"), [
    (5, 1, 10.21 + 1 + 0.1), (30, 20, 30.63 + 1 + 2), (80, 80, 102.1 + 1 + 8), (150, 100, 1021 + 1 + 10),
])  # fmt: skip
def test_resolution_is_half_a_pulse_and_the_instruments_error(fibre_km, at_km, resolution_m):
    """299,792 km/s ÷ 1.468 is 204.2 m each µs; there and back: 102.1 m."""
    assert fibre.resolution_km(fibre_km, at_km) * 1_000 == pytest.approx(resolution_m, rel=1e-3)


# -- loopback ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "target", "heard"), [
    ("fail_card", "r-east/1", {"r-east": False, "r-port": True}),
    ("cut_link", "east-port", {"r-east": True, "r-port": True}),
    ("fail_card", "r-port/1", {"r-east": True, "r-port": False}),
    ("fail_node", "r-port", {"r-east": True, "r-port": None}),
])  # fmt: skip
def test_two_loopbacks_tell_a_card_from_the_line(kind, target, heard):
    bench = Bench().fails(BROKE, kind, target)
    names = {end: bench.tests_it(TESTED, "loopback", "east-port", end) for end in heard}
    bench.run()
    assert {end: result(bench, name).passed for end, name in names.items()} == heard
    assert all((r := result(bench, name)).passed is not None or "management path" in r.reason for name in names.values())


# -- traceroute ----------------------------------------------------------------------------------------

def test_a_wrong_weight_that_no_alarm_tells_shows_in_the_way():
    bench = Bench().fails(5 * M, "bad_change", "hub-south", effect="metric", metric=10_000)
    before, after = (bench.tests_it(at, "traceroute", "svc-south", "r-south") for at in (M, TESTED))
    bench.run()
    assert result(bench, before).hops == ("r-south", "r-hub")
    assert result(bench, after).hops == ("r-south", "r-east", "r-north", "r-hub")


def test_a_traceroute_to_a_dead_node_stops_and_takes_longer():
    bench = Bench().fails(BROKE, "fail_node", "r-port")
    name = bench.tests_it(TESTED, "traceroute", "r-port")
    at_ms, found = bench.run().answer(name)
    assert (found.passed, found.hops) == (False, ("r-hub",))
    assert at_ms == TESTED + TIMES.traceroute_ms + TIMES.silent_hop_ms


def test_a_fixed_path_is_followed_to_where_it_is_broken():
    document = town()
    service = next(s for s in document["services"] if s["id"] == "svc-port")
    service |= {"protection": "none", "path": ["east-port", "east-north", "hub-north"]}
    bench = Bench(document=document)
    bench.fails(BROKE, "cut_link", "hub-north")
    name = bench.tests_it(TESTED, "traceroute", "svc-port", "r-port")
    found = result(bench.run(), name)
    assert (found.passed, found.hops) == (False, ("r-port", "r-east", "r-north"))
