"""When was a fault detected? By an alarm of what it touched, and never by a clear."""

import polars as pl

from sim.testbed.scorecard import _touched, fault_scores
from tests.town import play


def test_a_dead_node_touches_only_what_it_takes_with_it(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "fail_node", "target": "r-south", "repair": "2 h"}], lasts="6 h")
    touched = _touched(run.view, "r-south")
    assert "r-south" in touched
    assert not {"r-farm", "r-port", "r-north", "r-hub"} & set(touched)


def test_a_clear_alone_is_no_detection(tmp_path):
    run = play(tmp_path, [{"at": "2 h", "do": "cut_link", "target": "east-port", "repair": "2 h"}], lasts="6 h")
    assert fault_scores(run.view)[0].first_known_ms is not None
    run.view.tables["alarms"] = run.table("alarms").with_columns(pl.lit("cleared").alias("perceived_severity"))
    assert fault_scores(run.view)[0].first_known_ms is None
