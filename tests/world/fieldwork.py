"""The town with its field force, by the clock (Monday, +03:00).

Places: port and east lie 0.4° and 0.2° east of the hub on one parallel (1° south); 0.2° of it are 22.2356 km. Half
of that, north and south of it, are north and south: 0.1° of longitude and of latitude, 15.7240 km from hub and east.
"""

import json
from datetime import datetime

import polars as pl
import pytest

from ossbss.contract.units import HOUR_MS, MINUTE_MS
from tests.town import play

MIDNIGHT = int(datetime.fromisoformat("2024-05-06T00:00:00+03:00").timestamp() * 1000)
HUB_TO_EAST_KM, SOUTH_TO_EAST_KM = 22.2356, 15.7240
CUT, REPAIR_H = "east-port", 3
ROAD_MS = HUB_TO_EAST_KM * 1.3 / 60 * HOUR_MS
"""22.2356 km, 1.3 times as long by road, at 60 km/h: 28 min 54.4 s."""


def clock(text, day=1):
    hours, minutes = text.split(":")
    return MIDNIGHT + (24 * (day - 1) + int(hours)) * HOUR_MS + int(minutes) * MINUTE_MS


def at(text, day=1, do="cut_link", target=CUT):
    return {"at": f"day {day} {text}", "do": do, "target": target}


def force(folder, events, crews=None, network=None, partners=None, lasts="2 days", **more):
    """The days of a few lines: it is crews that are looked at."""
    folder.mkdir(exist_ok=True)
    crew = {"id": "crew-1", "site": "hub"}
    operations = {"crews": [crew | c for c in (crews if crews is not None else [{}])]}
    operations |= {"partners": partners} if partners else {}
    field_force = {"road_factor": 1.3, "repair": {"constant": f"{REPAIR_H} h"}} | more
    changes = {"operations": operations, "world": {"field_force": field_force}, "lasts": lasts,
               "population": {"subscribers": 6, "offerings": {"postpay-s": 1}}}  # fmt: skip
    return play(folder, events, **changes | ({"network": network} if network else {}))


def mended(run, target=CUT):
    ((until_ms,),) = run.view.truth("fault").filter(pl.col("subject") == target).select("until_ms").rows()
    return until_ms


def sent(run, kind="dispatch"):
    """When the first crew was sent, or the first ticket opened."""
    return run.table("actions").filter(pl.col("kind") == kind)["occurred_ms"].min()


def heard(run):
    """What crews and partners said, in order: (who, result, needs)."""
    told = run.table("journal").filter(pl.col("kind").str.starts_with("crew."))
    return [(b["crew_id"], b["result"], b["needs"]) for b in map(json.loads, told["body"])]


def near(expected):
    """Rounding of the distances above, half a second at most."""
    return pytest.approx(expected, abs=500)
