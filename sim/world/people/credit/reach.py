"""Who finds charging: not while it is cut off from a place, nor from a place that is itself out of service."""

import polars as pl

from ossbss.contract.charging import CHARGEABLE_CLASSES
from sim.world.people.charging_reach import reachable
from sim.world.people.credit.door import ASKED, CLOSED, NO_SERVICE, Reach
from sim.world.people.credit.requests import USES
from sim.world.people.usage import stopped_at_start
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


def shut_out(wishes: pl.DataFrame, lines: pl.DataFrame, plant: Plant, charging: ChargingPlan | None) -> pl.DataFrame:
    """What ``cut`` gave, with use of ``lines`` (subscriber_id) stopped at its start where a closed network cannot ask.

    So it takes no channel and loads no cell. A session that has begun goes on until it must report.
    """
    if charging is None or charging.on_unreachable != CLOSED or not plant.charging_outages:
        return wishes
    found = reachable(wishes.select("place_id", pl.col("started_ms").alias("at_ms")), plant.charging_outages)
    ahead = wishes["subscriber_id"].is_in(lines["subscriber_id"].implode())
    paid = wishes["class"].is_in(CHARGEABLE_CLASSES)
    return stopped_at_start(wishes, pl.lit(ahead & paid & ~found))
