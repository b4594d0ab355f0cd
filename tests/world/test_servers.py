"""First come, first served, against SimPy's own resource."""

import pytest
import simpy
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sim.world.management.servers import Servers

jobs = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200)), max_size=40).map(
    lambda drawn: sorted(drawn, key=lambda job: job[0])
)


def by_simpy(servers, drawn):
    env = simpy.Environment()
    desk, starts = simpy.Resource(env, servers), [0] * len(drawn)

    def job(number, arrival_us, work_us):
        yield env.timeout(arrival_us)
        with desk.request() as turn:
            yield turn
            starts[number] = env.now
            yield env.timeout(work_us)

    for number, (arrival_us, work_us) in enumerate(drawn):
        env.process(job(number, arrival_us, work_us))
    env.run()
    return starts


@settings(derandomize=True, phases=[Phase.generate], deadline=None, max_examples=200)
@given(st.integers(1, 4), jobs)
def test_jobs_start_when_simpy_says(count, drawn):
    servers = Servers(count)
    assert [servers.take(*job) for job in drawn] == by_simpy(count, drawn)


def test_jobs_out_of_order_and_no_servers_are_refused():
    servers = Servers(1)
    servers.take(10, 5)
    with pytest.raises(ValueError, match="at 9 us, after one at 10 us"):
        servers.take(9, 5)
    with pytest.raises(ValueError, match="-1 us"):
        servers.take(11, -1)
    with pytest.raises(ValueError, match="0 servers"):
        Servers(0)
