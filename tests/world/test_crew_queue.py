"""The queue of work orders against Erlang's C formula: Poisson faults, exponential repairs, c crews, no roads."""

from math import exp, factorial, sqrt

import numpy as np
import pytest
import simpy

from ossbss.contract.assurance import CrewReport, WorkOrder
from ossbss.contract.units import HOUR_MS
from ossbss.oss.maintenance.dispatch import Job, assign
from sim.world.crews import Crews
from sim.world.faults.laws import Constant, Exponential
from sim.world.faults.registry import Faults
from sim.world.network.state import Network
from sim.world.people.field_force import CrewPlan, FieldForce
from sim.world.plan import Fault
from sim.world.streams import Streams
from sim.world.truth import Truth

FAULTS, WARM_UP = 3_000, 300


def erlang_c(offered, servers):
    """P(wait) of M/M/c (Erlang 1917), summed term by term."""
    last = offered**servers / factorial(servers) * servers / (servers - offered)
    return last / (sum(offered**k / factorial(k) for k in range(servers)) + last)


class Plant:
    """Links in a row that fail and matter to nobody: the queue is about the crews."""

    def __init__(self, links):
        site = {"id": "hub", "lon": 36.0, "lat": -1.0, "shared_risk_groups": []}
        ends = [{"id": end, "site": "hub"} for end in ("a", "z")]
        lines = [{"id": f"link-{n}", "a": "a", "z": "z", "igp_metric": 1, "shared_risk_groups": [], "a_card": "-",
                  "z_card": "-"} for n in range(links)]  # fmt: skip
        self.network = Network({"sites": [site], "nodes": ends, "links": lines, "element_managers": [],
                                "management": {"station": "a"}})  # fmt: skip

    def hold(self, items):
        pass

    let_go = hold


def waits_h(servers, per_hour, seed, many=FAULTS):
    """How long each fault waited until work on it began, in hours; the OSS's own rule gives the orders out."""
    env, streams = simpy.Environment(), Streams(seed)
    plant, truth = Plant(200), Truth()
    faults = Faults(env, plant, truth)
    waiting, failed, waits = [], {}, []
    free = {f"crew-{n}": "hub" for n in range(servers)}

    def give_out():
        for job, crew in assign(list(waiting), free, {"hub": (36.0, -1.0)}):
            waiting.remove(job)
            del free[crew]
            waits.append((env.now - failed[job.incident_id]) / HOUR_MS)
            crews.send(WorkOrder(sender="oss", message_id=job.incident_id, occurred_ms=int(env.now), crew_id=crew,
                                 work_order_id=job.incident_id, site_id="hub", resource_id=job.resource_id))  # fmt: skip

    def hear(report):
        assert isinstance(report, CrewReport)
        if report.result == "repaired":
            free[report.crew_id] = "hub"
            give_out()

    force = FieldForce(look_ms=0, repair=Exponential(HOUR_MS))
    crews = Crews(env, plant.network, force, dict.fromkeys(free, CrewPlan("hub")), faults, streams, hear, truth)

    def arrive():
        gaps = streams.get("arrivals").exponential(HOUR_MS / per_hour, many)
        for number, gap in enumerate(gaps):
            yield env.timeout(round(gap))
            name, link = f"fault-{number:06d}", f"link-{number % 200}"
            faults.begin(Fault(name, "cut_link", link, None))
            failed[name] = env.now
            waiting.append(Job(name, link, "hub", 0, int(env.now), int(env.now)))
            give_out()

    env.process(arrive())
    env.run()
    assert len(waits) == many
    assert not faults.active
    return np.array(waits[WARM_UP:])


@pytest.mark.parametrize(
    ("servers", "per_hour", "many"),
    [(1, 0.6, FAULTS), (3, 2.0, FAULTS), pytest.param(5, 4.0, 4 * FAULTS, marks=pytest.mark.slow)],
)
def test_the_crew_queue_is_erlangs(servers, per_hour, many):
    """P(wait) and the mean wait over eight seeds, each inside the 99.9 % interval that their spread gives (Student's t,
    7 degrees of freedom: 5.41), which is at most a quarter wide to either side."""
    runs = [waits_h(servers, per_hour, seed, many) for seed in range(8)]
    waits = erlang_c(per_hour, servers)
    expected = {"p_wait": waits, "mean_h": waits / (servers - per_hour)}
    measured = {"p_wait": [np.mean(run > 0) for run in runs], "mean_h": [run.mean() for run in runs]}
    for name, values in measured.items():
        half = 5.41 * np.std(values, ddof=1) / sqrt(len(values))
        assert abs(np.mean(values) - expected[name]) < half, name
        assert half < expected[name] / 4, name


def test_how_long_who_waits_waits_is_exponential():
    """Of M/M/c first come first served: P(W > t | W > 0) = exp(-(c μ - λ) t)."""
    late = np.concatenate([run[run > 0] for run in (waits_h(3, 2.0, seed) for seed in range(4))])
    for hours in (0.5, 1.0, 2.0):
        assert np.mean(late > hours) == pytest.approx(exp(-hours), abs=0.03)


def test_orders_that_come_at_once_are_done_one_after_the_other():
    """Three hours of work each, half an hour to look where nothing is; in the order in which they came."""
    env, plant, truth, heard = simpy.Environment(), Plant(3), Truth(), []
    faults = Faults(env, plant, truth)
    force = FieldForce(repair=Constant(3 * HOUR_MS))
    crews = Crews(env, plant.network, force, {"crew-1": CrewPlan("hub")}, faults, Streams(1), heard.append, truth)
    for number in (2, 0):
        faults.begin(Fault(f"fault-{number}", "cut_link", f"link-{number}", None))
    for number in (2, 1, 0):
        crews.send(WorkOrder(sender="oss", message_id=f"o{number}", occurred_ms=0, work_order_id=f"w{number}",
                             crew_id="crew-1", site_id="hub", resource_id=f"link-{number}"))  # fmt: skip
    env.run()
    ended = [(r.work_order_id, r.result, r.occurred_ms / HOUR_MS) for r in heard if r.result != "arrived"]
    assert ended == [("w2", "repaired", 3.0), ("w1", "nothing_found", 3.5), ("w0", "repaired", 6.5)]


def test_the_formula_gives_the_published_value():
    """λ 8, μ 1, c 10: P(wait) 0.409180."""
    assert erlang_c(8, 10) == pytest.approx(0.409180, abs=5e-7)
