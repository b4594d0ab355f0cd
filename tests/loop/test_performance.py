"""Failures that raise no alarm, told by counters: timed stories on the town, from the world to the alarm list."""

import polars as pl
import pytest

from ossbss.oss.fault.symptoms import STATION, idle_cell, path_loss, port_errors
from sim import Scenario
from sim.testbed.play import play as played_only
from tests.loop.fault_stories import H, M, S, alarms, spans
from tests.town import play, scenario_file

Q = 15 * M
MANY = {"subscribers": 600, "offerings": {"postpay-s": 1}}
FILES = {"performance": {"files": True}}
PROMPT = FILES | {"telemetry": {"late_milli": 0, "doubled_milli": 0}}
THRESHOLDS = ("performanceDegraded", "degradedSignal")


def of_thresholds(run):
    return {identity: times for identity, times in alarms(run).items() if identity[1] in THRESHOLDS}


def known(run, identity):
    """When the station learnt of it, ms after the start."""
    row = run.table("alarms").filter(pl.col("alarmed_object") == identity[0], pl.col("probable_cause") == identity[1],
                                     pl.col("source") == identity[2])  # fmt: skip
    return [at - run.view.starts_ms for at in row["known_ms"]]


def test_a_lossy_line_is_an_alarm_of_exactly_the_services_that_take_it_and_of_its_port(tmp_path):
    """3 % on farm-north from 8:05 to 11:05 by the run's clock. Only the farm's service takes it.

    The period from 8:00 is the first with loss (2 % of it), it ends at 8:15, files take half a second, and are judged a
    minute after the first. The period that ends at 11:15 has loss for five of its 15 minutes (1 %: between the marks or
    over), the next has none, so that the alarm ends with it.
    """
    loss = {"at": "485 min", "do": "degrade_link", "target": "farm-north", "loss_milli": 30, "repair": "3 h"}
    run = play(tmp_path, [loss], world=PROMPT, population=MANY, lasts="14 h")
    assert spans(run, "fault", "farm-north") == [(8 * H + 5 * M, 11 * H + 5 * M)]
    found = of_thresholds(run)
    service, port = path_loss("svc-farm"), port_errors("farm-north", "r-farm")
    assert set(found) == {service, port}
    assert found[service] == [(8 * H + Q, 11 * H + 2 * Q)]
    assert found[port][0][0] == 8 * H + Q
    assert found[port][-1][1] == 11 * H + 2 * Q
    (at,) = known(run, service)
    assert 8 * H + Q + M <= at <= 8 * H + Q + M + 500


def test_a_line_that_several_services_share_degrades_them_all(tmp_path):
    """The north, and the farm behind it; those of the hub and the south are fine."""
    loss = {"at": "8 h", "do": "degrade_link", "target": "hub-north", "loss_milli": 40, "repair": "2 h"}
    run = play(tmp_path, [loss], world=PROMPT, lasts="12 h")
    degraded = {identity[0] for identity in of_thresholds(run) if identity[2] == STATION}
    assert {"svc-north", "svc-farm"} <= degraded
    assert degraded.isdisjoint({"svc-hub", "svc-south"})
    assert all(cleared is not None for times in of_thresholds(run).values() for _, cleared in times)


def test_a_sleeping_cell_is_idle_by_its_counters_until_it_wakes(tmp_path):
    sleep = {"at": "8 h", "do": "sleep_cell", "target": "cell-port", "repair": "6 h"}
    run = play(tmp_path, [sleep], world=PROMPT, population=MANY, lasts="16 h",
               operations={"crews": [], "remote_repair": False})  # fmt: skip
    (times,) = of_thresholds(run).values()
    assert set(of_thresholds(run)) == {idle_cell("cell-port")}
    ((raised, cleared),) = times
    assert 8 * H + Q <= raised <= 9 * H + Q  # 100 lines: some ten connections a quarter
    assert cleared == 14 * H + Q


@pytest.mark.parametrize("event", [
    {"do": "cut_link", "target": "east-port", "repair": "100 min"},
    {"do": "fail_node", "target": "r-farm", "repair": "2 h"},
    {"do": "cut_power", "target": "south", "repair": "2 h"},
    {"do": "flap_link", "target": "east-port", "period": "40 s", "repair": "30 min"},
    {"do": "bad_change", "target": "r-port", "rollback": "2 h"},
    {"do": "cut_duct", "target": "duct-river", "repair": "90 min"},
], ids=lambda event: event["do"])  # fmt: skip
def test_what_is_down_is_fault_management_s_and_crosses_no_threshold(tmp_path, event):
    run = played(tmp_path, [{"at": "8 h 7 min", **event}], operations={"crews": []}, population=MANY, lasts="14 h")
    assert thresholds_raised(run) == []


def played(tmp_path, timeline, seed=1, **changes):
    """The tables of a run, without its report."""
    file = scenario_file(tmp_path, timeline, **{"world": FILES, **changes})
    return played_only(Scenario.load(file, seed=seed), tmp_path / "dump", lambda _: None)


def thresholds_raised(run):
    rows = run.view.tables["alarms"].filter(pl.col("probable_cause").is_in(THRESHOLDS))
    return rows["alarmed_object"].to_list()


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3))])
@pytest.mark.parametrize("subscribers", [30, 300])
def test_days_and_nights_without_a_fault_cross_no_threshold(tmp_path, seed, subscribers):
    run = played(tmp_path, [], seed, lasts="2 days", population=MANY | {"subscribers": subscribers})
    assert thresholds_raised(run) == []
    assert run.view.tables["journal"].filter(pl.col("kind") == "message.rejected").is_empty()


def test_pitfall_19_an_element_that_is_cut_off_sends_no_file_and_nobody_concludes_that_it_is_well(tmp_path):
    """In band. The farm's line loses packets from 8:00; at 9:05 hub-north and east-north are cut, behind which north and
    farm lie; the line is mended at 9:30, which nobody can see. Till then the hub's session says nothing of the way (all
    of it is lost), the farm's files are lost; the alarms stand until both lines are back and both ends are fine. That the
    list which the farm's element gives then names no damaged packets is no proof: they are in no such list."""
    events = [
        {"at": "8 h", "do": "degrade_link", "target": "farm-north", "loss_milli": 50, "repair": "90 min"},
        {"at": "545 min", "do": "cut_link", "target": "hub-north", "repair": "3 h"},
        {"at": "545 min", "do": "cut_link", "target": "east-north", "repair": "3 h"},
    ]
    run = play(tmp_path, events, world=PROMPT, population=MANY, management="in_band", operations={"crews": []}, lasts="14 h")
    ((raised, cleared),) = of_thresholds(run)[path_loss("svc-farm")]
    assert raised == 8 * H + Q
    assert 12 * H + Q <= cleared <= 12 * H + 2 * Q
    ((_, port_cleared),) = of_thresholds(run)[port_errors("farm-north", "r-farm")]
    assert 12 * H + Q <= port_cleared <= 12 * H + 2 * Q
    assert spans(run, "service_outage", "svc-farm") == [(9 * H + 5 * M, 12 * H + 5 * M + 3 * S)]


def test_pitfall_19_a_restarted_element_doubts_its_counters_and_they_decide_nothing(tmp_path):
    """A lossy line whose far end starts anew in the only two periods of the loss: its files say suspect."""
    events = [
        {"at": "8 h", "do": "degrade_link", "target": "farm-north", "loss_milli": 500, "repair": "30 min"},
        {"at": "481 min", "do": "fail_node", "target": "r-farm", "repair": "2 min"},
        {"at": "497 min", "do": "fail_node", "target": "r-farm", "repair": "2 min"},
    ]
    run = play(tmp_path, events, world=PROMPT, population=MANY, operations={"crews": []}, lasts="12 h")
    assert port_errors("farm-north", "r-farm") not in of_thresholds(run)
    assert idle_cell("cell-farm") not in of_thresholds(run)


def test_without_files_nobody_learns_of_it(tmp_path):
    loss = {"at": "8 h", "do": "degrade_link", "target": "farm-north", "loss_milli": 30, "repair": "3 h"}
    run = played(tmp_path, [loss], world={"performance": {"files": False}}, population=MANY, lasts="12 h")
    assert thresholds_raised(run) == []


def test_thresholds_are_the_operator_s(tmp_path):
    loss = {"at": "8 h", "do": "degrade_link", "target": "farm-north", "loss_milli": 30, "repair": "3 h"}
    tolerant = {"path_loss_raise_milli": 60, "port_errors_raise_milli": 60}
    run = played(tmp_path, [loss], population=MANY, operations={"crews": [], **tolerant}, lasts="12 h")
    assert thresholds_raised(run) == []
