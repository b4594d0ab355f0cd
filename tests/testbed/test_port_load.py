"""What the counters of a line say: by hand for one line of 10 Mbit/s and 100 km, and as a picture."""

import polars as pl
import pytest

from ossbss.bss.product.catalogue import load_catalogue
from sim.testbed.port_load import port_loads
from sim.testbed.report.load import busiest, load_figure, worst_rows
from sim.testbed.shipped import shipped
from sim.testbed.view import RunView
from sim.world.network.traffic.counters import COUNTER_SCHEMA

QUARTER = 900_000
LINE = {"id": "line", "a": "east", "z": "west", "capacity_bps": 10_000_000, "length_km": 100}
COUNTED = [
    ("east", "line", "ifHCOutOctets", 1_012_500_000),  # 9 Mbit/s
    ("east", "line", "ifOutDiscards", 0),
    ("west", "line", "ifInErrors", 0),
    ("west", "line", "ifHCOutOctets", 1_125_000_000),  # 10 Mbit/s: 1,607,142.9 packets of 700 octets
    ("west", "line", "ifOutDiscards", 160_714),
    ("east", "line", "ifInErrors", 16_072),
    ("east", "cell-east", "carriedOctets", 7),
    ("east", "cell-east", "ifOutDiscards", 7),
]


@pytest.fixture
def view():
    rows = [(element, thing, counter, 0, QUARTER, value) for element, thing, counter, value in COUNTED]
    truth = pl.DataFrame({"kind": ["fault"], "at_ms": [1], "until_ms": [None]}, schema_overrides={"until_ms": pl.Int64})
    tables = {"counters": pl.DataFrame(rows, schema=COUNTER_SCHEMA, orient="row"), "truth": truth}
    free = {"id": "free", "a": "east", "z": "west"}
    return RunView(tables, load_catalogue(shipped("catalogues")["shillings-a"]), {"links": [LINE, free]}, 0, QUARTER)


def test_a_line_at_nine_tenths_and_back_beyond_its_capacity(view):
    """0.56 ms to send, nine times that in the queue (M/M/1), 0.49 ms of light; back: a full buffer of 50 ms."""
    there, back = port_loads(view).iter_rows(named=True)
    assert (there["port"], back["port"]) == ("east → west", "west → east")
    assert there["utilisation"] == pytest.approx(0.9)
    assert (there["lost"], back["utilisation"]) == (0, 1)
    assert back["lost"] == pytest.approx(0.1, abs=1e-6)
    assert there["delay_ms"] == pytest.approx(9 * 0.56 + 0.56 + 0.49, abs=0.001)
    assert back["delay_ms"] == pytest.approx(50 + 0.56 + 0.49, abs=0.001)


def test_a_link_is_shown_once_by_its_fuller_port(view):
    loads = port_loads(view)
    assert busiest(loads)["port"].to_list() == ["west → east"]
    assert worst_rows(view, loads) == [
        {"port": "west → east", "at": "01 Jan 03:00", "utilisation": "100.0%", "lost": "10.00%", "delay": "51.05 ms"}
    ]
    full, lossy = load_figure(view, loads).axes
    assert [len(axes.lines) for axes in (full, lossy)] == [2, 1]  # the port, and the line at 100 %
    assert full.lines[0].get_ydata().tolist() == [100]
