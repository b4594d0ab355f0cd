"""Element managers as timed stories: failure, resynchronisation, a storm, a full queue, the cycle, the way there."""

from itertools import pairwise

import pytest
import simpy

from sim.world.elements.events import ElementEvent
from sim.world.management.cpu import Cpu, CpuPolicy
from sim.world.streams import Streams
from tests.world.managed import Station

S, MIN = 1_000, 60_000


def test_a_manager_that_is_down_passes_nothing_and_leaves_polls_unanswered():
    station = Station()
    station.fail_manager("em-ios", 10 * S, 100 * S)
    station.at(20 * S, station.plant.fail, "east-port")  # both ends speak IOS
    for at_ms in (5 * S, 50 * S):
        station.poll(at_ms, "em-ios")
        station.poll(at_ms + S, "em-junos")
    station.run(99 * S)
    assert station.lines == []
    assert [(at, r.manager_id) for at, r in station.replies] == [
        (5 * S, "em-ios"), (6 * S, "em-junos"), (51 * S, "em-junos"),
    ]  # fmt: skip


def test_back_again_it_sends_what_was_missed_with_the_elements_own_times():
    """A cut before, whose repair is missed; a cut that is missed and stays; a short one that nobody hears of."""
    station = Station()
    station.at(1 * S, station.plant.fail, "east-port")
    station.fail_manager("em-ios", 10 * S, 100 * S)
    station.at(20 * S, station.plant.mend, "east-port")
    station.at(30 * S, station.plant.fail, "r-east/1")
    station.at(40 * S, station.plant.fail, "hub-south")
    station.at(50 * S, station.plant.mend, "hub-south")
    station.run(99 * S)
    assert {element for at, element, *_ in station.lines if at > 10 * S} <= {"r-north", "r-south", "r-farm"}
    station.run(200 * S)
    back = [(element, text.split("%")[1], stamp) for at, element, text, stamp in station.lines if at == 100 * S]
    assert ("r-east", "OIR-3-CRASH: The module in slot 1 has crashed", 30 * S) in back
    port = "LINK-3-UPDOWN: Interface GigabitEthernet0/1/0, changed state to "
    assert ("r-port", port + "down", 30 * S) in back  # east-port went down again with the card
    assert not [line for line in back if line[0] == "r-hub" and "GigabitEthernet0/1/1" in line[1]]


def test_a_clear_that_was_missed_is_sent_and_one_of_a_raise_nobody_heard_is_not():
    station = Station()
    station.at(1 * S, station.plant.fail, "east-port")
    station.fail_manager("em-ios", 10 * S, 100 * S)
    station.at(20 * S, station.plant.mend, "east-port")
    station.at(40 * S, station.plant.fail, "hub-south")
    station.at(50 * S, station.plant.mend, "hub-south")
    station.run(200 * S)
    back = {(e, stamp) for at, e, text, stamp in station.lines if at == 100 * S}
    up = {("r-east", 20 * S), ("r-port", 20 * S)}
    assert back == up | {(e, 23 * S) for e in ("r-hub", "r-port")}  # services are back after 3 s of convergence


def test_two_faults_hold_a_manager_down_until_both_are_mended():
    station = Station()
    station.fail_manager("em-junos", 10 * S, 100 * S)
    station.fail_manager("em-junos", 50 * S, 70 * S)
    station.poll(80 * S, "em-junos")
    station.poll(110 * S, "em-junos")
    assert [at for at, _ in station.run(200 * S).replies] == [110 * S]


@pytest.mark.parametrize(("count", "per_s"), [(100, 10), (300, 2.5), (50, 1_000)])
def test_a_storm_of_n_messages_takes_n_over_the_rate(count, per_s):
    """FCFS of constant service: the k-th of a batch leaves k / rate after it came."""
    station = Station(manager_cpu=CpuPolicy(per_s))
    station.storm(MIN, "r-farm", count)
    left = [at - MIN for at, *_ in station.run(10 * MIN).heard("PING")]
    assert left == [pytest.approx(k * S / per_s, abs=1) for k in range(1, count + 1)]


def test_a_poll_behind_a_storm_is_answered_when_the_storm_is_over():
    station = Station(manager_cpu=CpuPolicy(10))
    station.storm(MIN, "r-farm", 100)
    station.poll(MIN + S, "em-junos")
    ((at, reply),) = station.run(5 * MIN).replies
    assert (at, reply.occurred_ms) == (MIN + 10 * S, MIN + S)


def test_what_finds_the_queue_full_is_dropped_and_counted_in_the_truth():
    """100 at once, 20 places: 80 dropped; the overflow ends when the next message finds room."""
    station = Station(manager_cpu=CpuPolicy(10, queue=20))
    station.storm(MIN, "r-farm", 100)
    station.storm(2 * MIN, "r-farm", 1)
    station.run(5 * MIN)
    assert len([at for at, *_ in station.heard("PING") if at < 2 * MIN]) == 20
    (fact,) = [f for f in station.truth.facts if f.kind == "manager_overflow"]
    assert (fact.subject, fact.at_ms, fact.until_ms, fact.body["dropped"]) == ("em-junos", MIN, 2 * MIN, 80)


def test_what_was_dropped_is_read_again_by_a_manager_that_asks_in_a_cycle():
    station = Station(manager_cpu=CpuPolicy(10, queue=20), cycle_ms=30 * S)
    station.storm(MIN, "r-farm", 100)
    station.run(10 * MIN)
    assert {text.split("Name = ")[1] for _, _, text, _ in station.lines} == {str(n) for n in range(100)}
    assert {stamp for *_, stamp in station.lines} == {MIN}


@pytest.mark.parametrize("load", [0.3, 0.6, 0.8])
def test_waiting_times_are_those_of_m_d_1(load):
    """Pollaczek–Khinchine for constant service: Wq = load / (2 (1 - load)) services, to 5 %."""
    service_ms, count = 100, 200_000
    gaps = Streams(1).get(f"test/cpu/{load}").exponential(service_ms / load, count)
    cpu, now, waited = Cpu(CpuPolicy(S / service_ms)), 0.0, 0.0
    for gap in gaps:
        now += gap
        waited += cpu.take(int(now)) - int(now) - service_ms
    assert waited / count / service_ms == pytest.approx(load / (2 * (1 - load)), rel=0.05)


def test_the_processor_is_a_simpy_resource_of_one():
    """An independent model: the same arrivals at a SimPy resource leave at the same instants."""
    arrivals = [0, 0, 3, 50, 51, 51, 400, 401, 700]
    env, left = simpy.Environment(), []
    server = simpy.Resource(env, capacity=1)

    def job(at):
        yield env.timeout(at)
        with server.request() as turn:
            yield turn
            yield env.timeout(40)
            left.append(int(env.now))

    for at in arrivals:
        env.process(job(at))
    env.run()
    cpu = Cpu(CpuPolicy(25))
    assert [cpu.take(at) for at in arrivals] == left


def test_an_element_with_a_finite_processor_speaks_in_turn_and_answers_late_or_not_at_all():
    """One message a second, thirty to say: for half a minute nothing else is heard, and polls find it silent."""
    station = Station(element_cpu=CpuPolicy(1), answer_ms=5 * S)
    station.storm(MIN, "r-farm", 30)
    for at_ms in (MIN - S, MIN + S, MIN + 27 * S, 2 * MIN):
        station.poll(at_ms, "em-junos")
    station.run(3 * MIN)
    assert [at for at, *_ in station.heard("PING")] == [MIN + n * S for n in range(1, 31)]
    assert ["r-farm" in reply.answered for _, reply in station.replies] == [True, False, True, True]
    assert all("r-north" in reply.answered for _, reply in station.replies)


@pytest.mark.parametrize("dead_at_ms", range(61 * S, 122 * S, 7 * S))
def test_a_manager_finds_an_element_silent_within_its_cycle(dead_at_ms):
    cycle_ms = 60 * S
    station = Station(cycle_ms=cycle_ms)
    station.at(dead_at_ms, station.plant.fail, "r-farm")
    for at_ms in range(60_500, 300 * S, S):
        station.poll(at_ms, "em-junos")
    station.run(300 * S)
    first = next(reply for _, reply in station.replies if "r-farm" not in reply.answered)
    assert dead_at_ms <= first.asked_ms["r-farm"] <= dead_at_ms + cycle_ms
    assert first.occurred_ms - first.asked_ms["r-farm"] <= S
    asked = sorted(set(first.asked_ms.values()))
    assert len(asked) == 3  # one after the other through the cycle, not all at once
    assert all(b - a == cycle_ms // 3 for a, b in pairwise(asked))


def test_a_manager_behind_a_cut_is_silent_and_catches_up_when_the_way_is_back():
    """em-ios at the port, in band: cut off with the port, it goes on with its island and tells it all afterwards."""
    station = Station(management={"mode": "in_band", "managers": {"em-ios": {"node": "r-port"}}}, cycle_ms=30 * S)
    station.at(MIN, station.plant.fail, "east-port")
    station.at(2 * MIN, station.plant.fail, "r-port/1")
    station.at(5 * MIN, station.plant.mend, "r-port/1")
    station.at(5 * MIN, station.plant.mend, "east-port")
    for at_ms in (30 * S, 3 * MIN, 7 * MIN):
        station.poll(at_ms, "em-ios")
    station.run(8 * MIN)
    assert [at for at, _ in station.replies] == [30 * S, 7 * MIN]
    assert [at for at, *_ in station.lines if MIN <= at < 5 * MIN and _[0] in ("r-hub", "r-east", "r-port")] == []


def test_forwarding_takes_its_time_and_a_message_in_the_manager_dies_with_it():
    station = Station(forward_ms=2 * S)
    station.at(10 * S, station.plant.fail, "r-farm/1")
    station.at(20 * S, station.plant.fail, "r-north/1")
    station.fail_manager("em-junos", 21 * S, 60 * S)
    station.run(MIN - 1)
    assert {at for at, *_ in station.heard("FPC")} == {12 * S}
    station.run(2 * MIN)
    assert [(at, element, stamp) for at, element, stamp in station.heard("FPC")][1:] == [(62 * S, "r-north", 20 * S)]


def test_what_was_missed_just_before_it_is_back_is_read_at_once_also_without_a_cycle():
    """Missed a second before: shorter ago than a message takes, and yet nobody will ask again."""
    station = Station(forward_ms=2 * S)
    station.fail_manager("em-junos", 10 * S, 60 * S)
    station.at(59 * S, station.plant.fail, "r-farm/1")
    station.run(10 * MIN)
    assert station.heard("FPC") == [(62 * S, "r-farm", 59 * S)]


def test_two_workers_handle_two_messages_at_a_time():
    station = Station(manager_cpu=CpuPolicy(1, workers=2))
    station.storm(MIN, "r-farm", 6)
    assert [at - MIN for at, *_ in station.run(10 * MIN).heard("PING")] == [S, S, 2 * S, 2 * S, 3 * S, 3 * S]


def site_event(station, at_ms, kind, node="r-farm"):
    station.at(at_ms, lambda: station.telemetry.say(ElementEvent(kind, node, at_ms), station.plant.state))


@pytest.mark.parametrize(
    ("raise_", "clear", "words"),
    [("mains_failed", "mains_restored", "commercial power"), ("battery_low", "battery_normal", "battery low"),
     ("generator_failed", "generator_ready", "generator failure"), ("fuel_low", "fuel_normal", "fuel low")],
)  # fmt: skip
def test_alarms_of_the_site_that_were_missed_are_read_again_and_so_is_the_end_of_one_that_was_heard(raise_, clear, words):
    """On r-farm the end is missed, on r-north the beginning; what came and went at r-south nobody must be told."""
    station = Station()
    site_event(station, 1 * S, raise_)
    station.fail_manager("em-junos", 10 * S, 100 * S)
    site_event(station, 20 * S, clear)
    site_event(station, 30 * S, raise_, "r-north")
    site_event(station, 40 * S, raise_, "r-south")
    site_event(station, 50 * S, clear, "r-south")
    station.run(200 * S)
    assert sorted(station.heard(words)) == [(1 * S, "r-farm", 1 * S), (100 * S, "r-farm", 20 * S), (100 * S, "r-north", 30 * S)]
    told = {e: text for at, e, text, _ in station.lines if at == 100 * S}
    assert ["Alarm cleared" in told[e] for e in ("r-farm", "r-north")] == [True, False]


def test_what_the_generator_does_hides_no_alarm_of_it():
    """It stops and has failed; missed, both, and the failure is what must be read again and stand in the list."""
    station = Station()
    station.fail_manager("em-junos", 10 * S, 100 * S)
    for at_ms, kind in ((20 * S, "generator_running"), (30 * S, "generator_failed"), (30 * S, "generator_stopped")):
        site_event(station, at_ms, kind)
    station.run(200 * S)
    assert station.heard("generator") == [(100 * S, "r-farm", 30 * S)]
    listed = [said.event.kind for said in station.telemetry.managers["em-junos"].memories["r-farm"].raised()]
    assert listed == ["generator_failed"]
