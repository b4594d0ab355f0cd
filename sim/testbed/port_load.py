"""What the counters say of every port: how full it was, what it lost, how long packets took over its line."""

import polars as pl

from sim.testbed.view import RunView
from sim.world.load import IN_ERRORS, OUT_DISCARDS, OUT_OCTETS
from sim.world.network.traffic.loading import (
    PACKET_OCTETS,
    propagation_delay_ms,
    queueing_delay_ms,
    sending_delay_ms,
    utilisation,
)

_KEY = ["port", "interval_start_ms"]


def port_loads(view: RunView) -> pl.DataFrame:
    """Each limited port in each period, by ``port`` and ``interval_start_ms``; no rows without a stated capacity.

    ``port``: ``element → far element``; ``link_id``; ``utilisation``: sent ÷ capacity; ``discarded``, ``damaged``:
    packets; ``lost``: their share of all packets that came; ``delay_ms``: queue, sending and light's way (M/M/1 at the
    mean load of the period, at most a full buffer, see ``loading``).
    """
    links = pl.DataFrame(
        [(link["id"], link["a"], link["z"], float(link["capacity_bps"]), float(link.get("length_km") or 0))
         for link in view.network["links"] if link.get("capacity_bps")],
        schema={"object": pl.String, "a": pl.String, "z": pl.String, "capacity_bps": pl.Float64, "km": pl.Float64},
        orient="row",
    )  # fmt: skip
    far = pl.when(pl.col("a") == pl.col("element_id")).then("z").otherwise("a")
    counted = view.tables["counters"].join(links, on="object").with_columns(far=far)
    at_near_end = pl.col("counter") != IN_ERRORS
    here, there = pl.col("element_id"), pl.col("far")
    ends = [pl.when(at_near_end).then(one).otherwise(other) for one, other in ((here, there), (there, here))]
    rows = counted.with_columns(port=pl.format("{} → {}", *ends)).pivot(
        on="counter", on_columns=[OUT_OCTETS, OUT_DISCARDS, IN_ERRORS], values="value",
        index=[*_KEY, "object", "interval_ms", "capacity_bps", "km"], aggregate_function="sum",
    )  # fmt: skip
    return _loads(rows.rename({"object": "link_id", OUT_DISCARDS: "discarded", IN_ERRORS: "damaged"})).sort(_KEY)


def _loads(rows: pl.DataFrame) -> pl.DataFrame:
    sent_bps = rows[OUT_OCTETS].to_numpy() * 8_000 / rows["interval_ms"].to_numpy()
    offered_bps = sent_bps + rows["discarded"].to_numpy() * PACKET_OCTETS * 8_000 / rows["interval_ms"].to_numpy()
    capacity_bps = rows["capacity_bps"].to_numpy()
    delay_ms = queueing_delay_ms(offered_bps, capacity_bps) + sending_delay_ms(capacity_bps)
    packets = pl.col(OUT_OCTETS) / PACKET_OCTETS + pl.col("discarded")
    lost = (pl.col("discarded") + pl.col("damaged")) / packets
    return rows.with_columns(
        utilisation=pl.Series(utilisation(sent_bps, capacity_bps)),
        lost=pl.when(packets > 0).then(lost).otherwise(0.0),
        delay_ms=pl.Series(delay_ms + propagation_delay_ms(rows["km"].to_numpy())),
    ).select(*_KEY, "link_id", "utilisation", "discarded", "damaged", "lost", "delay_ms")
