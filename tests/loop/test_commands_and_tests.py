"""Commands and tests through the whole loop: over the exchange into the world and back, into the truth, and scored."""

import json

import polars as pl
import pytest

from ossbss.contract.assurance import Command, CommandResult, TestRequest, TestResult
from ossbss.contract.units import HOUR_MS, MINUTE_MS, SECOND_MS
from ossbss.oss.elements.commands import as_body
from ossbss.oss.elements.orders import command, order
from ossbss.oss.inventory import read_inventory
from sim.testbed import play as playing
from sim.testbed.report.sentences import sentence
from tests.loop.fault_stories import CONVERGENCE, STAYS_NEAR
from tests.town import play, town

INVENTORY = read_inventory(town())
CARD_RESTART, LOOP, OTDR = 3 * MINUTE_MS, MINUTE_MS, 3 * MINUTE_MS


def head(number, at_ms):
    return {"sender": "oss", "message_id": f"ordered-{number}", "occurred_ms": at_ms}


def ordered(monkeypatch, folder, orders, timeline=(), remote=None, **changes):
    """The run of a scenario during which somebody at the OSS's door posts these: ms after the start → what to make of a
    message's head. (run, what came back to the OSS)."""
    back, compose = [], playing.compose

    def with_orders(scenario):
        composed = compose(scenario)
        step = composed.oss.step

        def listening(now_ms, inbox):
            ours = [m for m in inbox if isinstance(m, TestResult | CommandResult) and m.request_id.startswith("ordered")]
            back.extend((now_ms - scenario.spec.starts_ms, m) for m in ours)
            return step(now_ms, [m for m in inbox if m not in ours])

        monkeypatch.setattr(composed.oss, "step", listening)
        for number, (at_ms, make) in enumerate(orders):
            message = make(head(number, scenario.spec.starts_ms + at_ms))
            composed.env.timeout(at_ms).callbacks.append(lambda _, message=message: composed.exchange.post(message))
        return composed

    monkeypatch.setattr(playing, "compose", with_orders)
    return play(folder, list(timeline), world=STAYS_NEAR | {"remote": remote or {}}, **changes), back


def types(kind, node, resource="", **more):
    return lambda head: command(order(kind, node, INVENTORY, resource, **more), node, INVENTORY, head)


def tries(method, target, from_node):
    return lambda head: TestRequest(**head, method=method, target=target, from_node=from_node)


def test_what_is_ordered_is_answered_to_the_oss_and_told_by_the_truth(monkeypatch, tmp_path):
    orders = [(HOUR_MS, types("show_card", "r-port", "r-port/1")), (2 * HOUR_MS, tries("traceroute", "svc-port", "r-port"))]
    run, back = ordered(monkeypatch, tmp_path, orders)
    assert [(type(m), at) for at, m in back] == [(CommandResult, HOUR_MS + SECOND_MS), (TestResult, 2 * HOUR_MS + 2 * SECOND_MS)]
    assert [m.request_id for _, m in back] == ["ordered-0", "ordered-1"]
    for kind, subject in (("command", "r-port"), ("test", "svc-port")):
        facts = run.view.truth(kind)
        assert facts["subject"].to_list() == [subject]
        assert json.loads(facts["body"][0]) | {"by": "oss", "interrupted": []} == json.loads(facts["body"][0])
    assert (run.kpis["disturbance_by_tests"], run.kpis["harm_by_remediation"]) == (0, 0)


def test_service_seconds_are_counted_for_who_worked_and_for_nobody_else(monkeypatch, tmp_path):
    """A loopback and a restart on the port's only way, while it works; later the same while it is dark anyway."""
    orders = [
        (1 * HOUR_MS, tries("loopback", "east-port", "r-east")),
        (2 * HOUR_MS, types("restart_card", "r-port", "r-port/1")),
        (5 * HOUR_MS, tries("reflectometry", "east-port", "r-east")),
        (6 * HOUR_MS, types("restart_card", "r-port", "r-port/1")),
    ]
    cut = {"at": "4 h", "do": "cut_link", "target": "east-port", "repair": "8 h"}
    run, _ = ordered(monkeypatch, tmp_path, orders, [cut], operations={"crews": [], "remote_repair": False})
    assert run.kpis["disturbance_by_tests"] == (LOOP + CONVERGENCE) / SECOND_MS
    assert run.kpis["harm_by_remediation"] == (CARD_RESTART + CONVERGENCE) / SECOND_MS
    outages = run.view.truth("service_outage").filter(pl.col("subject") == "svc-port")
    assert outages.height == 3  # the test, the restart, the cut
    assert run.kpi_details["disturbance_by_tests"]["unit"] == "service-seconds"


def test_a_change_that_nobody_confirms_harms_until_it_takes_itself_back(monkeypatch, tmp_path):
    run, _ = ordered(monkeypatch, tmp_path, [(HOUR_MS, types("shut_port", "r-east", "east-port", confirm_min=5))],
                     operations={"active_tests": False, "remote_repair": False})  # fmt: skip
    assert run.kpis["harm_by_remediation"] == 5 * 60 + CONVERGENCE / SECOND_MS


@pytest.mark.parametrize(("milli", "mended"), [(1000, True), (0, False)])
def test_the_scenario_says_how_long_a_restart_takes_and_how_often_it_cures(monkeypatch, tmp_path, milli, mended):
    remote = {"command": "5 s", "card_restart": "7 min", "crashed_card_milli": milli}
    failed = {"at": "1 h", "do": "fail_card", "target": "r-port/1", "repair": "9 h"}
    restart = (2 * HOUR_MS, types("restart_card", "r-port", "r-port/1"))
    run, _ = ordered(monkeypatch, tmp_path, [restart], [failed], remote, operations={"remote_repair": False})
    lasted = run.view.truth("fault").select(pl.col("until_ms") - pl.col("at_ms")).item()
    assert lasted == (HOUR_MS + 7 * MINUTE_MS + 5 * SECOND_MS if mended else 9 * HOUR_MS)


@pytest.mark.parametrize("management", ["out_of_band", "in_band"])
def test_looking_moves_nobodys_luck(monkeypatch, tmp_path, management):
    """The same day with and without a thousand looks: the same faults, the same outages, the same attempts."""
    timeline = [{"at": "4 h", "do": "cut_link", "target": "east-port"}, {"at": "9 h", "do": "fail_card", "target": "r-farm/1"}]
    looks = [(at * MINUTE_MS, types("show_alarms", node)) for at in range(1, 1_000, 5) for node in ("r-east", "r-farm", "r-hub", "r-north", "r-port")]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    plain = play(tmp_path / "a", timeline, world=STAYS_NEAR, management=management)
    looked, back = ordered(monkeypatch, tmp_path / "b", looks, timeline, management=management)
    assert len(back) == len(looks)
    for kind in ("fault", "service_outage"):
        assert plain.view.truth(kind).equals(looked.view.truth(kind))
    assert plain.table("attempts").equals(looked.table("attempts"))
    assert plain.table("alarms").equals(looked.table("alarms"))


@pytest.mark.parametrize(("kind", "body", "text"), [
    ("test.ordered", {"method": "loopback", "target": "east-port", "from_node": "r-east"}, "loopback of east-port from r-east is ordered"),
    ("test.answered", {"method": "show_port", "target": "east-port", "from_node": "r-east", "outcome": "down, dark", "cause_before": "east-port"},
     "show_port of east-port from r-east: down, dark; likeliest: east-port"),
    ("test.answered", {"method": "show_card", "target": "r-port/1", "outcome": "failed", "cause_before": "east-port", "cause_after": "r-port/1"},
     "show_card of r-port/1: failed; likeliest: r-port/1, and no longer east-port"),
    ("test.answered", {"method": "probe", "target": "svc-port", "outcome": "passes", "cause_before": "east-port", "cause_after": ""},
     "probe of svc-port: passes; likeliest: nothing wrong, and no longer east-port"),
    ("test.answered", {"method": "reflectometry", "target": "hub-north", "from_node": "r-hub", "outcome": "break", "distance_m": 9448},
     "reflectometry of hub-north from r-hub: break at 9.448 km; likeliest: east-port"),
    ("command.sent", as_body(Command(sender="oss", message_id="c", occurred_ms=0, element_id="r-port", dialect="ios", payload=b"reload\ny\n")), "r-port is told: reload; y"),
    ("command.answered", {"element_id": "r-port", "payload": None, "reason": "r-port does not answer"}, "r-port gives no answer: r-port does not answer"),
    ("command.answered", {"element_id": "r-port", "payload": "r-port#", "reason": ""}, "r-port answers"),
])  # fmt: skip
def test_the_story_tells_it_in_words(kind, body, text):
    silence = {"from_node": "", "cause_before": "east-port", "cause_after": "east-port", "distance_m": None}
    assert sentence(kind, ["r-port"], [silence | body if kind.startswith("test") else body]) == text
