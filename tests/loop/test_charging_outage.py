"""A node of the BSS among the elements that the OSS watches: whatever happens to it is found, named and mended."""

import polars as pl
import pytest

from tests.loop.laws import check_all
from tests.town import play

OCS = {"file": "town-charging.json"}
CHARGING = {"charging": {"node": "ocs-1"}, "performance": {"files": True}}
DAYS = {
    "the node": {"do": "fail_node", "target": "ocs-1"},
    "the power of its site": {"do": "cut_power", "target": "data"},
    "a card of it": {"do": "fail_card", "target": "ocs-1/1"},
    "one of its fibres": {"do": "cut_link", "target": "data-hub-2"},
    "a duct of its fibre": {"do": "cut_duct", "target": "duct-data-1"},
    "a change cuts it off": {"do": "bad_change", "target": "ocs-1"},
}
LOST = {"the node", "the power of its site", "a change cuts it off"}
BESIDE, WITHIN = "out_of_band", "in_band"
HEARD = [(day, mode) for day in DAYS for mode in (BESIDE, WITHIN) if (day, mode) != ("a change cuts it off", BESIDE)]


def lost_charging(run):
    told = run.table("truth").filter(pl.col("kind") == "charging_unreachable")
    return told.select("subject", "at_ms", "until_ms").rows()


@pytest.mark.parametrize(("day", "management"), HEARD)
def test_what_fails_of_it_is_named_and_mended_while_every_service_works(tmp_path, day, management):
    run = play(tmp_path, [{"at": "4 h", **DAYS[day]}], network=OCS | {"management": management}, world=CHARGING, lasts="14 h")
    incidents = run.table("incidents")
    assert incidents["state"].to_list() == ["closed"]
    target = DAYS[day]["target"]
    assert target in (incidents["root_cause_resource"][0], *incidents["equivalents"].str.json_decode(pl.List(pl.String))[0])
    assert (run.kpis["root_cause_exact"], run.kpis["availability"]) == (1, 1)
    assert run.kpis["mttr_s"] < 12 * 3600
    assert run.table("service_problems").is_empty()
    assert (run.kpis["credits_total"], run.kpis["contacts"]) == (0, 0)
    (fault,) = run.view.truth("fault").select("at_ms", "until_ms").rows()
    assert lost_charging(run) == ([("r-hub", *fault)] if day in LOST else [])
    check_all(run)


def test_a_change_that_cuts_it_off_is_heard_by_nobody_who_asks_beside_the_network(tmp_path):
    """Its ports are up, it answers every poll, and no service of the OSS's inventory ends there: only who charges is
    without it."""
    run = play(tmp_path, [{"at": "4 h", **DAYS["a change cuts it off"]}], network=OCS | {"management": BESIDE}, world=CHARGING)
    assert (run.kpis["alarms_raw"], run.kpis["undetected_faults"]) == (0, 1)
    ((core, _, until_ms),) = lost_charging(run)
    assert (core, until_ms) == ("r-hub", None)


def test_planned_work_on_it_is_no_incident(tmp_path):
    work = [{"at": "4 h", "do": "planned_work", "target": "ocs-1", "lasts": "2 h", "notice": "1 h"}]
    run = play(tmp_path, work, network=OCS, world=CHARGING, lasts="10 h")
    assert run.kpis["incidents"] == 0
    ((core, at_ms, until_ms),) = lost_charging(run)
    assert (core, until_ms - at_ms) == ("r-hub", 2 * 3_600_000)
    check_all(run)


def test_a_service_that_is_down_is_mended_before_the_charging_system(tmp_path):
    """The OSS knows what a fibre carries, and of the node only that it is down; with one crew the fibre is first."""
    faults = [
        {"at": "4 h", "do": "fail_node", "target": "ocs-1"},
        {"at": "4 h", "do": "cut_link", "target": "east-port"},
    ]
    run = play(tmp_path, faults, network=OCS, world=CHARGING, lasts="18 h")
    sent = run.table("actions").filter(pl.col("kind") == "dispatch").sort("occurred_ms")["target"].to_list()
    assert sent == ["east-port", "ocs-1"]
    assert run.kpis["root_cause_exact"] == 1
    check_all(run)


def test_the_oss_hears_the_same_whatever_the_network_does_unasked(tmp_path):
    """Fail open or fail closed is between the core and the BSS."""
    heard = {}
    for way in ("fail_open", "fail_closed"):
        (tmp_path / way).mkdir()
        world = {"charging": {"node": "ocs-1", "on_unreachable": way}}
        run = play(tmp_path / way, [{"at": "4 h", **DAYS["the node"]}], network=OCS, world=world, lasts="14 h")
        heard[way] = [run.table(name).rows() for name in ("alarms", "incidents", "actions", "service_problems")]
    assert heard["fail_open"] == heard["fail_closed"]
