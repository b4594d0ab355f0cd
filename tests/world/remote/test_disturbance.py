"""What tests cost those who are served, by the clock, on the town."""

from tests.world.remote.bench import BROKE, CONVERGENCE, LOOP, TESTED, Bench, M


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
