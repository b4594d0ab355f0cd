"""Commands by the clock, on the town: what restarts cure, and what becomes of changes of configuration."""

import pytest

from ossbss.contract.assurance import VendorMessage
from ossbss.oss.elements.answers import MetricFacts
from sim.world.remote.cures import CURES
from tests.world.remote.bench import BROKE, CONVERGENCE, TESTED, TIMES, Bench, M, result

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
