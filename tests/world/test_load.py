"""Links and cells under load, by hand in the town, and over whole days: nothing is carried twice, lost or made."""

from math import sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ossbss.contract.units import HOUR_MS
from sim.world.network.capacity import CapacityPlan, dressed
from sim.world.network.routing.forwarding import Forwarding
from sim.world.network.state import FailureState, Network
from sim.world.network.traffic.backbone import Backbone, TrafficPlan
from sim.world.network.traffic.blocking import erlang_b
from sim.world.network.traffic.rhythm import Rhythm
from sim.world.people.channels import blocked
from sim.world.people.habits import Habits
from sim.world.people.intents import draw_hour
from sim.world.people.usage import cut
from sim.world.streams import Streams
from tests.town import play, town

M = 1_000_000
FLAT = Rhythm(by_hour=(1.0,) * 24, by_weekday=(1.0,) * 7)
generated = settings(max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate])
SITES = ("hub", "north", "east", "south", "port", "farm")


def shares(asked_mbps, *failed_links, **capacity):
    """Site → the share its cell gets, in thousandths; links carry 10 Mbit/s unless said otherwise."""
    document = dressed(town(), CapacityPlan(**{"link_bps": 10 * M, **capacity}), None)
    network = Network(document)
    backbone, forwarding = Backbone(network, TrafficPlan(FLAT), 0), Forwarding(network, 0)
    state = FailureState(links=frozenset(failed_links))
    forwarding.change(state)
    forwarding.converge()
    services = {record["cell"]: name for name, record in network.services.items()}
    use = backbone.use(state, {cell: forwarding.path_of(services[cell]) for cell in backbone.cells})
    asked = np.array([asked_mbps.get(cell.removeprefix("cell-"), 0) * M for cell in backbone.cells], dtype=float)
    got = backbone.get(use, 0, asked)
    capacities = np.array([link.get("capacity_bps", 1e18) for link in document["links"]])
    order = [[link["id"] for link in document["links"]].index(link) for link in backbone.arcs.links]
    assert (got.carried_bps[: 2 * len(order)] <= np.repeat(capacities[order], 2) + 1).all()
    return {cell.removeprefix("cell-"): round(ppm / 1000) for cell, ppm in zip(backbone.cells, got.cell_ppm, strict=True)}


def test_two_places_behind_one_fibre_share_it_in_proportion_to_their_users():
    assert shares({"north": 4, "farm": 16}) == {**dict.fromkeys(SITES, 1000), "north": 500, "farm": 500}


def test_who_is_limited_elsewhere_leaves_the_rest_to_the_others():
    # The farm's own radio gives 2 of its 8 Mbit/s; north asks for 9 and finds 8 left on hub-north.
    found = shares({"north": 9, "farm": 8}, cell_bps=None)
    assert (found["north"], found["farm"]) == (588, 588)
    document = town()
    document["cells"] = [{**c, "capacity_bps": 2 * M} if c["id"] == "cell-farm" else c for c in document["cells"]]
    network = Network(dressed(document, CapacityPlan(link_bps=10 * M), None))
    backbone, forwarding = Backbone(network, TrafficPlan(rhythm=FLAT), 0), Forwarding(network, 0)
    paths = {f"cell-{site}": forwarding.path_of(f"svc-{site}") for site in SITES}
    got = backbone.get(backbone.use(FailureState(), paths), 0, np.array([0, 9, 0, 0, 0, 8.0]) * M)
    assert dict(zip(backbone.cells, got.cell_ppm.tolist(), strict=True))["cell-farm"] == 250_000
    assert dict(zip(backbone.cells, got.cell_ppm.tolist(), strict=True))["cell-north"] == pytest.approx(888_889, abs=1)


def test_after_a_cut_all_of_the_town_hangs_on_the_southern_fibre():
    asked = {"north": 4, "farm": 4, "east": 4, "port": 4, "south": 4}
    before, after = shares(asked), shares(asked, "hub-north")
    assert before == {**dict.fromkeys(SITES, 625), "hub": 1000, "south": 1000}  # four over hub-north: 16 over 10
    assert after == {"hub": 1000, **dict.fromkeys(SITES[1:], 500)}


@generated
@given(st.lists(st.floats(0, 20), min_size=6, max_size=6), st.floats(0, 20), st.sampled_from(["transit", "data", "nobody"]))
def test_what_is_not_carried_is_discarded_where_it_found_no_room(asked_mbps, transit_mbps, first):
    document = town() | {"demands": [{"a": "r-hub", "z": "r-farm", "bps": transit_mbps * M}]}
    network = Network(dressed(document, CapacityPlan(link_bps=10 * M, cell_bps=8 * M), None))
    precedence = {"transit": int(first == "data"), "data": int(first == "transit")}
    backbone, forwarding = Backbone(network, TrafficPlan(FLAT, precedence), 0), Forwarding(network, 0)
    use = backbone.use(FailureState(), {f"cell-{site}": forwarding.path_of(f"svc-{site}") for site in SITES})
    got = backbone.get(use, 0, np.array(asked_mbps) * M)
    full = got.carried_bps >= backbone.capacity_bps * (1 - 1e-6)
    assert (got.discarded_bps[~full] == 0).all()
    at_cells = got.carried_bps[len(backbone.arcs.tails) :]
    into_farm = got.carried_bps[: len(backbone.arcs.tails)][backbone.arcs.heads == backbone.arcs.node_no["r-farm"]].sum()
    transit = into_farm - at_cells[backbone.cells.index("cell-farm")]  # one fibre leads to the farm, and none beyond it
    offered = (sum(asked_mbps) + transit_mbps) * M
    assert at_cells.sum() + transit + got.discarded_bps.sum() == pytest.approx(offered, rel=1e-9, abs=1)


@pytest.mark.parametrize(("first", "north"), [("transit", 0), ("data", 1000), ("nobody", 500)])
def test_who_is_first_is_served_before_the_others(first, north):
    document = town() | {"demands": [{"a": "r-hub", "z": "r-north", "bps": 10 * M}]}
    document = dressed(document, CapacityPlan(link_bps=10 * M), None)
    network = Network(document)
    precedence = {"transit": int(first == "data"), "data": int(first == "transit")}
    backbone, forwarding = Backbone(network, TrafficPlan(FLAT, precedence), 0), Forwarding(network, 0)
    paths = {f"cell-{site}": forwarding.path_of(f"svc-{site}") for site in SITES}
    got = backbone.get(backbone.use(FailureState(), paths), 0, np.array([0, 10, 0, 0, 0, 0.0]) * M)
    assert got.cell_ppm[list(backbone.cells).index("cell-north")] == north * 1000


def test_transit_without_a_way_takes_nothing():
    document = town() | {"demands": [{"a": "r-farm", "z": "r-hub", "bps": 5 * M}]}
    network = Network(dressed(document, CapacityPlan(link_bps=10 * M), None))
    backbone, forwarding = Backbone(network, TrafficPlan(FLAT), 0), Forwarding(network, 0)
    state = FailureState(links=frozenset({"farm-north"}))
    forwarding.change(state)
    paths = {f"cell-{site}": forwarding.path_of(f"svc-{site}") for site in SITES}
    got = backbone.get(backbone.use(state, paths), 0, np.zeros(6))
    assert got.carried_bps.sum() == got.discarded_bps.sum() == 0


# -- voice -----------------------------------------------------------------------------------------


def test_blocking_of_a_cell_in_batches_is_that_of_erlang():
    """200 hours of one place, each closed on its own with the calls that go on: Erlang's B from the traffic offered."""
    habits, streams, channels = Habits(calls_per_day=36.0), Streams(3), 8
    lines = pl.DataFrame({"subscriber_id": [f"l{n}" for n in range(100)], "octets_per_day": [0] * 100})
    cells = {"cell": {"voice_channels": channels}}
    unfinished, shares_of_hours, offered_ms, hours = None, [], 0, 200
    for hour in range(hours):
        begins_ms = hour * HOUR_MS
        drawn = draw_hour({"cell": lines}, {"cell": habits}, hour, begins_ms, 12, streams).filter(pl.col("class") != "sms")
        everything = drawn if unfinished is None else pl.concat([unfinished, drawn])
        now = blocked(cut(everything, {}, begins_ms + HOUR_MS), begins_ms, cells)
        fresh = now.filter(pl.col("started_ms") >= begins_ms)
        stopped = fresh.filter(pl.col("down_ms").is_not_null())
        shares_of_hours.append((stopped.height, fresh.height))
        offered_ms += drawn.filter(pl.col("answer") == "answered")["lasts_ms"].sum()
        going_on = now.filter(pl.col("ended_ms") > begins_ms + HOUR_MS)["intent_id"]
        unfinished = everything.filter(pl.col("intent_id").is_in(going_on.to_list()))
    lost, tried = np.array(shares_of_hours).T
    share = lost.sum() / tried.sum()
    half = 3.291 * np.std(lost - share * tried, ddof=1) * sqrt(hours) / tried.sum()
    expected = erlang_b(offered_ms / (hours * HOUR_MS), channels)
    assert expected > 0.04
    assert abs(share - expected) < half < 0.2 * expected


def test_emergency_calls_find_the_channels_kept_for_them():
    calls = pl.DataFrame({
        "intent_id": [1, 2, 3, 4], "class": ["voice", "voice", "emergency", "emergency"], "place_id": ["c"] * 4,
        "started_ms": [0, 10, 20, 30], "ended_ms": [100, 110, 120, 130], "down_ms": [None] * 4,
    }, schema_overrides={"down_ms": pl.Int64})  # fmt: skip
    cells = {"c": {"voice_channels": 2, "emergency_channels": 1}}
    assert blocked(calls, 0, cells).filter(pl.col("down_ms").is_not_null())["intent_id"].to_list() == [2, 4]


# -- whole days ------------------------------------------------------------------------------------

CONGESTED = {"capacity": {"links": "6 Mbit/s", "cells": "4 Mbit/s", "voice_channels": 2, "emergency_channels": 1},
             "transit": {"total": "8 Mbit/s"}}  # fmt: skip
BUSY = {"subscribers": 300, "offerings": {"postpay-s": 1}}


@given(
    cuts=st.lists(st.tuples(st.sampled_from(["hub-north", "hub-south", "east-port"]), st.integers(0, 600)), max_size=2,
                  unique_by=lambda c: c[0]),
    first=st.sampled_from(["nobody", "data", "transit"]), seed=st.integers(0, 99),
)  # fmt: skip
@settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=list(HealthCheck))  # fmt: skip
def test_what_cells_counted_is_what_people_were_served(tmp_path_factory, cuts, first, seed):
    timeline = [{"at": f"{at} min", "do": "cut_link", "target": link, "repair": "2 h"} for link, at in cuts]
    run = play(tmp_path_factory.mktemp("day"), timeline, seed=seed, network={"file": "town.json", **CONGESTED},
               population=BUSY, world={"traffic": {"first": first}}, lasts="14 h")  # fmt: skip
    attempts, counters = run.table("attempts"), run.table("counters")
    data = attempts.filter(pl.col("class") == "data")
    served, counted = (of.sum() for of in (data["served"], counters.filter(counter="carriedOctets")["value"]))
    assert counted == pytest.approx(served, rel=2e-5, abs=1000)
    assert data["served"].sum() < data["requested"].sum()
    assert (attempts["served"] <= attempts["requested"]).all()
    ports = counters.filter(counter="ifHCOutOctets")
    assert ports["value"].max() <= 6 * M // 8 * 900 + 1
    calls = attempts.filter(pl.col("class").is_in(["voice", "emergency"]) & (pl.col("outcome") != "in_progress"))
    assert counters.filter(counter="callAttempts")["value"].sum() == calls.height
    stopped = calls.filter(outcome="blocked").height
    assert counters.filter(counter="callsBlocked")["value"].sum() == stopped > 0


def test_more_capacity_never_serves_fewer_octets(tmp_path):
    def served(links):
        network = {"file": "town.json", "capacity": {"links": links}}
        folder = tmp_path / links.split()[0]
        folder.mkdir()
        run = play(folder, [], network=network, population=BUSY, lasts="15 h")
        return run.table("attempts").filter(pl.col("class") == "data")["served"].sum()

    narrow, wider, wide = served("2 Mbit/s"), served("5 Mbit/s"), served("900 Gbit/s")
    assert narrow < wider < wide


def test_a_bad_line_is_told_by_the_errors_at_its_far_end(tmp_path):
    """A quarter of what the fibre carries to the farm from 0 to 6 h comes damaged; nothing else does."""
    timeline = [{"at": "0 s", "do": "degrade_link", "target": "farm-north", "loss_milli": 250, "repair": "6 h"}]
    network = {"file": "town.json", "capacity": {"links": "1 Gbit/s"}}
    run = play(tmp_path, timeline, network=network, population=BUSY, lasts="8 h")
    counters = run.table("counters").filter(pl.col("interval_start_ms") < run.view.starts_ms + 6 * HOUR_MS)
    damaged = run.table("counters").filter((pl.col("counter") == "ifInErrors") & (pl.col("value") > 0))
    assert set(damaged.select("element_id", "object").iter_rows()) == {("r-farm", "farm-north")}
    sent = counters.filter(element_id="r-north", object="farm-north", counter="ifHCOutOctets")["value"].sum()
    assert damaged["value"].sum() == pytest.approx(sent / 4 / 700, rel=0.01)
    assert run.table("counters").filter(counter="ifOutDiscards")["value"].sum() == 0


def test_a_bad_line_loses_its_share_of_what_people_wanted(tmp_path):
    timeline = [{"at": "0 s", "do": "degrade_link", "target": "farm-north", "loss_milli": 250, "repair": "6 h"}]
    run = play(tmp_path, timeline, population=BUSY, lasts="8 h", world={"performance": {"files": True}})
    began = run.view.starts_ms
    ended = began + 6 * HOUR_MS
    data = run.table("attempts").filter((pl.col("class") == "data") & (pl.col("outcome") == "answered"))
    farm = data.filter(place_id="cell-farm")
    hurt = farm.filter(pl.col("ended_ms") <= ended)
    assert (hurt["served"] / hurt["requested"]).to_numpy() == pytest.approx(0.75, abs=1e-3)
    assert farm.filter(pl.col("started_ms") > ended).select((pl.col("served") == pl.col("requested")).all()).item()
    assert data.filter(pl.col("place_id") != "cell-farm").select((pl.col("served") == pl.col("requested")).all()).item()
    told = set(run.table("alarms").select("alarmed_object", "probable_cause").iter_rows())
    assert told == {("svc-farm", "performanceDegraded"), ("farm-north", "degradedSignal")}  # by counters alone
