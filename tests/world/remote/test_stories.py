"""Tests and commands by the clock, on the town: what they find, what they cannot, what they cost those who are served."""

import pytest

from ossbss.contract.assurance import TestResult, VendorMessage
from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.answers import CardFacts, MetricFacts
from sim.world.management.cpu import CpuPolicy
from sim.world.remote import fibre
from sim.world.remote.cures import CURES
from tests.town import town
from tests.world.remote.bench import CONVERGENCE, TIMES, Bench

M = MINUTE_MS
BROKE, TESTED = M, 10 * M
OTDR, LOOP = TIMES.reflectometry_ms, TIMES.loopback_ms


def result(bench, name):
    message = bench.answer(name)[1]
    assert isinstance(message, TestResult)
    return message


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


# -- what it costs -------------------------------------------------------------------------------------


def test_a_loopback_on_the_only_way_interrupts_while_it_lasts_and_until_routing_has_converged():
    bench = Bench()
    bench.tests_it(TESTED, "loopback", "east-port", "r-east")
    bench.run()
    assert bench.spans("service_outage", "svc-port") == [(TESTED, TESTED + LOOP + CONVERGENCE)]
    assert bench.spans("test") == [(TESTED, TESTED + LOOP)]
    assert bench.bodies("test")[0]["interrupted"] == ["svc-port"]


def test_one_on_a_ring_interrupts_until_traffic_has_gone_round():
    bench = Bench()
    bench.tests_it(TESTED, "reflectometry", "hub-south", "r-hub")
    bench.run()
    assert bench.spans("service_outage") == [(TESTED, TESTED + CONVERGENCE)]


def test_one_on_what_is_dark_already_disturbs_nobody():
    bench = Bench().fails(BROKE, "cut_link", "hub-south", lasts_ms=30 * M)
    bench.run(TESTED)
    before = bench.spans("service_outage")
    for at, method in ((TESTED + M, "loopback"), (TESTED + 3 * M, "reflectometry")):
        bench.tests_it(at, method, "hub-south", "r-hub")
    bench.run(29 * M)
    assert bench.spans("service_outage") == before
    assert [body["interrupted"] for body in bench.bodies("test")] == [[], []]


def test_nothing_that_works_is_disturbed_by_looking():
    """Every look and every traceroute, at every element, while all is well: no state changes, nobody is interrupted."""
    bench = Bench()
    state, at = bench.plant.state, M
    for node in bench.inventory.site_of_node:
        for kind, about in (("show_alarms", ""), ("show_change", ""), ("show_card", f"{node}/1")):
            bench.types(at, kind, node, about)
        for link in bench.inventory.links_on[node]:
            bench.types(at, "show_port", node, link)
            bench.types(at, "show_metric", node, link)
        bench.tests_it(at, "traceroute", "svc-farm", node)
    bench.run()
    assert bench.plant.state is state
    assert bench.spans("service_outage") == []
    assert all(body["interrupted"] == [] for kind in ("command", "test") for body in bench.bodies(kind))
    assert len(bench.spans("command")) > 30


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


# -- restarts and cures --------------------------------------------------------------------------------


def natures(kind, act, target, node, resource, share):
    """Seeds on which the act cures, and whether a second try ever helps."""
    cured = []
    for seed in range(30):
        bench = Bench(seed=seed).fails(BROKE, kind, target)
        for at in (TESTED, TESTED + 20 * M):
            bench.types(at, act, node, resource)
        bench.run()
        cured.append(bench.spans("fault")[0][1])
    assert abs(sum(end is not None for end in cured) / 30 - share) < 0.25
    return {end for end in cured if end is not None}


def test_a_restart_cures_a_card_whose_software_crashed_and_no_broken_one_however_often_it_is_tried():
    once = TESTED + TIMES.command_ms + TIMES.card_restart_ms
    assert natures("fail_card", "restart_card", "r-port/1", "r-port", "r-port/1", 0.5) == {once}


def test_a_reset_wakes_most_sleeping_cells():
    once = TESTED + TIMES.command_ms + TIMES.radio_reset_ms
    assert natures("sleep_cell", "reset_cell", "cell-port", "r-port", "cell-port", 0.9) == {once}


@pytest.mark.parametrize(("kind", "target"), [("cut_link", "east-port"), ("degrade_link", "east-port"), ("bad_change", "r-port")])
def test_a_restart_does_not_cure_what_is_not_software(kind, target):
    bench = Bench().fails(BROKE, kind, target, loss_milli=20, effect="shutdown")
    bench.types(TESTED, "restart_card", "r-port", "r-port/1")
    bench.types(TESTED + 10 * M, "restart_node", "r-port")
    bench.run()
    assert bench.spans("fault") == [(BROKE, None)]
    assert frozenset().union(*CURES.values()) == {"fail_card", "sleep_cell"}


def test_a_restart_of_a_card_that_works_interrupts_its_services_for_as_long():
    bench = Bench()
    bench.types(TESTED, "restart_card", "r-port", "r-port/1")
    bench.run()
    begins = TESTED + TIMES.command_ms
    assert bench.spans("service_outage") == [(begins, begins + TIMES.card_restart_ms + CONVERGENCE)]
    assert bench.bodies("command")[0]["interrupted"] == ["svc-port"]


@pytest.mark.parametrize(("node", "card"), [("r-port", "r-port/1"), ("r-farm", "r-farm/1")])
def test_a_card_that_is_told_to_restart_does_not_say_that_it_has_failed(node, card):
    """Its ports go down and come up, at both ends; nothing has crashed."""
    bench = Bench()
    bench.types(TESTED, "restart_card", node, card)
    bench.run()
    lines = [m.payload.decode() for _, m in bench.said if isinstance(m, VendorMessage)]
    assert any("UPDOWN" in line or "LINK_DOWN" in line for line in lines)
    assert not any(word in line for line in lines for word in ("CRASH", "FPC", "INSCARD"))


def test_a_cell_that_was_awake_is_out_while_its_radio_starts():
    bench = Bench()
    bench.types(TESTED, "reset_cell", "r-farm", "cell-farm")
    bench.run()
    begins = TESTED + TIMES.command_ms
    assert bench.spans("service_outage", "svc-farm") == [(begins, begins + TIMES.radio_reset_ms)]


# -- configuration -------------------------------------------------------------------------------------


def test_a_wrong_weight_is_put_right_by_the_rollback_and_traffic_is_back():
    bench = Bench().fails(BROKE, "bad_change", "hub-south", effect="metric", metric=10_000)
    named = bench.types(2 * M, "show_change", "r-hub")
    bench.run(3 * M)
    bench.types(4 * M, "roll_back", "r-hub", checkpoint=bench.facts(named).checkpoint, confirm_min=5)
    bench.types(5 * M, "confirm", "r-hub")
    metric = bench.types(20 * M, "show_metric", "r-hub", "hub-south")
    way = bench.tests_it(20 * M, "traceroute", "svc-south", "r-south")
    bench.run()
    assert bench.spans("fault") == [(BROKE, 4 * M + TIMES.command_ms)]
    assert bench.facts(metric) == MetricFacts(10)
    assert result(bench, way).hops == ("r-south", "r-hub")


def test_opening_each_port_that_a_change_closed_ends_it_with_the_last():
    bench = Bench().fails(BROKE, "bad_change", "r-east/1", effect="shutdown")
    for minute, link in enumerate(("east-north", "east-south", "east-port"), start=3):
        bench.types(minute * M, "open_port", "r-east", link, confirm_min=None)
    bench.run()
    assert bench.spans("fault") == [(BROKE, 5 * M + TIMES.command_ms)]


def test_the_rollback_undoes_the_last_change_and_leaves_an_older_mistake():
    """Two changes at one node, the wrong one first: back to the running configuration before the last is not enough."""
    bench = Bench().fails(BROKE, "bad_change", "r-east", effect="isolate")
    bench.types(2 * M, "set_metric", "r-east", "east-port", metric=50, confirm_min=None)
    named = bench.types(3 * M, "show_change", "r-east")
    bench.run(4 * M)
    assert bench.facts(named).user == "oss"
    bench.types(5 * M, "roll_back", "r-east", checkpoint=bench.facts(named).checkpoint, confirm_min=None)
    bench.run()
    assert bench.spans("fault") == [(BROKE, None)]
    assert bench.plant.state.metrics == frozenset()


def test_what_cuts_off_its_own_way_is_unanswered_and_takes_itself_back():
    """In band, the port's only link is shut from afar: no answer comes, and after five minutes the port opens itself."""
    bench = Bench(management={"mode": "in_band"})
    asked = bench.types(TESTED, "shut_port", "r-port", "east-port", confirm_min=5)
    bench.run()
    done = TESTED + TIMES.command_ms
    assert bench.answer(asked)[1].payload is None
    assert bench.spans("service_outage", "svc-port") == [(done, done + 5 * M + CONVERGENCE)]
    assert [body["told"] for body in bench.bodies("command")] == [["configure shut GigabitEthernet0/1/0"], ["revert"]]


# -- the way there -------------------------------------------------------------------------------------


def test_over_a_lost_path_nothing_is_done_and_nothing_is_answered():
    bench = Bench(management={"mode": "in_band"}).fails(BROKE, "cut_link", "east-port")
    asked = bench.types(TESTED, "restart_card", "r-port", "r-port/1")
    tested = bench.tests_it(TESTED, "loopback", "east-port", "r-port")
    at_ms, said = bench.run().answer(asked)
    assert (at_ms, said.payload, said.reason) == (TESTED + 5_000, None, "r-port does not answer")
    assert (result(bench, tested).passed, result(bench, tested).reason) == (None, "no management path to where it starts")
    assert bench.spans("command") == bench.spans("test") == []


def test_a_lost_manager_leaves_its_elements_out_of_reach_and_the_others_within():
    bench = Bench().fails(BROKE, "fail_manager", "em-junos")
    lost, heard = bench.types(TESTED, "show_card", "r-farm", "r-farm/1"), bench.types(TESTED, "show_card", "r-port", "r-port/1")
    bench.run()
    assert bench.answer(lost)[1].reason == "em-junos does not answer"
    assert bench.facts(heard) == CardFacts((("1", True),))


def test_an_element_with_a_finite_processor_answers_in_turn():
    """Two jobs a second: ten questions at one instant are answered half a second after one another."""
    bench = Bench(element_cpu=CpuPolicy(per_s=2.0))
    names = [bench.types(TESTED, "show_change", "r-east") for _ in range(10)]
    bench.run()
    assert [bench.answer(name)[0] for name in names] == [TESTED + 500 * n + TIMES.command_ms for n in range(1, 11)]


def test_an_element_that_is_not_there_is_no_mistake_of_the_world():
    bench = Bench()
    asked = bench.types_raw(TESTED, "r-nowhere", "show platform\n")
    tested = [bench.tests_it(TESTED, *what) for what in (("loopback", "no-link"), ("traceroute", "nobody"), ("loopback", "hub-north", "r-farm"))]
    bench.run()
    assert bench.answer(asked)[1].reason == "there is no element r-nowhere"
    assert [result(bench, name).passed for name in tested] == [None] * 3
