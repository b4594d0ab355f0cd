"""What holds for every crew on every day: no two places at once, no work out of hours, one end of every order."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.assurance import CrewReport, WorkOrder
from ossbss.contract.units import DAY_MS, HOUR_MS, MINUTE_MS
from sim import Scenario
from sim.testbed.compose import compose
from tests.loop.days import timelines
from tests.town import play, scenario_file

OFFSET_MS = 3 * HOUR_MS
GATE, NIGHT, SHIFT = ("09:00", "16:00"), ("22:00", "05:00"), ("07:00", "19:00")
UNDER_WAY = ("arrived", "acknowledged")
ON_LAND = ["fibre", "ip", "power"]


def crew(number, site, skills, shift, on_call, overtime, spools):
    working = {"shift": "-".join(SHIFT), "overtime": overtime} | ({"on_call": "30 min"} if on_call else {})
    return {"id": f"crew-{number}", "site": site, "skills": sorted(skills), "spares": {"fibre_spool": spools}} | (
        working if shift else {}
    )


crews = st.lists(
    st.tuples(st.sampled_from(["hub", "east", "farm"]), st.sets(st.sampled_from(ON_LAND)), st.booleans(), st.booleans(),
              st.booleans(), st.integers(0, 1)),
    min_size=1, max_size=3,
).map(lambda parts: [crew(n, *part) for n, part in enumerate(parts)] + [{"id": "crew-all", "site": "south"}])  # fmt: skip
forces = st.fixed_dictionaries({
    "no_travel": st.just("-".join(NIGHT)),
    "access": st.just({"east": {"hours": "-".join(GATE), "delay": "20 min"}, "port": {"delay": "1 h"}}),
    "depots": st.just({"south": {"fibre_spool": 1, "card": 1}, "hub": {"node": 1, "battery": 1}}),
    "resupply": st.sampled_from([{"constant": "6 h"}, {"exponential": "9 h"}]),
    "mobilisation": st.sampled_from(["0 s", "15 min"]),
})  # fmt: skip
PARTNERS = {"carrier": {"acknowledges": {"constant": "20 min"}, "repairs": {"exponential": "4 h"}, "hours": "office"}}
NETWORK = {"file": "town.json", "owners": {"carrier": ["east-port", "farm", "farm-north"]}}


def of_day(text):
    hours, minutes = text.split(":")
    return int(hours) * HOUR_MS + int(minutes) * MINUTE_MS


def within(begin_ms, end_ms, hours):
    """Whether all of it lies in these hours of one local day (in which midnight is not)."""
    begin, end = ((at_ms + OFFSET_MS) % DAY_MS for at_ms in (begin_ms, end_ms - 1))
    return of_day(hours[0]) <= begin <= end < of_day(hours[1]) and end_ms - begin_ms < DAY_MS


def played(folder, timeline, operations, force):
    """The world after five days, its truth, all work orders and all reports."""
    path = scenario_file(folder, timeline, operations=operations | {"remote_repair": False}, network=NETWORK, lasts="5 days",
                         world={"field_force": force})  # fmt: skip
    scenario = Scenario.load(path)
    composed = compose(scenario)
    orders, reports, take = [], [], composed.world.receive
    composed.exchange.world = type("Ear", (), {"receive": staticmethod(lambda m: (orders.append(m), take(m)))})
    step = composed.oss.step

    def heard(now_ms, inbox):
        reports.extend(m for m in inbox if isinstance(m, CrewReport))
        return step(now_ms, inbox)

    composed.oss.step = heard
    composed.exchange.start()
    composed.env.run(until=scenario.spec.ends_ms + 1)
    done = composed.world.truth.table().filter(pl.col("kind").str.starts_with("crew_"))
    return composed.world, done, [o for o in orders if isinstance(o, WorkOrder)], reports


@pytest.mark.slow
@settings(derandomize=True, phases=[Phase.generate], max_examples=12, deadline=None)
@given(timelines(5, ("crew",)), crews, forces)
def test_the_laws_of_the_field_force(timeline, crews, force):
    with TemporaryDirectory() as folder:
        day = played(Path(folder), timeline, {"crews": crews, "partners": PARTNERS}, force)
    the_laws_hold(day, crews, force)


def the_laws_hold(day, crews, force):
    world, done, orders, reports = day
    doings = done.with_columns(pl.col("until_ms").fill_null(int(world.crews.env.now)))
    never_at_two_places(doings)
    never_out_of_hours(doings, {c["id"]: c for c in crews})
    every_order_ends_once(orders, reports)
    parts_are_conserved(world, crews, force)


def never_at_two_places(doings):
    for _, of_crew in doings.sort("at_ms").group_by("subject"):
        spans = of_crew.select("at_ms", "until_ms").rows()
        assert all(end <= begin for (_, end), (begin, _) in pairwise(spans))


def never_out_of_hours(doings, crews):
    for doing in doings.iter_rows(named=True):
        span, plan = (doing["at_ms"], doing["until_ms"]), crews[doing["subject"]]
        if doing["kind"] == "crew_travel":
            assert within(*span, (NIGHT[1], NIGHT[0]))
        if '"east"' in doing["body"] and doing["kind"] in ("crew_look", "crew_repair"):
            assert within(*span, GATE)
        if "shift" in plan and not plan["overtime"] and "on_call" not in plan:
            assert within(*span, SHIFT)


def every_order_ends_once(orders, reports):
    last = Counter(r.work_order_id for r in reports if r.result not in UNDER_WAY)
    assert set(last.values()) <= {1}
    assert last.keys() <= {order.work_order_id for order in orders}
    for crew in {order.crew_id for order in orders} - PARTNERS.keys():
        given = [order.work_order_id for order in orders if order.crew_id == crew]
        assert all(last[order] for order in given[:-1])  # the OSS gives no crew another before
    assert len({order.work_order_id for order in orders}) == len(orders)


def parts_are_conserved(world, crews, force):
    spares = world.crews.spares
    at_first = sum(
        (Counter(of) for of in [*force["depots"].values(), *(c.get("spares", {}) for c in crews)]), Counter()
    )
    now = sum(spares.shelves.values(), Counter()) + spares.used
    on_order = Counter(part for part, _ in spares.on_order.values())
    assert at_first + spares.ordered == now + on_order
    assert all(number >= 0 for shelf in spares.shelves.values() for number in shelf.values())


def test_the_laws_on_a_day_with_crews_parts_gates_and_partners(tmp_path):
    """A day on which all of it happens, so that the laws are not about nothing."""
    events = [{"at": at, "do": do, "target": target} for at, do, target in [
        ("1 h", "cut_link", "east-south"), ("2 h", "cut_link", "east-port"), ("3 h", "cut_link", "east-north"),
        ("9 h", "fail_card", "r-east/1"), ("10 h", "cut_link", "hub-south")]]  # fmt: skip
    force = {"depots": {"south": {"fibre_spool": 1}}, "resupply": {"constant": "6 h"}, "no_travel": "22:00-05:00",
             "access": {"east": {"hours": "09:00-16:00"}}}  # fmt: skip
    staff = [crew(0, "hub", ["fibre", "ip"], True, False, False, 0)]
    day = played(tmp_path, events, {"crews": staff, "partners": {"carrier": {}}}, force)
    the_laws_hold(day, staff, force)
    world, done, _, reports = day
    assert {"crew_travel", "crew_repair"} <= set(done["kind"])
    assert {r.result for r in reports} >= {"arrived", "acknowledged", "repaired", "no_spare"}
    assert world.crews.spares.ordered["card"] == 1
    assert not world.faults.active


@pytest.mark.slow
@settings(derandomize=True, phases=[Phase.generate], max_examples=4, deadline=None)
@given(timelines(4, ("crew",)), crews, forces)
def test_the_order_of_crews_in_the_file_changes_nothing(timeline, crews, force):
    said = listed_both_ways(timeline, crews, force)
    assert said[0] == said[1]


def test_the_order_of_equal_crews_changes_nothing():
    """Two crews at one place, two faults at one instant: who goes where is told by their names."""
    events = [{"at": "1 h", "do": "cut_link", "target": target} for target in ("hub-south", "hub-north")]
    said = listed_both_ways(events, [{"id": name, "site": "hub"} for name in ("b", "a")], {})
    assert said[0] == said[1]


def listed_both_ways(timeline, crews, force):
    told = []
    for listed in (crews, crews[::-1]):
        with TemporaryDirectory() as folder:
            run = play(Path(folder), timeline, operations={"crews": listed, "partners": PARTNERS}, network=NETWORK,
                       lasts="3 days", world={"field_force": force})  # fmt: skip
            told.append({name: run.table(name).rows() for name in ("journal", "truth", "invoices")})
    return told
