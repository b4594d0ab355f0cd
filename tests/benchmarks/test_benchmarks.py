"""Every benchmark runs, and its JSON says what was measured, where and with what; never how fast."""

import json

import pytest
import simpy

from ossbss.oss.inventory import read_inventory
from sim.world.network.routing.distances import UNREACHABLE
from tests.benchmarks import __main__ as command
from tests.benchmarks import (
    control_plane,
    diagnosis,
    elements,
    failure_states,
    hops,
    loop,
    normalise,
    online_charging,
    rate_files,
    rerating,
    reroute,
    storm,
    surveillance,
)


def tiny_max_min():
    pytest.importorskip("numba", reason="a rival of max_min is compiled by it; the extra fast is not installed")
    from tests.benchmarks import max_min

    return max_min.measure(1, sizes=((12, 200), (30, 100)))


def tiny_rating():
    pytest.importorskip("numba", reason="a rival of rating is compiled by it; the extra fast is not installed")
    pytest.importorskip("duckdb", reason="a rival of rating; the extra bench is not installed")
    from tests.benchmarks import rating

    return rating.measure(1, records=5_000, subscribers=100)


def tiny_streaming():
    pytest.importorskip("numba", reason="the bare loop is compiled by it; the extra fast is not installed")
    from tests.benchmarks import streaming

    return streaming.measure(1, sizes=(400,), days=1)


TINY = {
    "loop": lambda: loop.measure(1, lines=101, hours=8),
    "control_plane": lambda: control_plane.measure(1, hours=1),
    "elements": lambda: elements.measure(1, rings=3, of_a_ring=5, minutes=30, mtbf_ms=1_800_000),
    "diagnosis": lambda: diagnosis.measure(1, sizes=(20, 40), windows=8),
    "failure_states": lambda: failure_states.measure(1, draws=5),
    "normalise": lambda: normalise.measure(1, count=500),
    "online_charging": lambda: online_charging.measure(1, requests=600, wallets=50),
    "rating": tiny_rating,
    "rate_files": lambda: rate_files.measure(1, records=3_000, subscribers=100, files=2),
    "rerating": lambda: rerating.measure(1, records=2_000, subscribers=60),
    "reroute": lambda: reroute.measure(1, sizes=(20, 40)),
    "max_min": tiny_max_min,
    "streaming": tiny_streaming,
    "storm": lambda: storm.measure(1, rings=3, of_a_ring=5, messages=4_000),
    "surveillance": lambda: surveillance.measure(1, rings=3, of_a_ring=5, rounds=2),
}


@pytest.mark.parametrize("name", TINY)
def test_a_benchmark_says_what_where_and_with_what(name, monkeypatch, capsys):
    if name == "failure_states":
        pytest.importorskip("ngraph", reason="ngraph of the extra bench is not installed: failure states have no rival")
    monkeypatch.setattr(command, "measure_of", lambda _: lambda _: TINY[name]())
    assert command.main([name, "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(said) == ["name", "figures", "ratios", "repetitions", "machine", "versions"]
    assert said["name"] == name
    numbers = {**said["figures"], **said["ratios"]}
    assert all(0 <= value <= 1 for name, value in numbers.items() if name.endswith("_rate"))
    assert all(value > 0 for name, value in numbers.items() if not name.endswith(("growth_exponent", "_rate")))
    assert {"platform", "processors", "python"} <= set(said["machine"])
    assert {"ossbss", "simpy"} <= set(said["versions"])


def test_the_benchmarks_are_found_by_their_files():
    assert {*TINY} <= set(command.names())


def test_a_benchmark_that_nobody_wrote_is_refused_with_those_there_are(capsys):
    with pytest.raises(SystemExit):
        command.main(["lop"])
    assert "no benchmark lop; there are" in capsys.readouterr().err


def test_the_control_plane_has_at_least_a_poll_and_its_reply_a_minute_to_count():
    assert control_plane.counted(control_plane.scenario_of(hours=1, every_min=60)) >= 2 * 59


def test_every_element_is_asked_once_a_minute_and_what_they_say_of_failures_gets_through():
    events, plane = elements.Case("with_oss", elements.document(3, 5), 60, 10 * 3_600_000).counted()
    assert plane.polls == 15 * 60
    assert events > plane.polls
    assert elements.faults(plane.plant.truth) > 0
    assert any(heard for manager in plane.telemetry.managers.values() for heard in manager.heard.values())


def test_the_windows_that_are_diagnosed_have_two_faults_and_noise_and_ours_finds_more_of_them():
    document = diagnosis.network(40)
    windows = diagnosis.windows_on(document, 8)
    assert {len(window.failed) for window in windows} == {2}
    assert len({window.failed for window in windows}) > 4
    inventory = read_inventory(document)
    trial = diagnosis.tried({name: made(inventory) for name, made in diagnosis.RIVALS.items()}, windows, 1)
    assert trial.exact["ours"] > max(trial.exact["set_cover"], trial.exact["nearest_parent"])


def test_the_storm_of_alarms_is_digested_to_the_last_clear():
    """Links that flap come and go in every minute: the list wakes for each to settle, and then nothing is raised."""
    inventory = read_inventory(elements.document(3, 5))
    watch = surveillance.digest(inventory, surveillance.storm(inventory, 2), None)
    assert len(watch.alarms) == 2 * len(inventory.links)
    assert watch.active  # still held off
    watch.tick(10 * 60_000)
    assert not watch.active
    assert watch.next_ms is None


def test_a_disaster_is_said_in_so_many_lines_of_both_families_and_its_faults_are_found():
    disaster = storm.Disaster(storm.network(4, 10), 12_000)
    steps = disaster.steps()
    heard = [message for said in steps.values() for message in said]
    assert len(heard) == 12_000
    assert {message.dialect for message in heard} == {"ios", "junos"}
    assert max(message.occurred_ms for message in heard) < storm.BEGINS_MS + storm.STORM_MS
    oss = storm.digest(disaster, steps)
    down = {identity[0] for identity in oss.watch.active if identity[1] == "lossOfSignal"}
    assert down == disaster.down
    assert not oss.watch.pending


def test_time_is_that_of_the_hop_that_called_the_library():
    profile = storm.cProfile.Profile()
    profile.runcall(storm.read, storm.Disaster(storm.network(3, 5), 4_000).steps().popitem()[1][0], 0, {})
    assert set(hops.shares(profile)) <= {"reading", "other"}
    disaster = storm.Disaster(storm.network(3, 5), 4_000)
    profile.runcall(storm.digest, disaster, disaster.steps())
    found = hops.shares(profile)
    assert sum(found.values()) == pytest.approx(1)
    assert {"reading", "surveillance", "correlation", "diagnosis", "testing", "dispatch"} <= found.keys()
    assert found["other"] < 0.2


def test_the_bare_loop_waits_as_often_as_it_is_told():
    env = simpy.Environment()
    env.process(control_plane.wait(env, 7))
    env.run()
    assert env.now == 7


@pytest.mark.parametrize("every_min", control_plane.CUT_EVERY_MIN.values())
def test_the_days_that_are_measured_are_good_scenarios(every_min):
    cuts = control_plane.scenario_of(control_plane.HOURS, every_min).spec.timeline
    assert len(cuts) >= control_plane.HOURS * 60 // every_min - 1


@pytest.mark.parametrize("nodes", [20, 50])
def test_the_random_networks_are_connected(nodes):
    assert (reroute.case_of(nodes).intact < UNREACHABLE).all()


def test_ngraph_meets_the_cuts_of_germany50_that_leave_a_node_alone():
    """Two links down strand nodes in some draws only: the benchmark compares unroutable volume that is not all zero."""
    case = failure_states.case_of(failure_states.DRAWS)
    assert len(case.cuts) > 800
    assert {len(cut) for cut in case.cuts} == {failure_states.LINKS_DOWN}
    assert int((case.demands > 0).sum()) == 662
    assert any(found.unroutable > 0 for found in case.together()())


def test_the_lines_that_are_normalised_are_read_but_for_the_noise_and_half_of_the_others_are_alarms():
    batch = normalise.lines(1_200)
    read, alarms = normalise.read_all(batch)
    assert read == 1_200 - sum(payload == normalise.NOISE.encode() for payload in batch)
    assert 0.4 < alarms / read < 0.6
