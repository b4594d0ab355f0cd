"""How much links and cells can carry, and what only passes through: written into the network document.

Optional fields of it: ``capacity_bps`` of a link (each way) and of a cell (to its people), ``voice_channels`` and
``emergency_channels`` of a cell, and ``demands``: records of ``a``, ``z`` (nodes) and ``bps`` from a to z.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from sim.world.network.document import Document
from sim.world.network.traffic.demands import Demands, gravity, scaled, sndlib


@dataclass(frozen=True)
class CapacityPlan:
    """What a scenario says of capacities; None: without limit, or as the network file says.

    ``emergency_channels``: of a cell's voice channels, those that only emergency calls may take. ``transit``: the
    shape of what passes through, from the size of places (their cells) or as SNDlib has it; ``transit_bps``: its mean.
    """

    link_bps: int | None = None
    cell_bps: int | None = None
    voice_channels: int | None = None
    emergency_channels: int = 0
    transit: Literal["gravity", "sndlib"] | None = None
    transit_bps: int = 0


def dressed(document: Document, plan: CapacityPlan, topology: str | None) -> Document:
    """The document with the capacities of the plan where it has none of its own, and the demands of the plan.

    ``topology``: its TopoHub key, None for a network file. ValueError where the topology states no demands.
    """
    of_link = {"capacity_bps": plan.link_bps}
    of_cell = {"capacity_bps": plan.cell_bps, "voice_channels": plan.voice_channels,
               "emergency_channels": plan.emergency_channels if plan.voice_channels is not None else None}  # fmt: skip
    found = {**document, "links": _with(document["links"], of_link), "cells": _with(document["cells"], of_cell)}
    if plan.transit is not None:
        found["demands"] = _records(document, _transit(document, plan, topology))
    return found


def _with(records: list[dict[str, Any]], given: dict[str, int | None]) -> list[dict[str, Any]]:
    wanted = {name: value for name, value in given.items() if value is not None}
    return [{**wanted, **record} for record in records]


def _transit(document: Document, plan: CapacityPlan, topology: str | None) -> Demands:
    if plan.transit == "sndlib":
        if topology is None:
            raise ValueError("transit: sndlib needs a topology of SNDlib; for a network file give gravity")
        return scaled(sndlib(topology), plan.transit_bps)
    site_of = {node["id"]: node["site"] for node in document["nodes"]}
    cells = Counter(site_of[cell["node"]] for cell in document["cells"])
    return gravity({site["id"]: float(cells[site["id"]]) for site in document["sites"]}, plan.transit_bps)


def _records(document: Document, demands: Demands) -> list[dict[str, Any]]:
    """Between the first nodes of the sites, in whole bits per second."""
    first: dict[str, str] = {}
    for node in document["nodes"]:
        first.setdefault(node["site"], node["id"])
    return [
        {"a": first[demands.sites[a]], "z": first[demands.sites[z]], "bps": round(volume)}
        for a, z, volume in zip(*(column.tolist() for column in demands.pairs()), strict=True)
        if round(volume)
    ]
