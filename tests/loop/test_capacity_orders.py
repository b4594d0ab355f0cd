"""Capacity that the OSS buys while a repair takes its time: asked for, lit, proved, given back."""

from ossbss.oss.fault.capacity_orders import reconnecting
from ossbss.oss.fault.wiring import wire
from ossbss.oss.inventory import read_inventory
from tests.loop.fault_stories import STAYS_NEAR, H, M, alarms, spans
from tests.loop.test_work_and_disasters import cabled
from tests.town import play, town

CUT = {"at": "2 h", "do": "cut_link", "target": "east-port"}
WORLD = STAYS_NEAR | {"remote": {"capacity_lead": "1 h"}}


def bought(run):
    acts = run.table("actions").filter(run.table("actions")["kind"].is_in(["buy_capacity", "undo"]))
    return list(acts.select("kind", "target", "state").iter_rows())


def test_who_is_cut_off_is_joined_again_by_what_was_bought_until_the_repair(tmp_path):
    """Correlation and looks, ten minutes for somebody to agree, an hour until the light; dark again after the repair."""
    run = play(tmp_path, [CUT], network=cabled(tmp_path), world=WORLD, lasts="2 days")
    (lit, dark), = spans(run, "capacity", "farm-port")
    assert 2 * H + 70 * M < lit < 2 * H + 80 * M
    (mended,) = [end for _, end in spans(run, "fault", "east-port")]
    assert mended > lit
    assert mended + M <= dark < mended + 30 * M  # proved, and traffic led away
    (began, ended), = spans(run, "service_outage", "svc-port")
    assert (began, ended // M) == (2 * H, lit // M)
    assert bought(run) == [("buy_capacity", "farm-port", "succeeded"), ("undo", "farm-port", "succeeded")]
    assert not {key for key in alarms(run) if key[0] == "farm-port"}
    assert run.table("incidents")["state"].to_list() == ["closed"]
    assert run.kpis["harm_by_remediation"] == 0


def test_a_repair_that_is_sooner_cancels_the_order(tmp_path):
    run = play(tmp_path, [CUT | {"repair": "40 min"}], network=cabled(tmp_path), world=WORLD)
    assert spans(run, "capacity") == []
    assert bought(run)[0] == ("buy_capacity", "farm-port", "failed")


def test_where_the_operator_does_not_want_it_nothing_is_bought(tmp_path):
    operations = {"crews": [{"id": "crew-1", "site": "hub"}], "remote_repair": False}
    run = play(tmp_path, [CUT], network=cabled(tmp_path), world=WORLD, operations=operations)
    assert bought(run) == spans(run, "capacity") == []


def test_only_what_joins_again_is_bought():
    """farm-port lies dark beside the town's links; what is cut off by the death of its own node is joined by nothing."""
    document = town()
    twin = next(link for link in document["links"] if link["id"] == "east-port")
    sea = twin | {"id": "farm-port", "a": "r-farm", "a_card": "r-farm/1", "shared_risk_groups": [], "dormant": True}
    wiring = wire(read_inventory(document | {"links": [*document["links"], sea]}))
    assert reconnecting(wiring, ["east-port"], ["svc-port"]) == "farm-port"
    assert reconnecting(wiring, ["r-port"], ["svc-port"]) is None
    assert reconnecting(wiring, ["east-port", "farm-north"], ["svc-port"]) is None
    assert reconnecting(wiring, ["hub-north"], []) is None
    assert reconnecting(wire(read_inventory(document)), ["east-port"], ["svc-port"]) is None
