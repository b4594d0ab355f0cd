"""What is tested and mended from afar, as timed stories on the town: before anybody drives, and without harm."""

import json
from itertools import pairwise

import polars as pl
import pytest

from tests.loop.fault_stories import STAYS_NEAR, H, M, kinds, spans
from tests.loop.test_commands_and_tests import ordered, types
from tests.town import play

WORLD = STAYS_NEAR | {"remote": {"crashed_card_milli": 1000, "sleeping_cell_milli": 1000}}


def done(run, *kinds):
    """[(kind, target, state)] of these kinds of act, in order."""
    acts = run.table("actions").filter(pl.col("kind").is_in(kinds))
    return list(acts.select("kind", "target", "state").iter_rows())


def looks(run):
    return list(run.table("tests").select("method", "target", "from_node", "outcome").iter_rows())


def test_a_port_closed_by_a_bad_change_is_found_by_looking_and_the_change_is_rolled_back(tmp_path):
    """The far end tells of lost light; the near end's port says that somebody closed it. Nobody is sent."""
    change = {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}
    run = play(tmp_path, [change], world=WORLD)
    assert ("show_port", "east-port", "r-east", "administratively down") in looks(run)
    assert done(run, "roll_back", "dispatch") == [("roll_back", "east-port", "succeeded")]
    (began, ended), = spans(run, "fault")
    assert began == 2 * H
    assert ended - began < 3 * M  # correlation's two minutes, a few looks of a second, the change
    incident, = run.table("incidents").iter_rows(named=True)
    assert (incident["root_cause_resource"], incident["mode"], incident["state"]) == ("east-port", "shut", "closed")
    assert run.kpis["harm_by_remediation"] == run.kpis["disturbance_by_tests"] == 0


@pytest.mark.parametrize(("milli", "acts"), [
    (1000, [("restart_card", "r-port/1", "succeeded")]),
    (0, [("restart_card", "r-port/1", "failed"), ("dispatch", "r-port/1", "succeeded")]),
])  # fmt: skip
def test_pitfall_17_an_act_that_was_done_has_not_helped_before_tests_say_so(tmp_path, milli, acts):
    """Every restart is accepted by the element; a card that is broken stays so, one attempt is enough, a crew goes."""
    failed = {"at": "2 h", "do": "fail_card", "target": "r-port/1"}
    run = play(tmp_path, [failed], world=STAYS_NEAR | {"remote": {"crashed_card_milli": milli}})
    assert done(run, "restart_card", "dispatch") == acts
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["harm_by_remediation"] == 0


def test_a_cut_fibre_is_not_restarted_but_dug_up(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "cut_duct", "target": "duct-river"}], world=WORLD)
    assert done(run, "dispatch", "roll_back", "restart_card", "open_port") == [("dispatch", "duct-river", "succeeded")]
    assert ("show_port", "hub-north", "r-hub", "down, dark") in looks(run)


def test_tests_settle_what_alarms_leave_open_so_that_the_crew_goes_to_the_right_place(tmp_path):
    """The card fails behind a cut link's alarms: without looks the crew is sent to the fibre first, and finds nothing."""
    failed = [{"at": "2 h", "do": "fail_card", "target": "r-port/1"}]
    lossy = {"telemetry": {"late_milli": 0, "doubled_milli": 0, "lost_milli": 300}, "remote": {"crashed_card_milli": 0}}
    visits = {}
    for active in (True, False):
        sent = 0
        for seed in range(1, 5):
            folder = tmp_path / f"{active}-{seed}"
            folder.mkdir()
            operations = {"crews": [{"id": "crew-1", "site": "hub"}], "active_tests": active, "remote_repair": False}
            run = play(folder, failed, seed=seed, world=lossy, operations=operations, lasts="14 h")
            sent += len(done(run, "dispatch"))
        visits[active] = sent
    assert visits[True] < visits[False]


def test_nothing_is_asked_or_typed_where_the_operator_does_not_want_it(tmp_path):
    change = {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}
    operations = {"crews": [{"id": "crew-1", "site": "hub"}], "active_tests": False, "remote_repair": False}
    run = play(tmp_path, [change], world=WORLD, operations=operations)
    assert run.table("tests").is_empty()
    assert run.view.truth("command").is_empty()
    assert done(run, "dispatch") == [("dispatch", "east-port", "succeeded")]  # somebody drives there to open a port
    (began, ended), = spans(run, "fault")
    assert ended - began > H


# -- pitfall 17, the rest of it ------------------------------------------------------------------------


def told(run):
    """What commands told the elements: (ms after the start, element, deeds)."""
    facts = run.view.truth("command")
    return [(at - run.view.starts_ms, node, json.loads(body)["told"])
            for at, node, body in facts.select("at_ms", "subject", "body").sort("at_ms").iter_rows()]  # fmt: skip


def test_pitfall_17_one_act_at_a_time_in_a_fault_domain(tmp_path):
    """The card and the cell of one node fail at once, and neither is cured from afar: no act begins before the last one
    at that node is over, each is tried so often and no more, and then crews go."""
    faults = [{"at": "2 h", "do": "fail_card", "target": "r-farm/1"}, {"at": "2 h", "do": "sleep_cell", "target": "cell-farm"}]
    world = STAYS_NEAR | {"callers_milli": 1000, "remote": {"crashed_card_milli": 0, "sleeping_cell_milli": 0}}
    run = play(tmp_path, faults, world=world, lasts="2 days")
    acts = run.table("actions").filter(pl.col("kind").is_in(["restart_card", "reset_cell", "restart_node"]))
    times = sorted(acts.select("occurred_ms", "ended_ms").iter_rows())
    assert len(times) >= 2
    assert all(ended <= began for (_, ended), (began, _) in pairwise(times))
    assert acts.group_by("incident_id", "kind").len()["len"].max() <= 2
    assert acts.group_by("incident_id").len()["len"].max() <= 4
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert run.kpis["harm_by_remediation"] == 0


@pytest.mark.parametrize(("link", "taken"), [("hub-north", True), ("east-port", False)])
def test_pitfall_17_the_last_path_is_never_taken(tmp_path, link, taken):
    """A flapping fibre of the ring is closed until it is mended; one that is the only way is left as it is."""
    flap = {"at": "2 h", "do": "flap_link", "target": link, "period": "30 s"}
    run = play(tmp_path, [flap], world=STAYS_NEAR)
    assert done(run, "isolate", "undo") == ([("isolate", link, "succeeded"), ("undo", link, "succeeded")] if taken else [])
    assert done(run, "dispatch")[0][2] == "succeeded"
    assert run.kpis["harm_by_remediation"] == 0
    assert run.table("incidents")["state"].unique().to_list() == ["closed"]


def test_pitfall_17_a_roll_back_leads_to_the_configuration_that_ran_before_the_change(monkeypatch, tmp_path):
    """Somebody has made a link heavier an hour before; taking back the bad change of the same node leaves that as it is."""
    change = {"at": "3 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}
    orders = [(H, types("set_metric", "r-east", "east-north", metric=55, confirm_min=None)),
              (10 * H, types("show_metric", "r-east", "east-north"))]  # fmt: skip
    run, back = ordered(monkeypatch, tmp_path, orders, [change])
    assert done(run, "roll_back") == [("roll_back", "east-port", "succeeded")]
    assert b"Metric: 55," in back[-1][1].payload


def test_pitfall_17_what_is_not_proved_in_time_is_taken_back_by_the_element_itself(tmp_path):
    """The port is closed and the node behind it cut off, by two mistakes: opening the port brings nobody back, so that
    nobody confirms it, and after five minutes it is closed again."""
    faults = [{"at": "2 h", "do": "bad_change", "effect": "isolate", "target": "r-port"},
              {"at": "2 h", "do": "bad_change", "effect": "shutdown", "target": "east-port"}]  # fmt: skip
    run = play(tmp_path, faults, world=STAYS_NEAR, lasts="2 days")
    acts = run.table("actions").filter(pl.col("state") == "rolled_back")
    assert not acts.is_empty()
    given_up = [(ms - run.view.starts_ms) // M for ms in acts["ended_ms"]]
    reverted = [at // M for at, _, deeds in told(run) if deeds == ["revert"]]
    assert all(any(0 <= at - ms <= 5 for at in reverted) for ms in given_up)
    assert run.view.truth("fault")["until_ms"].null_count() == 0
    assert not kinds(run, "incident.closed").is_empty()
    assert run.kpis["harm_by_remediation"] == 0
