"""A town of six sites that the tests share, small enough to reckon by hand.

        north ── farm
       /     \\
    hub       east ── village        two fibres leave the hub in one duct, duct-river
       \\     /
        south
"""

import json
from pathlib import Path
from typing import Any

import yaml

from sim import Run, Scenario, run
from sim.world.elements.dialects import port_name

PLACES = {
    "hub": (36.0, -1.0), "north": (36.1, -0.9), "east": (36.2, -1.0), "south": (36.1, -1.1),
    "village": (36.4, -1.0), "farm": (36.1, -0.7),
}  # fmt: skip
VENDORS = {"hub": "ios", "north": "junos", "east": "ios", "south": "junos", "village": "ios", "farm": "junos"}
SPANS = [
    ("hub", "north"),
    ("east", "north"),
    ("hub", "south"),
    ("east", "south"),
    ("east", "village"),
    ("farm", "north"),
]
RIVER = {"hub-north", "hub-south"}


def town() -> dict[str, Any]:
    """The network document: one node, one card and one cell a site; services end at the hub."""
    links, used = [], dict.fromkeys(PLACES, 0)
    for a, z in SPANS:
        name = f"{a}-{z}"
        link = {"id": name, "a": f"r-{a}", "z": f"r-{z}", "a_card": f"r-{a}/1", "z_card": f"r-{z}/1",
                "shared_risk_groups": ["duct-river" if name in RIVER else f"duct-{name}"],
                "igp_metric": 10, "length_km": 10.0}  # fmt: skip
        for end, site in (("a", a), ("z", z)):
            link[f"{end}_port"] = port_name(VENDORS[site], 1, used[site])
            used[site] += 1
        links.append(link)
    ducts = sorted({duct for link in links for duct in link["shared_risk_groups"]})
    return {
        "name": "town",
        "sites": [{"id": site, "name": site.title(), "lon": lon, "lat": lat, "shared_risk_groups": []}
                  for site, (lon, lat) in PLACES.items()],
        "nodes": [{"id": f"r-{site}", "site": site, "vendor": VENDORS[site], "last_gasp": site == "village",
                   "role": "core" if site == "hub" else "edge", "element_manager": f"em-{VENDORS[site]}"}
                  for site in PLACES],
        "cards": [{"id": f"r-{site}/1", "node": f"r-{site}", "slot": "1"} for site in PLACES],
        "links": links,
        "shared_risk_groups": [{"id": duct, "kind": "duct"} for duct in ducts],
        "services": [{"id": f"svc-{site}", "a": f"r-{site}", "z": "r-hub", "protection": "restoration", "path": [],
                      "backup_path": [], "cell": f"cell-{site}", "class": "mobile", "probe": str(number)}
                     for number, site in enumerate(PLACES, start=1)],
        "cells": [{"id": f"cell-{site}", "node": f"r-{site}", "core_node": "r-hub"} for site in PLACES],
        "element_managers": ["em-ios", "em-junos"],
        "management": {"mode": "out_of_band", "station": "r-hub"},
    }  # fmt: skip


def scenario_file(folder: Path, timeline: list[dict[str, str]], **changes: Any) -> Path:
    """A scenario on the town: half a day, 60 lines, one crew at the hub; ``changes``: top-level keys to replace."""
    document = town()
    document["management"]["mode"] = changes.pop("management", "out_of_band")
    (folder / "town.json").write_text(json.dumps(document))
    spec = {
        "name": "town",
        "title": {"en": "Town"},
        "story": {"en": "A town."},
        "starts": "2024-05-06T06:00:00+03:00",
        "lasts": "12 h",
        "seed": 1,
        "network": {"file": "town.json"},
        "population": {"subscribers": 60, "offerings": {"postpay-s": 1}},
        "catalogue": "shillings-a",
        "operations": {"crews": [{"id": "crew-1", "site": "hub"}]},
        "timeline": timeline,
    }
    path = folder / "town.yaml"
    path.write_text(yaml.safe_dump(spec | changes))
    return path


def play(folder: Path, timeline: list[dict[str, str]], seed: int = 1, **changes: Any) -> Run:
    """The run of that scenario."""
    return run(Scenario.load(scenario_file(folder, timeline, **changes), seed=seed), folder / "run")
