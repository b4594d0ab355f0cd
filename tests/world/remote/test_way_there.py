"""Over which path tests and commands go, and what comes back where there is none."""

from ossbss.oss.elements.answers import CardFacts
from sim.world.management.cpu import CpuPolicy
from tests.world.remote.bench import BROKE, TESTED, TIMES, Bench, result


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
