"""What can happen in a timeline or by chance: each kind, what its target is, what it does, which keys it takes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal[
    "cut_link", "cut_duct", "cut_cable", "fail_node", "fail_card", "cut_power", "flap_link", "sleep_cell",
    "degrade_link", "fail_manager",
]  # fmt: skip
"""What can also fail by chance."""
EventKind = Literal[
    FaultKind, "bad_change", "planned_work", "disaster", "steal_fuel", "refuel", "roll_back", "buy_capacity",
    "release_capacity",
]  # fmt: skip
RecordedKind = Literal["cut_link", "cut_duct", "cut_cable", "fail_node", "fail_card", "cut_power", "sleep_cell"]
"""What a recorded outage can be: it is there from one instant to another, and needs nothing else said."""


@dataclass(frozen=True)
class Kind:
    """``of``: what the target is one of. ``keys``: beside at, do and target; ``needed``: those without a default."""

    of: str
    effect: str
    keys: tuple[str, ...] = ("repair",)
    needed: tuple[str, ...] = ()


EVENTS: Mapping[str, Kind] = {
    "cut_link": Kind("links", "the link is down"),
    "cut_duct": Kind("ducts", "every link in the duct or cable is down"),
    "cut_cable": Kind(
        "cables", "every link in the submarine cable is down; without `repair`, for 20 to 30 days (ICPC)"
    ),
    "fail_node": Kind("nodes", "the node is dead, and every link that ends there is down"),
    "fail_card": Kind("cards", "every link on the card is down; the node lives"),
    "cut_power": Kind(
        "sites or power areas",
        "the grid fails at the site, or at every site of the power area: without backup power (`world.power`) every "
        "node there is dead at once, else when battery and fuel are used up",
    ),
    "flap_link": Kind("links", "the link goes down and comes up again, over and over",
                      ("repair", "period", "down_milli")),
    "sleep_cell": Kind("cells", "the cell carries nothing, and no element says so; a probe of its service passes"),
    "degrade_link": Kind("links", "the link loses packets, and no element says so", ("repair", "loss_milli")),
    "fail_manager": Kind(
        "element managers", "it takes and sends nothing; its elements work on, and nobody hears them"
    ),
    "bad_change": Kind(
        "nodes, links or cards", "a change of configuration, which goes wrong with the chance `risk_milli`",
        ("effect", "metric", "rollback", "risk_milli", "reviewed"),
    ),
    "planned_work": Kind(
        "links, ducts, nodes, cards or sites", "the target is out of service on purpose; the OSS is told beforehand",
        ("lasts", "notice", "announced"), ("lasts",),
    ),
    "disaster": Kind(
        "sites", "each site within the radius is lost, and each duct or cable whose every link ends there is cut, "
        "with the chance `severity_milli`", ("radius_km", "severity_milli", "repair"), ("radius_km",),
    ),
    "steal_fuel": Kind("sites with a generator", "fuel is taken from the tank", ("share_milli",)),
    "refuel": Kind("sites with a generator", "the tank is filled; a crew that comes to a site fills it too", ()),
    "roll_back": Kind("targets of a bad_change", "every bad change of the target is taken back", ()),
    "buy_capacity": Kind("dormant links", "the link carries traffic when its lead time is over", ("lead",)),
    "release_capacity": Kind("dormant links", "the link is dark again", ()),
}  # fmt: skip
ACTIONS = ("steal_fuel", "refuel", "roll_back", "buy_capacity", "release_capacity")
"""Kinds that fail nothing and need no repair."""
