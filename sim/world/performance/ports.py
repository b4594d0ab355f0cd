"""What ports count in a period, where the load of the network is counted: what came, went, was spoilt or dropped.

Counters of the IF-MIB (RFC 2863). Packets that came in are those that came whole; ``ifInErrors`` counts the others.
"""

from collections.abc import Mapping

import polars as pl

from sim.world.load import IN_ERRORS, OUT_DISCARDS, OUT_OCTETS, Load
from sim.world.network.traffic.loading import PACKET_OCTETS

PORT_COUNTERS = ("ifHCInOctets", OUT_OCTETS, "ifHCInUcastPkts", IN_ERRORS, OUT_DISCARDS)

Ends = Mapping[tuple[str, str], tuple[int, ...]]
"""(node, link) → counts in the order of ``PORT_COUNTERS``"""
Counts = Mapping[tuple[str, str, str], int]
"""(element, object, counter) → how much"""


def counts_between(load: Load, begins_ms: int, ends_ms: int) -> Counts:
    """What the load counted in the quarters of [begins_ms, ends_ms)."""
    start = pl.col("interval_start_ms")
    rows = load.recent(begins_ms).filter((start >= begins_ms) & (start < ends_ms))
    summed = rows.group_by("element_id", "object", "counter").agg(pl.col("value").sum())
    return {(element, thing, counter): value for element, thing, counter, value in summed.iter_rows()}


def port_counts(links: Mapping[str, Mapping[str, str]], counts: Counts) -> Ends:
    """``links``: link → its record, with the nodes ``a`` and ``z``. What comes in at one end went out at the other."""
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for link, record in links.items():
        for end, far in ((record["a"], record["z"]), (record["z"], record["a"])):
            of_end = (counts.get((end, link, name), 0) for name in (OUT_OCTETS, IN_ERRORS, OUT_DISCARDS))
            sent, errors, discards = of_end
            came = max(0, counts.get((far, link, OUT_OCTETS), 0) - errors * PACKET_OCTETS)
            found[end, link] = (came, sent, came // PACKET_OCTETS, errors, discards)
    return found
