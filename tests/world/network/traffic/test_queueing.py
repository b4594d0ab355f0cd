"""First come, first served, against SimPy's own resource."""

import pytest
import simpy
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.network.traffic.queueing import Servers

jobs = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200)), max_size=40).map(
    lambda drawn: sorted(drawn, key=lambda job: job[0])
)


def by_simpy(servers, drawn):
    env = simpy.Environment()
    desk, starts = simpy.Resource(env, servers), [0] * len(drawn)

    def job(number, arrival_ms, work_ms):
        yield env.timeout(arrival_ms)
        with desk.request() as turn:
            yield turn
            starts[number] = env.now
            yield env.timeout(work_ms)

    for number, (arrival_ms, work_ms) in enumerate(drawn):
        env.process(job(number, arrival_ms, work_ms))
    env.run()
    return starts


@settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=200)
@given(st.integers(1, 4), jobs)
def test_jobs_start_when_simpy_says(count, drawn):
    servers = Servers(count)
    assert [servers.take(*job) for job in drawn] == by_simpy(count, drawn)


def test_a_manager_with_two_processors_falls_behind_stalls_and_catches_up():
    servers = Servers(2, free_ms=1_000)
    assert [servers.take(at, 100) for at in (1_000, 1_000, 1_010, 1_020)] == [1_000, 1_000, 1_100, 1_100]
    assert (servers.backlog_ms(1_020), servers.busy(1_020)) == (180, 2)
    servers.stall(5_000)
    assert servers.take(1_300, 100) == 5_000
    assert (servers.backlog_ms(6_000), servers.busy(6_000)) == (0, 0)


def test_jobs_out_of_order_and_no_servers_are_refused():
    servers = Servers(1)
    servers.take(10, 5)
    with pytest.raises(ValueError, match="at 9 ms, after one at 10 ms"):
        servers.take(9, 5)
    with pytest.raises(ValueError, match="-1 ms"):
        servers.take(11, -1)
    with pytest.raises(ValueError, match="0 servers"):
        Servers(0)
