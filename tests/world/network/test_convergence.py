"""How long an outage lasts until routing has followed: each mechanism as a timed story, reckoned by hand.

          1        1
      a ───── b ───── z        z is the core node
      │1       ╲4     │1       a, b and c send by way of bz; d and e by way of ez
      c ── d ── ── ── e
        2      1
"""

from typing import Any

import pytest
import simpy

from sim.world.network.routing.convergence import RoutingTimers, convergence_ms
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.routing.paths import link_states
from sim.world.network.routing.tree import grow
from sim.world.network.state import FailureState, Network
from sim.world.plant import Plant
from sim.world.truth import Truth
from tests.world.network.meshes import mesh, service

METRICS = {"ab": 1, "bz": 1, "ac": 1, "cd": 2, "de": 1, "ez": 1, "be": 4}
NO_SHORT_CUT = {link: metric for link, metric in METRICS.items() if link != "be"}
ALL = [service(f"{node}z") for node in "abcde"]
T = RoutingTimers(detection_ms=10, hello_dead_ms=40_000, adjacency_ms=30, flooding_per_hop_ms=5, spf_ms=50, fib_ms=100)
FAST = RoutingTimers(**{**vars(T), "fast_reroute": True, "fast_reroute_switch_ms": 50})
AT = 1_000


def outages(network: Network, timers: RoutingTimers, *story: tuple[int, str, str]) -> dict[str, list[Any]]:
    """Service → its outages as [from, until) in ms since ``AT``; the story: (when, fail or mend, what)."""
    env, truth = simpy.Environment(), Truth()
    plant = Plant(env, network, timers, truth, lambda event, state: None)
    for at_ms, what, resource in story:
        act = {"fail": plant.fail, "mend": plant.mend}[what]
        env.timeout(AT + at_ms).callbacks.append(lambda _, act=act, on=resource: act(on))
    env.run(until=1_000_000)
    found: dict[str, list[Any]] = {}
    for fact in (fact for fact in truth.facts if fact.kind == "service_outage"):
        found.setdefault(fact.subject, []).append((fact.at_ms - AT, fact.until_ms and fact.until_ms - AT))
    return found


def test_a_fibre_is_cut_and_each_service_comes_back_when_its_routers_have_turned():
    """b sees the light go at 10; it turns to e by itself. a hears one hop later, c two hops: 10 + 2 × 5 + 50 + 100."""
    assert outages(mesh(METRICS, ALL), T, (0, "fail", "bz")) == {"bz": [(0, 160)], "az": [(0, 170)], "cz": [(0, 170)]}


def test_who_turns_late_keeps_those_behind_waiting():
    """Without the short cut b sends by way of a and c, and c is the last to hear; f behind a turns nowhere itself."""
    network = mesh({**NO_SHORT_CUT, "fa": 1}, [*ALL, service("fz")])
    assert outages(network, T, (0, "fail", "bz")) == {f"{node}z": [(0, 170)] for node in "abcf"}


def test_a_node_without_power_is_dark_but_one_that_hangs_is_only_missed():
    """The end of bz at z tells a over e, d, c: four hops, and c three. Dark: 10 + 20 + 150; missed: 40 s later."""
    network = mesh(NO_SHORT_CUT, [service("az"), service("cz")])
    assert outages(network, T, (0, "fail", "site-b")) == {"az": [(0, 180)], "cz": [(0, 175)]}
    assert outages(network, T, (0, "fail", "b")) == {"az": [(0, 40_170)], "cz": [(0, 40_165)]}


def test_a_failed_card_is_noticed_like_a_cut_fibre():
    network = mesh(NO_SHORT_CUT, [service("az")])
    assert outages(network, T, (0, "fail", "card-b")) == outages(network, T, (0, "fail", "site-b"))


def test_a_repair_is_flooded_and_moves_nobody_through_an_outage():
    """Light at 10, adjacency at 40; b turns at 190, a at 195, c at 200, and each service when its last router has."""
    network, cut = mesh(METRICS, ALL), FailureState().failed("links", "bz")
    forwarding = Forwarding(network, T)
    forwarding.change(cut, 0)
    forwarding.converge(170)
    assert forwarding.change(FailureState(), 1_000) == []
    moves = {}
    for at_ms in sorted(forwarding.due()):
        before = {name: forwarding.path_of(name) for name in network.services}
        assert forwarding.converge(at_ms) == []
        assert not forwarding.down()
        moves |= {name: at_ms for name in before if before[name] != forwarding.path_of(name)}
    assert moves == {"bz": 1_190, "az": 1_195, "cz": 1_200}


def test_an_island_waits_for_light_adjacency_flooding_and_tables():
    """x hangs on a alone: both its ends see light at 510, and know each other at 540."""
    network = mesh({**METRICS, "xa": 1}, [service("xz")])
    assert outages(network, T, (0, "fail", "xa"), (500, "mend", "xa")) == {"xz": [(0, 500 + 40 + 150)]}


def test_a_second_cut_delays_only_those_it_concerns():
    """At 100 de is cut too. b had turned to e and is back at 160; a must hear of it (110 + 10) and turn back to b."""
    story = (0, "fail", "bz"), (100, "fail", "de")
    assert outages(mesh(METRICS, ALL), T, *story)["bz"] == [(0, 160)]
    assert outages(mesh(METRICS, ALL), T, *story)["az"] == [(0, 110 + 10 + 150)]


def test_quick_news_do_not_overtake_slow_ones_that_are_needed_too():
    """b hangs, which a and c know after 40,015 (z tells them in three hops); that cd is cut too they know in no time."""
    network = mesh({**NO_SHORT_CUT, "ad": 9}, [service("az")])
    assert outages(network, T, (0, "fail", "b"), (100, "fail", "cd")) == {"az": [(0, 40_015 + 150)]}


def test_a_second_cut_that_leaves_no_way_calls_the_convergence_off():
    story = (0, "fail", "bz"), (100, "fail", "ez")
    assert outages(mesh(NO_SHORT_CUT, ALL), T, *story)["az"] == [(0, None)]
    mended = outages(mesh(NO_SHORT_CUT, ALL), T, *story, (200, "mend", "ez"))
    assert mended["az"] == [(0, 200 + 40 + 15 + 150)]  # e tells a over d and c


def test_a_repair_before_convergence_waits_for_both():
    assert outages(mesh(METRICS, ALL), T, (0, "fail", "bz"), (100, "mend", "bz"))["az"] == [(0, 100 + 40 + 5 + 150)]


def test_a_fixed_path_is_back_when_its_ends_see_light():
    network = mesh(METRICS, [service("az", protection="none", path=["ab", "bz"])])
    assert outages(network, T, (0, "fail", "bz"), (500, "mend", "bz")) == {"az": [(0, 510)]}


@pytest.mark.parametrize(("switch_ms", "expected"), [(0, {}), (50, {"az": [(0, 50)]})])
def test_protection_switches_in_its_time(switch_ms, expected):
    timers = RoutingTimers(**{**vars(T), "protection_switch_ms": switch_ms})
    protected = service("az", protection="1+1", path=["ab", "bz"], backup_path=["ac", "cd", "de", "ez"])
    assert outages(mesh(METRICS, [protected]), timers, (0, "fail", "bz"), (900, "mend", "bz")) == expected


def test_protection_that_switches_back_while_the_backup_dies():
    """Both paths fail in turn; the working one, mended meanwhile, takes over after the switch time again."""
    timers = RoutingTimers(**{**vars(T), "protection_switch_ms": 50, "detection_ms": 200})
    protected = service("az", protection="1+1", path=["ab", "bz"], backup_path=["ac", "cd", "de", "ez"])
    story = (0, "fail", "bz"), (400, "mend", "bz"), (500, "fail", "de")
    assert outages(mesh(METRICS, [protected]), timers, *story) == {"az": [(0, 50), (500, 550)]}


# -- fast reroute ---------------------------------------------------------------------------------------


def test_an_alternate_bridges_the_time_until_convergence():
    """b knows e as loop-free, sees the light go at 10 and has switched at 60; at 170 a takes its own way round."""
    network = mesh(METRICS, ALL)
    assert outages(network, FAST, (0, "fail", "bz")) == {f"{node}z": [(0, 60)] for node in "abc"}
    forwarding = Forwarding(network, FAST)
    forwarding.change(FailureState().failed("links", "bz"), 0)
    ways = []
    for at_ms in sorted(forwarding.due()):
        ups = forwarding.converge(at_ms)
        path = forwarding.path_of("az")
        ways.append((at_ms, len(ups), path and path.links, path and path.metric))
    around = ("ac", "cd", "de", "ez")
    assert ways == [(60, 3, ("ab", "be", "ez"), 6), (160, 0, ("ab", "be", "ez"), 6), (170, 0, around, 5)]


@pytest.mark.parametrize(
    ("metrics", "more", "resource"),
    [
        (NO_SHORT_CUT, {}, "bz"),  # a is no alternate for b: it would send the traffic back
        (METRICS, {"ducts": {"bz": "duct-1", "be": "duct-1"}}, "duct-1"),  # the alternate lies in the same duct
        (METRICS, {}, "b"),  # c is no alternate for a: its own way to z is by a
    ],
)  # fmt: skip
def test_without_a_living_alternate_convergence_is_waited_for(metrics, more, resource):
    network = mesh(metrics, ALL, **more)
    assert outages(network, FAST, (0, "fail", resource)) == outages(network, T, (0, "fail", resource))


def test_an_alternate_that_dies_before_convergence_is_an_outage_again():
    story = (0, "fail", "bz"), (100, "fail", "be")
    assert outages(mesh(METRICS, ALL), FAST, *story)["az"] == [(0, 60), (100, 170)]


def test_an_alternate_that_dies_before_it_is_taken_never_is():
    """be is cut at 30, when nobody has switched yet; b, which was to send that way for good, hears at 40."""
    story = (0, "fail", "bz"), (30, "fail", "be")
    assert outages(mesh(METRICS, ALL), FAST, *story) == {"bz": [(0, 190)], "az": [(0, 170)], "cz": [(0, 170)]}


def test_the_alternate_outlives_a_convergence_that_takes_no_longer():
    quick = RoutingTimers(**{**vars(FAST), "spf_ms": 0, "fib_ms": 10})
    assert outages(mesh(METRICS, ALL), quick, (0, "fail", "bz")) == {"bz": [(0, 20)], "az": [(0, 30)], "cz": [(0, 30)]}


# -- backup cores ---------------------------------------------------------------------------------------

TWO_CORES = {"ab": 1, "bz": 1, "ac": 1, "cy": 5}
BACKED_UP = [service("az", backup_z=["y"])]


def _core_over_time(network: Network, *story: tuple[int, FailureState]) -> list[tuple[int, str | None]]:
    forwarding, steps = Forwarding(network, T), []
    for at_ms, state in story:
        forwarding.change(state, at_ms)
        steps.append((at_ms, forwarding.core_of("az")))
        for due in sorted(forwarding.due()):
            forwarding.converge(due)
            steps.append((due, forwarding.core_of("az")))
    return steps


def test_a_lost_core_is_backed_up_and_taken_back_without_an_outage():
    """z hangs: b misses it at 40 s, a hears one hop later. y knows the way already, so only a has to turn."""
    lost = FailureState().failed("nodes", "z")
    steps = _core_over_time(mesh(TWO_CORES, BACKED_UP), (0, lost), (100_000, FailureState()))
    back = 100_000 + 40 + 5 + 150
    assert steps == [(0, None), (40_155, "y"), (100_000, "y"), (back, "z")]


def test_a_core_out_of_reach_is_backed_up_too_and_no_other_protection_is_asked_for():
    cut = FailureState().failed("links", "ab")
    assert _core_over_time(mesh(TWO_CORES, BACKED_UP), (0, cut)) == [(0, None), (160, "y")]
    assert _core_over_time(mesh(TWO_CORES, [service("az")]), (0, cut)) == [(0, None)]
    both = cut.failed("links", "cy")
    assert _core_over_time(mesh(TWO_CORES, BACKED_UP), (0, both)) == [(0, None)]


# -- wrong weights --------------------------------------------------------------------------------------


def test_a_wrong_weight_moves_traffic_without_an_outage_or_a_word():
    """ab weighs 9 from now on: its ends flood it at once; a has turned after its tables, 150, c after 5 more."""
    network, said = mesh(METRICS, ALL), []
    env, truth = simpy.Environment(), Truth()
    plant = Plant(env, network, T, truth, lambda event, state: said.append(event))
    plant._change(plant.state.with_metric("ab", 9))
    seen: dict[int, Any] = {}
    for at_ms in (0, 149, 154, 155):
        env.run(until=at_ms + 1)
        path = plant.forwarding.path_of("az")
        seen[at_ms] = path and path.links
    old, new = ("ab", "bz"), ("ac", "cd", "de", "ez")
    assert seen == {0: old, 149: old, 154: old, 155: new}
    plant._change(plant.state.without_metric("ab"))
    env.run()
    path = plant.forwarding.path_of("az")
    assert path
    assert (path.links, path.metric) == (old, 2)
    assert (said, truth.facts) == ([], [])


def test_a_weight_that_moves_nobody_is_on_the_path_all_the_same():
    network = mesh(METRICS, ALL)
    forwarding = Forwarding(network, T)
    forwarding.change(FailureState().with_metric("ab", 3).with_metric("ab", 2))
    path = forwarding.path_of("az")
    assert path
    assert (path.links, path.metric, forwarding.due()) == (("ab", "bz"), 3, frozenset())


# -- the function over plain data -----------------------------------------------------------------------


@pytest.mark.parametrize(("timers", "expected"), [(T, 170), (RoutingTimers(total_ms=3_000), 3_000)])
def test_convergence_over_plain_data(timers, expected):
    network, cut = mesh(METRICS), FailureState().failed("links", "bz")
    root = network.arcs.node_no["z"]
    old, new = (grow(network.arcs, link_states(network, state), root) for state in (FailureState(), cut))
    assert convergence_ms(timers, network, FailureState(), cut, old, new, "a") == expected


@pytest.mark.parametrize("name", [name for name in vars(T) if name.endswith("_ms")])
def test_no_timer_is_negative(name: str) -> None:
    with pytest.raises(ValueError, match="is -1; give 0 or more"):
        RoutingTimers(**{name: -1})


def test_the_picture_is_what_routing_sees():
    """The picture above, as routing sees it before anything happens."""
    forwarding = Forwarding(mesh(METRICS, ALL), T)
    ways = {name: (path := forwarding.path_of(name)) and path.links for name in ("az", "bz", "cz", "dz")}
    assert ways == {"az": ("ab", "bz"), "bz": ("bz",), "cz": ("ac", "ab", "bz"), "dz": ("de", "ez")}
