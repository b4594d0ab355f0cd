"""Compliance of the terminals: the OSS's words typed, the world's answer, the OSS's facts. Every action, every state,
both vendors; the world's truth is what is compared with."""

import pytest

from ossbss.contract.units import MINUTE_MS
from ossbss.oss.elements.answers import CardFacts, ChangeFacts, Done, MetricFacts
from sim.world.elements.condition import IDLE_BPS
from sim.world.network.routing.arcs import LARGEST_METRIC
from tests.world.remote.bench import LINES, TIMES, Bench

VENDORS = [("r-east", "r-north"), ("r-north", "r-east")]
"""(asked, far end) of the link east-north: IOS, Junos."""
LINK, LENGTH_KM = "east-north", 15.7
BROKE, ASKED = 60_000, 120_000
FAR = {"r-east": "r-east/1", "r-north": "r-north/1"}
LIT_DBM = -3.0 - 0.2 * LENGTH_KM  # 15.7 km of fibre at 0.2 dB/km after -3 dBm

vendors = pytest.mark.parametrize(("node", "far"), VENDORS, ids=["ios", "junos"])

STATES = {
    # what happened: (kind, target), (admin up, up, dark, readable)
    "well": (None, (True, True, False, True)),
    "the fibre is cut": (("cut_link", LINK), (True, False, True, True)),
    "its duct is cut": (("cut_duct", "duct-east-north"), (True, False, True, True)),
    "the far card failed": (("fail_card", "FAR CARD"), (True, False, True, True)),
    "the far node is dead": (("fail_node", "FAR"), (True, False, True, True)),
    "the far site has no power": (("lose_site", "FAR SITE"), (True, False, True, True)),
    "the own card failed": (("fail_card", "CARD"), (True, False, False, False)),
    "packets are lost": (("degrade_link", LINK), (True, True, False, True)),
    "the routing is cut off": (("bad_change", "NODE"), (True, True, False, True)),
}


def target(name, node, far):
    return {"FAR": far, "FAR CARD": f"{far}/1", "FAR SITE": far.removeprefix("r-"), "CARD": f"{node}/1", "NODE": node}.get(name, name)


@vendors
@pytest.mark.parametrize("state", STATES)
def test_a_port_shows_what_light_it_gets(state, node, far):
    happened, (admin_up, up, dark, readable) = STATES[state]
    bench = Bench()
    if happened:
        bench.fails(BROKE, happened[0], target(happened[1], node, far), loss_milli=30)
    facts = bench.run_and_read("show_port", node, LINK, at_ms=ASKED)
    assert (facts.admin_up, facts.up, facts.dark, facts.readable) == (admin_up, up, dark, readable)
    lossy = state == "packets are lost"
    if up:
        assert facts.rx_dbm == pytest.approx(LIT_DBM - (8 if lossy else 0), abs=0.06)
    seconds = (ASKED + TIMES.command_ms - BROKE) // 1_000
    assert facts.input_errors == (seconds * 30 if lossy else 0)  # 3 % of 1,000 packets a second


@vendors
def test_errors_count_up_while_the_line_is_bad_and_stay_when_it_is_mended(node, far):
    bench = Bench().fails(BROKE, "degrade_link", LINK, lasts_ms=10 * MINUTE_MS, loss_milli=10)
    asked = [bench.types(at * MINUTE_MS, "show_port", node, LINK) for at in (5, 10, 30, 40)]
    bench.run()
    errors = [bench.facts(name).input_errors for name in asked]
    assert errors[0] < errors[1] < errors[2] == errors[3] == 600 * 10


@vendors
def test_a_port_that_was_shut_is_administratively_down_here_and_dark_there(node, far):
    bench = Bench()
    bench.types(BROKE, "shut_port", node, LINK, confirm_min=None)
    here, there = (bench.types(ASKED, "show_port", end, LINK) for end in (node, far))
    bench.run()
    assert (bench.facts(here).admin_up, bench.facts(here).up) == (False, False)
    assert (bench.facts(there).admin_up, bench.facts(there).up, bench.facts(there).dark) == (True, False, True)


@vendors
def test_a_card_works_fails_and_restarts(node, far):
    card = f"{node}/1"
    bench = Bench()
    well = bench.types(1_000, "show_card", node, card)
    restart = bench.types(BROKE, "restart_card", node, card)
    during = bench.types(BROKE + MINUTE_MS, "show_card", node, card)
    after = bench.types(BROKE + TIMES.card_restart_ms + 10_000, "show_card", node, card)
    bench.run()
    assert bench.facts(restart) == Done(True)
    assert [bench.facts(n) for n in (well, during, after)] == [CardFacts((("1", works),)) for works in (True, False, True)]
    assert bench.spans("command", node)[1] == (BROKE + TIMES.command_ms, BROKE + TIMES.command_ms + TIMES.card_restart_ms)


@vendors
@pytest.mark.parametrize("management", ["out_of_band", "in_band"])
def test_the_alarm_list_is_what_is_wrong_now_with_the_times_at_which_it_began(node, far, management):
    """Resynchronisation: what has ended since is not in it, and what was so before somebody asked is."""
    bench = Bench(management={"mode": management})
    bench.fails(BROKE, "cut_link", LINK).fails(BROKE, "cut_link", "east-south", lasts_ms=30_000)
    bench.fails(BROKE + 5_000, "cut_link", "farm-north" if node == "r-north" else "east-port")
    asked = bench.types(ASKED, "show_alarms", node)
    found = {(a.object_kind, a.object_name): a for a in bench.run().facts(asked).alarms}
    ports = {"r-east": {"east-north": BROKE, "east-port": BROKE + 5_000}, "r-north": {"east-north": BROKE, "farm-north": BROKE + 5_000}}[node]
    expected = {("port", bench.inventory.links[link].port_at(node)): at for link, at in ports.items()}
    assert found.keys() == expected.keys()
    for key, at_ms in expected.items():
        assert abs(found[key].occurred_ms - bench.zero - at_ms) <= found[key].occurred_uncertainty_ms
        assert (found[key].perceived_severity, found[key].probable_cause) == ("major", "lossOfSignal")


@vendors
def test_the_alarm_list_names_failed_cards_and_probes(node, far):
    bench = Bench().fails(BROKE, "fail_card", f"{node}/1")
    asked = bench.types(ASKED, "show_alarms", node)
    found = {(a.object_kind, a.object_name) for a in bench.run().facts(asked).alarms}
    probe = next(s.probe for s in bench.inventory.services.values() if s.ends[0] == node)
    assert {("card", "1"), ("probe", probe)} <= found


@vendors
def test_a_sleeping_cell_hangs_on_a_port_that_is_up_and_serves_nobody(node, far):
    """The farm speaks Junos, the port IOS."""
    cell, at = ("cell-port", "r-port") if node == "r-east" else ("cell-farm", "r-farm")
    bench = Bench().fails(BROKE, "sleep_cell", cell)
    before, asleep = bench.types(1_000, "show_cell", at, cell), bench.types(ASKED, "show_cell", at, cell)
    bench.run()
    assert (bench.facts(before).up, bench.facts(before).input_bps) == (True, LINES[cell] * IDLE_BPS)
    assert (bench.facts(asleep).up, bench.facts(asleep).admin_up, bench.facts(asleep).input_bps) == (True, True, 0)


@vendors
def test_metric_as_planned_wrong_set_and_reverted(node, far):
    bench = Bench()
    first = bench.types(1_000, "show_metric", node, LINK)
    done = bench.types(BROKE, "set_metric", node, LINK, metric=777, confirm_min=5)
    asked = [bench.types(at, "show_metric", end, LINK) for at, end in
             ((ASKED, node), (ASKED, far), (BROKE + 5 * MINUTE_MS + 2_000, node))]  # fmt: skip
    bench.run()
    planned = bench.inventory.links[LINK].metric
    assert bench.facts(done) == Done(True)
    assert [bench.facts(n) for n in (first, *asked)] == [MetricFacts(m) for m in (planned, 777, 777, planned)]


@vendors
def test_a_confirmed_change_stays(node, far):
    bench = Bench()
    bench.types(BROKE, "set_metric", node, LINK, metric=777, confirm_min=5)
    confirmed = bench.types(ASKED, "confirm", node)
    asked = bench.types(BROKE + 10 * MINUTE_MS, "show_metric", node, LINK)
    bench.run()
    assert (bench.facts(confirmed), bench.facts(asked)) == (Done(True), MetricFacts(777))


@vendors
def test_isolate_drains_the_node_and_rejoin_takes_it_back(node, far):
    bench = Bench()
    bench.types(BROKE, "isolate", node, confirm_min=None)
    drained = bench.types(ASKED, "show_metric", far, LINK)
    via = bench.tests_it(ASKED, "traceroute", "r-east" if node != "r-east" else "r-port", "r-hub")
    bench.types(ASKED + 60_000, "rejoin", node, confirm_min=None)
    again = bench.types(ASKED + 120_000, "show_metric", far, LINK)
    bench.run()
    assert bench.facts(drained) == MetricFacts(LARGEST_METRIC)
    assert bench.facts(again) == MetricFacts(bench.inventory.links[LINK].metric)
    assert bench.answer(via)[1].passed
    if node == "r-north":  # south is as near to the east, and no longer only by name
        assert bench.answer(via)[1].hops == ("r-hub", "r-south", "r-east")
    assert bench.spans("service_outage") == []


@vendors
def test_the_last_change_is_named_and_rolled_back_to_what_ran_before(node, far):
    bench = Bench()
    none = bench.types(1_000, "show_change", node)
    bench.fails(BROKE, "bad_change", node, effect="shutdown")
    named = bench.types(ASKED, "show_change", node)
    bench.run(ASKED + 10_000)
    assert bench.facts(none) == ChangeFacts(None, "", None)
    change = bench.facts(named)
    assert (change.at_ms - bench.zero, change.user) == (BROKE, "planning")
    back = bench.types(ASKED + 20_000, "roll_back", node, checkpoint=change.checkpoint, confirm_min=5)
    sure = bench.types(ASKED + 60_000, "confirm", node)
    bench.run()
    assert (bench.facts(back), bench.facts(sure)) == (Done(True), Done(True))
    assert bench.spans("fault") == [(BROKE, ASKED + 20_000 + TIMES.command_ms)]


@vendors
def test_a_rollback_that_nobody_confirms_is_undone_and_the_fault_is_back(node, far):
    bench = Bench().fails(BROKE, "bad_change", node, effect="shutdown")
    named = bench.types(ASKED, "show_change", node)
    bench.run(ASKED + 10_000)
    bench.types(ASKED + 20_000, "roll_back", node, checkpoint=bench.facts(named).checkpoint, confirm_min=5)
    bench.run()
    back = ASKED + 20_000 + TIMES.command_ms
    assert bench.spans("fault") == [(BROKE, back), (back + 5 * MINUTE_MS, None)]
    told = [body["told"] for body in bench.bodies("command")]
    assert told == [[], ["roll back"], ["revert"]]
    assert bench.bodies("command")[2]["interrupted"]  # who was served again, is cut off again


@vendors
def test_a_restart_of_the_node_says_goodbye_and_nothing_more_until_it_is_back(node, far):
    bench = Bench()
    gone = bench.types(BROKE, "restart_node", node)
    during = bench.types(ASKED, "show_card", node, f"{node}/1")
    after = bench.types(BROKE + TIMES.node_restart_ms + 10_000, "show_card", node, f"{node}/1")
    bench.run()
    assert bench.facts(gone).accepted
    assert bench.answer(during)[1].payload is None
    assert bench.facts(after) == CardFacts((("1", True),))


@vendors
def test_what_is_wrong_is_refused_and_changes_nothing(node, far):
    bench = Bench()
    nothing_to_confirm = bench.types(1_000, "confirm", node)
    no_such_point = bench.types(2_000, "roll_back", node, checkpoint="flash:cfg-9" if node == "r-east" else "9")
    bench.run()
    refused = bench.facts(no_such_point)
    assert not refused.accepted
    assert refused.said
    if node == "r-east":  # a Junos commit without anything new is no mistake
        assert not bench.facts(nothing_to_confirm).accepted
    assert bench.spans("service_outage") == []


@pytest.mark.parametrize("node", ["r-east", "r-north"])
@pytest.mark.parametrize("text", ["rm -rf /\n", "show interfaces GigabitEthernet9/9/9\n", "\x00\xff\n", "", "configure terminal\nfrobnicate\n",
                                  "reload\nno\n", "request system reboot\nno\n", "show\n" * 500])  # fmt: skip
def test_whatever_is_typed_the_element_answers_and_stays_as_it_is(node, text):
    bench = Bench()
    asked = bench.types_raw(1_000, node, text)
    before = bench.plant.state
    bench.run()
    assert bench.answer(asked)[1].payload.decode().rstrip().endswith(("#", ">"))
    assert bench.plant.state == before
