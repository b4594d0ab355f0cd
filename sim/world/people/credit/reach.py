"""Who finds charging: not while it is cut off from a place, nor from a place that is itself out of service."""

import polars as pl

from sim.world.people.charging_reach import reachable
from sim.world.people.credit.door import ASKED, CLOSED, NO_SERVICE, Reach
from sim.world.people.credit.requests import USES
from sim.world.plan import ChargingPlan
from sim.world.plant import Plant


def reach_in(plant: Plant, charging: ChargingPlan | None) -> Reach:
    """As ``plant`` has it at the time of asking, an hour's end; None: charging itself is never out of reach."""

    def reach(requests: pl.DataFrame) -> pl.Series:
        is_use = requests["kind"].is_in([*USES, "session_end"])  # what the network did carry
        in_service = reachable(requests, plant.outages) | is_use
        found = reachable(requests, plant.charging_outages)
        away = charging.on_unreachable if charging else CLOSED
        way = pl.when(~in_service).then(pl.lit(NO_SERVICE)).when(found).then(pl.lit(ASKED)).otherwise(pl.lit(away))
        return requests.select(way.alias("way"))["way"]

    return reach
