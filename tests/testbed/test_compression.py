"""Compression is worth something only with recall: who suppresses everything must not win (pitfall 20)."""

import json

import polars as pl
import pytest

from ossbss.oss.fault.triage import Triage
from sim.testbed.kpis import KPIS
from sim.testbed.scored import Scored, Undefined
from tests.town import play

OUTAGES = [
    {"at": "2 h", "do": "cut_link", "target": "east-port", "repair": "1 h"},
    {"at": "6 h", "do": "cut_duct", "target": "duct-river", "repair": "1 h"},
    {"at": "12 h", "do": "fail_card", "target": "r-farm/1", "repair": "1 h"},
]


def presenting(shown):
    """The OSS of the town with an operator's filter on incidents: it opens only those that ``shown`` lets through."""
    open_ = Triage._open

    def filtered(self, cause, alarms, now_ms):
        if shown(alarms):
            open_(self, cause, alarms, now_ms)

    return filtered


FILTERS = {
    "everything is shown": lambda alarms: True,
    "the port is left out": lambda alarms: not any(thing == "east-port" for thing, *_ in alarms),
    "all is suppressed": lambda alarms: False,
}


@pytest.fixture(scope="module")
def kpis(tmp_path_factory):
    found = {}
    for name, shown in FILTERS.items():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Triage, "_open", presenting(shown))
            found[name] = play(tmp_path_factory.mktemp("run"), OUTAGES, world={"callers_milli": 0}).kpis
    return found


def test_pitfall_20_who_suppresses_everything_scores_worst_of_all(kpis):
    honest, partial, mute = (kpis[name] for name in FILTERS)
    assert honest["incidents"] > partial["incidents"] > mute["incidents"] == 0
    by_incidents_alone = [1 - k["incidents"] / k["alarms_raw"] for k in (honest, partial, mute)]
    assert by_incidents_alone == sorted(by_incidents_alone)  # the pitfall: the less is told, the better it looks
    useful = [k["useful_compression"] for k in (honest, partial, mute)]
    assert useful == sorted(useful, reverse=True)
    assert len(set(useful)) == 3
    assert useful[-1] == 0


def test_pitfall_20_compression_is_told_beside_recall_and_is_none_without_it(kpis):
    honest, partial, mute = (kpis[name] for name in FILTERS)
    assert [k["fault_coverage"] for k in (honest, partial, mute)] == [1, pytest.approx(2 / 3), 0]
    assert (mute["alarm_compression"], mute["alarms_per_incident"]) == (None, None)
    assert honest["alarm_compression"] == 1 - honest["incidents"] / honest["alarms_raw"] == honest["useful_compression"]
    assert honest["alarms_per_incident"] == honest["alarms_raw"] / honest["incidents"]


def test_pitfall_20_the_meanings_tell_what_to_read_it_with():
    meaning = {kpi.name: kpi.meaning for kpi in KPIS}
    assert all("fault_coverage" in meaning[name] for name in ("alarm_compression", "alarms_per_incident", "useful_compression"))


CAUSES = [
    # incidents (blamed, equivalents, alarms), coverage of a cut of east-port
    ([("east-port", ["r-port/1"], [])], 1),
    ([("r-port/1", ["east-port"], [])], 1),
    ([(None, [], [["east-port", "lossOfSignal", "r-east"]])], 1),  # nobody knows why, but somebody looks
    ([("farm-north", [], [["east-port", "lossOfSignal", "r-east"]])], 1),
    ([("farm-north", [], [["farm-north", "lossOfSignal", "r-farm"]])], 0),
    ([], 0),
]


@pytest.mark.parametrize(("incidents", "coverage"), CAUSES)
def test_a_fault_is_covered_by_an_incident_that_names_it_or_holds_one_of_its_alarms(tmp_path, incidents, coverage):
    run = play(tmp_path, OUTAGES[:1], lasts="4 h", world={"callers_milli": 0})
    (at_ms,) = run.view.truth("fault")["at_ms"]
    table = run.table("incidents")
    rows = [
        {"incident_id": f"i-{n}", "root_cause_resource": blamed, "equivalents": json.dumps(others),
         "alarms": json.dumps(held), "occurred_ms": at_ms + 1}
        for n, (blamed, others, held) in enumerate(incidents)
    ]  # fmt: skip
    told = pl.DataFrame(rows, schema={name: table.schema[name] for name in (rows[0] if rows else table.columns)})
    view = run.view
    view.tables["incidents"] = pl.concat([table.clear(), told], how="diagonal")
    (kpi,) = [kpi for kpi in KPIS if kpi.name == "fault_coverage"]
    assert kpi.formula(Scored(view)) == coverage


def test_without_a_fault_there_is_nothing_to_cover(tmp_path):
    run = play(tmp_path, [], lasts="1 h")
    found = {kpi.name: kpi for kpi in KPIS}
    for name in ("fault_coverage", "useful_compression"):
        with pytest.raises(Undefined, match="no fault"):
            found[name].formula(Scored(run.view))
