"""Whole days on which routing reacts: what people, OSS and BSS meet when traffic takes another way."""

import json

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS
from tests.loop.laws import check_all
from tests.town import play, town

CUT = [{"at": "2 h", "do": "cut_link", "target": "hub-north", "repair": "2 h"}]


def outages(run):
    """Service → lengths of its outages in ms (None: to the end of the run)."""
    rows = run.table("truth").filter(pl.col("kind") == "service_outage").sort("at_ms")
    found = {}
    for service, at_ms, until_ms in rows.select("subject", "at_ms", "until_ms").iter_rows():
        found.setdefault(service, []).append(None if until_ms is None else until_ms - at_ms)
    return found


def with_network(folder, change):
    """The town with some records changed, as a file of its own beside the scenario."""
    document = town()
    change(document)
    (folder / "own.json").write_text(json.dumps(document))
    return {"file": "own.json"}


def test_a_cut_in_parts_is_as_long_as_its_parts(tmp_path):
    """North notices after 10 ms and tells east, one hop of 10 ms; east computes for 50 and installs for 200."""
    run = play(tmp_path, CUT, world={"routing": {}})
    assert outages(run) == {f"svc-{site}": [10 + 10 + 50 + 200] for site in ("north", "farm", "east", "port")}
    assert run.table("service_problems").is_empty()
    assert run.kpis["credit_error"] == 0
    check_all(run)


def test_protection_switches_in_fifty_milliseconds_and_is_no_service_problem(tmp_path):
    def protect(document):
        for service in document["services"]:
            if service["id"] == "svc-east":
                service |= {"protection": "1+1", "path": ["east-north", "hub-north"], "backup_path": ["east-south", "hub-south"]}

    network = with_network(tmp_path, protect)
    run = play(tmp_path, CUT, network=network, world={"routing": {"protection_switch": "50 ms"}})
    assert outages(run)["svc-east"] == [50]
    assert run.table("service_problems").is_empty()
    assert (run.kpis["credits_total"], run.kpis["credit_error"]) == (0, 0)
    check_all(run)
    assert "svc-east" not in outages(play(tmp_path, CUT, network=network, world={"routing": {}}))


def two_cores(document, management="out_of_band"):
    """East backs the hub up, and the management station stands in the south, so that the hub may fail."""
    document["management"] = {"mode": management, "station": "r-south"}
    for cell in document["cells"]:
        cell["backup_core_node"] = ["r-east"]
    for service in document["services"]:
        service["backup_z"] = ["r-east"]


HUB_FAILS = [{"at": "150 min", "do": "fail_node", "target": "r-hub", "repair": "3 h"}]


@pytest.mark.parametrize("management", ["out_of_band", "in_band"])
def test_a_backup_core_carries_the_cells_of_a_dead_one_and_files_their_usage(tmp_path, management):
    """The hub hangs from 2:30 to 5:30: its neighbours miss it after 40 s; east knows its own way to itself, so that it
    alone has to turn its cells; from the hour of 3:00 to that of 5:00 east files for everybody but the hub."""
    network = with_network(tmp_path, lambda document: two_cores(document, management))
    people = {"subscribers": 240, "offerings": {"postpay-s": 1}}
    run = play(tmp_path, HUB_FAILS, network=network, world={"routing": {}}, population=people)
    lengths = outages(run)
    assert set(lengths) == {f"svc-{site}" for site in ("hub", "north", "east", "south", "port", "farm")}
    assert all(len(each) == 1 for each in lengths.values())
    assert lengths.pop("svc-hub") == [3 * HOUR_MS]  # its own cell needs no other router
    assert all(40_000 < each[0] < 40_000 + 500 for each in lengths.values())
    usage = run.table("usage").unique("usage_id").with_columns(
        pl.col("file_id").str.split("/").list.last().cast(pl.Int64).alias("closed_ms"))  # fmt: skip
    starts_ms = run.table("truth").filter(pl.col("kind") == "fault")["at_ms"][0] - 150 * 60_000
    hours = usage.with_columns(((pl.col("closed_ms") - starts_ms) // HOUR_MS).alias("hour"))
    own = hours.filter(pl.col("place_id") == "cell-hub")  # what the hub carried before it died, it files when it is back
    assert set(own["element_id"]) == {"r-hub"}
    assert set(own["hour"]).isdisjoint({4, 5})
    by_core = {core: set(of["hour"]) for (core,), of in hours.join(own, on="usage_id", how="anti").group_by("element_id")}
    assert by_core["r-east"] == {3, 4, 5}
    assert {1, 2, 6, 7, 8} <= by_core["r-hub"]
    assert by_core["r-hub"].isdisjoint({3, 4, 5})
    check_all(run)


def test_without_backup_the_same_day_is_three_hours_long_for_everybody(tmp_path):
    def one_core(document):
        two_cores(document)
        for record in (*document["cells"], *document["services"]):
            record.pop("backup_core_node", None)
            record.pop("backup_z", None)

    run = play(tmp_path, HUB_FAILS, network=with_network(tmp_path, one_core), world={"routing": {}})
    assert {length >= 3 * HOUR_MS for each in outages(run).values() for length in each} == {True}
    check_all(run)
